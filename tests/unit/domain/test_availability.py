"""What may be promised, with the numbers of two warehouses and a quarantine."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.availability import Formula, available, differences, most
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.shop_stock import Catalogue, Shown, wanted_stock, warehouses_by_location
from b1bridge.domain.stock import ShopStock, StockLevel
from b1bridge.errors import NeedsOperator, Unmapped

BUFFERS = {"W1": Decimal(5), "W2": Decimal(5)}


def level(warehouse, on_hand, committed=0, ordered=0, item="A"):
    return StockLevel(item, warehouse, Decimal(on_hand), Decimal(committed), Decimal(ordered))


W1, W2 = level("W1", 120, 30), level("W2", 45, 50)


def test_pooled_warehouses_help_each_other_out():
    assert available([W1, W2], Formula(buffers=BUFFERS)) == 75


def test_bound_warehouses_do_not():
    assert available([W1, W2], Formula(buffers=BUFFERS, pooled=False)) == 85


def test_orders_the_books_do_not_know_yet_are_held_back():
    assert available([W1, W2], Formula(buffers=BUFFERS), in_flight=Decimal(7)) == 68
    assert available([level("W1", 50)], Formula(), in_flight=Decimal(3)) == 47


def test_ordered_goods_count_only_when_declared():
    assert available([level("W1", 1, 0, 10)], Formula()) == 1
    assert available([level("W1", 1, 0, 10)], Formula(count_ordered=True)) == 11


def test_only_whole_packs_are_shown():
    assert available([level("W1", 100)], Formula(), pack=12) == 8


quantities = st.integers(0, 1_000)


@given(
    st.lists(st.tuples(quantities, quantities), max_size=4),
    quantities,
    st.integers(1, 24),
    st.booleans(),
)
def test_stock_is_never_promised_that_is_not_there(rows, in_flight, pack, pooled):
    levels = [level(f"W{i}", on_hand, committed) for i, (on_hand, committed) in enumerate(rows)]

    shown = available(levels, Formula(pooled=pooled), in_flight=Decimal(in_flight), pack=pack)

    free = sum(
        on_hand - committed if pooled else max(0, on_hand - committed)
        for on_hand, committed in rows
    )
    assert 0 <= shown * pack <= max(0, free - in_flight)


def test_only_what_the_shop_shows_otherwise_is_pushed():
    wanted = [ShopStock("A", "1", 5), ShopStock("B", "1", 0)]

    assert list(differences({("A", "1"): 5, ("B", "1"): 2}, wanted)) == [ShopStock("B", "1", 0)]


def test_a_figure_may_only_go_down_while_some_orders_are_not_read():
    shown = {("A", "1"): 5, ("B", "1"): 5}
    wanted = [ShopStock("A", "1", 9), ShopStock("B", "1", 2)]

    assert list(differences(shown, wanted, may_rise=False)) == [ShopStock("B", "1", 2)]


def test_the_larger_of_two_looks_at_what_is_in_flight_counts():
    found = most({"A": Decimal(1), "B": Decimal(2)}, {"B": Decimal(1), "C": Decimal(3)})

    assert found == {"A": 1, "B": 2, "C": 3}


def test_a_lone_location_is_served_by_every_warehouse():
    served = warehouses_by_location({"1"}, ["W1", "W2"], Crosswalk("location"))

    assert served == {"1": frozenset({"W1", "W2"})}


def test_of_several_locations_each_needs_an_entry():
    entered = Crosswalk("location", {"1": "W1, W2", "2": "W2"})

    assert warehouses_by_location({"1", "2"}, ["W1", "W2"], entered)["1"] == {"W1", "W2"}
    with pytest.raises(Unmapped, match="location crosswalk"):
        warehouses_by_location({"1", "3"}, ["W1", "W2"], entered)


def test_a_location_cannot_be_served_from_a_warehouse_that_is_not_read():
    with pytest.raises(NeedsOperator, match="W9, which is not read"):
        warehouses_by_location({"1"}, ["W1"], Crosswalk("location", {"1": "W1,W9"}))


def test_an_item_is_shown_under_each_sku_that_sells_it_in_its_own_packs():
    shown = Shown()
    for sku in ("A", "BOX", "OTHER"):
        shown.add(ShopStock(sku, "1", 0))
    catalogue = Catalogue(
        Crosswalk("sku", {"BOX": "A", "OTHER": "Z"}), Crosswalk("pack", {"BOX": "12"})
    )
    served = {"1": frozenset({"W1"}), "2": frozenset({"W1"})}

    wanted = list(
        wanted_stock([level("W1", 30), level("W2", 99)], served, shown, catalogue, Formula(), {})
    )

    assert wanted == [ShopStock("A", "1", 30), ShopStock("BOX", "1", 2)]
    assert shown.unknown == {"OTHER"}


def test_a_sku_that_stands_for_another_item_is_not_the_item_of_its_name():
    catalogue = Catalogue(Crosswalk("sku", {"A": "B"}), Crosswalk("pack"))

    assert catalogue.skus_of("A") == []
    assert catalogue.skus_of("B") == ["B", "A"]


@pytest.mark.parametrize("entry", ["0", "a dozen", "-1"])
def test_a_pack_is_a_whole_number_above_zero(entry):
    catalogue = Catalogue(Crosswalk("sku"), Crosswalk("pack", {"A": entry}))

    with pytest.raises(Unmapped, match="no number of units"):
        catalogue.pack_of("A")
