"""What was paid in advance in a foreign currency is drawn in that currency."""

from decimal import Decimal

import pytest

from b1sim.company.refusals import Refusal

D = Decimal
RECEIVABLES, DOWN_PAYMENTS = "_SYS00000000101", "_SYS00000000212"
REVENUE, TAX, DIFFERENCES = "_SYS00000000401", "_SYS00000000121", "_SYS00000000591"
GOODS = {"ItemCode": "A", "Quantity": 1, "UnitPrice": "1000"}
THEN, NOW = {"DocCurrency": "SEK", "DocRate": "0.1"}, {"DocCurrency": "SEK", "DocRate": "0.09"}


@pytest.fixture
def abroad(office):
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"Currency": "##"})
    return office


def paid(office, **header):
    payment = office.post("DownPayments", GOODS, **THEN, **header)
    row = {"DocEntry": payment["DocEntry"], "InvoiceType": "it_DownPayment"}
    body = {"CardCode": "C1", "TransferAccount": "_SYS00000000201", "TransferSum": "1200"}
    office.company.create("IncomingPayments", body | THEN | {"PaymentInvoices": [row]})
    return payment


def invoice(office, payment, header, **drawn):
    draws = [{"DocEntry": payment["DocEntry"]} | drawn]
    return office.post("Invoices", GOODS, DownPaymentsToDraw=draws, **header)


def test_drawn_whole_at_another_rate_leaves_nothing_open(abroad):
    payment = paid(abroad)

    final = invoice(abroad, payment, NOW)

    assert (final["DocTotal"], final["DocTotalFc"]) == (0, 0)
    assert final["DocumentStatus"] == "bost_Close"
    assert abroad.partner()["CurrentAccountBalance"] == 0
    assert abroad.balance(RECEIVABLES) == abroad.balance(DOWN_PAYMENTS) == 0
    assert (abroad.balance(REVENUE), abroad.balance(DIFFERENCES)) == (-90, -12)
    assert abroad.read("DownPayments", payment)["DownPaymentStatus"] == "so_Closed"
    assert abroad.unbalanced_entries() == []


@pytest.mark.parametrize("drawn", [{"GrossAmountToDrawFC": "600"}, {"AmountToDrawFC": "500"}])
def test_a_part_is_drawn_in_the_currency_it_was_paid_in(abroad, drawn):
    payment = paid(abroad)

    final = invoice(abroad, payment, NOW, **drawn)

    row = final["DownPaymentsToDraw"][0]
    assert (row["GrossAmountToDrawFC"], row["TaxFC"]) == (600, 100)
    assert (row["GrossAmountToDraw"], row["Tax"]) == (60, 10)
    assert (final["DocTotalFc"], final["DocTotal"], final["VatSumFc"]) == (600, 54, 100)
    assert abroad.partner()["CurrentAccountBalance"] == 54
    assert abroad.unbalanced_entries() == []


def test_cancelling_gives_what_was_drawn_back(abroad):
    payment = paid(abroad)
    final = invoice(abroad, payment, NOW, GrossAmountToDrawFC="600")

    abroad.act("Invoices", final, "Cancel")

    again = invoice(abroad, payment, NOW)
    assert again["DownPaymentsToDraw"][0]["GrossAmountToDrawFC"] == 1200
    assert abroad.balance(DOWN_PAYMENTS) == abroad.partner()["CurrentAccountBalance"] == 0


def test_no_more_is_drawn_than_was_paid(abroad):
    payment = paid(abroad)

    with pytest.raises(Refusal) as caught:
        invoice(abroad, payment, NOW, GrossAmountToDrawFC="1200.01")

    assert caught.value.code == -5002


@pytest.mark.parametrize(
    ("header", "drawn_by"), [({}, {}), ({"DownPaymentType": "dptRequest"}, NOW)]
)
def test_other_ways_are_not_simulated(abroad, header, drawn_by):
    payment = paid(abroad, **header)

    with pytest.raises(Refusal) as caught:
        invoice(abroad, payment, drawn_by)

    assert caught.value.status == 501
