"""What leaves is shown once, on the right line, and never more of it than was ordered."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order, OrderLine, OrderState, Tax
from b1bridge.domain.parcels import (
    ShownOrder,
    dealt,
    delivery_of,
    orders_of,
    parcels_of,
    summed,
    tracking_numbers,
)
from b1bridge.domain.shipments import DeliveredRow, Delivery, Fulfillment
from b1bridge.errors import NeedsOperator

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ORDER = Ref("shop", "order", "812")
ZERO = Money.zero("EUR")
ITEMS = {"1": "MUG", "2": "LAMP", "3": "MUG"}


def line(id_, sku, quantity):
    tax = Tax("", Decimal(0), ZERO)
    return OrderLine(id_, sku, sku, Decimal(quantity), ZERO, tax, ZERO)


def order(*lines, state=OrderState.OPEN):
    return Order(
        ref=ORDER,
        number="812",
        state=state,
        placed_at=NOW,
        modified_at=NOW,
        currency="EUR",
        prices_include_tax=False,
        customer=Customer(ref=None, email="", name=""),
        billing=Address(),
        shipping=Address(),
        lines=lines,
        charges=(),
        total=ZERO,
        tax_total=ZERO,
        charge_total=ZERO,
    )


def row(item, quantity, place=0, reference="shop/order/812"):
    return DeliveredRow(reference, item, place, Decimal(quantity))


def delivery(*rows, entry=77, tracking="A"):
    ref = Ref("sap", "delivery", str(entry))
    posted = Posted("delivery", entry, 1000 + entry)
    return Delivery(ref, posted, is_cancelled=False, carrier="", tracking=tracking, rows=rows)


def shown(*lines, fulfillments=(), refunded=None, state=OrderState.OPEN):
    return ShownOrder(order(*lines, state=state), tuple(fulfillments), refunded or {})


def entered(parcels):
    return tuple(replace(one, id=str(9 + at)) for at, one in enumerate(parcels.new))


def told(parcels):
    return [(dict(one.lines), one.tracking, one.mark) for one in parcels.new]


def test_two_deliveries_and_a_cancelled_piece_are_two_fulfillments():
    ten = line("1", "MUG", 10)
    first = parcels_of(delivery(row("MUG", 6)), shown(ten), ITEMS, "ups")
    second = parcels_of(
        delivery(row("MUG", 3), entry=78, tracking="B"),
        shown(ten, fulfillments=entered(first), refunded={"1": Decimal(1)}),
        ITEMS,
        "ups",
    )

    assert told(first) == [({"1": 6}, "A", "sap/delivery/77")]
    assert told(second) == [({"1": 3}, "B", "sap/delivery/78")]
    everything = (*entered(first), replace(second.new[0], id="20"))
    assert shown(ten, fulfillments=everything, refunded={"1": Decimal(1)}).to_come() == 0


def test_a_repeat_changes_nothing():
    wanted = delivery(row("MUG", 6), tracking="A; B")
    there = entered(parcels_of(wanted, shown(line("1", "MUG", 6)), ITEMS, ""))

    again = parcels_of(wanted, shown(line("1", "MUG", 6), fulfillments=there), ITEMS, "")

    assert (again.new, again.changed) == ((), ())


def test_a_corrected_tracking_number_changes_what_is_shown():
    ten = line("1", "MUG", 10)
    there = entered(parcels_of(delivery(row("MUG", 6)), shown(ten), ITEMS, ""))

    corrected = parcels_of(
        delivery(row("MUG", 6), tracking="B"), shown(ten, fulfillments=there), ITEMS, "ups"
    )

    assert corrected.new == ()
    assert [(one.id, one.tracking, one.carrier) for one in corrected.changed] == [("9", "B", "ups")]


def test_a_parcel_that_was_told_too_late_joins_the_last_one():
    ten = line("1", "MUG", 10)
    there = entered(parcels_of(delivery(row("MUG", 6)), shown(ten), ITEMS, ""))

    later = parcels_of(
        delivery(row("MUG", 6), tracking="A, B"), shown(ten, fulfillments=there), ITEMS, ""
    )

    assert later.new == ()
    assert [one.tracking for one in later.changed] == ["A, B"]


def test_what_a_crash_left_out_is_entered():
    wanted = delivery(row("MUG", 6), tracking="A, B")
    half = entered(parcels_of(wanted, shown(line("1", "MUG", 6)), ITEMS, ""))[:1]

    rest = parcels_of(wanted, shown(line("1", "MUG", 6), fulfillments=half), ITEMS, "")

    assert told(rest) == [({"1": 3}, "B", "sap/delivery/77/2")]


def test_several_numbers_are_several_parcels():
    wanted = delivery(row("MUG", 3), row("LAMP", 2), tracking="A; B,A")

    found = parcels_of(wanted, shown(line("1", "MUG", 3), line("2", "LAMP", 2)), ITEMS, "")

    assert told(found) == [
        ({"1": 3}, "A", "sap/delivery/77"),
        ({"2": 2}, "B", "sap/delivery/77/2"),
    ]


def test_one_piece_in_two_parcels_has_both_numbers():
    found = parcels_of(
        delivery(row("LAMP", 1), tracking="A, B"), shown(line("2", "LAMP", 1)), ITEMS, ""
    )

    assert told(found) == [({"2": 1}, "A, B", "sap/delivery/77")]


def test_a_row_is_shown_at_its_place_and_the_rest_where_there_is_room():
    mugs = line("1", "MUG", 2), line("2", "LAMP", 1), line("3", "MUG", 4)

    second = parcels_of(delivery(row("MUG", 3, place=1)), shown(*mugs), ITEMS, "")
    both = parcels_of(delivery(row("MUG", 5, place=1)), shown(*mugs), ITEMS, "")

    assert told(second)[0][0] == {"3": 3}
    assert told(both)[0][0] == {"3": 4, "1": 1}


@pytest.mark.parametrize(
    ("left", "more"),
    [
        ({}, {"rows": (row("MUG", 11),)}),
        ({"refunded": {"1": Decimal(1)}}, {"rows": (row("MUG", 10),)}),
        ({"state": OrderState.CANCELLED}, {"rows": (row("MUG", 1),)}),
        ({}, {"rows": (row("BAG", 1),)}),
    ],
    ids=["ordered", "cancelled piece", "cancelled order", "another item"],
)
def test_more_than_is_open_is_a_case_that_names_both(left, more):
    with pytest.raises(NeedsOperator) as caught:
        parcels_of(delivery(*more["rows"]), shown(line("1", "MUG", 10), **left), ITEMS, "")

    assert caught.value.reason == "SHIPPED_TOO_MUCH"
    assert "delivery 1077" in str(caught.value)
    assert "1 of" in str(caught.value)


def test_what_came_back_after_it_left_does_not_hold_the_rest():
    ten = line("1", "MUG", 10)
    there = entered(parcels_of(delivery(row("MUG", 6)), shown(ten), ITEMS, ""))

    rest = parcels_of(
        delivery(row("MUG", 4), entry=78),
        shown(ten, fulfillments=there, refunded={"1": Decimal(2)}),
        ITEMS,
        "",
    )

    assert told(rest) == [({"1": 4}, "A", "sap/delivery/78")]


def test_a_delivery_may_bring_several_orders_of_several_shops():
    rows = (
        row("MUG", 1),
        row("MUG", 1, reference="shop/order/900+2"),
        row("MUG", 1, reference="other/order/812"),
        row("MUG", 1, reference="PO 4711/a"),
        row("MUG", 1),
    )

    assert orders_of(delivery(*rows), "shop") == (ORDER, Ref("shop", "order", "900"))


def test_what_other_hands_entered_takes_from_what_is_open():
    by_hand = Fulfillment(ORDER, {"1": Decimal(6)}, "", "A", "", "5")

    with pytest.raises(NeedsOperator, match="2 of MUG more"):
        parcels_of(
            delivery(row("MUG", 6)), shown(line("1", "MUG", 10), fulfillments=(by_hand,)), ITEMS, ""
        )


def test_the_rows_of_another_order_are_not_this_one_s():
    rows = row("MUG", 2), row("MUG", 5, reference="shop/order/900")

    assert told(parcels_of(delivery(*rows), shown(line("1", "MUG", 2)), ITEMS, "")) == [
        ({"1": 2}, "A", "sap/delivery/77")
    ]


def test_a_broken_piece_stays_in_one_parcel():
    half = delivery(row("MUG", "1.5"), tracking="A, B")

    assert told(parcels_of(half, shown(line("1", "MUG", 2)), ITEMS, "")) == [
        ({"1": Decimal("1.5")}, "A, B", "sap/delivery/77")
    ]


def test_what_is_shown_on_a_line_that_became_another_item_stays():
    there = entered(parcels_of(delivery(row("MUG", 2)), shown(line("1", "MUG", 2)), ITEMS, ""))
    changed = shown(line("1", "BAG", 2), line("3", "MUG", 2), fulfillments=there)

    again = parcels_of(delivery(row("MUG", 2)), changed, {"1": "BAG", "3": "MUG"}, "")

    assert told(again) == [({"3": 2}, "", "sap/delivery/77/2")]


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        ("sap/delivery/77", Ref("sap", "delivery", "77")),
        ("sap/delivery/77/2", Ref("sap", "delivery", "77")),
        ("", None),
        ("by hand / no idea", None),
    ],
)
def test_a_mark_names_its_delivery(mark, names):
    assert delivery_of(mark) == names


def test_numbers_are_read_with_commas_semicolons_and_doubles():
    assert tracking_numbers(" A1,, B2;A1 ; ") == ["A1", "B2"]


@given(
    goods=st.dictionaries(st.text(min_size=1), st.integers(1, 50).map(Decimal), max_size=5),
    parcels=st.integers(1, 9),
)
def test_dealing_out_loses_and_invents_nothing(goods, parcels):
    shares = dealt(goods, parcels)

    sizes = [sum(share.values()) for share in shares]
    total = {
        name: sum((share.get(name, Decimal(0)) for share in shares), Decimal(0)) for name in goods
    }
    assert total == goods
    assert len(shares) <= parcels
    assert not goods or (min(sizes) > 0 and max(sizes) - min(sizes) <= 1)


@given(
    ordered=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    deliveries=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 9), st.sampled_from(["", "A", "A,B"])),
        max_size=8,
    ),
)
def test_the_shop_never_shows_more_than_was_ordered(ordered, deliveries):
    lines = [line(str(at), "MUG", quantity) for at, quantity in enumerate(ordered)]
    items = {one.id: "MUG" for one in lines}
    there = ()
    for entry, (place, quantity, tracking) in enumerate(deliveries):
        came = delivery(row("MUG", quantity, place), entry=entry, tracking=tracking)
        try:
            new = parcels_of(came, shown(*lines, fulfillments=there), items, "").new
        except NeedsOperator:
            continue
        there += tuple(replace(one, id=one.mark) for one in new)
        again = parcels_of(came, shown(*lines, fulfillments=there), items, "")
        assert (again.new, again.changed) == ((), ())

    total = summed(there)
    assert all(total.get(one.id, 0) <= one.quantity for one in lines)
