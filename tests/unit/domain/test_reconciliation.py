"""Shop and books are compared to the cent, and one fault has one name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.differences import Kind, OrderStory, View
from b1bridge.domain.documents import CompanyRules, DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.ledger import (
    Applied,
    HubRecord,
    LedgerDocument,
    LedgerPayment,
    OpenCase,
    OrderSummary,
    PaymentKind,
)
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.domain.payments import Payment
from b1bridge.domain.reconciliation import differences_of, wants_a_closer_look
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund

ORDER = Ref("shop", "order", "812")
PLACED = datetime(2026, 11, 21, 9, tzinfo=UTC)
NOW = PLACED + timedelta(days=1)
INVOICE, MEMO = DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO
VIEW = View(
    rules=CompanyRules("EUR", "Europe/Berlin"),
    now=NOW,
    target="books",
    read_until=NOW,
    syncs={"order-to-invoice": "eu"},
    pays_out=True,
)
HUB = HubRecord(ORDER, noticed_at=PLACED, links=(Ref("books", "invoice", "1"),))


def euro(amount):
    return Money.of(amount, "EUR")


def document(kind, entry, reference, total, **facts):
    facts = {"tax": euro(0), "paid": euro(0), "is_open": False, "cancelled": False} | facts
    posted = Posted(kind.value, entry, 100 + entry)
    return LedgerDocument(posted, reference, "C1", date(2026, 11, 21), euro(total), **facts)


def payment(kind, entry, reference, amount, **facts):
    facts = {"cancelled": False, "settles": (Applied("invoice", 1, euro(amount)),)} | facts
    posted = Posted(kind.value, entry, 200 + entry)
    day = date(2026, 11, 21)
    return LedgerPayment(posted, reference, "C1", day, "1020", euro(amount), **facts)


def sold(total="119.00", **facts):
    facts = {"received": euro(total), "returned": euro(0)} | facts
    return OrderSummary(
        ORDER, "812", OrderState.OPEN, PLACED, PLACED, euro(total), euro(0), **facts
    )


def captured(amount="119.00"):
    return Payment(Ref("shop", "payment", "812/7"), ORDER, "card", euro(amount), PLACED)


def given_back(amount, number=5, state=MoneyState.SETTLED):
    ref = Ref("shop", "refund", f"812/{number}")
    money = (MoneyBack("card", euro(amount), state),)
    return Refund(ref, ORDER, PLACED, (), money, euro(amount))


GOOD = OrderStory(
    ref=ORDER,
    summary=sold(),
    documents=(document(INVOICE, 1, "shop/order/812", "119.00"),),
    payments=(payment(PaymentKind.INCOMING, 1, "shop/payment/812/7", "119.00"),),
    hub=HUB,
)
CLOSELY = replace(GOOD, captured=(captured(),), refunds=())
REFUNDED = replace(
    CLOSELY,
    documents=(*GOOD.documents, document(MEMO, 1, "shop/refund/812/5", "23.80")),
    payments=(
        *GOOD.payments,
        payment(PaymentKind.OUTGOING, 1, "shop/refund/812/5", "23.80", settles=()),
    ),
    refunds=(given_back("23.80"),),
)


def named(story, view=VIEW):
    return [one.kind for one in differences_of(story, view)]


@pytest.mark.parametrize("story", [GOOD, CLOSELY, REFUNDED])
def test_what_agrees_has_no_differences(story):
    assert named(story) == []


def test_a_difference_tells_both_sides_to_the_cent():
    off = replace(GOOD, documents=(document(INVOICE, 1, "shop/order/812", "119.01"),))

    (found,) = differences_of(off, VIEW)

    assert (found.kind, found.shop, found.books) == (Kind.TOTAL_OFF, euro("119.00"), euro("119.01"))
    assert found.off == euro("0.01")
    assert found.fix == "b1bridge runs start eu shop/order/812"


@given(st.integers(min_value=1, max_value=10**9))
def test_a_cent_is_never_too_little_and_no_sum_is_too_large(cents):
    total = Decimal(cents).scaleb(-2)
    story = replace(
        GOOD,
        summary=sold(str(total)),
        documents=(document(INVOICE, 1, "shop/order/812", str(total + Decimal("0.01"))),),
        payments=(payment(PaymentKind.INCOMING, 1, "shop/payment/812/7", str(total)),),
    )

    assert named(story) == [Kind.TOTAL_OFF]


def test_changes_are_counted_into_what_was_posted():
    edited = replace(
        CLOSELY,
        summary=sold("95.20", received=euro("119.00"), returned=euro("23.80")),
        documents=(
            *GOOD.documents,
            document(MEMO, 1, "shop/order/812+1", "119.00"),
            document(INVOICE, 2, "shop/order/812+1", "95.20"),
        ),
        refunds=(given_back("23.80"),),
        payments=REFUNDED.payments,
    )

    assert named(edited) == []


def test_corrections_of_a_refund_are_counted_to_it():
    edited_after_goodwill = replace(
        CLOSELY,
        summary=sold("95.20", received=euro("119.00"), returned=euro("10.00")),
        documents=(
            *GOOD.documents,
            document(MEMO, 1, "shop/refund/812/5", "10.00"),
            document(MEMO, 2, "shop/order/812+1", "23.80"),
            document(INVOICE, 2, "shop/refund/812/5+1", "10.00"),
            document(MEMO, 3, "shop/refund/812/5+2", "0.00"),
        ),
        refunds=(given_back("10.00"),),
        payments=(
            *GOOD.payments,
            payment(PaymentKind.OUTGOING, 1, "shop/refund/812/5", "10.00", settles=()),
        ),
    )

    assert named(edited_after_goodwill) == []


@pytest.mark.parametrize(
    ("memos", "kind"),
    [
        ((), Kind.MEMO_MISSING),
        ((document(MEMO, 1, "shop/refund/812/5", "23.80", cancelled=True),),
         Kind.CANCELLED_DOCUMENT),
        ((document(MEMO, 1, "shop/refund/812/5", "23.79"),), Kind.MEMO_OFF),
        ((document(MEMO, 1, "shop/refund/812/5", "23.80"),
          document(MEMO, 2, "shop/refund/812/9", "1.00")), Kind.MEMO_UNKNOWN),
        ((document(MEMO, 1, "shop/refund/812/5", "23.80"),
          document(MEMO, 2, "shop/refund/812/5", "23.80")), Kind.DOUBLED_DOCUMENT),
    ],
)  # fmt: skip
def test_a_memo_that_is_not_what_went_back_is_named_once(memos, kind):
    assert named(replace(REFUNDED, documents=(*GOOD.documents, *memos))) == [kind]


def test_money_that_the_gateway_has_not_confirmed_wants_no_memo():
    story = replace(CLOSELY, refunds=(given_back("23.80", state=MoneyState.PENDING),))

    assert named(story) == []


@pytest.mark.parametrize(
    ("outgoing", "kind"),
    [
        ([], Kind.OUTGOING_MISSING),
        ([("shop/refund/812/5", "20.00")], Kind.OUTGOING_OFF),
        ([("shop/refund/812/5", "23.80")] * 2, Kind.OUTGOING_DOUBLED),
        ([("shop/refund/812/5", "23.80"), ("shop/refund/812/9", "1.00")], Kind.OUTGOING_UNKNOWN),
    ],
)
def test_money_that_went_out_otherwise_is_named(outgoing, kind):
    payments = [
        payment(PaymentKind.OUTGOING, n, ref, amount, settles=())
        for n, (ref, amount) in enumerate(outgoing)
    ]

    assert named(replace(REFUNDED, payments=(*GOOD.payments, *payments))) == [kind]


def test_several_payments_of_one_refund_may_make_it_up():
    parts = [("shop/refund/812/5", "20.00"), ("shop/refund/812/5/2", "3.80")]
    payments = [
        payment(PaymentKind.OUTGOING, n, ref, amount, settles=())
        for n, (ref, amount) in enumerate(parts)
    ]

    assert named(replace(REFUNDED, payments=(*GOOD.payments, *payments))) == []


def test_credit_that_stays_open_is_no_missing_payment():
    assert named(replace(REFUNDED, payments=GOOD.payments), replace(VIEW, pays_out=False)) == []


@pytest.mark.parametrize(
    ("hub", "why"),
    [
        (replace(HUB, cases=(OpenCase(7, "order-to-invoice", "TAX_MAP", "", NOW),)), "case 7"),
        (replace(HUB, under_way=True), "under way"),
        (replace(HUB, ignored=("a test order",)), "a test order"),
    ],
)
def test_an_order_that_the_hub_has_in_hand_is_explained(hub, why):
    (found,) = differences_of(replace(GOOD, documents=(), payments=(), hub=hub), VIEW)

    assert why in found.explained


def test_a_case_of_payments_does_not_explain_a_missing_invoice():
    stuck = OpenCase(7, "payment-to-incoming-payment", "OVERPAID", "", NOW)
    story = replace(GOOD, documents=(), payments=(), hub=replace(HUB, cases=(stuck,)))

    assert [one.explained for one in differences_of(story, VIEW)] == [""]


@pytest.mark.parametrize(("minutes", "explained"), [(5, True), (90, False)])
def test_what_is_newer_than_the_last_look_is_explained_for_an_hour(minutes, explained):
    summary = replace(sold(), modified_at=NOW - timedelta(minutes=minutes))
    view = replace(VIEW, read_until=PLACED)
    (found,) = differences_of(OrderStory(ORDER, summary), view)

    assert bool(found.explained) is explained
    assert found.kind is Kind.NEVER_TOLD


@pytest.mark.parametrize("state", [OrderState.UNPAID_CART, OrderState.CANCELLED])
def test_what_is_no_sale_wants_no_document(state):
    summary = replace(sold(received=euro(0)), state=state)

    assert named(OrderStory(ORDER, summary)) == []


def test_a_cancelled_order_that_was_paid_and_paid_back_comes_to_nothing():
    summary = replace(sold(), state=OrderState.CANCELLED)
    story = replace(
        REFUNDED,
        summary=summary,
        documents=(*GOOD.documents, document(MEMO, 1, "shop/order/812+1", "119.00")),
        payments=(
            *GOOD.payments,
            payment(PaymentKind.OUTGOING, 1, "shop/refund/812/5", "119.00", settles=()),
        ),
        refunds=(given_back("119.00"),),
    )

    assert named(story) == []


@given(
    st.lists(st.integers(min_value=1, max_value=3000), min_size=1, max_size=4),
    st.data(),
)
def test_whichever_memo_is_missing_is_the_one_that_is_named(cents, data):
    amounts = [str(Decimal(cent).scaleb(-2)) for cent in cents]
    gone = data.draw(st.integers(min_value=0, max_value=len(amounts) - 1))
    memos = [
        document(MEMO, n, f"shop/refund/812/{n}", amount)
        for n, amount in enumerate(amounts)
        if n != gone
    ]
    story = replace(
        CLOSELY,
        summary=sold(returned=Money.sum(map(euro, amounts), "EUR")),
        documents=(*GOOD.documents, *memos),
        refunds=tuple(given_back(amount, n) for n, amount in enumerate(amounts)),
    )

    (found,) = differences_of(story, VIEW)

    assert found.kind is Kind.MEMO_MISSING
    assert f"812/{gone} " in found.message
    assert (found.shop, found.books) == (euro(amounts[gone]), euro(0))


@pytest.mark.parametrize(
    ("story", "closer"),
    [
        (GOOD, False),
        (CLOSELY, False),
        (replace(GOOD, summary=sold(received=None)), True),
        (replace(GOOD, summary=sold(returned=None)), True),
        (replace(GOOD, documents=REFUNDED.documents), True),
        (replace(GOOD, payments=()), True),
        (OrderStory(ORDER, None), False),
    ],
)
def test_single_records_are_asked_for_only_where_lists_leave_a_doubt(story, closer):
    assert wants_a_closer_look(story, VIEW) is closer
