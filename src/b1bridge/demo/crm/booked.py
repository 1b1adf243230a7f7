"""What SAP has, past the hub: orders of deals, customers and invoices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from b1bridge.demo.crm.books import TIME_ZONE
from b1bridge.demo.crm.cards import customer_card
from b1bridge.demo.crm.deals import EURO
from b1bridge.demo.crm.proof import Ordered
from b1bridge.demo.crm.settings import CRM
from b1bridge.demo.sap_ledger import SapLedger

_ORDER, _DELIVERY = 17, 15


def orders(sap: SapLedger) -> Iterator[Ordered]:
    """Yield what was ordered by deals and is not cancelled."""
    drawn = _drawn(sap)
    fields = "DocEntry,DocNum,NumAtCard,DocTotal,DocTotalFc,DocCurrency,Cancelled,CardCode"
    for row in sap.rows("Orders", "DocEntry", fields, f"startswith(NumAtCard,'{CRM}/deal/')"):
        if row["Cancelled"] == "tNO":
            total = row["DocTotal"] if row["DocCurrency"] == EURO else row["DocTotalFc"]
            yield Ordered(
                deal=_deal_of(row["NumAtCard"]),
                number=row["DocNum"],
                currency=row["DocCurrency"],
                total=Decimal(total),
                customer=row["CardCode"],
                deliveries=tuple(drawn.deliveries.get(row["DocEntry"], ())),
                invoices=tuple(drawn.invoices.get(row["DocEntry"], ())),
            )


def _deal_of(reference: str) -> int:
    """Return the deal of crm/deal/812, or of crm/deal/812+1 that was won once more."""
    return int(reference.rpartition("/")[2].partition("+")[0])


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Numbers of deliveries and invoices by the order that they rest on."""

    deliveries: dict[int, list[int]] = field(default_factory=dict)
    invoices: dict[int, list[int]] = field(default_factory=dict)


def _drawn(sap: SapLedger) -> _Drawn:
    found, order_of = _Drawn(), {}
    for row in _documents(sap, "DeliveryNotes"):
        for base in _bases(row, _ORDER):
            order_of[row["DocEntry"]] = base
            found.deliveries.setdefault(base, []).append(row["DocNum"])
    for row in _documents(sap, "Invoices"):
        for base in _bases(row, _DELIVERY):
            if base in order_of:
                found.invoices.setdefault(order_of[base], []).append(row["DocNum"])
    return found


def _documents(sap: SapLedger, name: str) -> Iterator[Any]:
    fields = "DocEntry,DocNum,CancelStatus,DocumentLines"
    return (row for row in sap.rows(name, "DocEntry", fields) if row["CancelStatus"] == "csNo")


def _bases(row: Any, kind: int) -> set[int]:
    return {line["BaseEntry"] for line in row["DocumentLines"] if line["BaseType"] == kind}


def customers(sap: SapLedger) -> dict[str, str]:
    """Return the card of each customer by its code."""
    late, found = _overdue(sap), {}
    fields = "CardCode,CardName,CurrentAccountBalance,CreditLimit"
    for row in sap.rows("BusinessPartners", "CardCode", fields, "CardType eq 'cCustomer'"):
        code, owed = row["CardCode"], Decimal(row["CurrentAccountBalance"] or 0)
        # Who is late with one thing and has money to come for another owes no more than the rest.
        overdue = min(late.get(code, Decimal(0)), max(owed, Decimal(0)))
        limit = Decimal(row["CreditLimit"] or 0)
        found[code] = customer_card(row["CardName"], owed, overdue, limit)
    return found


def _overdue(sap: SapLedger) -> dict[str, Decimal]:
    """Add up by customer what is open of invoices, of down payments, too, that are due."""
    today = datetime.now(ZoneInfo(TIME_ZONE)).date().isoformat()
    fields = "DocEntry,CardCode,DocTotal,PaidToDate"
    due = f"DocumentStatus eq 'bost_Open' and DocDueDate lt '{today}'"
    asked = {"Invoices": due, "DownPayments": f"{due} and DownPaymentType eq 'dptInvoice'"}
    found: dict[str, Decimal] = {}
    for name, wanted in asked.items():
        for row in sap.rows(name, "DocEntry", fields, wanted):
            left = Decimal(row["DocTotal"]) - Decimal(row["PaidToDate"])
            found[row["CardCode"]] = found.get(row["CardCode"], Decimal(0)) + left
    return found


def invoices(sap: SapLedger) -> list[str]:
    """Return the numbers of all invoices but those that only cancel another."""
    return [
        str(row["DocNum"])
        for row in sap.rows("Invoices", "DocEntry", "DocEntry,DocNum,CancelStatus")
        if row["CancelStatus"] != "csCancellation"
    ]
