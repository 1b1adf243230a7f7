"""Which items an order needs, and whether the books can sell them; refused at the door if not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from b1bridge.domain.documents import DocumentKind, Item
from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.kits import Kit, stocked_goods
from b1bridge.domain.orders import LineKind, OrderLine
from b1bridge.domain.text import single_line
from b1bridge.domain.units import Unit, item_and_unit
from b1bridge.errors import NeedsOperator

NO_UNITS: Mapping[str, Unit] = {}
NO_KITS: Mapping[str, Kit] = {}


def is_item(line: OrderLine, sku: Crosswalk) -> bool:
    """Tell whether a line becomes an item row; a gift certificate does when a SKU stands for it.

    Without one it is an expense on a liability account (correctness-rules 3.4).
    """
    return line.kind is LineKind.GOODS or sku.find(line.kind.value) is not None


def sku_of(line: OrderLine) -> str:
    """Return what an item is looked up by; gift certificates have no SKU of their own.

    A line entered by hand may have none either: its name is shown, and never taken for a code.
    """
    if line.kind is not LineKind.GOODS:
        return line.kind.value
    return single_line(line.sku) or single_line(f"no SKU: {line.name}")


def item_codes(lines: Iterable[OrderLine], sku: Crosswalk) -> dict[str, str]:
    """Return the item code of each SKU: the crosswalk's, or the SKU itself."""
    wanted = (sku_of(line) for line in lines if is_item(line, sku))
    return {name: item_code(name, sku) for name in wanted}


def item_code(name: str, sku: Crosswalk) -> str:
    """Return the item that a SKU stands for, whatever unit it is sold in."""
    entry = sku.find(name)
    return item_and_unit(entry)[0] if entry else name


def units_by_sku(lines: Iterable[OrderLine], sku: Crosswalk) -> dict[str, tuple[str, str]]:
    """Return item and unit of the SKUs that stand for a pack of an item."""
    entries = {name: sku.find(name) for name in map(sku_of, lines)}
    read = {name: item_and_unit(entry) for name, entry in entries.items() if entry}
    return {name: (item, unit) for name, (item, unit) in read.items() if unit}


def goods_by_item(
    lines: Iterable[OrderLine],
    sku: Crosswalk,
    units: Mapping[str, Unit] = NO_UNITS,
    kits: Mapping[str, Kit] = NO_KITS,
) -> dict[str, Decimal]:
    """Return how much of each item these lines take from stock, in inventory units.

    `units` is by SKU, `kits` by item; while they are unread, a pack is one piece and a kit
    stands for itself.
    """
    taken: dict[str, Decimal] = {}
    for line in lines:
        if line.kind is LineKind.GOODS and line.quantity > 0:
            name = sku_of(line)
            code = item_code(name, sku)
            pieces = units[name].pieces if name in units else 1
            taken[code] = taken.get(code, Decimal(0)) + line.quantity * pieces
    return stocked_goods(taken, kits)


def no_unit(order: Ref, name: str, item: str, unit: str) -> NeedsOperator:
    """Say that a SKU stands for a unit that its item is not sold in (correctness-rules 3.9)."""
    msg = f"{order}: '{name}' stands for {item} in the unit '{unit}', which {item} is not sold in"
    fix = (
        "add the unit to the item's group of units in the books, or correct the sku crosswalk, "
        "then retry the case"
    )
    return NeedsOperator(msg, reason="UNIT", fix=fix)


def missing_items(
    order: Ref, missing: Collection[str], lookalikes: Mapping[str, Iterable[Item]]
) -> NeedsOperator:
    """Name every item that does not exist, and what its like is called, in one case."""
    named = ", ".join(_missing(code, lookalikes.get(code, ())) for code in sorted(missing))
    msg = f"{order}: the books have no item {named}"
    fix = "create the items, or enter their codes in the sku crosswalk, then retry the case"
    return NeedsOperator(msg, reason="MISSING_ITEM", fix=fix)


def check_sellable(
    order: Ref,
    kind: DocumentKind,
    items: Iterable[Item],
    *,
    reserve: bool,
    allocates: bool = False,
) -> None:
    """Raise NeedsOperator for items that the books would refuse on this kind of document.

    Orders and reserve invoices move no stock, so they need no batch (correctness-rules 3.8).
    """
    known = sorted(items, key=lambda item: item.code)
    _refuse(order, "ITEM_FROZEN", "frozen", [i.code for i in known if i.frozen])
    not_sold = [i.code for i in known if not i.sales_item]
    _refuse(order, "NOT_A_SALES_ITEM", "not sold by the books", not_sold)
    if kind is DocumentKind.INVOICE and not reserve:
        scanned = [i.code for i in known if i.serial_managed]
        _refuse(order, "SERIAL_NEEDED", "managed by serial number", scanned)
        picked = [i.code for i in known if i.batch_managed and not allocates]
        _refuse(order, "BATCH_NEEDED", "managed by batch", picked)


_FIXES = {
    "ITEM_FROZEN": "release the items in the books, then retry the case",
    "NOT_A_SALES_ITEM": "mark the items as sales items in the books, then retry the case",
    "SERIAL_NEEDED": (
        "switch this sync to sales orders or reserve invoices, or post the invoice by hand "
        "with the numbers that were scanned and this reference, then retry the case"
    ),
    "BATCH_NEEDED": (
        "switch this sync to sales orders or reserve invoices, or let it allocate batches (not "
        "for parts of kits), or post the invoice by hand with its batches and this reference, "
        "then retry the case"
    ),
}


def _refuse(order: Ref, reason: str, trouble: str, codes: list[str]) -> None:
    if codes:
        msg = f"{order}: {', '.join(codes)}: {trouble}"
        raise NeedsOperator(msg, reason=reason, fix=_FIXES[reason])


def _missing(code: str, lookalikes: Iterable[Item]) -> str:
    alike = ", ".join(item.code for item in lookalikes)
    return f"'{code}' (but has {alike}: only the case differs)" if alike else f"'{code}'"
