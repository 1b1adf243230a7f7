"""Compares what an order charges with the books' own prices, where a sync asks for it."""

from __future__ import annotations

from b1bridge.domain.items import is_item, sku_of
from b1bridge.domain.orders import Order, sold_lines
from b1bridge.domain.price_differences import PricePolicy, price_note
from b1bridge.domain.sales_documents import Codes, Ledger
from b1bridge.engine.run import Run
from b1bridge.ports.lookups import CustomerPrices


async def price_notes(
    run: Run,
    books: object,
    order: Order,
    partner: str,
    ledger: Ledger,
    codes: Codes,
    policy: PricePolicy,
) -> tuple[str, ...]:
    """Name each line whose price the books would not have asked; packs are not compared."""
    tolerance = policy.price_tolerance
    if tolerance is None or not isinstance(books, CustomerPrices):
        return ()
    prices, day = books, ledger.rules.day_of(order.placed_at)

    async def compare() -> tuple[str, ...]:
        notes = []
        for line in sold_lines(order):
            sku = sku_of(line)
            if not is_item(line, codes.sku) or sku in ledger.units:
                continue
            item = ledger.items[sku].code
            asked = await prices.price_for(partner, item, line.quantity, day)
            notes.append(price_note(item, line, asked, tolerance))
        return tuple(note for note in notes if note)

    return await run.step("compare prices", compare)
