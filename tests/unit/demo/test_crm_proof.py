"""The CRM's proof notices whatever is missing, doubled, or a cent apart, and names it."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from rich.console import Console

from b1bridge.demo.crm.proof import Evidence, Ordered, Sold, prove
from b1bridge.demo.crm.report import CrmReport
from b1bridge.demo.crm.tokens import Spent, token_checks

DEALS = [
    Sold(1, "won", "EUR", Decimal("24.00"), "C1", order="501", delivery="delivered: 71"),
    Sold(2, "won", "USD", Decimal("10.00"), "C2", order="502", invoice="10.00 USD open: 81"),
    Sold(3, "lost", "EUR", Decimal("5.00"), "C1", order="503"),
    Sold(4, "open", "EUR", Decimal("7.00")),
]
ORDERS = [
    Ordered(1, 501, "EUR", Decimal("24.00"), "C1", deliveries=(71,)),
    Ordered(2, 502, "USD", Decimal("10.00"), "C2", invoices=(81,)),
]
EVEN = Evidence(
    deals=DEALS,
    orders=ORDERS,
    customers_shown={"C1": "owes 5"},
    customers={"C1": "owes 5"},
    products_shown={"TEA": "10.00 EUR"},
    items={"TEA": "10.00 EUR"},
    notes=["81"],
    invoices=["81"],
)
USED = Spent(counted=100, billed=100, daily=1000, forecast=300, refused=0)


def failed(checks):
    return {check.name: check.apart for check in checks if not check.holds}


def test_equal_sides_hold():
    assert failed(prove(EVEN)) == {}


@pytest.mark.parametrize(
    ("broken", "name", "told"),
    [
        ({"orders": ORDERS[:1]}, "won deals, one order each", "deal 2 has 0 orders"),
        ({"orders": [*ORDERS, ORDERS[0]]}, "won deals, one order each", "deal 1 has 2 orders"),
        (
            {"orders": [*ORDERS, replace(ORDERS[0], deal=3, number=503)]},
            "won deals, one order each",
            "deal 3 is not won and has an order",
        ),
        (
            {"orders": [replace(ORDERS[0], total=Decimal("24.01")), ORDERS[1]]},
            "totals in EUR",
            "deal 1: 24.00 EUR and 24.01 EUR",
        ),
        (
            {"orders": [ORDERS[0], replace(ORDERS[1], currency="EUR")]},
            "totals in USD",
            "deal 2: 10.00 USD and 10.00 EUR",
        ),
        (
            {"orders": [replace(ORDERS[0], customer="C2"), ORDERS[1]]},
            "orders for the right customer",
            "deal 1: C1 and C2",
        ),
        (
            {"deals": [replace(DEALS[0], order=""), *DEALS[1:]]},
            "order numbers on deals",
            "deal 1: not there and 501",
        ),
        (
            {"deals": [replace(DEALS[0], delivery="delivered: 7"), *DEALS[1:]]},
            "deliveries, invoices on deals",
            "deal 1 does not show document 71",
        ),
        (
            {"customers_shown": {"C1": "owes 4"}},
            "customers, with what they owe",
            "C1: owes 4 and owes 5",
        ),
        ({"products_shown": {}}, "products, with prices and stock", "TEA: not there and 10.00 EUR"),
        ({"notes": []}, "invoices as notes", "invoice 81 has 0 notes"),
        ({"notes": ["81", "81"]}, "invoices as notes", "invoice 81 has 2 notes"),
        ({"notes": ["81", "99"]}, "invoices as notes", "a note tells of 99, which is no invoice"),
        ({"twice_shown": ["item TEA"]}, "shown twice", "item TEA"),
    ],
)
def test_what_is_apart_is_named(broken, name, told):
    assert told in failed(prove(replace(EVEN, **broken)))[name]


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"counted": 99}, "tokens billed, and counted"),
        ({"daily": 99}, "tokens of the day's budget"),
        ({"refused": 1}, "requests refused"),
    ],
)
def test_a_token_too_many_is_named(broken, name):
    assert name in failed(token_checks(replace(USED, **broken)))
    assert failed(token_checks(USED)) == {}


def test_the_report_names_what_does_not_hold_and_says_so_to_programs(tmp_path):
    checks = prove(replace(EVEN, orders=ORDERS[:1]))
    report = CrmReport(checks=checks, seconds=1, cpu_seconds={})
    console = Console(record=True, width=100)

    report.show(console)
    report.write(tmp_path / "figures.json")

    assert not report.holds
    text = console.export_text()
    assert "deal 2 has 0 orders" in text
    assert "NOT ALL OF IT HOLDS" in text
    written = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert (written["holds"], written["checks"][0]["apart"]) == (False, ["deal 2 has 0 orders"])
