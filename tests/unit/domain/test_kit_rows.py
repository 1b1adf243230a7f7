"""A kit becomes the rows that its bill of materials asks for, at the price it was sold for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.documents import DocumentLine
from b1bridge.domain.kit_rows import rows_of_kit
from b1bridge.domain.kits import Kit, Part, Tree, price_of_parts
from b1bridge.domain.money import Money

PARTS = (Part("A", Decimal(1), Decimal("30.00")), Part("B", Decimal(1), Decimal("25.00")))


def row(amount="49.90", quantity=1):
    price = Money.of(amount, "EUR")
    return DocumentLine("KIT", "A kit", Decimal(quantity), price, "A20", Decimal(20), "01")


def told(rows):
    return [(one.item, one.quantity, str(one.amount), one.tree) for one in rows]


def test_the_parts_of_a_template_bear_its_price_by_their_list_prices():
    rows = rows_of_kit(row(), Kit("KIT", Tree.TEMPLATE, PARTS), price_parts=False, warehouse="")

    assert told(rows) == [
        ("KIT", 1, "0.00 EUR", Tree.TEMPLATE),
        ("A", 1, "27.22 EUR", Tree.PART),
        ("B", 1, "22.68 EUR", Tree.PART),
    ]


@pytest.mark.parametrize("tree", [Tree.SALES, Tree.ASSEMBLY, Tree.PRODUCTION])
def test_any_other_kit_bears_its_price_itself(tree):
    rows = rows_of_kit(row(), Kit("KIT", tree, PARTS), price_parts=False, warehouse="")

    assert rows == (row(),)


def test_a_sales_kit_may_leave_its_price_to_its_parts():
    rows = rows_of_kit(
        row("99.80", 2), Kit("KIT", Tree.SALES, PARTS), price_parts=True, warehouse="07"
    )

    assert told(rows)[1:] == [("A", 2, "54.44 EUR", Tree.PART), ("B", 2, "45.36 EUR", Tree.PART)]
    assert [one.warehouse for one in rows] == ["01", "07", "07"]


def test_an_assembly_is_one_row_even_where_parts_may_bear_prices():
    rows = rows_of_kit(row(), Kit("KIT", Tree.ASSEMBLY, PARTS), price_parts=True, warehouse="")

    assert rows == (row(),)


@given(
    amount=st.decimals(0, 10_000, places=2),
    parts=st.lists(
        st.tuples(st.integers(1, 9), st.decimals(0, 500, places=2)), min_size=1, max_size=6
    ),
)
def test_no_cent_is_lost_between_the_parts(amount, parts):
    named = [Part(f"P{at}", Decimal(n), price) for at, (n, price) in enumerate(parts)]

    shares = price_of_parts(Money(amount, "EUR"), Kit("KIT", Tree.TEMPLATE, tuple(named)))

    assert Money.sum(shares, "EUR") == Money(amount, "EUR")
