"""The contact person of an older order, or of nobody's: found on the customer's card, or added.

The older product compared first name, last name and e-mail, and cut what the database had no room
for (sap-service-layer.md 13).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.order_status import Progress
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.contact_wire import SubmittedContact
from b1bridge.domain.contacts import NewContact, same_person
from b1bridge.domain.submissions import Verdict
from b1bridge.web import problem_types
from b1bridge.web.api.bearer import actor_of
from b1bridge.web.api.preferences import patience_of
from b1bridge.web.compat.older_orders import OlderOrder
from b1bridge.web.compat.refusals import refuse
from b1bridge.web.problems import Refusal, unavailable

_FIELDS = {
    "first_name": "FirstName",
    "last_name": "LastName",
    "email": "E_MailL",
    "phone": "Tel1",
    "address": "Address",
}
_CUT = {"phone": 20, "address": 100}


def contact_from(row: Any, where: str) -> SubmittedContact:
    """Read a contact in the older product's columns; refuse with 400 what is none."""
    if not isinstance(row, Mapping):
        refuse(f"{where} is an object", where)
    said = {ours: row.get(theirs) for ours, theirs in _FIELDS.items()}
    given = {ours: str(text) for ours, text in said.items() if text not in (None, "")}
    try:
        return _cut(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = _FIELDS.get(str(next(iter(first["loc"]), "")), "")
        refuse(f"{where}: {name} {first['msg']}".replace("  ", " "), f"{where}.{name}".rstrip("."))


def buyer_of(order: OlderOrder) -> SubmittedContact | None:
    """Return who an order is billed to; None where it names nobody that a card could hold."""
    place = f"{order.billto_city}, {order.billto_state} {order.billto_zipcode}"
    said = {
        "first_name": order.billto_firstname,
        "last_name": order.billto_lastname,
        "email": order.billto_email,
        "phone": order.billto_telephone,
        "address": f"{order.billto_address}, {place}, {order.billto_country}",
    }
    if not (order.billto_firstname.strip() or order.billto_lastname.strip()):
        return None
    try:
        return _cut(said)
    except ValidationError:
        return None


async def number_of(hub: Hub, bearer: Bearer, customer: str, contact: SubmittedContact) -> int:
    """Return the contact's number on the customer's card, where it is added if need be.

    Refusal for an unknown customer, for what the books refuse, and for what is not through yet.
    """
    people = await hub.lookups.contacts(bearer.connection, customer)
    if people is None:
        detail = f"there is no customer {customer}"
        raise Refusal(problem_types.UNKNOWN_RECORD, detail)
    known = same_person(_wanted(customer, contact), people)
    return known.code if known else await _added(hub, bearer, customer, contact)


async def _added(hub: Hub, bearer: Bearer, customer: str, contact: SubmittedContact) -> int:
    submitted = await hub.contacts.submit(
        bearer.connection, customer, contact, actor=actor_of(bearer)
    )
    if submitted.verdict is Verdict.NO_SYNC:
        detail = f"no sync takes contacts of the connection {bearer.connection}"
        raise Refusal(problem_types.NOT_SET_UP, detail)
    within = patience_of(None, bearer)
    status = await hub.contacts.settled(bearer.connection, submitted.ref.id, within)
    if status is not None and status.code is not None:
        return status.code
    if status is not None and status.state is Progress.REFUSED and status.case:
        more = {"reason": status.case.reason, "fix": status.case.fix, "case": status.case.id}
        raise Refusal(problem_types.REFUSED, status.case.message, more=more)
    detail = "the contact is taken and not on the card yet; send it again later"
    raise unavailable(detail)


def _cut(said: Mapping[str, str]) -> SubmittedContact:
    fitting = {name: text.strip()[: _CUT.get(name, len(text))] for name, text in said.items()}
    return SubmittedContact.model_validate(fitting)


def _wanted(customer: str, contact: SubmittedContact) -> NewContact:
    return NewContact(customer, contact.first_name, contact.last_name, contact.email)
