"""The month-end pack: sales, tax, payments, open clearing, open cases and the cut-off list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.differences import OrderStory, View
from b1bridge.domain.ledger import LedgerDocument, OpenCase, OrderSummary, PaymentKind
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.domain.reconciled_documents import main_documents
from b1bridge.domain.standing import revision_of
from b1bridge.reports.reconciliation import Reconciliation
from b1bridge.reports.rows import Sheet, amount_of, clearing_sheet, figures_sheet, taxes_sheet
from b1bridge.reports.scope import Scope


@dataclass(frozen=True, slots=True)
class Pack:
    """What finance closes a month with."""

    reconciliation: Reconciliation
    sheets: tuple[Sheet, ...]


def pack_of(found: Reconciliation, told: Sequence[OrderStory], view: View) -> Pack:
    """Draw up the tables of the month from the stories that were compared."""
    sheets = (
        figures_sheet(found),
        _sales(told, found.scope, view),
        taxes_sheet(found),
        _payments(told, found.scope),
        clearing_sheet(found),
        _cases(told),
        _cut_off(told, view),
    )
    return Pack(found, sheets)


def _sales(told: Sequence[OrderStory], scope: Scope, view: View) -> Sheet:
    """Add up what was sold per channel; carts and what was called off stand apart."""
    sums: dict[tuple[str, str, str], list[OrderSummary]] = defaultdict(list)
    for story in told:
        one = story.summary
        if one is None or not scope.holds(view.day_of(one.placed_at)):
            continue
        if one.state is not OrderState.UNPAID_CART:
            state = "cancelled" if one.state is OrderState.CANCELLED else "sold"
            sums[one.channel, state, one.total.currency].append(one)
    rows = tuple(
        (
            channel,
            state,
            str(len(orders)),
            amount_of(Money.sum((one.total for one in orders), currency)),
            amount_of(Money.sum((one.tax for one in orders), currency)),
            currency,
        )
        for (channel, state, currency), orders in sorted(sums.items())
    )
    columns = ("channel", "state", "#orders", "#total", "#tax", "currency")
    return Sheet("sales", "Sales by channel, as the shop tells them", columns, rows)


def _payments(told: Iterable[OrderStory], scope: Scope) -> Sheet:
    """Add up what came in and went out per account, and how the order says it was paid."""
    sums: dict[tuple[str, str, str], dict[PaymentKind, list[Decimal]]] = defaultdict(
        lambda: {kind: [] for kind in PaymentKind}
    )
    for story in told:
        method = story.summary.payment_method if story.summary else ""
        for one in story.payments:
            if not one.cancelled and scope.holds(one.posted_on):
                sums[one.account, method, one.amount.currency][one.kind].append(one.amount.amount)
    columns = ("account", "method", "#in", "#came in", "#out", "#went out", "currency")
    rows = tuple(
        (account, method, *_in_and_out(money, currency), currency)
        for (account, method, currency), money in sorted(sums.items())
    )
    return Sheet("payments", "Payments by account and method", columns, rows)


def _in_and_out(money: dict[PaymentKind, list[Decimal]], currency: str) -> Iterator[str]:
    for kind in PaymentKind:
        yield str(len(money[kind]))
        yield amount_of(Money(sum(money[kind], Decimal(0)), currency))


def _cases(told: Iterable[OrderStory]) -> Sheet:
    """List the cases of the month's orders that still wait for a person."""
    rows = tuple(
        (str(case.id), case.reason, str(story.ref), case.flow, *_since(case))
        for story in told
        for case in (story.hub.cases if story.hub else ())
    )
    columns = ("#case", "reason", "record", "flow", "since", "what")
    return Sheet("cases", "Open cases", columns, rows)


def _since(case: OpenCase) -> tuple[str, str]:
    return f"{case.opened_at:%Y-%m-%d}", case.message


def _cut_off(told: Iterable[OrderStory], view: View) -> Sheet:
    """List the orders that the shop and the books count into different months."""
    rows = tuple(
        (
            str(story.ref),
            view.day_of(story.summary.placed_at).isoformat(),
            f"{one.kind} {one.posted.number}",
            one.posted_on.isoformat(),
            amount_of(one.total),
            one.total.currency,
        )
        for story in told
        if story.summary is not None
        for one in main_documents(story)
        if not revision_of(one.reference) and _another_month(one, story.summary, view)
    )
    columns = ("order", "placed on", "document", "dated", "#total", "currency")
    return Sheet("cut-off", "Cut-off: orders posted in another month", columns, rows)


def _another_month(document: LedgerDocument, summary: OrderSummary, view: View) -> bool:
    placed = view.day_of(summary.placed_at)
    return (document.posted_on.year, document.posted_on.month) != (placed.year, placed.month)
