"""What shoppers and the shop's clerks do: the verbs that set a test's scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Unpack

from .back_office import BackOffice
from .carts import (
    ADDRESS,
    AWAITING_FULFILLMENT,
    AWAITING_PAYMENT,
    Amount,
    Cart,
    Checkout,
    line_from,
    order_from,
    spread_discounts,
)
from .pricing import totals_of
from .records import ZERO, Order, Product, Transaction

_CANCELLED = 5
_GATEWAYS = {
    "credit_card": "stripe", "electronic_wallet": "paypalexpress", "offline": "bankdeposit",
    "custom": "custom", "gift_certificate": "giftcertificate", "store_credit": "storecredit",
}  # fmt: skip


class Clerk(BackOffice):
    """Acts on one store; every act queues the notices that BigCommerce would send."""

    def adds_product(
        self,
        sku: str,
        stock: int = 0,
        *,
        name: str = "",
        price: Amount = "10.00",
        location: int | None = None,
        **settings: Any,
    ) -> int:
        """Put a product on sale and return its variant id."""
        number = next(self._store.ids) + 1000
        place = location if location is not None else next(iter(self._store.locations))
        product = Product(
            number, number, sku, name or sku, Decimal(price), {place: stock}, **settings
        )
        self._store.products[sku] = product
        return product.variant_id

    def deletes_product(self, sku: str) -> None:
        """Take a product off the catalogue."""
        del self._store.products[sku]

    def registers_customer(self, email: str, **details: Any) -> int:
        """Register a shopper with one address and return the id."""
        number = next(self._store.ids)
        address = ADDRESS | details.pop("address", {})
        now = self._store.clock().isoformat()
        entered = details.pop("form_fields", [])
        self._store.customers[number] = {
            "id": number,
            "email": email,
            "first_name": address["first_name"],
            "last_name": address["last_name"],
            "company": address["company"],
            "phone": address["phone"],
            "date_created": now,
            "date_modified": now,
            "customer_group_id": 0,
            "address_count": 1,
            "form_fields": [{"customer_id": number, **one} for one in entered],
            **details,
        }
        self._store.addresses.append(_customer_address(number, next(self._store.ids), address))
        self._store.announce("store/customer/created", {"type": "customer", "id": number})
        return number

    def shopper_orders(self, lines: Cart, **told: Unpack[Checkout]) -> int:
        """Place an order and return its id; see Checkout for what can be said about it."""
        order = order_from(self._store, lines, told)
        self._store.orders[order.id] = order
        self._store.take_from_stock(order)
        self._store.announce("store/order/created", {"type": "order", "id": order.id})
        self._take_tenders(order)
        return order.id

    def staff_orders(self, lines: Cart, **told: Unpack[Checkout]) -> int:
        """Enter an order in the control panel; it has no payment until `marks_paid`."""
        number = self.shopper_orders(lines, **({"payment_method": "Manual"} | told))
        self._store.orders[number].source = "manual"
        return number

    def sells_gift_certificate(self, amount: Amount, **told: Unpack[Checkout]) -> int:
        """Sell a gift certificate, which is a line of its own kind without SKU or tax."""
        line = {"sku": "", "name": "Gift certificate", "price": amount, "kind": "giftcertificate"}
        return self.shopper_orders([line], **({"digital": True} | told))

    def place_raw(
        self,
        fields: Mapping[str, Any] | None = None,
        lines: Cart = (("SKU-1", 1, "10.00", "0"),),
        **told: Unpack[Checkout],
    ) -> int:
        """Place an order whose JSON fields are overridden, so that it may contradict itself."""
        number = self.shopper_orders(lines, **told)
        self._store.orders[number].raw = dict(fields or {})
        return number

    def pays(
        self,
        order: int,
        amount: Amount | None = None,
        method: str = "credit_card",
        *,
        gateway: str | None = None,
        gateway_id: str = "",
        event: str = "purchase",
        display_name: str = "",
        at: datetime | str | None = None,
    ) -> int:
        """Take money for an order, all of it by default, and return the transaction's id.

        Call it more than once for a split tender.
        """
        found = self._store.orders[order]
        due = totals_of(found).total.inc_tax - self.received(order)
        paid = Decimal(amount) if amount is not None else due
        transaction = self._transaction(found, event, method, paid, gateway, at)
        transaction.gateway_transaction_id = gateway_id or f"ch_{transaction.id}"
        transaction.display_name = display_name
        self._store.add_transaction(found, transaction)
        found.payment_status = "captured" if paid >= due else "pending"
        self._moves_to_fulfillment(found)
        return transaction.id

    def authorises(self, order: int, amount: Amount | None = None) -> int:
        """Reserve money without taking it."""
        found = self._store.orders[order]
        held = Decimal(amount) if amount is not None else totals_of(found).total.inc_tax
        transaction = self._transaction(found, "authorization", "credit_card", held, None, None)
        self._store.add_transaction(found, transaction)
        found.payment_status = "authorized"
        self._moves_to_fulfillment(found)
        return transaction.id

    def captures(self, order: int, authorisation: int) -> int:
        """Take the money that was reserved."""
        found = self._store.orders[order]
        held = next(t for t in found.transactions if t.id == authorisation)
        transaction = self._transaction(found, "capture", held.method, held.amount, None, None)
        transaction.reference = authorisation
        self._store.add_transaction(found, transaction)
        found.payment_status = "captured"
        return transaction.id

    def payment_fails(self, order: int) -> int:
        """Let the gateway refuse."""
        found = self._store.orders[order]
        due = totals_of(found).total.inc_tax
        transaction = self._transaction(found, "purchase", "credit_card", due, None, None)
        transaction.status = "error"
        self._store.add_transaction(found, transaction)
        found.payment_status = "declined"
        return transaction.id

    def marks_paid(self, order: int, payment_method: str = "Bank Deposit") -> None:
        """Note by hand that the money came; a manual method leaves no transaction."""
        found = self._store.orders[order]
        found.payment_method, found.payment_status = payment_method, "captured"
        found.paid_by_hand = totals_of(found).total.inc_tax - self.received(order)
        self._store.touch(found, "store/order/updated")
        self._moves_to_fulfillment(found)

    def moves_to(self, order: int, status: int) -> None:
        """Give the order another status."""
        found = self._store.orders[order]
        change = {"previous_status_id": found.status_id, "new_status_id": status}
        found.status_id = status
        self._store.touch(found, "store/order/statusUpdated", status=change)

    def cancels(self, order: int) -> None:
        """Cancel an order."""
        self.moves_to(order, _CANCELLED)

    def edits(self, order: int, lines: Cart | None = None, **fields: Any) -> None:
        """Change an order: a new cart, or fields of the order."""
        found = self._store.orders[order]
        if lines is not None:
            found.lines = [line_from(self._store, row) for row in lines]
            spread_discounts(found)
        for name, value in fields.items():
            setattr(found, name, value)
        self._store.touch(found, "store/order/updated")

    def archives(self, order: int) -> None:
        """Delete an order, which BigCommerce calls archiving."""
        found = self._store.orders[order]
        found.is_deleted = True
        self._store.touch(found, "store/order/archived")

    def received(self, order: int) -> Decimal:
        """Return the money taken for an order so far."""
        taken = [
            t.amount
            for t in self._store.orders[order].transactions
            if t.status == "ok" and t.event in {"purchase", "capture"}
        ]
        return sum(taken, ZERO)

    def _take_tenders(self, order: Order) -> None:
        tenders = {"gift_certificate": order.gift_certificate, "store_credit": order.store_credit}
        for method, amount in tenders.items():
            if amount:
                found = self._transaction(order, "purchase", method, amount, None, order.created)
                order.transactions.append(found)

    def _transaction(
        self,
        order: Order,
        event: str,
        method: str,
        amount: Decimal,
        gateway: str | None,
        at: datetime | str | None,
    ) -> Transaction:
        chosen = gateway or _GATEWAYS[method]
        number, moment = next(self._store.ids), self._moment(at)
        return Transaction(number, event, method, chosen, amount, order.currency, moment)

    def _moves_to_fulfillment(self, order: Order) -> None:
        if order.status_id in {0, AWAITING_PAYMENT}:
            self.moves_to(order.id, AWAITING_FULFILLMENT)

    def _moment(self, at: datetime | str | None) -> datetime:
        return datetime.fromisoformat(at) if isinstance(at, str) else at or self._store.clock()


def _customer_address(customer: int, number: int, address: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "customer_id": customer,
        "first_name": address["first_name"],
        "last_name": address["last_name"],
        "company": address["company"],
        "address1": address["street_1"],
        "address2": address["street_2"],
        "city": address["city"],
        "state_or_province": address["state"],
        "postal_code": address["zip"],
        "country": address["country"],
        "country_code": address["country_iso2"],
        "phone": address["phone"],
        "address_type": "residential",
    }


VERBS: tuple[str, ...] = (
    "adds_product", "deletes_product", "registers_customer", "shopper_orders", "place_raw",
    "pays", "authorises", "captures", "payment_fails", "marks_paid", "moves_to", "cancels",
    "edits", "archives", "staff_orders", "sells_gift_certificate", "changes_quantity",
    "removes_line", "changes_price", "adds_line", "changes_shipping", "changes_address", "ships",
    "deletes_shipment", "switches_hooks_off", "loses_hooks", "refunds",
    "refund_pends", "refund_settles", "refund_fails",
)  # fmt: skip


def verbs_of(clerk: Clerk) -> dict[str, Callable[..., Any]]:
    """Return what a clerk can be asked to do, by name."""
    return {name: getattr(clerk, name) for name in VERBS}
