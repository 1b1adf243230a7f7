"""What the shop's staff does to orders that were placed: refunds, shipments and edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from . import refunding, shipping
from .carts import Amount, line_from, spread_discounts
from .records import Hook, Line, Order, Refund, RefundItem
from .refund_prices import Asked, quote
from .store import Store

Which = int | str
"""An order line, by its id or its SKU."""


class Refunding(TypedDict, total=False):
    """What to refund and how; amounts are as entered, `adjustments` come off the first item.

    `items` are (line, quantity); `amount` is of the order as a whole; `fee` is (number of the
    fee, amount); `override` is (amount, tax); `method` is a provider, else each tender gets its
    own back; `raw` overrides fields of the answer, so that a refund may contradict itself.
    """

    items: Sequence[tuple[Which, int]]
    wrapping: Sequence[tuple[Which, int]]
    shipping: Amount
    handling: Amount
    fee: tuple[int, Amount]
    amount: Amount
    tax_adjustment: Amount
    adjustments: Sequence[tuple[Amount, str]]
    override: tuple[Amount, Amount]
    method: str
    reason: str
    raw: dict[str, Any]


class BackOffice:
    """Acts on the orders of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def refunds(self, order: int, **told: Unpack[Refunding]) -> int:
        """Give money back, confirmed by the gateway at once; return the refund's id."""
        return self._refund(order, told, settles=True)

    def refund_pends(self, order: int, **told: Unpack[Refunding]) -> int:
        """Give money back; the gateway has still to answer. Return the refund's id."""
        return self._refund(order, told, settles=False)

    def refund_settles(self, refund: int) -> None:
        """Let the gateway confirm a refund that was pending."""
        order, found = self._filed(refund)
        refunding.settle(self._store, order, found)

    def refund_fails(self, refund: int, message: str = "Declined by the gateway") -> None:
        """Let the gateway decline a refund that was pending."""
        order, found = self._filed(refund)
        refunding.decline(self._store, order, found, message)

    def ships(
        self, order: int, items: Sequence[tuple[Which, int]] | None = None, **label: str
    ) -> int:
        """Enter a shipment by hand, of all that is left by default; return its id.

        `label` is tracking_number, shipping_provider, tracking_carrier, comments and the like.
        """
        found = self._store.orders[order]
        left = {
            line.id: line.quantity - shipping.quantity_shipped(found, line) for line in found.lines
        }
        goods = {number: quantity for number, quantity in left.items() if quantity}
        if items is not None:
            goods = {self.line_of(order, which).id: quantity for which, quantity in items}
        return shipping.ship(self._store, found, found.address_id, goods, **label)

    def deletes_shipment(self, order: int, shipment: int) -> None:
        """Take a shipment back."""
        found = self._store.orders[order]
        gone = next(one for one in found.shipments if one.id == shipment)
        shipping.withdraw(self._store, found, gone)

    def changes_quantity(self, order: int, which: Which, quantity: int) -> None:
        """Change how much of a line is sold; zero keeps the line (bigcommerce/docs#522)."""
        found, line = self._store.orders[order], self.line_of(order, which)
        self._store.take(line.sku, quantity - line.quantity)
        line.quantity = quantity
        self._edited(found)

    def removes_line(self, order: int, which: Which) -> None:
        """Take a line off; it stays on the order with quantity 0."""
        self.changes_quantity(order, which, 0)

    def changes_price(self, order: int, which: Which, price: Amount) -> None:
        """Change what a piece costs, as entered."""
        self.line_of(order, which).price = Decimal(price)
        self._edited(self._store.orders[order])

    def adds_line(self, order: int, row: Sequence[Any] | Mapping[str, Any]) -> int:
        """Sell something more on an order and return the new line's id."""
        found, line = self._store.orders[order], line_from(self._store, row)
        found.lines.append(line)
        self._store.take(line.sku, line.quantity)
        self._edited(found)
        return line.id

    def changes_shipping(self, order: int, cost: Amount) -> None:
        """Charge another amount for shipping, as entered."""
        found = self._store.orders[order]
        found.shipping.cost = Decimal(cost)
        self._edited(found)

    def changes_address(self, order: int, **fields: str) -> None:
        """Correct the address that goods are sent to."""
        found = self._store.orders[order]
        found.shipping_address = found.shipping_address | fields
        self._store.touch(found, "store/order/updated")

    def switches_hooks_off(self, destination: str = "") -> int:
        """Deactivate hooks, as BigCommerce does when it cannot deliver; return how many."""
        found = self._hooks_to(destination)
        for hook in found:
            hook.is_active = False
        return len(found)

    def loses_hooks(self, destination: str = "") -> int:
        """Delete hooks, as uninstalling an application does; return how many."""
        found = self._hooks_to(destination)
        for hook in found:
            del self._store.hooks[hook.id]
        return len(found)

    def line_of(self, order: int, which: Which) -> Line:
        """Return a line of an order."""
        lines = self._store.orders[order].lines
        return next(line for line in lines if which in {line.id, line.sku})

    def _hooks_to(self, destination: str) -> list[Hook]:
        hooks = self._store.hooks.values()
        return [hook for hook in hooks if destination in {"", hook.destination}]

    def _edited(self, order: Order) -> None:
        """Share discounts out anew, as an edit in the control panel does (guess)."""
        spread_discounts(order)
        self._store.touch(order, "store/order/updated")

    def _refund(self, number: int, told: Refunding, *, settles: bool) -> int:
        order = self._store.orders[number]
        asked = self._asked(order, told)
        quoted = quote(self._store, order, asked)
        way = next(
            (way for way in quoted.methods if way[0].provider == told.get("method")),
            quoted.methods[-1],
        )
        payments = [(part.provider, part.amount, part.offline) for part in way]
        made = refunding.make(self._store, order, asked, payments, settles=settles)
        made.raw = dict(told.get("raw", {}))
        return made.id

    def _asked(self, order: Order, told: Refunding) -> Asked:
        reason = told.get("reason", "")
        items = [
            RefundItem(kind, self.line_of(order.id, which).id, quantity, reason=reason)
            for kind, rows in (
                ("PRODUCT", told.get("items", ())),
                ("GIFT_WRAPPING", told.get("wrapping", ())),
            )
            for which, quantity in rows
        ]
        if items:
            off = told.get("adjustments", ())
            items[0].adjustments = tuple((-abs(Decimal(a)), text) for a, text in off)
        items += [
            RefundItem(kind, number, amount=Decimal(amount), reason=reason)
            for kind, number, amount in _amounts(order, told)
        ]
        adjusted, override = told.get("tax_adjustment"), told.get("override")
        return Asked(
            tuple(items),
            None if adjusted is None else Decimal(adjusted),
            None if override is None else (Decimal(override[0]), Decimal(override[1])),
        )

    def _filed(self, refund: int) -> tuple[Order, Refund]:
        return next(
            (order, found)
            for order in self._store.orders.values()
            for found in order.refunds
            if found.id == refund
        )


def _amounts(order: Order, told: Refunding) -> list[tuple[str, int, Amount]]:
    number, fee = told.get("fee", (0, 0))
    rows: list[tuple[str, int, Amount]] = [
        ("SHIPPING", order.address_id, told.get("shipping", 0)),
        ("HANDLING", order.address_id, told.get("handling", 0)),
        ("FEE", number, fee),
        ("ORDER", order.id, told.get("amount", 0)),
    ]
    return [row for row in rows if Decimal(row[2])]
