"""Whether every SKU of a shop stands for an item that can be sold, and the reverse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.kits import IN_PARTS, Tree


class Gap(StrEnum):
    """What is missing or special about a SKU and its item."""

    NO_ITEM = "no item"
    SPELLING = "spelled otherwise"
    FROZEN = "frozen"
    NO_PARTS = "neither stocked nor a kit"
    NO_TAX = "no tax code"
    UNIT = "sold in another unit"
    BATCH = "batches"
    SERIAL = "serial numbers"
    NO_SKU = "not in the shop"


BLOCKING = frozenset({Gap.NO_ITEM, Gap.SPELLING, Gap.FROZEN, Gap.NO_PARTS})
"""With these an order cannot be posted, or its stock cannot be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldItem:
    """An item as its master record describes how it is sold."""

    code: str
    name: str
    stocked: bool = True
    frozen: bool = False
    batch_managed: bool = False
    serial_managed: bool = False
    tree: Tree = Tree.NONE
    tax_code: str = ""
    stock_unit: str = ""
    sales_unit: str = ""
    units_each: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Covered:
    """One finding; `sku` or `item` is empty where the counterpart is missing."""

    sku: str
    item: str
    gap: Gap
    told: str

    @property
    def blocks(self) -> bool:
        """Whether this should be mended before the shop goes live."""
        return self.gap in BLOCKING


def gaps(
    skus: Mapping[str, str], items: Iterable[SoldItem], packed: Collection[str]
) -> list[Covered]:
    """Compare the shop's SKUs, each with the code of its item, with the items that are sold."""
    by_code = {item.code: item for item in items}
    alike = {code.casefold(): code for code in by_code}
    found = [gap for sku, code in sorted(skus.items()) for gap in _of(sku, code, by_code, alike)]
    for sku, code in sorted(skus.items()):
        item = by_code.get(code)
        if item and item.units_each != 1 and sku not in packed:
            each = f"{item.units_each.normalize():f} {item.stock_unit}".strip()
            told = f"{each} a {item.sales_unit or 'piece'}, and no pack is entered for the SKU"
            found.append(Covered(sku, code, Gap.UNIT, told))
    absent = sorted(by_code.keys() - set(skus.values()))
    found += [Covered("", code, Gap.NO_SKU, by_code[code].name) for code in absent]
    return sorted(found, key=lambda one: (not one.blocks, list(Gap).index(one.gap), one.sku))


def _of(
    sku: str, code: str, items: Mapping[str, SoldItem], alike: Mapping[str, str]
) -> Iterator[Covered]:
    item = items.get(code)
    if item is None:
        near = alike.get(code.casefold())
        gap, told = (Gap.SPELLING, f"the books have {near}") if near else (Gap.NO_ITEM, "")
        yield Covered(sku, code, gap, told or f"no item {code} is sold")
        return
    if item.frozen:
        yield Covered(sku, code, Gap.FROZEN, "its item is frozen or not valid")
    if not item.stocked and item.tree not in IN_PARTS:
        yield Covered(sku, code, Gap.NO_PARTS, "no stock item, and heads no bill of materials")
    if not item.tax_code:
        yield Covered(sku, code, Gap.NO_TAX, "its item has no tax code for sales")
    if item.batch_managed:
        yield Covered(sku, code, Gap.BATCH, "batches are allocated at delivery")
    if item.serial_managed:
        yield Covered(sku, code, Gap.SERIAL, "serial numbers are allocated at delivery")
