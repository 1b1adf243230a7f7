"""Freight and its tax (correctness-rules 3.3)."""

from decimal import Decimal

import pytest

pytestmark = pytest.mark.anyio


async def test_freight_of_nothing_is_left_out(desk):
    order = await desk.sells(("MUG", 1, "10.00", "19"), shipping="0.00")

    assert desk.freight(order) == []


async def test_discounted_freight_is_net_of_its_discount(desk):
    order = await desk.sells(
        ("MUG", 1, "10.00", "19"), shipping="9.00", shipping_rate="19", coupon=("POST", "4.00", 3)
    )

    assert await desk.cases_of(order) == []
    assert desk.freight(order) == [(Decimal("5.00"), Decimal("0.95"))]


async def test_freight_of_a_mixed_basket_bears_the_rates_of_its_goods(desk):
    """9.00 over 100.00 at 19 % and 50.00 at 7 %: 6.00 and 3.00, 1.35 of tax and not 1.71."""
    order = await desk.sells_mixed_basket("100.00", "50.00", shipping="9.00")

    assert await desk.cases_of(order) == []
    assert desk.freight(order) == [
        (Decimal("6.00"), Decimal("1.14")),
        (Decimal("3.00"), Decimal("0.21")),
    ]
    assert desk.came_to(order) == (Decimal("182.85"), Decimal("23.85"))
