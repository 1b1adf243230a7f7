"""Proves the books against the shop: by count, by amount, by stock; each order accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from b1bridge.demo.sap_ledger import Booked
from b1bridge.demo.shop.ledger import ShopOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What both sides come to. `difference` adds up absolute differences order by order.

    So a cent too much on one order never makes up for a cent too little on another.
    """

    orders_in: int
    documents_posted: int
    payments_posted: int
    not_a_sale: int
    in_cases: int
    lost: tuple[int, ...]
    duplicates: tuple[str, ...]
    total_shop: Decimal
    total_sap: Decimal
    total_in_cases: Decimal
    difference: Decimal
    payments_shop: Decimal
    payments_sap: Decimal
    payment_difference: Decimal
    refunds_shop: Decimal
    memos_sap: Decimal
    paid_out_sap: Decimal
    refund_difference: Decimal
    stock_compared: int
    stock_mismatches: tuple[str, ...]

    @property
    def net_sap(self) -> Decimal:
        """What SAP's invoices come to, less its credit memos."""
        return self.total_sap - self.memos_sap

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing doubled, not a cent or a piece apart."""
        return not (
            self.lost
            or self.duplicates
            or self.difference
            or self.payment_difference
            or self.refund_difference
            or self.stock_mismatches
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was read from both sides; references are those of the hub, keyed by shop order id.

    `explained` are orders whose run ended without a document for a stated reason,
    `in_cases` those that wait for a person.
    """

    orders: Sequence[ShopOrder]
    documents: Sequence[Booked]
    payments: Sequence[tuple[str, Decimal]]
    memos: Sequence[Booked] = ()
    paid_out: Sequence[tuple[str, Decimal]] = ()
    in_cases: Collection[int] = ()
    explained: Collection[int] = ()
    shop_stock: Mapping[str, int] = field(default_factory=dict)
    sap_stock: Mapping[str, int] = field(default_factory=dict)

    @property
    def references(self) -> list[str]:
        """What the posted documents are called by."""
        return [document.reference for document in self.documents]


def prove(evidence: Evidence) -> Proof:
    """Compare both sides, order by order."""
    booked = _by_order(evidence)
    lost, difference, total_shop = [], Decimal(0), Decimal(0)
    for order in evidence.orders:
        documents = booked.get(order.id, [])
        if documents:
            total_shop += order.total
            difference += abs(order.total - documents[0].total)
        elif order.id not in evidence.in_cases and order.id not in evidence.explained:
            lost.append(order.id)
    unbooked = [order for order in evidence.orders if order.id not in booked]
    waiting = [order for order in unbooked if order.id in evidence.in_cases]
    no_sale = [o for o in unbooked if o.id in evidence.explained and o.id not in evidence.in_cases]
    captured = sum((o.captured for o in evidence.orders if o.id in booked), Decimal(0))
    received = sum((amount for _, amount in evidence.payments), Decimal(0))
    return Proof(
        orders_in=len(evidence.orders),
        documents_posted=len(evidence.documents),
        payments_posted=len(evidence.payments),
        not_a_sale=len(no_sale),
        in_cases=len(waiting),
        lost=tuple(lost),
        duplicates=_duplicates(evidence),
        total_shop=total_shop,
        total_sap=sum((d.total for d in evidence.documents), Decimal(0)),
        total_in_cases=sum((o.total - o.refunded for o in waiting), Decimal(0)),
        difference=difference,
        payments_shop=captured,
        payments_sap=received,
        payment_difference=_payment_difference(evidence, booked),
        refunds_shop=sum((o.refunded for o in evidence.orders if o.id in booked), Decimal(0)),
        memos_sap=sum((memo.total for memo in evidence.memos), Decimal(0)),
        paid_out_sap=sum((amount for _, amount in evidence.paid_out), Decimal(0)),
        refund_difference=_refund_difference(evidence, booked),
        stock_compared=len(evidence.sap_stock),
        stock_mismatches=tuple(
            sku
            for sku, wanted in sorted(evidence.sap_stock.items())
            if evidence.shop_stock.get(sku) != wanted
        ),
    )


def order_of(reference: str) -> int | None:
    """Return the shop's order id in a reference such as web/order/812."""
    _, _, id_ = reference.rpartition("/")
    return int(id_) if id_.isdigit() else None


def _by_order(evidence: Evidence) -> dict[int, list[Booked]]:
    found: dict[int, list[Booked]] = {}
    for document in evidence.documents:
        order = order_of(document.reference)
        if order is not None:
            found.setdefault(order, []).append(document)
    return found


def _duplicates(evidence: Evidence) -> tuple[str, ...]:
    documents = Counter(document.reference for document in evidence.documents)
    memos = Counter(memo.reference for memo in evidence.memos)
    payments = Counter(reference for reference, _ in (*evidence.payments, *evidence.paid_out))
    return tuple(
        reference
        for counted in (documents, memos, payments)
        for reference, times in sorted(counted.items())
        if times > 1
    )


def _refund_difference(evidence: Evidence, booked: Mapping[int, Sequence[Booked]]) -> Decimal:
    """Compare what the shop gave back with SAP's memos and payments out, order by order."""
    memos = _of_orders((memo.reference, memo.total) for memo in evidence.memos)
    paid_out = _of_orders(evidence.paid_out)
    return sum(
        (
            abs(order.refunded - memos.get(order.id, Decimal(0)))
            + abs(order.refunded - paid_out.get(order.id, Decimal(0)))
            for order in evidence.orders
            if order.id in booked
        ),
        Decimal(0),
    )


def _of_orders(booked: Iterable[tuple[str, Decimal]]) -> dict[int, Decimal]:
    """Add up by order: web/refund/812/5 names its order, and so does web/order/812+1."""
    found: dict[int, Decimal] = {}
    for reference, amount in booked:
        order = int(reference.split("/")[2].partition("+")[0])
        found[order] = found.get(order, Decimal(0)) + amount
    return found


def _payment_difference(evidence: Evidence, booked: Mapping[int, Sequence[Booked]]) -> Decimal:
    """Compare what the shop captured with what the document was paid with, order by order."""
    return sum(
        (
            abs(order.captured - booked[order.id][0].paid)
            for order in evidence.orders
            if order.id in booked
        ),
        Decimal(0),
    )
