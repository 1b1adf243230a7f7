"""What must be true at the end, one sentence each; whatever is not is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true: what each side says, and where they part."""

    name: str
    crm: str
    sap: str
    apart: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Nothing is apart."""
        return not self.apart


@dataclass(frozen=True, slots=True)
class Sold:
    """A deal as Pipedrive shows it, with what the hub noted on it.

    `customer` is the code that its organization carries.
    """

    id: int
    status: str
    currency: str
    value: Decimal
    customer: str = ""
    order: str = ""
    delivery: str = ""
    invoice: str = ""

    @property
    def words(self) -> str:
        """Say what a salesperson reads on the deal."""
        told = f"deal {self.id}, {self.value:,.2f} {self.currency}: order {self.order}"
        return "; ".join(filter(None, (told, self.delivery, self.invoice)))


@dataclass(frozen=True, slots=True)
class Ordered:
    """A sales order as SAP has it, and the numbers of what was drawn from it."""

    deal: int
    number: int
    currency: str
    total: Decimal
    customer: str = ""
    deliveries: tuple[int, ...] = ()
    invoices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was read of both sides; what they show of one record is compared by its key.

    `late` are the organizations that owe something overdue, as their cards say it.
    """

    deals: Sequence[Sold]
    orders: Sequence[Ordered]
    customers_shown: Mapping[str, Any] = field(default_factory=dict)
    customers: Mapping[str, Any] = field(default_factory=dict)
    products_shown: Mapping[str, Any] = field(default_factory=dict)
    items: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    invoices: Sequence[str] = ()
    twice_shown: Sequence[str] = ()
    late: Sequence[str] = ()


def prove(evidence: Evidence) -> tuple[Check, ...]:
    """Compare both sides, record by record."""
    return (
        _one_order_each(evidence),
        *_totals(evidence),
        _customers(evidence),
        _numbers(evidence),
        _progress(evidence),
        _same("customers, with what they owe", evidence.customers_shown, evidence.customers),
        _same("products, with prices and stock", evidence.products_shown, evidence.items),
        _notes(evidence),
        Check("shown twice", str(len(evidence.twice_shown)), "", tuple(evidence.twice_shown)),
    )


def examples(evidence: Evidence) -> tuple[str, ...]:
    """Pick what shows most: a deal that went all the way, and a customer who is late."""
    told = max(_won(evidence), key=lambda one: bool(one.delivery) + bool(one.invoice), default=None)
    return (*((told.words,) if told else ()), *evidence.late[:1])


def _won(evidence: Evidence) -> list[Sold]:
    return [deal for deal in evidence.deals if deal.status == "won"]


def _one_order_each(evidence: Evidence) -> Check:
    """Every won deal has one order, and no other deal has any."""
    won, orders = _won(evidence), Counter(order.deal for order in evidence.orders)
    apart = [f"deal {deal.id} has {orders[deal.id]} orders" for deal in won if orders[deal.id] != 1]
    others = orders.keys() - {deal.id for deal in won}
    apart += [f"deal {one} is not won and has an order" for one in sorted(others)]
    return Check("won deals, one order each", str(len(won)), str(orders.total()), tuple(apart))


def _totals(evidence: Evidence) -> Iterable[Check]:
    """Compare deal by deal: a cent too much here never makes up for one too little there."""
    orders = {order.deal: order for order in evidence.orders}
    for currency in sorted({deal.currency for deal in _won(evidence)}):
        deals = [deal for deal in _won(evidence) if deal.currency == currency]
        pairs = [(deal, orders[deal.id]) for deal in deals if deal.id in orders]
        apart = tuple(
            f"deal {deal.id}: {deal.value} {currency} and {order.total} {order.currency}"
            for deal, order in pairs
            if (deal.value, currency) != (order.total, order.currency)
        )
        yield Check(
            f"totals in {currency}",
            f"{sum((deal.value for deal in deals), Decimal(0)):,.2f}",
            f"{sum((order.total for _, order in pairs), Decimal(0)):,.2f}",
            apart,
        )


def _customers(evidence: Evidence) -> Check:
    """Compare for whom a deal was won, after all mergers, with who got the order."""
    shown = {deal.id: deal.customer for deal in _won(evidence)}
    booked = {order.deal: order.customer for order in evidence.orders}
    return _same("orders for the right customer", shown, booked, "deal ")


def _numbers(evidence: Evidence) -> Check:
    shown = {deal.id: deal.order for deal in _won(evidence) if deal.order}
    booked = {order.deal: str(order.number) for order in evidence.orders}
    return _same("order numbers on deals", shown, booked, "deal ")


def _progress(evidence: Evidence) -> Check:
    """Whatever left the house or was invoiced is named on its deal."""
    deals = {deal.id: deal for deal in evidence.deals}
    apart, told = [], 0
    for order in evidence.orders:
        deal = deals.get(order.deal)
        shown = f"{deal.delivery} {deal.invoice}" if deal else ""
        numbers = {part.strip(" ,:") for part in shown.split()}
        missing = [n for n in (*order.deliveries, *order.invoices) if str(n) not in numbers]
        told += len(order.deliveries) + len(order.invoices) - len(missing)
        apart += [f"deal {order.deal} does not show document {number}" for number in missing]
    of_sap = sum(len(order.deliveries) + len(order.invoices) for order in evidence.orders)
    return Check("deliveries, invoices on deals", str(told), str(of_sap), tuple(apart))


def _notes(evidence: Evidence) -> Check:
    shown, booked = Counter(evidence.notes), Counter(evidence.invoices)
    apart = [f"invoice {one} has {shown[one]} notes" for one in booked if shown[one] != 1]
    apart += [f"a note tells of {one}, which is no invoice" for one in shown - booked]
    return Check(
        "invoices as notes", str(shown.total()), str(booked.total()), tuple(sorted(set(apart)))
    )


def _same(name: str, shown: Mapping[Any, Any], booked: Mapping[Any, Any], what: str = "") -> Check:
    keys = sorted(shown.keys() | booked.keys())
    apart = tuple(
        f"{what}{key}: {shown.get(key, 'not there')} and {booked.get(key, 'not there')}"
        for key in keys
        if shown.get(key) != booked.get(key)
    )
    return Check(name, str(len(shown)), str(len(booked)), apart)
