"""The people of a customer: found in the books, and handed in for them."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.contact_desk import ContactStatus
from b1bridge.bootstrap.order_status import Progress
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.contact_wire import SubmittedContact
from b1bridge.domain.contacts import Contact
from b1bridge.domain.customers import normalised_email
from b1bridge.domain.submissions import Submitted, Verdict
from b1bridge.errors import BridgeError, NeedsOperator
from b1bridge.web import problem_types
from b1bridge.web.api.bearer import actor_of
from b1bridge.web.api.bodies import JsonBody
from b1bridge.web.api.lookup_words import (
    ContactReader,
    ContactWriter,
    Search,
    Shown,
    looking,
    unknown,
)
from b1bridge.web.api.openapi import refusals
from b1bridge.web.api.order_documents import OpenCase
from b1bridge.web.api.preferences import IdempotencyKey, Prefer, key_of, patience_of
from b1bridge.web.problems import Refusal

_EXAMPLE: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+49 30 1234567",
}
_REPLAYED = "Idempotency-Replayed"
_STATUS = {Progress.POSTED: HTTPStatus.CREATED, Progress.ACCEPTED: HTTPStatus.ACCEPTED}
Sent = Annotated[SubmittedContact, Depends(JsonBody(SubmittedContact, example=_EXAMPLE))]
Reference = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~:-]{0,63}$")]


class ContactShown(Shown):
    """Somebody on a customer's card; `name` is unique there."""

    code: int = Field(description="number in the books, which an order may name as its contact")
    name: str
    first_name: str
    last_name: str
    email: str
    phone: str
    mobile: str
    position: str
    active: bool


class ContactsShown(Shown):
    """Everybody on one card who fits."""

    contacts: list[ContactShown]


class ContactStatusShown(Shown):
    """What became of a contact that was handed in."""

    reference: str
    state: Progress
    partner: str
    code: int | None = Field(description="number in the books, once it is there")
    case: OpenCase | None
    contact: SubmittedContact


_TO_CONTACTS: dict[int | str, dict[str, Any]] = {
    200: {"model": ContactStatusShown, "description": "Left out: an operator said so"},
    201: {"model": ContactStatusShown, "description": "On the card, with its `code`"},
    202: {"model": ContactStatusShown, "description": "Taken, and not on the card yet"},
    **refusals(
        problem_types.UNKNOWN_RECORD,
        problem_types.CONTACT_EXISTS,
        problem_types.KEY_REUSED,
        problem_types.CONTACT_REFUSED,
        problem_types.NOT_SET_UP,
        problem_types.REFUSED,
    ),
}


def contacts(hub: Hub) -> APIRouter:
    """Make the routes of contacts."""
    router = looking("contacts")

    @router.get("/partners/{code:path}/contacts", responses=refusals(problem_types.UNKNOWN_RECORD))
    async def find_contacts(
        bearer: ContactReader,
        code: str,
        email: Search = "",
        name: Annotated[Search, Query(description="a part of any of the names")] = "",
    ) -> ContactsShown:
        """Return the people of a customer, all or those whose e-mail and name fit."""
        found = await hub.lookups.contacts(bearer.connection, code)
        if found is None:
            unknown("customer", code)
        fitting = [_contact(one) for one in found if _fits(one, email, name)]
        return ContactsShown(contacts=fitting)

    @router.post("/partners/{code:path}/contacts", status_code=201, responses=_TO_CONTACTS)
    async def add_contact(
        bearer: ContactWriter,
        code: str,
        contact: Sent,
        response: Response,
        idempotency_key: IdempotencyKey = None,
        prefer: Prefer = None,
    ) -> Response:
        """Add somebody to a customer's card, once: who is there already keeps their number.

        What is answered with 2xx or `contact-refused` is on disk.
        """
        key, of = key_of(idempotency_key), bearer.connection
        within = patience_of(prefer, bearer)
        await _expect_customer(hub, bearer, code, within)
        submitted = await hub.contacts.submit(of, code, contact, key=key, actor=actor_of(bearer))
        _check(submitted)
        status = await hub.contacts.settled(of, submitted.ref.id, within)
        answer = _answer(_known(status, submitted.ref.id))
        answer.headers.update(response.headers)
        if submitted.verdict is Verdict.SAME:
            answer.headers[_REPLAYED] = "true"
        return answer

    @router.get("/contacts/{reference}", responses=refusals(problem_types.UNKNOWN_RECORD))
    async def contact_status(bearer: ContactReader, reference: Reference) -> ContactStatusShown:
        """Tell what became of a contact that was handed in."""
        return _shown(_known(await hub.contacts.contact(bearer.connection, reference), reference))

    return router


async def _expect_customer(hub: Hub, bearer: Bearer, code: str, within: float) -> None:
    """Refuse with 404 what would only become a case; where SAP is away or slow, it is taken."""
    try:
        async with asyncio.timeout(within):
            found = await hub.lookups.contacts(bearer.connection, code)
    except NeedsOperator:
        raise
    except (BridgeError, TimeoutError):
        return
    if found is None:
        unknown("customer", code)


def _check(submitted: Submitted) -> None:
    reference = submitted.ref.id
    if submitted.verdict is Verdict.OTHER_BODY:
        detail = f"the contact {reference} was sent before, with another body"
        raise Refusal(problem_types.CONTACT_EXISTS, detail)
    if submitted.verdict is Verdict.KEY_REUSED:
        detail = "the key was sent before, with another body"
        raise Refusal(problem_types.KEY_REUSED, detail)
    if submitted.verdict is Verdict.NO_SYNC:
        detail = f"no sync takes contacts of the connection {submitted.ref.connection}"
        raise Refusal(problem_types.NOT_SET_UP, detail, headers={"Retry-After": "300"})


def _known(status: ContactStatus | None, reference: str) -> ContactStatus:
    if status is None:
        unknown("contact that was handed in as", reference)
    return status


def _answer(status: ContactStatus) -> Response:
    if status.state is Progress.REFUSED:
        raise _refused(status)
    return Response(
        _shown(status).model_dump_json(),
        status_code=_STATUS.get(status.state, HTTPStatus.OK),
        headers={"Location": f"/v1/contacts/{status.reference}"},
        media_type="application/json",
    )


def _refused(status: ContactStatus) -> Refusal:
    case = status.case
    more: dict[str, Any] = {"reference": status.reference}
    if case is None:
        detail = f"contact {status.reference} waits for the operator"
        return Refusal(problem_types.CONTACT_REFUSED, detail, more=more)
    more |= {"case": case.id, "reason": case.reason, "fix": case.fix}
    return Refusal(problem_types.CONTACT_REFUSED, case.message, more=more)


def _shown(status: ContactStatus) -> ContactStatusShown:
    facts = status.contact.model_dump(exclude={"partner"})
    case = status.case
    return ContactStatusShown(
        reference=status.reference,
        state=status.state,
        partner=status.contact.partner,
        code=status.code,
        case=OpenCase(id=case.id, reason=case.reason, message=case.message, fix=case.fix)
        if case
        else None,
        contact=SubmittedContact(**facts),
    )


def _contact(one: Contact) -> ContactShown:
    return ContactShown(
        code=one.code,
        name=one.name,
        first_name=one.first_name,
        last_name=one.last_name,
        email=one.email,
        phone=one.phone,
        mobile=one.mobile,
        position=one.position,
        active=one.is_active,
    )


def _fits(one: Contact, email: str, name: str) -> bool:
    names = f"{one.name} {one.first_name} {one.last_name}".casefold()
    asked = normalised_email(email)
    return (not asked or normalised_email(one.email) == asked) and name.casefold() in names
