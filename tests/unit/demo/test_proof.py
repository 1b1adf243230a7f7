"""The proof notices whatever is lost, doubled, or a cent apart."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b1bridge.demo.sap_ledger import Booked
from b1bridge.demo.shop.ledger import ShopOrder
from b1bridge.demo.shop.proof import Evidence, prove

ORDERS = [
    ShopOrder(id=1, status=11, total=Decimal("10.00"), tax=Decimal("1.67"), captured=Decimal(10)),
    ShopOrder(id=2, status=11, total=Decimal("20.00"), tax=Decimal("3.33"), captured=Decimal(20)),
]
DOCUMENTS = [
    Booked(1, 101, "web/order/1", Decimal("10.00"), Decimal("1.67"), Decimal(10)),
    Booked(2, 102, "web/order/2", Decimal("20.00"), Decimal("3.33"), Decimal(20)),
]
PAYMENTS = [("web/payment/7", Decimal(10)), ("web/payment/8", Decimal(20))]
EVEN = Evidence(
    orders=ORDERS,
    documents=DOCUMENTS,
    payments=PAYMENTS,
    shop_stock={"A": 5},
    sap_stock={"A": 5},
)


def test_equal_sides_hold():
    proof = prove(EVEN)

    assert proof.holds
    assert (proof.total_shop, proof.total_sap) == (Decimal(30), Decimal(30))


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (replace(EVEN, documents=DOCUMENTS[:1]), "lost"),
        (replace(EVEN, documents=[*DOCUMENTS, DOCUMENTS[0]]), "duplicates"),
        (replace(EVEN, payments=[*PAYMENTS, PAYMENTS[0]]), "duplicates"),
        (
            replace(EVEN, documents=[replace(DOCUMENTS[0], total=Decimal("9.99")), DOCUMENTS[1]]),
            "difference",
        ),
        (
            replace(EVEN, documents=[replace(DOCUMENTS[0], paid=Decimal(0)), DOCUMENTS[1]]),
            "payment_difference",
        ),
        (replace(EVEN, shop_stock={"A": 6}), "stock_mismatches"),
        (replace(EVEN, shop_stock={}), "stock_mismatches"),
    ],
)
def test_what_does_not_fit_is_named(broken, named):
    proof = prove(broken)

    assert not proof.holds
    assert getattr(proof, named)


def test_a_cent_too_much_does_not_make_up_for_a_cent_too_little():
    more = replace(DOCUMENTS[0], total=Decimal("10.01"))
    less = replace(DOCUMENTS[1], total=Decimal("19.99"))

    proof = prove(replace(EVEN, documents=[more, less]))

    assert proof.total_shop == proof.total_sap
    assert proof.difference == Decimal("0.02")


def test_an_order_in_a_case_is_not_lost_and_its_value_is_told():
    proof = prove(replace(EVEN, documents=DOCUMENTS[:1], payments=PAYMENTS[:1], in_cases={2}))

    assert proof.holds
    assert (proof.in_cases, proof.total_in_cases) == (1, Decimal(20))


def test_an_order_skipped_for_a_reason_is_not_lost():
    proof = prove(replace(EVEN, documents=DOCUMENTS[:1], payments=PAYMENTS[:1], explained={2}))

    assert proof.holds
    assert proof.not_a_sale == 1


def test_an_order_that_was_skipped_once_and_waits_now_is_counted_once():
    evidence = replace(
        EVEN, documents=DOCUMENTS[:1], payments=PAYMENTS[:1], in_cases={2}, explained={1, 2}
    )

    proof = prove(evidence)

    assert (proof.not_a_sale, proof.in_cases) == (0, 1)


REFUNDED = replace(
    EVEN,
    orders=[replace(ORDERS[0], refunded=Decimal("4.00")), ORDERS[1]],
    memos=[Booked(9, 109, "web/refund/1/5", Decimal("4.00"), Decimal("0.67"), Decimal("4.00"))],
    paid_out=[("web/refund/1/5", Decimal("4.00"))],
)


def test_what_was_given_back_is_credited_and_paid_out():
    proof = prove(REFUNDED)

    assert proof.holds
    assert (proof.refunds_shop, proof.memos_sap, proof.net_sap) == (4, 4, 26)


@pytest.mark.parametrize(
    "broken",
    [
        replace(REFUNDED, memos=()),
        replace(REFUNDED, paid_out=()),
        replace(REFUNDED, paid_out=[("web/refund/2/5", Decimal("4.00"))]),
        replace(EVEN, memos=REFUNDED.memos),
    ],
)
def test_money_given_back_on_one_side_only_is_named(broken):
    proof = prove(broken)

    assert not proof.holds
    assert proof.refund_difference
