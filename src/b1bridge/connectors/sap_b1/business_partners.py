"""Customer accounts: found by code or e-mail, opened once."""

from __future__ import annotations

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import and_, contains, eq, speakable
from b1bridge.connectors.sap_b1.client.service_layer import ANY_CASE
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.translate import partner_fields
from b1bridge.connectors.sap_b1.wire import Row, WirePartner, fields_of
from b1bridge.domain.customers import BusinessPartner, NewBusinessPartner, normalised_email
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read

_SET = "BusinessPartners"
_SELECT = fields_of(WirePartner)
_CUSTOMER = "cCustomer"


class SapBusinessPartners(Account):
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

    async def partners_by_email(self, email: str) -> tuple[BusinessPartner, ...]:
        """Let SAP find whatever holds the address, then compare as the trade does."""
        wanted = normalised_email(email)
        if not wanted or not speakable(wanted):
            return ()
        where = and_(eq("CardType", _CUSTOMER), contains("EmailAddress", wanted))
        found: list[BusinessPartner] = []
        async for rows in windows(
            self._service, _SET, key="CardCode", select=_SELECT, where=where, headers=ANY_CASE
        ):
            partners = (partner_from(_wire(row)) for row in rows)
            found.extend(p for p in partners if normalised_email(p.email) == wanted)
        return tuple(found)

    async def open_partner(self, partner: NewBusinessPartner) -> str:
        """Open the account; Rejected (PARTNER_CODE_TAKEN) when the code is in use."""
        await self._service.post(_SET, partner_fields(partner))
        return partner.code


def partner_from(wire: WirePartner) -> BusinessPartner:
    """Translate a partner; SAP's ## means every currency, ours is an empty one."""
    return BusinessPartner(
        code=wire.code,
        name=wire.name,
        email=wire.email,
        phone=wire.phone,
        currency="" if wire.currency == "##" else wire.currency,
        price_list=wire.price_list,
        frozen=wire.frozen,
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
