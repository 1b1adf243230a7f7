"""Discounts (correctness-rules 3.2): shared out by value, sent as what a line comes to."""

from decimal import Decimal

import pytest

from .conftest import money

pytestmark = pytest.mark.anyio


def nets(desk, order):
    return [str(net) for net, _ in desk.rows(order)]


async def test_ten_over_three_lines_is_four_four_and_two(desk):
    cart = [("MUG", 1, "19.99", "0"), ("LAMP", 1, "19.99", "0"), ("BAG", 1, "9.99", "0")]
    order = await desk.sells(*cart, discount="10.00")

    assert nets(desk, order) == ["15.99", "15.99", "7.99"]
    assert desk.came_to(order) == (Decimal("39.97"), 0)


async def test_a_line_with_nothing_to_discount_gets_nothing(desk):
    order = await desk.sells(("MUG", 1, "19.99", "0"), ("LAMP", 1, "0.00", "0"), discount="10.00")

    assert nets(desk, order) == ["9.99", "0.00"]


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "left"),
    [(3, "19.99", "10.00", "49.97"), (1000, "7.49", "333.33", "7156.67")],
)
async def test_a_line_is_what_it_comes_to_and_no_rounded_unit_price(
    desk, quantity, price, discount, left
):
    order = await desk.sells(("MUG", quantity, price, "0"), discount=discount)

    assert await desk.cases_of(order) == []
    assert desk.came_to(order) == (Decimal(left), 0)
    (row,) = desk.invoice(order)["DocumentLines"]
    assert (row["Quantity"], money(row["LineTotal"])) == (quantity, Decimal(left))


async def test_a_whole_discount_leaves_exactly_nothing(desk):
    cart = [("MUG", 3, "19.99", "19"), ("LAMP", 1, "0.01", "7")]
    order = await desk.sells(*cart, discount="59.98")

    assert await desk.cases_of(order) == []
    assert desk.came_to(order) == (0, 0)
