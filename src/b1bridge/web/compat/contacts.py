"""`/v1/contacts/fetch` and `/v1/contacts/insert`: the people of a customer, by columns of OCPR."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.contact_wire import SubmittedContact
from b1bridge.domain.contacts import Contact
from b1bridge.sdk.tokens import Scope
from b1bridge.web.compat.asking import chosen_columns, known_column, rows_wanted
from b1bridge.web.compat.bearer import OlderNeeds
from b1bridge.web.compat.people import contact_from, number_of
from b1bridge.web.compat.refusals import refuse
from b1bridge.web.compat.route import OlderRoute, body_of

COLUMNS: Mapping[str, Callable[[Contact], str]] = {
    "CntctCode": lambda one: str(one.code),
    "Name": lambda one: one.name,
    "FirstName": lambda one: one.first_name,
    "LastName": lambda one: one.last_name,
    "E_MailL": lambda one: one.email,
    "Tel1": lambda one: one.phone,
    "Cellolar": lambda one: one.mobile,
    "Position": lambda one: one.position,
    "Active": lambda one: "Y" if one.is_active else "N",
}
_Writer = Annotated[Bearer, Depends(OlderNeeds(Scope.CONTACTS_WRITE))]
_Reader = Annotated[Bearer, Depends(OlderNeeds(Scope.CONTACTS_READ))]


def contacts(hub: Hub) -> APIRouter:
    """Make the older paths of contacts."""
    router = APIRouter(route_class=OlderRoute)

    @router.put("/v1/contacts/fetch", status_code=HTTPStatus.CREATED)
    async def fetch_contacts(
        bearer: _Reader, request: Request, num: str | None = None
    ) -> list[dict[str, str]]:
        """Return those who are like the contact in every field that is named."""
        body, limit = await body_of(request), rows_wanted(num)
        customer, wanted = _asked(body)
        columns = chosen_columns(body.get("columns"), COLUMNS, "columns")
        people = await hub.lookups.contacts(bearer.connection, customer) or ()
        found = [one for one in people if _is_like(one, wanted)]
        return [_row(one, columns) for one in found[:limit]]

    @router.post("/v1/contacts/insert", status_code=HTTPStatus.CREATED)
    async def insert_contacts(bearer: _Writer, request: Request) -> list[dict[str, Any]]:
        """Add contacts, one after the other; whoever is there already keeps their number."""
        told: list[dict[str, Any]] = []
        for customer, row, contact in list(_handed_in(await body_of(request))):
            number = await number_of(hub, bearer, customer, contact)
            told.append({**row, "contact_code": str(number)})
        return told

    return router


def code_of_customer(body: Mapping[str, Any]) -> str:
    """Return `card_code`, which nobody can do without."""
    code = body.get("card_code")
    if not isinstance(code, str) or not code.strip():
        refuse("card_code names the customer", "card_code")
    return code.strip()


def _handed_in(body: Any) -> Iterator[tuple[str, Mapping[str, Any], SubmittedContact]]:
    """Yield each contact with its customer, all of them read before the first is added.

    The older product's page shows a list of such bodies; its code took one.
    """
    for part in body if isinstance(body, list) else [body]:
        if not isinstance(part, Mapping) or not isinstance(part.get("contacts"), list):
            refuse("the body is an object with card_code and a list of contacts", "contacts")
        customer = code_of_customer(part)
        for number, row in enumerate(part["contacts"]):
            yield customer, row, contact_from(row, f"contacts[{number}]")


def _asked(body: Any) -> tuple[str, dict[str, str]]:
    """Return the customer and what its contacts are compared with."""
    if not isinstance(body, Mapping):
        refuse("the body is an object with card_code and contact")
    said = body.get("contact")
    if not isinstance(said, Mapping):
        refuse("contact is an object of columns and the texts they hold", "contact")
    customer = code_of_customer(body)
    wanted = {known_column(name, COLUMNS, "contact"): text for name, text in said.items()}
    for name, text in wanted.items():
        if not isinstance(text, str | int):
            refuse(f"contact.{name} is compared with a text", f"contact.{name}")
    return customer, {name: str(text) for name, text in wanted.items()}


def _is_like(one: Contact, wanted: Mapping[str, str]) -> bool:
    """Compare as the database of the older product did: letter case makes no difference."""
    return all(
        COLUMNS[name](one).casefold() == text.strip().casefold() for name, text in wanted.items()
    )


def _row(one: Contact, columns: tuple[str, ...]) -> dict[str, str]:
    return {name: COLUMNS[known_column(name, COLUMNS, "columns")](one) for name in columns}
