"""Reads the money that went back to shoppers (storefronts.md 1.5)."""

from __future__ import annotations

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import SYSTEM
from b1bridge.connectors.bigcommerce.refund_amounts import refund_from
from b1bridge.connectors.bigcommerce.wire import (
    PRODUCTS,
    REFUNDS,
    TRANSACTIONS,
    WireOrder,
    WireProduct,
    WireRefund,
    WireTransaction,
)
from b1bridge.domain.identity import Ref
from b1bridge.domain.refunds import Refund
from b1bridge.sdk.reading import read, read_all

# What they come to is worked out by BigCommerce: by what the goods beside them leave, we see it.
CHARGES = {"SHIPPING", "HANDLING", "FEE", "GIFT_WRAPPING"}


class Refunds(Account):
    """The RefundSource of one store."""

    async def refunds(self, order: Ref) -> tuple[Refund, ...]:
        """Read an order's refunds; one request where there are none."""
        path = f"v3/orders/{order.id}/payment_actions/refunds"
        answer = await self._client.get(path)
        rows = answer["data"] if answer else []
        found = read_all(REFUNDS, rows, system=SYSTEM, record=f"refunds of {order}")
        if not found:
            return ()
        wire = await self._wire_order(order)
        transactions = await self._transactions(order)
        products = await self._products_of(order) if _by_amount(found) else []
        return tuple(
            refund_from(refund, wire, products, transactions, order)
            for refund in sorted(found, key=lambda refund: refund.id)
        )

    async def _wire_order(self, order: Ref) -> WireOrder:
        answer = await self._client.get(f"v2/orders/{order.id}", {"include": "fees"})
        return read(WireOrder, answer, system=SYSTEM, record=str(order))

    async def _transactions(self, order: Ref) -> list[WireTransaction]:
        answer = await self._client.get(f"v3/orders/{order.id}/transactions")
        rows = answer["data"] if answer else []
        return read_all(TRANSACTIONS, rows, system=SYSTEM, record=f"transactions of {order}")

    async def _products_of(self, order: Ref) -> list[WireProduct]:
        pages = self._client.v2_pages(f"v2/orders/{order.id}/products")
        record = f"{order} products"
        return [
            row
            async for page in pages
            for row in read_all(PRODUCTS, page, system=SYSTEM, record=record)
        ]


def _by_amount(refunds: list[WireRefund]) -> bool:
    return any(item.item_type in CHARGES for refund in refunds for item in refund.items)
