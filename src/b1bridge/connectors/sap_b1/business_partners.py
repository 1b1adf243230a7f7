"""Customer accounts: found by code, tax id, e-mail or name, opened once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Final

from b1bridge.connectors.sap_b1.addresses import (
    check_room,
    laid_out,
    partner_address,
    ship_to_name,
)
from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import Filter, and_, contains, eq, speakable
from b1bridge.connectors.sap_b1.client.refusals import ALREADY_THERE
from b1bridge.connectors.sap_b1.client.service_layer import ANY_CASE
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.places import SapPlaces
from b1bridge.connectors.sap_b1.translate import partner_fields
from b1bridge.connectors.sap_b1.wire import Row, WireCard, WireCardAddress, WirePartner, fields_of
from b1bridge.domain.addresses import Placing
from b1bridge.domain.customers import (
    Address,
    BusinessPartner,
    NewBusinessPartner,
    normalised_email,
)
from b1bridge.domain.matching import name_words, plain_words
from b1bridge.domain.tax_ids import normalised_tax_id
from b1bridge.errors import Rejected
from b1bridge.sdk.phones import e164
from b1bridge.sdk.reading import read

_SET = "BusinessPartners"
_SELECT = fields_of(WirePartner)
_TOLD = 60
_CARD = fields_of(WireCard)
_CUSTOMER = "cCustomer"
_SHIP_TO: Final = "bo_ShipTo"
_DIGITS = re.compile(r"\d+")


class SapBusinessPartners(SapPlaces):
    """The BusinessPartners capability. Suppliers and leads are never returned."""

    async def find_partner(self, code: str) -> BusinessPartner | None:
        """Look up by $filter: a slash in a key's path would stop at Apache."""
        if not speakable(code):
            return None
        page = await self._service.rows(_SET, select=_SELECT, where=eq("CardCode", code))
        found = next((wire for wire in map(_wire, page.rows) if wire.code == code), None)
        if found is None:
            return None
        if found.type != _CUSTOMER:
            raise _no_customer(found)
        return partner_from(found)

    def partners(self) -> AsyncIterator[BusinessPartner]:
        """Yield every customer, ordered by code."""
        return self._customers()

    async def partners_by_email(self, email: str) -> tuple[BusinessPartner, ...]:
        """Let SAP find whatever holds the address, then compare as the trade does."""
        wanted = normalised_email(email)
        if not wanted or not speakable(wanted):
            return ()
        where = contains("EmailAddress", wanted)
        found = self._customers(where)
        return tuple([one async for one in found if normalised_email(one.email) == wanted])

    async def partners_by_tax_id(self, tax_id: str) -> tuple[BusinessPartner, ...]:
        """Compare those that share its first and last digits: people write signs in between."""
        digits = max(_DIGITS.findall(tax_id), key=len, default="")
        if not digits:
            return ()
        parts = (contains("FederalTaxID", part) for part in (digits[:2], digits[-2:]))
        return tuple([one async for one in self._customers(*parts) if one.tax_id == tax_id])

    async def partners_by_name(self, name: str) -> tuple[BusinessPartner, ...]:
        """Return those whose names have the same words, in any order and without accents.

        SAP compares letter by letter, so it is asked for words that are written in one way only.
        """
        words = [word for word in plain_words(name) if speakable(word)]
        plain = [word for word in words if word.isascii() and name_words(word) == {word}]
        if not words:
            return ()
        parts = (contains("CardName", word) for word in plain or words)
        wanted = name_words(name)
        return tuple(
            [one async for one in self._customers(*parts) if name_words(one.name) == wanted]
        )

    async def _customers(self, *conditions: Filter) -> AsyncIterator[BusinessPartner]:
        where = and_(eq("CardType", _CUSTOMER), *conditions)
        async for rows in windows(
            self._service, _SET, key="CardCode", select=_SELECT, where=where, headers=ANY_CASE
        ):
            for row in rows:
                yield partner_from(_wire(row))

    async def open_partner(self, partner: NewBusinessPartner) -> str:
        """Open the account; Rejected (PARTNER_CODE_TAKEN) when the code is in use."""
        places = await self.places_for(partner.billing)
        await self._service.post(_SET, partner_fields(partner, places=places))
        return partner.code

    async def placing(self, address: Address) -> Placing:
        """Lay it out as a document's address would be; Rejected (ADDRESS) when it is too long."""
        laid = laid_out(address, await self.places_for(address))
        check_room(laid.rest, f"address in {address.city or address.country}"[:_TOLD])
        return Placing(laid.notes, laid.unknown_state)

    async def ship_to_addresses(self, code: str) -> dict[str, Address]:
        """Read the card; Rejected (MISSING_CUSTOMER) when it is gone."""
        page = await self._service.rows(_SET, select=_CARD, where=eq("CardCode", code))
        if not page.rows:
            msg = f"{SYSTEM}: there is no customer {code}"
            raise Rejected(msg, system=SYSTEM, reason="MISSING_CUSTOMER", fix="look at it in SAP")
        card = read(WireCard, page.rows[0], system=SYSTEM, record=f"business partner {code}")
        return {row.name: address_of(row) for row in card.addresses if row.type == _SHIP_TO}

    async def post_ship_to(self, code: str, address: Address) -> str:
        """Add a row to the card; those not sent stay (5).

        Two orders may bring the same address at once: the name is made of it, so that SAP refuses
        the second, which then finds the first.
        """
        name = ship_to_name(address)
        places = await self.places_for(address)
        # What does not fit stands on the order's document, which keeps all of the address.
        row, _ = partner_address(address, _SHIP_TO, name, places=places)
        try:
            await Entities(self._service, _SET).patch(code, {"BPAddresses": [row]})
        except Rejected as exc:
            if exc.code != ALREADY_THERE or name not in await self.ship_to_addresses(code):
                raise
        return name


def address_of(row: WireCardAddress) -> Address:
    """Translate a row of a card; recipient and company stand in its second and third name."""
    return Address(
        first_name=row.name_2,
        company=row.name_3,
        street_1=f"{row.street} {row.number}".strip(),
        street_2=f"{row.block} {row.building}".strip(),
        city=row.city,
        state=row.state,
        zip_code=row.zip_code,
        country=row.country,
    )


def partner_from(wire: WirePartner) -> BusinessPartner:
    """Translate a partner; SAP's ## means every currency, ours is an empty one."""
    numbers = (wire.phone, wire.phone_2, wire.mobile)
    return BusinessPartner(
        code=wire.code,
        name=wire.name,
        email=wire.email,
        phone=wire.phone,
        currency="" if wire.currency == "##" else wire.currency,
        price_list=wire.price_list,
        frozen=wire.frozen,
        phones=tuple(dict.fromkeys(filter(None, (e164(n, wire.country) for n in numbers)))),
        tax_id=normalised_tax_id(wire.tax_id, wire.country),
        balance=wire.balance,
    )


def _wire(row: Row) -> WirePartner:
    return read(WirePartner, row, system=SYSTEM, record=f"business partner {row.get('CardCode')}")


def _no_customer(wire: WirePartner) -> Rejected:
    kind = {"cSupplier": "a supplier", "cLid": "a lead"}.get(wire.type, wire.type)
    return Rejected(
        f"{SYSTEM}: business partner {wire.code} is {kind}, not a customer",
        system=SYSTEM,
        reason="MISSING_CUSTOMER",
        fix="turn it into a customer in SAP, or link the shopper to another account",
    )
