"""What is missing between a shop's SKUs and the items that are sold."""

from decimal import Decimal

from b1bridge.domain.coverage import Gap, SoldItem, gaps
from b1bridge.domain.kits import Tree


def found(skus, items, packs=()):
    names = {sku: sku for sku in skus} if not isinstance(skus, dict) else skus
    return [(one.sku or one.item, one.gap) for one in gaps(names, items, packs)]


def item(code, **facts):
    return SoldItem(code=code, name=f"A {code}", **({"tax_code": "A20"} | facts))


def test_a_shop_that_is_covered_has_no_gaps():
    assert found(["MUG"], [item("MUG")]) == []


def test_what_keeps_an_order_from_being_posted_comes_first():
    items = [
        item("MUG"),
        item("ICE", frozen=True),
        item("WORK", stocked=False),
        item("PILL", batch_managed=True, serial_managed=True, tax_code=""),
        item("HIDDEN"),
    ]

    assert found(["mug", "NEW", "ICE", "WORK", "PILL"], items) == [
        ("NEW", Gap.NO_ITEM),
        ("mug", Gap.SPELLING),
        ("ICE", Gap.FROZEN),
        ("WORK", Gap.NO_PARTS),
        ("PILL", Gap.NO_TAX),
        ("PILL", Gap.BATCH),
        ("PILL", Gap.SERIAL),
        ("HIDDEN", Gap.NO_SKU),
        ("MUG", Gap.NO_SKU),
    ]


def test_kits_need_no_stock_of_their_own():
    assert found(["SET"], [item("SET", stocked=False, tree=Tree.ASSEMBLY)]) == []


def test_a_case_of_twelve_needs_a_pack_unless_one_is_entered():
    case = item("CASE", units_each=Decimal(12), stock_unit="pc", sales_unit="case")

    (gap,) = gaps({"CASE": "CASE"}, [case], ())

    assert gap.told == "12 pc a case, and no pack is entered for the SKU"
    assert found(["CASE"], [case], packs=["CASE"]) == []


def test_a_sku_may_stand_for_an_item_of_another_name():
    assert found({"WEB-1": "MUG"}, [item("MUG")]) == []
