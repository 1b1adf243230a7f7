"""How the company counts: its currency, its decimals, the zone in which its days end."""

from __future__ import annotations

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Text, WireAdminInfo
from b1bridge.domain.directory import CompanyCard
from b1bridge.domain.documents import CompanyRules
from b1bridge.errors import BridgeError, ConnectionBroken, ContractBroken, NeedsOperator
from b1bridge.sdk.reading import read

_ADMIN_INFO = "CompanyService_GetAdminInfo"


class WireCompanyName(WireAdminInfo):
    """How the company is called (SAP SDK help, AdminInfo)."""

    name: Text = Field(alias="CompanyName", default="")


class SapCompany(Account):
    """The Company and CompanyInfo capabilities.

    The rules are kept, since a company never changes its currency.
    """

    _rules: CompanyRules | None = None

    async def rules(self) -> CompanyRules:
        """Return the settings' currency, or else what the company says of itself."""
        if self._rules is None:
            self._rules = await self._read_rules()
        return self._rules

    async def company_card(self) -> CompanyCard:
        """Ask anew each time; the settings' currency goes before what the company says."""
        answer = await self._service.ask(_ADMIN_INFO)
        info = read(WireCompanyName, answer, system=SYSTEM, record="AdminInfo")
        currency = self._settings.local_currency or info.local_currency.upper()
        name = info.name or self._settings.company_db
        return CompanyCard(name, currency, self._settings.time_zone, self._settings.company_db)

    async def _read_rules(self) -> CompanyRules:
        settings = self._settings
        info = WireAdminInfo() if settings.local_currency else await self._admin_info()
        return CompanyRules(
            local_currency=settings.local_currency or info.local_currency.upper(),
            time_zone=settings.time_zone,
            amount_decimals=_first(info.amount_decimals, settings.amount_decimals),
            price_decimals=_first(info.price_decimals, settings.price_decimals),
            tax_by_row=settings.tax_by_row,
        )

    async def _admin_info(self) -> WireAdminInfo:
        try:
            answer = await self._service.ask(_ADMIN_INFO)
        except (ContractBroken, NeedsOperator) as exc:
            raise _unknown_currency(exc) from exc
        info = read(WireAdminInfo, answer, system=SYSTEM, record="AdminInfo")
        if not info.local_currency:
            raise _unknown_currency(None)
        return info


def _unknown_currency(cause: BridgeError | None) -> ConnectionBroken:
    why = f" ({cause})" if cause else ""
    msg = f"{SYSTEM} does not tell the company's currency{why}; fill in local_currency"
    return ConnectionBroken(msg, system=SYSTEM)


def _first(said: int | None, fallback: int) -> int:
    return fallback if said is None else said
