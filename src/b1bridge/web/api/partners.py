"""Customers of the books: a list to search, and one card with its addresses."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from b1bridge.bootstrap import Hub
from b1bridge.domain.customers import BusinessPartner
from b1bridge.domain.directory import CardAddress
from b1bridge.web import problem_types
from b1bridge.web.api.lookup_words import (
    Cursor,
    Limit,
    PartnerReader,
    Search,
    Shown,
    looking,
    next_of,
    text_after,
    unknown,
)
from b1bridge.web.api.numbers import Number
from b1bridge.web.api.openapi import refusals

_PAGE = 50


class PartnerShown(Shown):
    """A customer account; `currency` is empty where it may trade in every currency."""

    code: str
    name: str
    email: str
    phone: str
    tax_id: str
    currency: str
    price_list: int | None
    frozen: bool
    balance: Number = Field(description="what the account owes, in the company's currency")


class PartnersShown(Shown):
    """A page, ordered by code; `next` is null on the last."""

    partners: list[PartnerShown]
    next: str | None


class AddressShown(Shown):
    """An address on a customer's card."""

    name: str
    kind: str = Field(examples=["ship-to", "bill-to"])
    recipient: str
    company: str
    street: str
    street_2: str
    city: str
    state: str
    zip_code: str
    country: str


class PartnerCardShown(PartnerShown):
    """A customer account with its addresses."""

    addresses: list[AddressShown]


def partners(hub: Hub) -> APIRouter:
    """Make the routes of customers; suppliers and leads are never shown."""
    router = looking("partners")

    @router.get("/partners")
    async def list_partners(
        bearer: PartnerReader,
        name: Search = "",
        email: Search = "",
        cursor: Cursor = "",
        limit: Limit = _PAGE,
    ) -> PartnersShown:
        """List the customers whose name and e-mail hold these texts."""
        page = await hub.lookups.customers(
            bearer.connection, name=name, email=email, after=text_after(cursor), limit=limit
        )
        return PartnersShown(partners=[_partner(one) for one in page.rows], next=next_of(page.last))

    @router.get("/partners/{code:path}", responses=refusals(problem_types.UNKNOWN_RECORD))
    async def partner(bearer: PartnerReader, code: str) -> PartnerCardShown:
        """Return one customer."""
        card = await hub.lookups.customer(bearer.connection, code)
        if card is None:
            unknown("customer", code)
        addresses = [_address(one) for one in card.addresses]
        return PartnerCardShown(**dict(_partner(card.partner)), addresses=addresses)

    return router


def _partner(one: BusinessPartner) -> PartnerShown:
    return PartnerShown.model_validate(one)


def _address(one: CardAddress) -> AddressShown:
    address = one.address
    return AddressShown(
        name=one.name,
        kind="ship-to" if one.is_ship_to else "bill-to",
        recipient=address.name,
        company=address.company,
        street=address.street_1,
        street_2=address.street_2,
        city=address.city,
        state=address.state,
        zip_code=address.zip_code,
        country=address.country,
    )
