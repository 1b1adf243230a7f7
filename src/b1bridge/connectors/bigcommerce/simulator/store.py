"""The state of one store, and the ways in which it changes by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from .records import Hook, Location, Notice, Order, Product, Transaction


@dataclass(slots=True)
class Store:
    """Everything one store knows. `stock_lag` is how late inventory writes become visible.

    `gateway_is_slow` leaves refunds made over the API pending. What side of the tax the amount
    of a shipping refund is on is nowhere told: as the store prices (guess), unless
    `refund_amounts_include_tax` says.
    """

    store_hash: str
    access_token: str
    client_secret: str
    currency: str
    inclusive: bool
    clock: Callable[[], datetime]
    base_url: str
    stock_lag: timedelta = timedelta(0)
    scopes_refused: set[str] = field(default_factory=set)
    orders: dict[int, Order] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    customers: dict[int, dict[str, Any]] = field(default_factory=dict)
    addresses: list[dict[str, Any]] = field(default_factory=list)
    hooks: dict[int, Hook] = field(default_factory=dict)
    outbox: list[Notice] = field(default_factory=list)
    due_stock: list[tuple[datetime, str, int, int]] = field(default_factory=list)
    stock_writes: list[tuple[str, int, int]] = field(default_factory=list)
    gateway_is_slow: bool = False
    refund_amounts_include_tax: bool | None = None
    refund_ids: count[int] = field(default_factory=lambda: count(1))
    ids: count[int] = field(default_factory=lambda: count(1))
    order_ids: count[int] = field(default_factory=lambda: count(100))

    @property
    def root(self) -> str:
        """Where the store's API lives."""
        return f"{self.base_url}/stores/{self.store_hash}"

    def touch(self, order: Order, scope: str, **data: Any) -> None:
        """Note that the order changed now, and queue the notice about it."""
        order.modified = self.clock()
        self.announce(scope, {"type": "order", "id": order.id, **data})

    def announce(self, scope: str, data: dict[str, Any]) -> None:
        """Queue a notice; the body is a stub that says what to read (storefronts.md 1.7)."""
        now = int(self.clock().timestamp())
        self.outbox.append(Notice(f"msg_{next(self.ids)}", scope, data, now))

    def set_on_hand(self, sku: str, location: int, quantity: int) -> None:
        """Write an absolute level; it becomes visible after the lag."""
        self.products[sku].adjusted = True
        self.stock_writes.append((sku, location, quantity))
        if not self.stock_lag:
            self.products[sku].on_hand[location] = quantity
        else:
            self.due_stock.append((self.clock() + self.stock_lag, sku, location, quantity))

    def settle_stock(self) -> None:
        """Let the inventory writes become visible whose time has come."""
        now = self.clock()
        for _, sku, location, quantity in [row for row in self.due_stock if row[0] <= now]:
            self.products[sku].on_hand[location] = quantity
        self.due_stock = [row for row in self.due_stock if row[0] > now]

    def take_from_stock(self, order: Order) -> None:
        """Lower what is on hand, as a sale does."""
        for line in order.lines:
            if line.quantity > 0:
                self.take(line.sku, line.quantity)

    def take(self, sku: str, quantity: int) -> None:
        """Lower what is on hand at the first location, or put it back when below zero."""
        product = self.products.get(sku)
        if product is not None:
            first = next(iter(product.on_hand))
            product.on_hand[first] -= quantity

    def add_transaction(self, order: Order, transaction: Transaction) -> None:
        """File a gateway event; the shape of its notice is a guess after the shipment's."""
        order.transactions.append(transaction)
        order.modified = self.clock()
        data = {"type": "transaction", "id": transaction.id, "orderId": order.id}
        self.announce("store/order/transaction/created", data)
