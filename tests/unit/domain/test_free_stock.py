"""What is free is what is there, less what is promised to anybody, and never less than nothing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.free_stock import free_stock
from b1bridge.domain.kits import Kit, Part, Tree
from b1bridge.domain.stock import StockLevel

AMOUNTS = st.decimals(min_value=0, max_value=1000, places=2)
NOTHING = {}


def level(on_hand, committed=0, item="MUG", warehouse="01"):
    return StockLevel(item, warehouse, Decimal(on_hand), Decimal(committed), Decimal(0))


@given(on_hand=AMOUNTS, committed=AMOUNTS, in_flight=AMOUNTS)
def test_what_is_promised_or_on_its_way_is_not_free(on_hand, committed, in_flight):
    found = free_stock("MUG", {"MUG": [level(on_hand, committed)]}, NOTHING, {"MUG": in_flight})

    assert found.available == max(0, on_hand - committed - in_flight)
    assert found.in_flight == in_flight


def test_warehouses_are_added_up():
    levels = {"MUG": [level(5), level(7, 1, warehouse="02")]}

    assert free_stock("MUG", levels, NOTHING, NOTHING).available == 11


def test_a_kit_is_as_free_as_its_scarcest_part_allows():
    kit = Kit("SET", Tree.SALES, (Part("MUG", Decimal(2)), Part("PEN", Decimal(1))))
    levels = {"MUG": [level(9)], "PEN": [level(100, item="PEN")]}

    found = free_stock("SET", levels, {"SET": kit}, {"MUG": Decimal(2)})

    assert (found.available, found.levels, found.parts) == (3, (), kit.parts)


def test_of_what_is_not_counted_nobody_says_how_much_there_is():
    assert free_stock("ADVICE", NOTHING, NOTHING, NOTHING).available is None


def test_an_item_without_a_shelf_in_the_warehouse_has_none():
    assert free_stock("MUG", {"MUG": []}, NOTHING, NOTHING).available == 0
