"""Down payments: asked for, paid, drawn on the invoice; in the end nobody owes anything."""

from decimal import Decimal

import pytest

from b1sim.company.refusals import Refusal

D = Decimal
RECEIVABLES, DOWN_PAYMENTS = "_SYS00000000101", "_SYS00000000212"
REVENUE, TAX = "_SYS00000000401", "_SYS00000000122"
GOODS = {"ItemCode": "B", "Quantity": 5, "UnitPrice": "20"}


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def paid(office, amount="119", **header):
    payment = office.post("DownPayments", GOODS, **header)
    pay(office, payment, amount)
    return payment


def pay(office, payment, amount):
    row = {"DocEntry": payment["DocEntry"], "InvoiceType": "it_DownPayment", "SumApplied": amount}
    body = {"CardCode": "C1", "TransferAccount": "_SYS00000000201", "TransferSum": amount}
    return office.company.create("IncomingPayments", body | {"PaymentInvoices": [row]})


def invoice(office, payment, **drawn):
    draws = [{"DocEntry": payment["DocEntry"]} | drawn]
    return office.post("Invoices", GOODS, DownPaymentsToDraw=draws)


@pytest.mark.parametrize("how", ["dptInvoice", "dptRequest"])
def test_paid_in_advance_and_drawn_whole_leaves_nothing_open(office, how):
    payment = paid(office, DownPaymentType=how)

    final = invoice(office, payment)

    assert (final["DocTotal"], final["DocumentStatus"]) == (0, "bost_Close")
    assert final["DownPaymentAmount"] == 100
    assert office.partner()["CurrentAccountBalance"] == 0
    assert office.balance(RECEIVABLES) == office.balance(DOWN_PAYMENTS) == 0
    assert (office.balance(REVENUE), office.balance(TAX)) == (-100, -19)
    assert office.read("DownPayments", payment)["DownPaymentStatus"] == "so_Closed"
    assert office.unbalanced_entries() == []


def test_a_down_payment_invoice_owes_tax_at_once_and_moves_no_goods(office):
    payment = office.post("DownPayments", GOODS, DownPaymentType="dptInvoice")

    assert (payment["DocTotal"], payment["VatSum"]) == (119, 19)
    assert office.journal_of(203, payment) == {RECEIVABLES: 119, DOWN_PAYMENTS: -100, TAX: -19}
    assert office.stock("B") == (1000, 0)


def test_a_request_is_only_paper(office):
    payment = office.post("DownPayments", GOODS, DownPaymentType="dptRequest")

    assert payment["TransNum"] is None
    assert office.partner()["CurrentAccountBalance"] == 0


@pytest.mark.parametrize(
    "drawn", [{"GrossAmountToDraw": "59.50", "IsGrossLine": "tYES"}, {"AmountToDraw": "50"}]
)
def test_a_part_is_drawn_by_its_net_or_its_gross(office, drawn):
    payment = paid(office)

    final = invoice(office, payment, **drawn)

    row = final["DownPaymentsToDraw"][0]
    assert (row["AmountToDraw"], row["Tax"]) == (50, D("9.5"))
    assert (final["DocTotal"], final["VatSum"]) == (D("59.5"), D("9.5"))
    assert office.partner()["CurrentAccountBalance"] == D("59.5")
    assert office.read("DownPayments", payment)["DownPaymentStatus"] == "so_Open"


def test_no_more_is_drawn_than_was_paid(office):
    payment = paid(office, "100")

    refusal_of(lambda: invoice(office, payment, GrossAmountToDraw="100.01"))
    invoice(office, payment, GrossAmountToDraw="60")
    refusal_of(lambda: invoice(office, payment, GrossAmountToDraw="41"))

    assert invoice(office, payment)["DownPaymentsToDraw"][0]["GrossAmountToDraw"] == 40


def test_nothing_is_drawn_of_what_asked_for_nothing(office):
    payment = office.post("DownPayments", GOODS | {"DiscountPercent": 100})

    assert refusal_of(lambda: invoice(office, payment)).code == -5002


def test_cancelling_the_invoice_gives_the_down_payment_back(office):
    payment = paid(office)
    final = invoice(office, payment)

    office.act("Invoices", final, "Cancel")

    assert invoice(office, payment)["DocTotal"] == 0
    assert office.balance(DOWN_PAYMENTS) == 0
    assert office.partner()["CurrentAccountBalance"] == 0


def test_a_down_payment_of_an_order_leaves_the_order_open(office):
    order = office.post("Orders", GOODS)

    payment = office.draw("DownPayments", 17, order, None)

    assert payment["DocTotal"] == order["DocTotal"]
    assert office.read("Orders", order)["DocumentStatus"] == "bost_Open"
    assert office.stock("B") == (1000, 5)


def test_a_percentage_asks_for_a_part_of_the_order(office):
    order = office.post("Orders", GOODS)

    payment = office.draw("DownPayments", 17, order, None, DownPaymentPercentage="30")

    assert (payment["DocTotal"], payment["VatSum"]) == (D("35.7"), D("5.7"))
    assert (payment["DownPaymentAmount"], payment["TotalDiscount"]) == (30, 0)
    assert office.journal_of(203, payment)[DOWN_PAYMENTS] == -30


def test_a_paid_down_payment_is_credited_to_be_refunded(office):
    payment = paid(office)

    memo = office.draw("CreditNotes", 203, payment, 1)

    assert (memo["DocTotal"], memo["DocumentStatus"]) == (D("23.8"), "bost_Open")
    assert office.balance(DOWN_PAYMENTS) == -80
    assert office.partner()["CurrentAccountBalance"] == D("-23.8")
    assert office.stock("B") == (1000, 0)
    assert invoice(office, payment)["DocTotal"] == D("23.8")


def test_another_partners_down_payment_cannot_be_drawn(office):
    refusal = refusal_of(
        lambda: office.post("Invoices", GOODS, DownPaymentsToDraw=[{"DocEntry": 99}])
    )

    assert "[INV9.BaseAbs]" in refusal.message


# -- installments ----------------------------------------------------------------------------------
def test_an_invoice_is_due_in_one_installment_unless_the_terms_say_more(office):
    terms = {"GroupNumber": 9, "PaymentTermsGroupName": "3 x", "NumberOfInstallments": 3}
    office.company.create("PaymentTermsTypes", terms)

    one = office.post("Invoices", GOODS)
    three = office.post("Invoices", GOODS, PaymentGroupCode=9)

    assert [row["Total"] for row in one["DocumentInstallments"]] == [119]
    rows = three["DocumentInstallments"]
    assert [row["Total"] for row in rows] == [D("39.67"), D("39.67"), D("39.66")]
    assert [str(row["DueDate"]) for row in rows] == ["2026-11-20", "2026-12-20", "2027-01-20"]


def test_sent_installments_must_be_the_whole(office):
    half = {"DueDate": "2026-12-01", "Percentage": 50}

    whole = office.post("Invoices", GOODS, DocumentInstallments=[half, half])

    assert [row["Total"] for row in whole["DocumentInstallments"]] == [D("59.5"), D("59.5")]
    refusal_of(lambda: office.post("Invoices", GOODS, DocumentInstallments=[half]))


def test_references_are_kept_as_sent(office):
    sent = [{"RefDocEntr": 7, "RefObjType": "rot_SalesOrder", "Remark": "web order"}]

    order = office.post("Orders", GOODS, DocumentReferences=sent)

    assert order["DocumentReferences"][0]["Remark"] == "web order"


def test_what_an_invoice_drew_cannot_be_paid_back_by_cancelling_the_payment(office):
    payment = office.post("DownPayments", GOODS)
    receipt = pay(office, payment, "119")
    invoice(office, payment, GrossAmountToDraw="50")

    refusal_of(lambda: office.act("IncomingPayments", receipt, "Cancel"))

    assert office.read("DownPayments", payment)["PaidToDate"] == 119
