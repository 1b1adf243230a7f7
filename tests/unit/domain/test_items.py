"""Items that would block a document later are refused at the door."""

from decimal import Decimal

import pytest

from b1bridge.domain.documents import DocumentKind, Item
from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.items import (
    check_sellable,
    goods_by_item,
    item_codes,
    missing_items,
    units_by_sku,
)
from b1bridge.domain.kits import Kit, Part, Tree
from b1bridge.domain.orders import LineKind
from b1bridge.domain.units import Unit, item_and_unit
from b1bridge.errors import NeedsOperator

ORDER = Ref("shop", "order", "1")
SKU = Crosswalk("sku", {"SHOP-9": "I9"})


def refusal_of(*items, kind=DocumentKind.INVOICE, reserve=False):
    with pytest.raises(NeedsOperator) as case:
        check_sellable(ORDER, kind, items, reserve=reserve)
    return case.value


def test_a_sku_is_the_item_unless_the_crosswalk_knows_better(net):
    lines = [net.line("A", "1.00"), net.line("SHOP-9", "1.00")]

    assert item_codes(lines, SKU) == {"A": "A", "SHOP-9": "I9"}


def test_goods_of_one_item_add_up_and_certificates_take_no_stock(net):
    lines = [
        net.line("I9", "1.00", quantity="2"),
        net.line("SHOP-9", "1.00", quantity="3"),
        net.line("GONE", "0.00", quantity="0"),
        net.line("", "5.00", kind=LineKind.GIFT_CERTIFICATE),
    ]

    assert goods_by_item(lines, SKU) == {"I9": Decimal(5)}


def test_one_case_names_every_missing_item_and_those_spelled_otherwise():
    case = missing_items(ORDER, ["b-1", "X"], {"b-1": [Item("B-1", "Bolt")]})

    assert str(case) == (
        "shop/order/1: the books have no item 'X', 'b-1' (but has B-1: only the case differs)"
    )
    assert case.reason == "MISSING_ITEM"


def test_frozen_items_and_items_not_sold_are_refused_by_name():
    frozen = refusal_of(Item("B", "", frozen=True), Item("A", "", frozen=True))
    unsold = refusal_of(Item("C", "", sales_item=False))

    assert (frozen.reason, str(frozen)) == ("ITEM_FROZEN", "shop/order/1: A, B: frozen")
    assert (unsold.reason, unsold.fix.split(",")[0]) == (
        "NOT_A_SALES_ITEM", "mark the items as sales items in the books",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("managed", "reason"),
    [({"batch_managed": True}, "BATCH_NEEDED"), ({"serial_managed": True}, "SERIAL_NEEDED")],
)
def test_an_invoice_needs_batches_that_an_order_does_not(managed, reason):
    item = Item("A", "", **managed)

    assert refusal_of(item).reason == reason
    check_sellable(ORDER, DocumentKind.SALES_ORDER, [item], reserve=False)
    check_sellable(ORDER, DocumentKind.INVOICE, [item], reserve=True)


def test_batches_may_be_allocated_but_serial_numbers_are_scanned():
    batch, serial = Item("A", "", batch_managed=True), Item("B", "", serial_managed=True)

    check_sellable(ORDER, DocumentKind.INVOICE, [batch], reserve=False, allocates=True)
    with pytest.raises(NeedsOperator) as case:
        check_sellable(ORDER, DocumentKind.INVOICE, [batch, serial], reserve=False, allocates=True)

    assert (case.value.reason, "B: managed by serial" in str(case.value)) == ("SERIAL_NEEDED", True)


def test_packs_and_kits_take_what_is_inside_them(net):
    sku = Crosswalk("sku", {"MUG-CASE": "MUG@CASE", "SET": "KIT"})
    units = {"MUG-CASE": Unit(2, "CASE", Decimal(12))}
    kits = {"KIT": Kit("KIT", Tree.SALES, (Part("MUG", Decimal(2)), Part("BAG", Decimal(1))))}
    sold = {"MUG-CASE": "3", "SET": "2", "MUG": "1"}
    lines = [net.line(name, "1.00", quantity=quantity) for name, quantity in sold.items()]

    assert goods_by_item(lines, sku) == {"MUG": 4, "KIT": 2}
    assert goods_by_item(lines, sku, units, kits) == {"MUG": 41, "BAG": 2}
    assert units_by_sku(lines, sku) == {"MUG-CASE": ("MUG", "CASE")}
    assert item_codes(lines, sku) == {"MUG-CASE": "MUG", "SET": "KIT", "MUG": "MUG"}


def test_an_item_whose_code_has_the_mark_can_still_be_entered():
    assert item_and_unit("A@B@") == ("A@B", "")
    assert item_and_unit("A@B") == ("A", "B")
    assert item_and_unit("AB") == ("AB", "")
