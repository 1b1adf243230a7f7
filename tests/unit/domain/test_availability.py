"""What may be promised, with the numbers of two warehouses and a quarantine."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.availability import Formula, available, differences, kits_available, most
from b1bridge.domain.bills_of_materials import in_stocked_parts
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.kits import Kit, Part, Tree
from b1bridge.domain.shop_stock import (
    Catalogue,
    Showcase,
    Shown,
    wanted_kit,
    wanted_stock,
    warehouses_by_location,
)
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
    assert available([level("W1", 100)], Formula(), pack=Decimal(12)) == 8


quantities = st.integers(0, 1_000)


@given(
    st.lists(st.tuples(quantities, quantities), max_size=4),
    quantities,
    st.integers(1, 24),
    st.booleans(),
)
def test_stock_is_never_promised_that_is_not_there(rows, in_flight, pack, pooled):
    levels = [level(f"W{i}", on_hand, committed) for i, (on_hand, committed) in enumerate(rows)]

    shown = available(
        levels, Formula(pooled=pooled), in_flight=Decimal(in_flight), pack=Decimal(pack)
    )

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

    showcase = Showcase(shown, served, catalogue, Formula())

    wanted = list(wanted_stock([level("W1", 30), level("W2", 99)], showcase, {}))

    assert wanted == [ShopStock("A", "1", 30), ShopStock("BOX", "1", 2)]
    assert shown.unknown == {"OTHER"}


def test_a_sku_that_stands_for_another_item_is_not_the_item_of_its_name():
    catalogue = Catalogue(Crosswalk("sku", {"A": "B"}), Crosswalk("pack"))

    assert catalogue.skus_of("A") == []
    assert catalogue.skus_of("B") == ["B", "A"]


def test_a_case_of_an_item_is_shown_in_cases_once_somebody_says_what_it_holds():
    sku = Crosswalk("sku", {"CASE-12": "A@CASE"})
    catalogue = Catalogue(sku, Crosswalk("pack", {"CASE-12": "12"}))
    untold = Catalogue(sku, Crosswalk("pack"))

    assert catalogue.skus_of("A") == ["A", "CASE-12"]
    assert available([level("W1", 100)], Formula(), pack=catalogue.pack_of("CASE-12")) == 8
    with pytest.raises(Unmapped, match="stands for a CASE and has no entry"):
        untold.pack_of("CASE-12")


@pytest.mark.parametrize("entry", ["0", "a dozen", "-1"])
def test_a_pack_is_a_whole_number_above_zero(entry):
    catalogue = Catalogue(Crosswalk("sku"), Crosswalk("pack", {"A": entry}))

    with pytest.raises(Unmapped, match="no number of units"):
        catalogue.pack_of("A")


def test_buffers_of_an_item_or_else_of_its_group_are_kept_back_once_per_location():
    here = [replace(W1, group="100"), level("W2", 45, 20)]
    by_group = Formula(group_buffers={"100": Decimal(7)})
    of_its_own = Formula(group_buffers={"100": Decimal(7)}, item_buffers={"A": Decimal(2)})

    assert available(here, Formula()) == 115
    assert available(here, by_group) == 108
    assert available(here, of_its_own) == 113


def test_a_shop_may_show_a_share_of_what_is_left():
    assert available([level("W1", 51)], Formula(share=Decimal("0.5")), in_flight=Decimal(1)) == 25
    with pytest.raises(ValueError, match="between 0 and 1"):
        Formula(share=Decimal("1.5"))


def kit(**parts):
    return Kit("SET", Tree.SALES, tuple(Part(item, Decimal(each)) for item, each in parts.items()))


def test_the_scarcest_part_decides_how_many_kits_there_are():
    assert kits_available(kit(A=2, B=1), {"A": Decimal(17), "B": Decimal(5)}) == 5
    assert kits_available(kit(A=2, B=1), {"A": Decimal(17), "B": Decimal(9)}) == 8
    assert kits_available(kit(A=2, B=1), {"A": Decimal(17)}) == 0


@given(
    st.dictionaries(st.sampled_from("ABCD"), st.tuples(quantities, st.integers(1, 9)), min_size=1)
)
def test_as_many_kits_are_promised_as_can_be_put_together_and_no_more(parts):
    there = {item: Decimal(units) for item, (units, _) in parts.items()}
    each = {item: takes for item, (_, takes) in parts.items()}

    kits = kits_available(kit(**each), there)

    assert all(kits * takes <= there[item] for item, takes in each.items())
    assert any((kits + 1) * takes > there[item] for item, takes in each.items())


def test_a_kit_is_shown_by_what_its_parts_leave_after_orders_in_flight_and_its_own_buffer():
    shown = Shown()
    shown.add(ShopStock("SET", "1", 0))
    catalogue = Catalogue(Crosswalk("sku"), Crosswalk("pack"))
    showcase = Showcase(
        shown, {"1": frozenset({"W1"})}, catalogue, Formula(item_buffers={"SET": Decimal(1)})
    )
    levels = {"A": [level("W1", 17), level("W2", 90)], "B": [level("W1", 5, item="B")]}

    wanted = list(wanted_kit(kit(A=2, B=1), levels, showcase, {"B": Decimal(1)}))

    assert wanted == [ShopStock("SET", "1", 3)]
    assert shown.unknown == set()


def test_kits_within_kits_take_stocked_parts_and_services_limit_nothing():
    inner = Kit("IN", Tree.SALES, (Part("A", Decimal(2)), Part("WORK", Decimal(1))))
    outer = Kit("OUT", Tree.SALES, (Part("IN", Decimal(3)), Part("A", Decimal(1))))
    service = Kit("HELP", Tree.SALES, (Part("WORK", Decimal(1)),))
    circle = Kit("LOOP", Tree.SALES, (Part("LOOP", Decimal(1)), Part("A", Decimal(1))))
    kits = {one.item: one for one in (inner, outer, service, circle)}

    found = {one.item: one.parts for one in in_stocked_parts(kits, {"A"})}

    assert found == {
        "IN": (Part("A", Decimal(2)),),
        "OUT": (Part("A", Decimal(7)),),
        "LOOP": (Part("A", Decimal(1)),),
    }


def test_a_sku_sold_in_a_unit_stands_for_its_item_and_holds_what_the_unit_does():
    sku = Crosswalk("sku", {"BOX": "EGG@CASE", "SIX": "EGG@HALF"})
    catalogue = Catalogue(sku, Crosswalk("pack", {"SIX": "6"}))

    asked = list(catalogue.in_units())
    catalogue.units["BOX"] = Decimal(12)

    assert asked == [("BOX", "EGG", "CASE")]
    assert catalogue.skus_of("EGG") == ["EGG", "BOX", "SIX"]
    assert [catalogue.item_of(name) for name in ("BOX", "EGG")] == ["EGG", "EGG"]
    assert [catalogue.pack_of(name) for name in ("BOX", "SIX", "EGG")] == [12, 6, 1]
