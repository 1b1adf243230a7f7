"""What customers should have paid by now: open invoices and invoices of down payments.

A document may fall due in parts (DocumentInstallments: DueDate and Total, sap-service-layer.md 14).
How much of each part was paid is not shown; payments are taken to settle the first parts first
(guess). Requests of down payments owe nothing yet: they are in no balance.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import Filter, and_, eq, ge, lt
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Wire, fields_of
from b1bridge.sdk.reading import read_all

_ZERO = Decimal(0)
_IS_OPEN = eq("DocumentStatus", "bost_Open")
_SETS: dict[str, Filter] = {
    "Invoices": _IS_OPEN,
    "DownPayments": and_(_IS_OPEN, eq("DownPaymentType", "dptInvoice")),
}


class WireInstallment(Wire):
    """A part of a document, in local currency, and by when it was due."""

    due: date = Field(alias="DueDate")
    total: Amount = Field(alias="Total", default=_ZERO)


class WireDue(Wire):
    """A document that is open; sums in local currency."""

    code: str = Field(alias="CardCode")
    due: date = Field(alias="DocDueDate")
    total: Amount = Field(alias="DocTotal")
    paid: Amount = Field(alias="PaidToDate")


class WireOpen(WireDue):
    """The same with its parts."""

    parts: tuple[WireInstallment, ...] = Field(alias="DocumentInstallments", default=())

    def overdue(self, today: date) -> Decimal:
        """Return what should have been paid before this day, and was not."""
        if not self.parts:
            asked = self.total if self.due < today else _ZERO
        else:
            asked = sum((one.total for one in self.parts if one.due < today), _ZERO)
        return max(asked - self.paid, _ZERO)


_DUE_ROWS = TypeAdapter(list[WireDue])
_OPEN_ROWS = TypeAdapter(list[WireOpen])


class SapOverdue(Account):
    """Sums up what is overdue; two requests for a customer."""

    async def overdue(self, code: str, today: date) -> Decimal:
        """Return what a customer is late with, in local currency."""
        found = _ZERO
        for name, is_open in _SETS.items():
            async for rows in windows(
                self._service,
                name,
                key="DocEntry",
                select=fields_of(WireOpen),
                where=and_(is_open, eq("CardCode", code)),
                size=100,
            ):
                read = read_all(_OPEN_ROWS, rows, system=SYSTEM, record=f"open {name}")
                found += sum((one.overdue(today) for one in read), _ZERO)
        return found

    async def fell_due(self, since: date, today: date) -> AsyncIterator[WireDue]:
        """Yield what is open and was due as a whole within these days.

        Parts that fall due before the whole cannot be asked for: who looks again once a day sees
        them.
        """
        for name, is_open in _SETS.items():
            async for rows in windows(
                self._service,
                name,
                key="DocEntry",
                select=fields_of(WireDue),
                where=and_(is_open, ge("DocDueDate", since), lt("DocDueDate", today)),
            ):
                for one in read_all(_DUE_ROWS, rows, system=SYSTEM, record=f"open {name}"):
                    yield one
