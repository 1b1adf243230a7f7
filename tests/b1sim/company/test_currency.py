"""Foreign currency: rates of the day or of the document, home amounts, what a moved rate books."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

BANK, DIFFERENCES, RECEIVABLES = "_SYS00000000201", "_SYS00000000591", "_SYS00000000101"


@pytest.fixture
def swede(office):
    clerk.add_partner(office.company, "SE", currency="##")
    return office


def invoice_of(office, total, **header):
    line = {"ItemCode": "A", "UnitPrice": total, "VatGroup": "A0"}
    body = {"CardCode": "SE", "DocCurrency": "SEK"} | header
    return office.post("Invoices", line, **body)


def pay(office, invoice, currency, money, **header):
    applied = {"AppliedFC": money} if currency == "SEK" else {"SumApplied": money}
    rows = [{"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice"} | applied]
    body = {"CardCode": "SE", "DocCurrency": currency, "TransferSum": money} | header
    return office.pay(**body, PaymentInvoices=rows)


def test_the_rate_decides_what_an_invoice_over_1150_crowns_is_worth(swede):
    """SAP's daily 11.60, the shop's rate at six and at four decimals: correctness-rules 3.10."""
    day = {"SEK at 11.60": "0.086207", "six decimals": "0.086957", "four decimals": "0.0870"}
    worth = {
        name: invoice_of(swede, "1150.00", DocRate=rate)["DocTotal"] for name, rate in day.items()
    }

    expected = {"SEK at 11.60": "99.14", "six decimals": "100.00", "four decimals": "100.05"}
    assert worth == {name: Decimal(total) for name, total in expected.items()}


def test_without_a_rate_of_its_own_a_document_takes_that_of_the_day(swede):
    clerk.set_rate(swede.company, "SEK", "2026-11-20", "0.086207")

    invoice = invoice_of(swede, "1150.00")

    assert (invoice["DocTotal"], invoice["DocTotalFc"]) == (Decimal("99.14"), 1150)


def test_a_day_without_a_rate_takes_no_foreign_document(swede):
    with pytest.raises(Refusal) as caught:
        invoice_of(swede, "1150.00", DocDate="2020-01-02", DocDueDate="2020-01-02")

    assert caught.value.status == 400


def test_home_money_for_a_foreign_invoice_leaves_the_difference_open_for_ever(swede):
    invoice = invoice_of(swede, "1150.00", DocRate="0.086207")
    rows = [{"DocEntry": invoice["DocEntry"], "SumApplied": "99.14"}]

    swede.pay(CardCode="SE", TransferSum="100.00", PaymentInvoices=rows)

    after = swede.read("Invoices", invoice)
    assert (after["DocumentStatus"], after["PaidToDateFC"]) == ("bost_Close", 1150)
    assert swede.partner("SE")["CurrentAccountBalance"] == Decimal("-0.86")


def test_a_rate_that_rose_until_the_payment_is_a_gain(swede):
    invoice = invoice_of(swede, "1000.00", DocRate="0.1")

    payment = pay(swede, invoice, "SEK", "1000.00", DocRate="0.11")

    assert swede.journal_of(24, payment) == {BANK: 110, RECEIVABLES: -100, DIFFERENCES: -10}
    assert swede.partner("SE")["CurrentAccountBalance"] == 0


def test_a_rate_that_fell_is_a_loss_and_the_rest_is_on_account_at_the_payments_rate(swede):
    invoice = invoice_of(swede, "1000.00", DocRate="0.1")

    payment = pay(swede, invoice, "SEK", "1000.00", DocRate="0.09", TransferSum="1100.00")

    assert swede.journal_of(24, payment) == {BANK: 99, RECEIVABLES: -109, DIFFERENCES: 10}
    assert swede.partner("SE")["CurrentAccountBalance"] == -9


def test_a_company_may_leave_the_difference_on_the_partner(swede):
    clerk.change_settings(swede.company, book_exchange_differences=False)
    invoice = invoice_of(swede, "1000.00", DocRate="0.1")

    pay(swede, invoice, "SEK", "1000.00", DocRate="0.11")

    assert swede.partner("SE")["CurrentAccountBalance"] == -10
    assert swede.balance(DIFFERENCES) == 0


def test_part_payments_close_a_foreign_invoice_without_a_cent_left(swede):
    invoice = invoice_of(swede, "100.00", DocRate="0.086957")

    for part in ("33.33", "33.33", "33.34"):
        pay(swede, invoice, "SEK", part, DocRate="0.086957")

    after = swede.read("Invoices", invoice)
    assert (after["DocumentStatus"], after["PaidToDate"]) == ("bost_Close", after["DocTotal"])
    assert swede.partner("SE")["CurrentAccountBalance"] == 0
    assert swede.unbalanced_entries() == []


def test_a_cancelled_foreign_payment_opens_both_amounts_again(swede):
    invoice = invoice_of(swede, "1000.00", DocRate="0.1")
    payment = pay(swede, invoice, "SEK", "400.00", DocRate="0.11")

    swede.act("IncomingPayments", payment, "Cancel")

    after = swede.read("Invoices", invoice)
    assert (after["PaidToDate"], after["PaidToDateFC"]) == (0, 0)
    assert swede.partner("SE")["CurrentAccountBalance"] == 100
    assert swede.balance(DIFFERENCES) == 0


def test_crowns_may_pay_an_invoice_in_home_money(swede):
    invoice = invoice_of(swede, "50.00", DocCurrency="EUR")
    rows = [{"DocEntry": invoice["DocEntry"], "SumApplied": "50.00"}]
    body = {"CardCode": "SE", "DocCurrency": "SEK", "DocRate": "0.1", "TransferSum": "500"}

    swede.pay(**body, PaymentInvoices=rows)

    assert swede.read("Invoices", invoice)["DocumentStatus"] == "bost_Close"
    assert swede.partner("SE")["CurrentAccountBalance"] == 0
