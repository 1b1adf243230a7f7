"""What a sales order can still become, by what was delivered of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import (
    BaseRow,
    DocumentKind,
    DocumentLine,
    Expense,
    SalesDocument,
    Totals,
)
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.domain.order_changes import is_delivered, new_rows, returned_rows, was_closed
from b1bridge.domain.standing import Standing, StandingRow
from b1bridge.errors import NeedsOperator

DAY = date(2026, 11, 2)
ORDER, DELIVERY = DocumentKind.SALES_ORDER, DocumentKind.DELIVERY


def eur(amount):
    return Money.of(amount, "EUR")


def sold(item, quantity, price="20.00"):
    amount = eur(Decimal(price) * quantity)
    return DocumentLine(item, "", Decimal(quantity), amount, "A19", Decimal(19), "01")


def wanted(*lines, expenses=()):
    return SalesDocument(
        kind=ORDER,
        reference="shop/order/812",
        business_partner="C1",
        posted_on=DAY,
        due_on=DAY,
        currency="EUR",
        gross=False,
        lines=lines,
        expenses=expenses,
        rounding=eur(0),
        ship_to=Address(),
        bill_to=Address(),
    )


def row(number, item, quantity, *, left=None, is_open=True, base=None, **facts):
    left = quantity if left is None else left
    net, tax = eur(20 * quantity), eur("3.80")
    amounts = (Decimal(quantity), Decimal(left), is_open, net, tax)
    return StandingRow(number, item, "", *amounts, "A19", Decimal(19), "01", base=base, **facts)


def held(*rows, is_open=True, kind=ORDER, entry=5):
    return Standing(
        posted=Posted(kind.value, entry, 1000 + entry),
        reference="shop/order/812",
        business_partner="C1",
        posted_on=DAY,
        is_open=is_open,
        gross=False,
        totals=Totals(eur(0), eur(0), eur(0)),
        paid=eur(0),
        rounding=eur(0),
        rows=rows,
        expenses=(),
    )


def delivered(quantity, *, left=None, entry=8):
    base = BaseRow(ORDER, 5, 0)
    return held(row(0, "MUG", quantity, left=left, base=base), kind=DELIVERY, entry=entry)


def test_rows_keep_their_numbers_and_new_ones_have_none():
    order = held(row(0, "MUG", 5), row(1, "PEN", 2), row(2, "MUG", 1))

    found = new_rows(order, wanted(sold("MUG", 1), sold("LAMP", 1), sold("MUG", 4)))

    # Of two rows with mugs, the one with as many pieces is meant.
    assert found.numbers == (2, None, 0)
    assert found.document.kind is ORDER


def test_five_of_which_two_are_delivered_become_four():
    order = held(row(0, "MUG", 5, left=3))

    assert new_rows(order, wanted(sold("MUG", 4))).numbers == (0,)
    assert new_rows(order, wanted(sold("MUG", 2), sold("LAMP", 1))).numbers == (0, None)


@pytest.mark.parametrize(
    ("order", "lines", "expenses", "why"),
    [
        ([row(0, "MUG", 5, left=3)], [sold("MUG", 1)], (), "the shop now sells 1"),
        ([row(0, "MUG", 5, left=3)], [sold("LAMP", 1)], (), "the shop removed it"),
        ([row(0, "MUG", 5, left=3)], [sold("MUG", 5, "19.00")], (), "now charges 95.00 EUR for 5"),
        (
            [row(0, "MUG", 5, left=3)],
            [sold("MUG", 4)],
            (Expense(1, eur("5.00"), "A19", Decimal(19)),),
            "changed its freight",
        ),
        ([row(0, "MUG", 5, is_open=False)], [sold("MUG", 4)], (), r"row 1 \(MUG\) was closed"),
        (
            [row(0, "KIT", 2), row(1, "MUG", 4, left=2, is_part_of_kit=True)],
            [sold("KIT", 3)],
            (),
            "it holds a kit",
        ),
    ],
    ids=["below", "removed", "price", "freight", "closed", "kit"],
)
def test_what_the_order_cannot_become_names_both_sides_and_the_way_out(order, lines, expenses, why):
    with pytest.raises(NeedsOperator, match=why) as case:
        new_rows(held(*order), wanted(*lines, expenses=expenses))

    assert case.value.reason == "EDIT_CONFLICT"
    assert "the shop sells" in str(case.value)
    assert "sales order 1005 holds" in str(case.value)
    assert "then retry the case" in case.value.fix


def test_freight_may_change_while_nothing_was_delivered():
    cost = Expense(1, eur("5.00"), "A19", Decimal(19))

    assert new_rows(held(row(0, "MUG", 5)), wanted(sold("MUG", 5), expenses=(cost,))).numbers == (
        0,
    )


def test_the_last_delivery_comes_back_first_and_never_more_than_is_still_there():
    order = held(row(0, "MUG", 5, left=0, is_open=False), is_open=False)
    deliveries = [delivered(2, entry=8), delivered(3, left=2, entry=9)]

    found = returned_rows(order, deliveries, wanted(sold("MUG", 1)))

    assert [(line.quantity, line.base, line.amount) for line in found] == [
        (1, BaseRow(DELIVERY, 9, 0), eur("20.00")),
        (2, BaseRow(DELIVERY, 8, 0), eur("40.00")),
    ]


def test_nothing_comes_back_of_what_another_order_delivered():
    order = held(row(0, "MUG", 5, left=0, is_open=False), is_open=False)
    other = held(row(0, "MUG", 5, base=BaseRow(ORDER, 6, 0)), kind=DELIVERY, entry=8)

    assert returned_rows(order, [other], wanted()) == ()


@pytest.mark.parametrize("lines", [[sold("MUG", 6)], [sold("MUG", 5), sold("LAMP", 1)]])
def test_what_is_delivered_does_not_become_more(lines):
    order = held(row(0, "MUG", 5, left=0, is_open=False), is_open=False)

    with pytest.raises(NeedsOperator, match="all of it was delivered") as case:
        returned_rows(order, [delivered(5)], wanted(*lines))

    assert case.value.reason == "EDIT_CONFLICT"


def test_what_is_delivered_does_not_change_its_price():
    order = held(row(0, "MUG", 5, left=0, is_open=False), is_open=False)

    with pytest.raises(NeedsOperator, match="changed its prices"):
        returned_rows(order, [delivered(5)], wanted(sold("MUG", 5, "19.00")))


def test_several_lines_of_one_thing_count_together():
    order = held(row(0, "MUG", 5, left=0, is_open=False), is_open=False)

    found = returned_rows(order, [delivered(5)], wanted(sold("MUG", 1), sold("MUG", 3)))

    assert [line.quantity for line in found] == [1]


@pytest.mark.parametrize(
    ("left", "is_open", "done", "closed"),
    [(0, False, True, False), (3, False, False, True), (3, True, False, False)],
)
def test_a_closed_order_was_delivered_or_was_closed_by_people(left, is_open, done, closed):
    order = replace(held(row(0, "MUG", 5, left=left)), is_open=is_open)

    assert (is_delivered(order), was_closed(order)) == (done, closed)
