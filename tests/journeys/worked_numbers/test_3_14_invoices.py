"""Edits and cancellations of what is invoiced (correctness-rules 3.14): memos, and new invoices."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from b1sim.company.rules import periods

from .conftest import INVOICED, money

pytestmark = pytest.mark.anyio

OPTIONS = {"order-to-invoice": {"reserve": "yes", "locked_period": "first_open_day"}}
FLOWS = INVOICED
FIVE = ("MUG", 5, "20.00", "19")


def changes(desk, kind, order):
    """Return what the documents that follow an order come to."""
    found = desk.posted(kind).items()
    marks = f"shop/order/{order}+"
    return [money(document["DocTotal"]) for name, document in found if name.startswith(marks)]


async def paid(desk):
    order = desk.store.shopper_orders([FIVE])
    desk.store.pays(order)
    await desk.knock(order)
    return order


async def test_one_less_is_a_memo_of_23_80(desk):
    order = await paid(desk)
    desk.store.changes_quantity(order, "MUG", 4)
    await desk.knock(order)

    assert await desk.cases_of(order) == []
    assert money(desk.invoice(order)["DocTotal"]) == Decimal("119.00")
    assert changes(desk, "CreditNotes", order) == [Decimal("23.80")]


async def test_new_lines_are_a_new_invoice(desk):
    order = await paid(desk)
    desk.store.adds_line(order, ("LAMP", 1, "10.00", "7"))
    await desk.knock(order)

    assert await desk.cases_of(order) == []
    assert changes(desk, "Invoices", order) == [Decimal("10.70")]
    assert changes(desk, "CreditNotes", order) == []


async def test_a_cancelled_order_is_credited_as_a_whole(desk):
    order = await paid(desk)
    desk.store.cancels(order)
    await desk.knock(order)

    assert await desk.cases_of(order) == []
    assert changes(desk, "CreditNotes", order) == [Decimal("119.00")]


def months(desk, day, *, locked):
    """Enter the month of a day, and the next one, which is open; return its first day."""
    first = day.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    later = (after + timedelta(days=31)).replace(day=1)
    ends = [str(one - timedelta(days=1)) for one in (after, later)]
    due = (str(first), str(later + timedelta(days=366)))
    books = desk.company.books
    periods.add(books, "this", (str(first), ends[0]), due=due, locked=locked)
    periods.add(books, "next", (str(after), ends[1]), due=due, tax=(str(first), ends[1]))
    return after


async def test_in_a_locked_month_the_memo_takes_the_first_open_day(desk):
    order = await paid(desk)
    day = date.fromisoformat(str(desk.invoice(order)["DocDate"])[:10])
    first_open = months(desk, day, locked=True)
    desk.store.changes_quantity(order, "MUG", 4)
    await desk.knock(order)
    months(desk, day, locked=False)

    assert await desk.cases_of(order) == []
    memo = desk.posted("CreditNotes")[f"shop/order/{order}+1"]
    assert money(memo["DocTotal"]) == Decimal("23.80")
    assert str(memo["DocDate"])[:10] == str(first_open)
