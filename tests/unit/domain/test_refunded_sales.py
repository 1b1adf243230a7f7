"""However an order was paid and refunded: credited once, and never more than is left."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.claims import credited_by_refunds, owed
from b1bridge.domain.documents import BaseRow, DocumentKind, Totals
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.domain.payments import Settled
from b1bridge.domain.refunded_sales import (
    RefundedSale,
    check_refundable,
    check_still_refunded,
)
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund
from b1bridge.domain.standing import Standing, StandingRow
from b1bridge.errors import NeedsOperator

MOMENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
ORDER = Ref("shop", "order", "101")
AMOUNTS = (
    st.integers(1, 50_000)
    .map(lambda cents: Money.of(cents, "EUR"))
    .map(lambda money: replace(money, amount=money.amount / 100))
)


def eur(amount):
    return Money.of(amount, "EUR")


def refund(number, amount, state=MoneyState.SETTLED):
    ref = Ref("shop", "refund", f"101/{number}")
    return Refund(ref, ORDER, MOMENT, (), (MoneyBack("card", amount, state),), amount)


def standing(kind, entry, reference, total, **facts):
    nothing = eur(0)
    known = {"is_open": True, "gross": False, "paid": nothing, "rounding": nothing} | facts
    return Standing(
        posted=Posted(kind.value, entry, 4700 + entry),
        reference=reference,
        business_partner="C1",
        posted_on=date(2026, 11, 3),
        totals=Totals(total, nothing, nothing),
        rows=(),
        expenses=(),
        **known,
    )


def memo(entry, reference, total, **facts):
    return standing(DocumentKind.CREDIT_MEMO, entry, str(reference), total, **facts)


def credited_one_by_one(sale):
    """Credit each refund as the flow does, the oldest first; none twice."""
    for entry, one in enumerate(sale.refunds, start=1):
        credit = min(sale.left_to_credit, one.returned, key=lambda money: money.amount)
        if credit and sale.memo_of(one.ref) is None:
            sale = sale.with_memo(memo(entry, one.ref, credit))
    return sale


@given(st.lists(AMOUNTS, min_size=1, max_size=6), AMOUNTS, AMOUNTS)
def test_memos_of_refunds_come_to_what_refunds_credit(net, amounts, received, total):
    order = net.order(net.line("A", "1.00"), total=total)
    refunds = tuple(refund(i, amount) for i, amount in enumerate(amounts))
    invoice = standing(DocumentKind.INVOICE, 0, str(ORDER), total)
    sale = RefundedSale(order, received, refunds, invoices=(invoice,))

    done = credited_one_by_one(sale)

    credit = credited_by_refunds(total, received, sale.returned)
    assert Money.sum((one.totals.total for one in done.memos), "EUR") == credit
    assert not done.left_to_credit
    assert done.is_settled
    assert total - credit == owed(total, received, sale.returned)


@given(st.lists(AMOUNTS, min_size=2, max_size=6), AMOUNTS)
def test_refunds_heard_of_one_by_one_or_all_at_once_credit_the_same(net, amounts, total):
    order = net.order(net.line("A", "1.00"), total=total)
    refunds = tuple(refund(i, amount) for i, amount in enumerate(amounts))
    at_once = credited_one_by_one(RefundedSale(order, total, refunds))

    one_by_one = RefundedSale(order, total, ())
    for count in range(1, len(refunds) + 1):
        one_by_one = credited_one_by_one(replace(one_by_one, refunds=refunds[:count]))

    assert Money.sum((m.totals.total for m in at_once.memos), "EUR") == Money.sum(
        (m.totals.total for m in one_by_one.memos), "EUR"
    )


def test_a_cancelled_order_comes_to_nothing(net):
    order = net.order(net.line("A", "100.00", "19"), state=OrderState.CANCELLED)

    assert RefundedSale(order, eur("119.00"), ()).charged == eur(0)


def test_the_own_memo_is_paid_out_first_and_closed_ones_never(net):
    order = net.order(net.line("A", "100.00", "19"))
    first, second = refund(1, eur("10.00")), refund(2, eur("20.00"))
    change = memo(1, "shop/order/101+1", eur("5.00"))
    closed = memo(2, first.ref, eur("10.00"), is_open=False)
    own = memo(3, second.ref, eur("20.00"))
    sale = RefundedSale(
        order, eur("119.00"), (first, second), changes=(change,), memos=(closed, own)
    )

    assert sale.to_pay_out(second.ref) == (own, change)
    paid = sale.with_paid([Settled(DocumentKind.CREDIT_MEMO, 3, eur("20.00"))])
    assert paid.to_pay_out(second.ref) == (change,)


@pytest.mark.parametrize(
    ("back", "received", "reason"),
    [
        (eur("119.01"), eur("119.00"), "REFUND_TOO_LARGE"),
        (Money.of("10.00", "USD"), eur("119.00"), "CURRENCY"),
    ],
)
def test_refunds_that_cannot_be(net, back, received, reason):
    order = net.order(net.line("A", "100.00", "19"))

    with pytest.raises(NeedsOperator) as case:
        check_refundable(order, received, [refund(1, back)])

    assert case.value.reason == reason


def test_what_was_captured_beyond_the_order_may_go_back(net):
    order = net.order(net.line("A", "100.00", "19"))

    check_refundable(order, eur("129.00"), [refund(1, eur("129.00"))])


def test_a_memo_above_what_went_back_is_refused_and_one_below_is_not():
    told = refund(1, eur("10.00"))

    check_still_refunded(told, memo(1, told.ref, eur("9.99")))
    with pytest.raises(NeedsOperator, match=r"is 10\.01 EUR"):
        check_still_refunded(told, memo(1, told.ref, eur("10.01")))


def test_a_memo_that_an_edit_made_too_small_leaves_the_rest_to_be_credited(net):
    told = refund(1, eur("119.00"))
    order = net.order(net.line("A", "100.00", "19"))
    invoice = standing(DocumentKind.INVOICE, 9, str(order.ref), eur("119.00"))
    small, rest = memo(1, told.ref, eur("80.00")), memo(2, f"{told.ref}+1", eur("39.00"))
    sale = RefundedSale(order, eur("119.00"), (told,), invoices=(invoice,)).with_memo(small)

    assert sale.left_to_credit == eur("39.00")
    assert sale.with_memo(rest).is_settled
    assert not sale.with_memo(rest).left_to_credit


def test_what_is_left_on_account_does_not_count_what_an_open_invoice_lost_before_it_was_paid(net):
    order = net.order(net.line("A", "100.00", "19"))
    invoice = standing(DocumentKind.INVOICE, 9, str(order.ref), eur("120.00"))
    row = StandingRow(
        *(0, "PEN", "", 1, 0, True, eur("1.00"), eur(0), "A0", 0, "01"),
        base=BaseRow(DocumentKind.INVOICE, 9, 0),
    )
    alone = memo(2, "shop/order/101+1", eur("1.00"))
    sale = RefundedSale(order, eur("121.50"), (), invoices=(invoice,), changes=(alone,))

    assert sale.overpaid == eur("1.50")
    assert replace(sale, changes=(replace(alone, rows=(row,)),)).overpaid == eur("2.50")


def test_corrections_are_named_after_a_refund_whose_documents_will_be_read(net):
    first, second = refund(1, eur("10.00")), refund(2, eur("20.00"))
    sale = RefundedSale(net.order(net.line("A", "100.00")), eur("119.00"), (first, second))

    assert sale.correctable == second
    assert sale.with_memo(memo(1, f"{first.ref}+1", eur(0))).correctable == first
