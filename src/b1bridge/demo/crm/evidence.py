"""Reads both sides as they are, past the hub and its connectors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from b1bridge.demo.crm import booked, goods
from b1bridge.demo.crm.app import App
from b1bridge.demo.crm.cards import customer_card, product_card
from b1bridge.demo.crm.proof import Evidence, Sold
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
        deals=_deals(
            state["deal"],
            await app.fields("deal"),
            {row["id"]: row["custom_fields"][key] for row in organizations},
        ),
        orders=list(booked.orders(sap)),
        customers_shown=_shown(organizations, key, names),
        customers=booked.customers(sap),
        products_shown=_products(products, await app.fields("product")),
        items=goods.items(sap),
        notes=[_number(note["content"]) for note in state["notes"]],
        invoices=booked.invoices(sap),
        late=[_late(row, names) for row in organizations if _owed(row, names[OVERDUE])],
        twice_shown=_twice(
            [f"customer {row['custom_fields'][key]}" for row in organizations]
            + [f"item {row['code']}" for row in products]
        ),
    )


def _deals(
    rows: Iterable[Any], names: Mapping[str, str], customers: Mapping[int, str]
) -> list[Sold]:
    return [
        Sold(
            row["id"],
            row["status"],
            row["currency"],
            Decimal(row["value"]),
            customers.get(row["org_id"], ""),
            *(
                str(row["custom_fields"].get(names[one]) or "")
                for one in (ORDER, DELIVERY, INVOICE)
            ),
        )
        for row in rows
    ]


def _shown(rows: Iterable[Any], key: str, names: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for row in rows:
        owed, late, limit = (_owed(row, names[one]) for one in (BALANCE, OVERDUE, CREDIT_LIMIT))
        found[row["custom_fields"][key]] = customer_card(row["name"], owed, late, limit)
    return found


def _owed(row: Any, code: str) -> Decimal:
    return Decimal((row["custom_fields"].get(code) or {}).get("value") or 0)


def _late(row: Any, names: Mapping[str, str]) -> str:
    """Say what a salesperson reads on the organization."""
    owed, overdue = (_owed(row, names[one]) for one in (BALANCE, OVERDUE))
    credit = row["custom_fields"].get(names[CREDIT_STATUS])
    return f"{row['name']} owes {owed:,.2f} EUR, {overdue:,.2f} of it overdue; credit: {credit}"


def _products(rows: Iterable[Any], names: Mapping[str, str]) -> dict[str, str]:
    return {
        row["code"]: product_card(
            ((one["currency"], one["price"]) for one in row["prices"]),
            row["custom_fields"].get(names[STOCK]),
        )
        for row in rows
    }


def _number(content: str) -> str:
    found = _INVOICE_NUMBER.search(content)
    return found.group(1) if found else content


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)
