"""Money in: invoices close, the rest stays on account, cancelling opens them again."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

BANK, CARDS, CASH, RECEIVABLES = (
    "_SYS00000000201",
    "_SYS00000000203",
    "_SYS00000000202",
    "_SYS00000000101",
)


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


@pytest.fixture
def invoice(office):
    return office.post("Invoices", {"ItemCode": "A", "Quantity": 10, "UnitPrice": "10"})


def test_full_payment_closes_the_invoice(office, invoice):
    payment = office.pay((invoice, "120.00"), TransferSum="120.00")

    after = office.read("Invoices", invoice)
    assert (after["DocumentStatus"], after["PaidToDate"]) == ("bost_Close", 120)
    assert office.journal_of(24, payment) == {BANK: 120, RECEIVABLES: -120}
    assert office.partner()["CurrentAccountBalance"] == 0


def test_part_payment_leaves_it_open(office, invoice):
    office.pay((invoice, "20.00"), TransferSum="20.00")

    after = office.read("Invoices", invoice)
    assert (after["DocumentStatus"], after["PaidToDate"]) == ("bost_Open", 20)


def test_several_means_add_up(office, invoice):
    cards = [{"CreditCard": 1, "CreditSum": "69.00", "VoucherNum": "V1"}]

    payment = office.pay(
        (invoice, "120.00"), TransferSum="51.00", PaymentCreditCards=cards, CashSum=None
    )

    assert office.journal_of(24, payment) == {BANK: 51, CARDS: 69, RECEIVABLES: -120}
    assert payment["PaymentCreditCards"][0]["CreditAcct"] == CARDS


def test_a_second_payment_is_refused_as_already_closed(office, invoice):
    office.pay((invoice, "120.00"), TransferSum="120.00")

    refusal = refusal_of(lambda: office.pay((invoice, "120.00"), TransferSum="120.00"))

    assert (refusal.code, refusal.status) == (-10, 400)
    assert refusal.message.endswith("[Message 3524-20]")


def test_what_is_not_applied_stays_on_account(office, invoice):
    office.pay((invoice, "120.00"), TransferSum="150.00")

    assert office.partner()["CurrentAccountBalance"] == -30


@pytest.mark.parametrize(("applied", "paid"), [("120.00", "100.00"), ("130.00", "130.00")])
def test_more_than_was_paid_or_is_open_cannot_be_applied(office, invoice, applied, paid):
    assert refusal_of(lambda: office.pay((invoice, applied), TransferSum=paid)).code == -5002
    assert office.read("Invoices", invoice)["PaidToDate"] == 0


def test_a_payment_needs_money_and_an_account(office, invoice):
    assert refusal_of(lambda: office.pay((invoice, "1"))).code == -5002
    assert refusal_of(lambda: office.pay((invoice, "1"), TransferSum="-1")).code == -5002
    wrong = {"TransferAccount": "nowhere", "TransferSum": "1"}
    assert "TrsfrAcct" in refusal_of(lambda: office.pay((invoice, "1"), **wrong)).message


def test_another_partners_invoice_cannot_be_paid(office, invoice):
    clerk.add_partner(office.company, "C2")

    refusal = refusal_of(lambda: office.pay((invoice, "1"), TransferSum="1", CardCode="C2"))

    assert "Invalid BP code" in refusal.message


def test_a_cancelled_payment_opens_the_invoice_again(office, invoice):
    payment = office.pay((invoice, "120.00"), TransferSum="120.00")

    office.act("IncomingPayments", payment, "Cancel")

    after = office.read("Invoices", invoice)
    assert (after["DocumentStatus"], after["PaidToDate"]) == ("bost_Open", 0)
    assert office.read("IncomingPayments", payment)["Cancelled"] == "tYES"
    assert office.balance(BANK) == 0
    office.pay((invoice, "120.00"), TransferSum="120.00")


def test_a_payment_is_cancelled_once(office, invoice):
    payment = office.pay((invoice, "120.00"), TransferSum="120.00")
    office.act("IncomingPayments", payment, "Cancel")

    assert refusal_of(lambda: office.act("IncomingPayments", payment, "Cancel")).status == 400


def test_a_paid_invoice_cannot_be_cancelled(office, invoice):
    office.pay((invoice, "20.00"), TransferSum="20.00")

    assert refusal_of(lambda: office.act("Invoices", invoice, "Cancel")).status == 400


def test_a_foreign_payment_closes_a_foreign_invoice(office):
    clerk.add_partner(office.company, "SE", currency="##")
    header = {"CardCode": "SE", "DocCurrency": "SEK", "DocRate": "0.1"}
    line = {"ItemCode": "A", "UnitPrice": "1000", "VatGroup": "A0"}
    invoice = office.post("Invoices", line, **header)
    rows = [{"DocEntry": invoice["DocEntry"], "AppliedFC": "1000"}]

    office.pay(TransferSum="1000", PaymentInvoices=rows, **header | {"DocRate": "0.11"})

    after = office.read("Invoices", invoice)
    assert (after["DocumentStatus"], after["PaidToDate"]) == ("bost_Close", 100)
    assert office.balance(BANK) == Decimal(110)
    assert office.unbalanced_entries() == []
