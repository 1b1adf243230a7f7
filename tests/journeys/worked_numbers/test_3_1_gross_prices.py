"""Prices with tax inside (correctness-rules 3.1 and 3.3): the gross total is what was charged."""

from decimal import Decimal

import pytest

from .conftest import money

pytestmark = pytest.mark.anyio

GROSS = True


async def test_gross_prices_keep_the_gross_total(desk):
    prices = ("27.90", "23.90", "25.90")
    lines = [
        (sku, 1, price, "19") for sku, price in zip(("MUG", "LAMP", "BAG"), prices, strict=True)
    ]
    order = await desk.sells(*lines)

    assert await desk.cases_of(order) == []
    assert desk.came_to(order) == (Decimal("77.70"), Decimal("12.41"))
    assert sum(net for net, _ in desk.rows(order)) == Decimal("65.29")


async def test_9_95_with_19_per_cent_inside_is_8_36_and_1_59(desk):
    order = await desk.sells(("MUG", 1, "10.00", "19"), shipping="9.95", shipping_rate="19")

    assert await desk.cases_of(order) == []
    assert desk.freight(order) == [(Decimal("8.36"), Decimal("1.59"))]
    assert money(desk.invoice(order)["DocTotal"]) == Decimal("19.95")


async def test_freight_of_a_mixed_basket_keeps_its_gross_total(desk):
    order = await desk.sells_mixed_basket("119.00", "53.50", shipping="10.35")

    assert await desk.cases_of(order) == []
    assert desk.freight(order) == [
        (Decimal("6.00"), Decimal("1.14")),
        (Decimal("3.00"), Decimal("0.21")),
    ]
    assert desk.came_to(order) == (Decimal("182.85"), Decimal("23.85"))
