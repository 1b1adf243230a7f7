"""Reads both sides as they are, past the hub and its connectors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from b1bridge.demo.crm.app import App
from b1bridge.demo.crm.books import BASE_LIST, DOLLAR_LIST
from b1bridge.demo.crm.deals import EURO
from b1bridge.demo.crm.proof import Evidence, Ordered, Sold
from b1bridge.demo.crm.settings import CRM
from b1bridge.demo.sap_ledger import SapLedger
from b1bridge.domain.crm_fields import (
    BALANCE,
    CREDIT_LIMIT,
    CREDIT_STATUS,
    DELIVERY,
    INVOICE,
    ORDER,
    OVERDUE,
    STOCK,
)

_ORDER, _DELIVERY = 17, 15
_INVOICE_NUMBER = re.compile(r"Invoice (\d+)")


async def gather(app: App, sap: SapLedger, key: str) -> Evidence:
    """Read everything that is compared; `key` is the field with the customer's code."""
    state = await app.state()
    organizations = [
        row
        for row in state["organization"]
        if not row["is_deleted"] and row["custom_fields"].get(key)
    ]
    products = [row for row in state["product"] if not row["is_deleted"] and row["code"]]
    names = await app.fields("organization")
    return Evidence(
        deals=_deals(state["deal"], await app.fields("deal")),
        orders=list(_orders(sap)),
        customers_shown=_shown(organizations, key, names),
        customers=_customers(sap),
        products_shown=_products(products, await app.fields("product")),
        items=_items(sap),
        notes=[_number(note["content"]) for note in state["notes"]],
        invoices=_invoices(sap),
        late=[_late(row, names) for row in organizations if _owed(row, names[OVERDUE])],
        twice_shown=_twice(
            [f"customer {row['custom_fields'][key]}" for row in organizations]
            + [f"item {row['code']}" for row in products]
        ),
    )


def _deals(rows: Iterable[Any], names: Mapping[str, str]) -> list[Sold]:
    return [
        Sold(
            row["id"],
            row["status"],
            row["currency"],
            Decimal(row["value"]),
            *(
                str(row["custom_fields"].get(names[one]) or "")
                for one in (ORDER, DELIVERY, INVOICE)
            ),
        )
        for row in rows
    ]


def _orders(sap: SapLedger) -> Iterator[Ordered]:
    drawn = _drawn(sap)
    fields = "DocEntry,DocNum,NumAtCard,DocTotal,DocTotalFc,DocCurrency,Cancelled"
    for row in sap.rows("Orders", "DocEntry", fields, f"startswith(NumAtCard,'{CRM}/deal/')"):
        if row["Cancelled"] == "tNO":
            total = row["DocTotal"] if row["DocCurrency"] == EURO else row["DocTotalFc"]
            yield Ordered(
                deal=_deal_of(row["NumAtCard"]),
                number=row["DocNum"],
                currency=row["DocCurrency"],
                total=Decimal(total),
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


def _customers(sap: SapLedger) -> dict[str, str]:
    fields = "CardCode,CardName,CurrentAccountBalance,CreditLimit"
    return {
        row["CardCode"]: _customer(
            row["CardName"], row["CurrentAccountBalance"], row["CreditLimit"]
        )
        for row in sap.rows("BusinessPartners", "CardCode", fields, "CardType eq 'cCustomer'")
    }


def _shown(rows: Iterable[Any], key: str, names: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for row in rows:
        owed, limit = (_owed(row, names[one]) for one in (BALANCE, CREDIT_LIMIT))
        found[row["custom_fields"][key]] = _customer(row["name"], owed, limit)
    return found


def _customer(name: str, owed: Any, limit: Any) -> str:
    return f"{name} owes {Decimal(owed or 0):.2f}, limit {Decimal(limit or 0):.2f}"


def _owed(row: Any, code: str) -> Decimal:
    return Decimal((row["custom_fields"].get(code) or {}).get("value") or 0)


def _late(row: Any, names: Mapping[str, str]) -> str:
    """Say what a salesperson reads on the organization."""
    owed, overdue = (_owed(row, names[one]) for one in (BALANCE, OVERDUE))
    credit = row["custom_fields"].get(names[CREDIT_STATUS])
    return f"{row['name']} owes {owed:,.2f} EUR, {overdue:,.2f} of it overdue; credit: {credit}"


def _items(sap: SapLedger) -> dict[str, str]:
    fields = "ItemCode,ItemPrices,ItemWarehouseInfoCollection"
    sold = "SalesItem eq 'tYES' and Frozen eq 'tNO' and Valid eq 'tYES'"
    return {
        row["ItemCode"]: _product(
            (
                (one["Currency"], one["Price"])
                for one in row["ItemPrices"]
                if one["PriceList"] in {BASE_LIST, DOLLAR_LIST}
            ),
            sum(
                (
                    Decimal(one["InStock"]) - Decimal(one["Committed"])
                    for one in row["ItemWarehouseInfoCollection"]
                ),
                Decimal(0),
            ),
        )
        for row in sap.rows("Items", "ItemCode", fields, sold)
    }


def _products(rows: Iterable[Any], names: Mapping[str, str]) -> dict[str, str]:
    return {
        row["code"]: _product(
            ((one["currency"], one["price"]) for one in row["prices"]),
            row["custom_fields"].get(names[STOCK]),
        )
        for row in rows
    }


def _product(prices: Iterable[tuple[str, Any]], stock: Any) -> str:
    told = sorted(f"{price:.2f} {currency or EURO}" for currency, price in prices if price)
    return f"{', '.join(told)}, {Decimal(stock or 0):.0f} in stock"


def _invoices(sap: SapLedger) -> list[str]:
    return [
        str(row["DocNum"])
        for row in sap.rows("Invoices", "DocEntry", "DocEntry,DocNum,CancelStatus")
        if row["CancelStatus"] != "csCancellation"
    ]


def _number(content: str) -> str:
    found = _INVOICE_NUMBER.search(content)
    return found.group(1) if found else content


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)
