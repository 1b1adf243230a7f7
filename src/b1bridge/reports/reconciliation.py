"""The reconciliation of some days: figures of three sides, differences, tax, open clearing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from b1bridge.domain.differences import Difference, OrderStory, View
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.ledger import PaymentKind
from b1bridge.domain.money import Money
from b1bridge.domain.reconciliation import differences_of
from b1bridge.reports.figures import Figure, figures_of
from b1bridge.reports.scope import Scope


@dataclass(frozen=True, slots=True)
class TaxOfCode:
    """What the books hold under one tax code, memos taken off."""

    code: str
    rate: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class OpenClearing:
    """What an order left on an account of payments: in less out, waiting for the payout."""

    order: Ref
    account: str
    amount: Money
    since: date
    age_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Everything that was compared; `hub_known` is False when the hub's database was lost."""

    scope: Scope
    made_at: datetime
    hub_known: bool
    orders: int
    figures: tuple[Figure, ...]
    differences: tuple[Difference, ...]
    taxes: tuple[TaxOfCode, ...]
    clearing: tuple[OpenClearing, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that somebody has to look at."""
        return tuple(one for one in self.differences if not one.explained)


def reconciliation_of(
    found: Iterable[OrderStory], scope: Scope, view: View, more: Iterable[Difference] = ()
) -> Reconciliation:
    """Judge stories that were gathered."""
    told = sorted(found, key=lambda story: _by_number(story.ref))
    judged = [one for story in told for one in differences_of(story, view)]
    return Reconciliation(
        scope=scope,
        made_at=view.now,
        hub_known=view.hub_known,
        orders=len(told),
        figures=figures_of(told, scope, view),
        differences=(*judged, *more),
        taxes=_taxes(told, scope),
        clearing=_clearing(told, scope, view.day_of(view.now)),
    )


def _by_number(ref: Ref) -> tuple[int, str]:
    return len(ref.id), ref.id


def _taxes(told: Sequence[OrderStory], scope: Scope) -> tuple[TaxOfCode, ...]:
    sums: dict[tuple[str, Decimal, str], tuple[Decimal, Decimal]] = defaultdict(
        lambda: (Decimal(0), Decimal(0))
    )
    signs = {DocumentKind.INVOICE: 1, DocumentKind.CREDIT_MEMO: -1}
    for document in (one for story in told for one in story.documents):
        sign = signs.get(document.kind, 0)
        if document.cancelled or not sign or not scope.holds(document.posted_on):
            continue
        for one in document.taxes:
            key = one.code, one.rate, one.tax.currency
            net, tax = sums[key]
            sums[key] = net + sign * one.net.amount, tax + sign * one.tax.amount
    return tuple(
        TaxOfCode(code, rate, Money(net, currency), Money(tax, currency))
        for (code, rate, currency), (net, tax) in sorted(sums.items())
    )


def _clearing(told: Sequence[OrderStory], scope: Scope, today: date) -> tuple[OpenClearing, ...]:
    """Return what is left on each account per order; 0.00 is left out."""
    left: list[OpenClearing] = []
    for story in told:
        sums: dict[tuple[str, str], tuple[Decimal, date]] = {}
        for one in story.payments:
            if one.cancelled or not scope.holds(one.posted_on):
                continue
            key = one.account, one.amount.currency
            before, since = sums.get(key, (Decimal(0), one.posted_on))
            sign = 1 if one.kind is PaymentKind.INCOMING else -1
            sums[key] = before + sign * one.amount.amount, min(since, one.posted_on)
        left += [
            OpenClearing(story.ref, account, Money(amount, currency), since, (today - since).days)
            for (account, currency), (amount, since) in sums.items()
            if amount
        ]
    return tuple(left)
