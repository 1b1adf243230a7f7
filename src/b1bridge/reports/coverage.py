"""Which SKUs of a shop have no item, which items no SKU, and which need attention."""

from __future__ import annotations

from b1bridge.domain.coverage import Covered, gaps
from b1bridge.domain.shop_stock import Catalogue
from b1bridge.engine.store import Memory
from b1bridge.ports.books import MeasuredStock
from b1bridge.ports.shop import StockTarget


async def coverage_report(books: MeasuredStock, shop: StockTarget, memory: Memory) -> list[Covered]:
    """Return every finding, what blocks first; nothing is written anywhere."""
    sku, pack = [await memory.crosswalks.crosswalk(name) for name in ("sku", "pack")]
    catalogue = Catalogue(sku, pack)
    skus = {stock.sku: catalogue.item_of(stock.sku) async for stock in shop.stock()}
    items = [item async for item in books.sold_items()]
    packed = {*pack.codes, *(name for name, _, _ in catalogue.in_units())}
    return gaps(skus, items, packed)
