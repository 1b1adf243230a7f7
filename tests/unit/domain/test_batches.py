"""What expires first leaves first, and a row that runs short says what is there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.batches import Batch, with_batches
from b1bridge.domain.customers import Address
from b1bridge.domain.documents import BatchTaken, DocumentKind, DocumentLine, SalesDocument
from b1bridge.domain.money import Money
from b1bridge.domain.units import Unit
from b1bridge.errors import NeedsOperator

TODAY = datetime(2026, 11, 21, tzinfo=UTC).date()
ZERO = Money.zero("EUR")
B1 = Batch("CREAM", "B1", "01", date(2027, 1, 31), Decimal(6))
B2 = Batch("CREAM", "B2", "01", date(2027, 3, 31), Decimal(9))


def row(quantity, item="CREAM", **more):
    facts = {"takes_batches": True} | more
    return DocumentLine(item, "", Decimal(quantity), ZERO, "A20", Decimal(20), "01", **facts)


def invoice(*lines):
    return SalesDocument(
        kind=DocumentKind.INVOICE,
        reference="shop/order/1",
        business_partner="C1",
        posted_on=TODAY,
        due_on=TODAY,
        currency="EUR",
        gross=False,
        lines=lines,
        expenses=(),
        rounding=ZERO,
        ship_to=Address(),
        bill_to=Address(),
    )


def taken(document):
    return [[(one.number, one.quantity) for one in line.batches] for line in document.lines]


def test_ten_pieces_are_six_of_the_older_and_four_of_the_younger_batch():
    assert taken(with_batches(invoice(row(10)), [B2, B1], 0)) == [[("B1", 6), ("B2", 4)]]


def test_a_batch_must_be_good_for_long_enough():
    days = (B1.expires - TODAY).days

    assert taken(with_batches(invoice(row(5)), [B1, B2], days)) == [[("B1", 5)]]
    assert taken(with_batches(invoice(row(5)), [B1, B2], days + 1)) == [[("B2", 5)]]


def test_what_has_no_date_leaves_last():
    undated = Batch("CREAM", "A0", "01", None, Decimal(20))

    assert taken(with_batches(invoice(row(16)), [undated, B1, B2], 0)) == [
        [("B1", 6), ("B2", 9), ("A0", 1)]
    ]


def test_two_rows_of_one_item_do_not_take_the_same_pieces():
    found = with_batches(
        invoice(row(4), row(4), row(4, item="MUG", takes_batches=False)), [B1, B2], 0
    )

    assert taken(found) == [[("B1", 4)], [("B1", 2), ("B2", 2)], []]


def test_a_pack_takes_what_is_inside_it():
    case = Unit(2, "CASE", Decimal(3))

    assert taken(with_batches(invoice(row(3, unit=case)), [B1, B2], 0)) == [[("B1", 6), ("B2", 3)]]


def test_a_row_that_runs_short_names_itself_and_what_is_there():
    elsewhere = Batch("CREAM", "B3", "02", None, Decimal(99))
    late = Batch("CREAM", "B0", "01", TODAY, Decimal(3))

    with pytest.raises(NeedsOperator) as case:
        with_batches(invoice(row(1), row(16)), [B1, B2, late, elsewhere], 1)

    assert case.value.reason == "BATCH_SHORT"
    assert str(case.value) == (
        "shop/order/1: row 2 needs 16 of CREAM from warehouse 01, which has "
        "3 in B0 (good until 2026-11-21, too early), 5 in B1 (good until 2027-01-31), "
        "9 in B2 (good until 2027-03-31)"
    )


@given(
    wanted=st.lists(st.integers(1, 20), min_size=1, max_size=4),
    shelf=st.lists(st.tuples(st.integers(0, 15), st.none() | st.integers(-5, 60)), max_size=6),
    days=st.integers(0, 30),
)
def test_every_piece_comes_from_a_batch_that_has_it_and_is_good(wanted, shelf, days):
    batches = [
        Batch(
            "CREAM",
            f"B{at}",
            "01",
            None if off is None else TODAY + timedelta(days=off),
            Decimal(free),
        )
        for at, (free, off) in enumerate(shelf)
    ]
    until = TODAY + timedelta(days=days)
    good = {b.number: b for b in batches if b.expires is None or b.expires >= until}

    try:
        found = with_batches(invoice(*map(row, wanted)), batches, days)
    except NeedsOperator:
        assert sum(b.free for b in good.values()) < sum(wanted)
        return

    out: dict[str, Decimal] = {}
    for line in found.lines:
        assert sum(one.quantity for one in line.batches) == line.quantity
        for one in line.batches:
            assert isinstance(one, BatchTaken)
            out[one.number] = out.get(one.number, Decimal(0)) + one.quantity
    assert all(good[number].free >= quantity for number, quantity in out.items())


def test_a_row_without_a_warehouse_is_not_guessed_at():
    nowhere = replace(row(1), warehouse="")

    with pytest.raises(NeedsOperator) as case:
        with_batches(invoice(nowhere), [B1], 0)

    assert case.value.reason == "NO_WAREHOUSE"
