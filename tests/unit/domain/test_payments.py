"""Payments: which account, which day, and never more than the invoice."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.payments import (
    Means,
    Payment,
    PostedInvoice,
    Settled,
    check_settles,
    incoming_payment,
    means_and_account,
    shared_out,
)
from b1bridge.domain.rates import RatePolicy
from b1bridge.errors import NeedsOperator, Unmapped

METHODS = Crosswalk(
    "payment_method", {"card": "transfer:1020", "cash": "cash:1010", "odd": "1020", "x": "cash:"}
)


NOTHING = Money.zero("EUR")


def payment(amount="69.00", method="card", currency="EUR"):
    return Payment(
        ref=Ref("shop", "payment", "9"),
        order=Ref("shop", "order", "101"),
        method=method,
        amount=Money.of(amount, currency),
        captured_at=datetime(2026, 10, 31, 23, 40, tzinfo=UTC),
        gateway_reference="ch_1",
    )


@pytest.fixture
def invoice(money):
    return PostedInvoice(Posted("invoice", 12, 4711), "C1", money("119.00"), money("119.00"))


def test_a_payment_goes_to_the_account_of_its_method_on_its_own_day(invoice, berlin):
    (share,) = shared_out([payment()], [invoice])

    found = incoming_payment(payment(), "C1", share, METHODS, berlin, RatePolicy())

    assert (found.means, found.account) == (Means.TRANSFER, "1020")
    assert found.settles == (Settled(DocumentKind.INVOICE, 12, payment().amount),)
    assert (found.business_partner, found.reference) == ("C1", "shop/payment/9")
    assert found.posted_on == date(2026, 11, 1)
    assert (found.gateway_reference, found.remarks) == ("ch_1", "Order 101, card")


def test_cash_is_cash():
    assert means_and_account(payment(method="cash"), METHODS) == (Means.CASH, "1010")


def test_a_method_nobody_entered_is_unmapped():
    with pytest.raises(Unmapped, match="'paypal' has no entry") as case:
        means_and_account(payment(method="paypal"), METHODS)

    assert case.value.reason == "PAYMENT_METHOD_MAP"


@pytest.mark.parametrize("method", ["odd", "x"])
def test_an_entry_that_cannot_be_read_says_how_to_write_it(method):
    with pytest.raises(Unmapped) as case:
        means_and_account(payment(method=method), METHODS)

    assert "transfer:ACCOUNT" in case.value.fix


def test_tenders_may_be_split_up_to_the_invoices_total(invoice):
    check_settles([payment("50.00"), payment("69.00")], [invoice], NOTHING)


def test_a_cent_more_than_the_invoice_is_a_case_with_both_sums(invoice):
    with pytest.raises(NeedsOperator, match=r"paid 119\.01 EUR.*comes to 119\.00 EUR") as case:
        check_settles([payment("50.00"), payment("69.01")], [invoice], NOTHING)

    assert case.value.reason == "OVERPAID"


def test_what_went_back_to_the_shopper_explains_a_payment_above_the_invoice(invoice, money):
    check_settles([payment("142.80")], [invoice], money("23.80"))
    with pytest.raises(NeedsOperator, match=r"23\.79 EUR of it went back"):
        check_settles([payment("142.80")], [invoice], money("23.79"))


def test_payments_settle_the_oldest_invoices_first_and_never_more_than_they_come_to(invoice, money):
    second = PostedInvoice(Posted("invoice", 13, 4712), "C1", money("20.00"), money("20.00"))

    shares = shared_out([payment("100.00"), payment("30.00"), payment("20.00")], [invoice, second])

    told = [[(one.entry, str(one.amount.amount)) for one in share] for share in shares]
    assert told == [[(12, "100.00")], [(12, "19.00"), (13, "11.00")], [(13, "9.00")]]


def test_what_is_settled_already_is_not_settled_again(invoice, money):
    credited = replace(invoice, left=money("19.00"))

    (share,) = shared_out([payment("119.00")], [credited])

    assert [str(one.amount.amount) for one in share] == ["19.00"]


def test_a_payment_in_another_currency_is_not_converted_by_guess(invoice):
    with pytest.raises(NeedsOperator, match=r"69\.00 SEK") as case:
        check_settles([payment(currency="SEK")], [invoice], NOTHING)

    assert case.value.reason == "CURRENCY"
