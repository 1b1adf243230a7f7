"""The figures of the three sides for the orders placed on the days of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from b1bridge.domain.differences import OrderStory, View
from b1bridge.domain.ledger import LedgerPayment, PaymentKind
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.domain.reconciled_documents import (
    main_documents,
    net_booked,
    received_of,
    returned_of,
    still_owed,
)
from b1bridge.reports.scope import Scope


@dataclass(frozen=True, slots=True)
class Side:
    """How many records a side has, and what they come to; None where it does not say."""

    count: int | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the comparison, in one currency."""

    name: str
    currency: str
    shop: Side
    hub: Side
    books: Side

    @property
    def agrees(self) -> bool:
        """Whether shop and books say the same amount."""
        return self.shop.amount == self.books.amount


def figures_of(told: Sequence[OrderStory], scope: Scope, view: View) -> tuple[Figure, ...]:
    """Add up orders, payments and refunds of the orders placed on these days, per currency."""
    placed = [one for one in told if _placed(one, scope, view)]
    currencies = sorted({one.summary.total.currency for one in placed if one.summary})
    return tuple(
        figure
        for currency in currencies
        for figure in _of_currency([one for one in placed if _in(one, currency)], currency, view)
    )


def _placed(story: OrderStory, scope: Scope, view: View) -> bool:
    summary = story.summary
    if summary is None or summary.state is OrderState.UNPAID_CART:
        return False
    return scope.holds(view.day_of(summary.placed_at))


def _in(story: OrderStory, currency: str) -> bool:
    return story.summary is not None and story.summary.total.currency == currency


def _of_currency(told: list[OrderStory], currency: str, view: View) -> tuple[Figure, ...]:
    booked = [one for one in told if main_documents(one)]
    heard = [one for one in told if one.hub is not None]
    hub = Side(len(heard)) if view.hub_known else Side()
    in_cases = sum(bool(one.hub and one.hub.cases) for one in told)
    return (
        Figure(
            "orders less refunds",
            currency,
            Side(len(told), _sum(told, still_owed, currency)),
            hub,
            Side(len(booked), _sum(booked, _booked, currency)),
        ),
        Figure(
            "payments",
            currency,
            Side(sum(bool(received_of(one)) for one in told), _sum(told, received_of, currency)),
            Side(),
            _paid(told, PaymentKind.INCOMING, currency),
        ),
        Figure(
            "refunds",
            currency,
            Side(sum(bool(returned_of(one)) for one in told), _sum(told, returned_of, currency)),
            Side(),
            _paid(told, PaymentKind.OUTGOING, currency),
        ),
        Figure(
            "open cases", currency, Side(), Side(in_cases) if view.hub_known else Side(), Side()
        ),
    )


def _booked(story: OrderStory) -> Money | None:
    net = net_booked(story)
    if net is not None:
        return net
    main = main_documents(story)
    return Money.sum((one.total for one in main), main[0].total.currency)


def _sum(
    told: Iterable[OrderStory], amount: Callable[[OrderStory], Money | None], currency: str
) -> Money:
    found = (amount(one) for one in told)
    return Money.sum((one for one in found if one and one.currency == currency), currency)


def _paid(told: Iterable[OrderStory], kind: PaymentKind, currency: str) -> Side:
    found: list[LedgerPayment] = [
        one
        for story in told
        for one in story.payments
        if one.kind is kind and not one.cancelled and one.amount.currency == currency
    ]
    return Side(len(found), Money.sum((one.amount for one in found), currency))
