"""Money in: invoices close, the rest stays on account, cancelling opens them again."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal
from b1sim.company.shape.model import ENTITY_SETS
from b1sim.odata.reading.conditions import compile_filter

BANK, CARDS, CASH, RECEIVABLES, PAYABLES, CHEQUES, FEES = (
    "_SYS00000000201",
    "_SYS00000000203",
    "_SYS00000000202",
    "_SYS00000000101",
    "_SYS00000000102",
    "_SYS00000000208",
    "_SYS00000000521",
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


def test_cheques_go_to_the_account_for_cheques(office, invoice):
    cheques = [{"CheckSum": "70", "CheckNumber": 12, "BankCode": "B1", "DueDate": "2026-12-24"}]

    payment = office.pay((invoice, "120.00"), PaymentChecks=cheques, CashAccount=CASH, CashSum="50")

    assert office.journal_of(24, payment) == {CHEQUES: 70, CASH: 50, RECEIVABLES: -120}
    assert payment["PaymentChecks"][0]["CheckAccount"] == CHEQUES


def test_several_invoices_and_the_rest_on_account(office, invoice):
    other = office.post("Invoices", {"ItemCode": "A", "Quantity": 1, "UnitPrice": "10"})

    payment = office.pay((invoice, "120.00"), (other, "5.00"), TransferSum="130.00")

    assert office.read("Invoices", invoice)["DocumentStatus"] == "bost_Close"
    assert office.read("Invoices", other)["PaidToDate"] == 5
    assert [row["SumApplied"] for row in payment["PaymentInvoices"]] == [120, 5]
    assert open_rows(office) == {"13": 7, "24": -5}


def test_money_straight_to_accounts(office):
    accounts = [{"AccountCode": FEES, "SumPaid": "3"}, {"AccountCode": CARDS, "SumPaid": "7"}]
    body = {"DocType": "rAccount", "TransferAccount": BANK, "TransferSum": "10"}

    payment = office.company.create("IncomingPayments", body | {"PaymentAccounts": accounts})

    assert (payment["CardCode"], payment["DocType"]) == (None, "rAccount")
    assert office.journal_of(24, payment) == {BANK: 10, FEES: -3, CARDS: -7}
    short = body | {"TransferSum": "11", "PaymentAccounts": accounts}
    assert refusal_of(lambda: office.company.create("IncomingPayments", short)).code == -5002
    direct = body | {"PaymentAccounts": [{"AccountCode": RECEIVABLES, "SumPaid": "10"}]}
    assert (
        "Control" in refusal_of(lambda: office.company.create("IncomingPayments", direct)).message
    )


def test_a_customer_is_refunded_what_lay_on_account(office, invoice):
    payment = office.pay((invoice, "120.00"), TransferSum="150.00")
    rows = [{"DocEntry": payment["DocEntry"], "InvoiceType": "it_Receipt"}]
    body = {"CardCode": "C1", "DocType": "rCustomer", "PaymentInvoices": rows}

    refund = office.company.create(
        "VendorPayments", body | {"TransferAccount": BANK, "TransferSum": "30.00"}
    )

    assert office.journal_of(46, refund) == {BANK: -30, RECEIVABLES: 30}
    assert office.partner()["CurrentAccountBalance"] == 0
    assert open_rows(office) == {}
    assert refusal_of(lambda: office.act("IncomingPayments", payment, "Cancel")).status == 400
    office.act("VendorPayments", refund, "Cancel")
    assert office.partner()["CurrentAccountBalance"] == -30
    office.act("IncomingPayments", payment, "Cancel")
    assert office.read("Invoices", invoice)["DocumentStatus"] == "bost_Open"


def test_a_supplier_is_paid_for_a_journal_entry(office):
    clerk.add_partner(office.company, "V1", kind="cSupplier")
    rows = [{"ShortName": "V1", "Credit": "80"}, {"AccountCode": FEES, "Debit": "80"}]
    entry = office.company.create("JournalEntries", {"JournalEntryLines": rows})
    assert entry["JournalEntryLines"][0]["AccountCode"] == PAYABLES
    settled = [{"DocEntry": entry["JdtNum"], "InvoiceType": "it_JournalEntry", "SumApplied": "50"}]
    body = {"CardCode": "V1", "PaymentInvoices": settled}

    payment = office.company.create(
        "VendorPayments", body | {"TransferAccount": BANK, "TransferSum": "50"}
    )

    assert (payment["DocType"], payment["DocObjectCode"]) == ("rSupplier", "bopot_OutgoingPayments")
    assert payment["PaymentInvoices"][0]["DocLine"] == 0
    assert office.partner("V1")["CurrentAccountBalance"] == -30
    assert open_rows(office) == {"30": -30 + 80}


def test_what_the_partner_owes_and_is_owed_are_set_against_each_other(office, invoice):
    rows = [{"ShortName": "C1", "Credit": "20"}, {"AccountCode": FEES, "Debit": "20"}]
    entry = office.company.create("JournalEntries", {"JournalEntryLines": rows})
    settled = [
        {"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice"},
        {"DocEntry": entry["JdtNum"], "InvoiceType": "it_JournalEntry", "SumApplied": "-20"},
    ]

    office.pay(TransferSum="100", PaymentInvoices=settled)

    assert office.read("Invoices", invoice)["DocumentStatus"] == "bost_Close"
    assert office.partner()["CurrentAccountBalance"] == 0


def test_cash_flow_rows_are_kept(office, invoice):
    flows = [{"AmountLC": "120", "PaymentMeans": "pmtBankTransfer", "CashFlowLineItemID": 3}]

    payment = office.pay((invoice, "120.00"), TransferSum="120.00", CashFlowAssignments=flows)

    assert payment["CashFlowAssignments"][0]["AmountLC"] == 120


def test_what_is_not_booked_is_refused_not_forgotten(office, invoice):
    charged = {"TransferSum": "120.00", "BankChargeAmount": "2.00"}
    assert refusal_of(lambda: office.pay((invoice, "120.00"), **charged)).status == 501
    rows = [{"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice", "DiscountPercent": 2}]
    discounted = {"TransferSum": "120.00", "PaymentInvoices": rows}
    assert refusal_of(lambda: office.pay(**discounted)).status == 501


def test_a_payment_of_what_a_payment_cannot_name(office):
    rows = [{"DocEntry": 1, "InvoiceType": "it_Deposit"}]
    assert refusal_of(lambda: office.pay(TransferSum="1", PaymentInvoices=rows)).status == 501
    for kind in ("it_Invoice", "it_JournalEntry", "it_Receipt"):
        rows = [{"DocEntry": 999, "InvoiceType": kind}]
        refusal = refusal_of(lambda rows=rows: office.pay(TransferSum="1", PaymentInvoices=rows))
        assert refusal.code == -2028


def test_an_installment_is_paid_by_itself(office):
    plan = [
        {"DueDate": "2026-12-01", "Percentage": "25"},
        {"DueDate": "2027-01-01", "Percentage": "75"},
    ]
    line = {"ItemCode": "A", "Quantity": 10, "UnitPrice": "10"}
    invoice = office.post("Invoices", line, DocumentInstallments=plan)
    named = {"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice"}

    def pay(number, money):
        rows = [named | {"InstallmentId": number, "SumApplied": money}]
        return office.pay(TransferSum=money, PaymentInvoices=rows)

    assert refusal_of(lambda: pay(1, "31")).code == -5002
    assert refusal_of(lambda: pay(3, "1")).code == -5002
    second = pay(2, "90")
    assert refusal_of(lambda: pay(2, "1")).code == -10
    pay(1, "30")
    assert office.read("Invoices", invoice)["DocumentStatus"] == "bost_Close"
    office.act("IncomingPayments", second, "Cancel")
    pay(2, "90")
    assert office.partner()["CurrentAccountBalance"] == 0


def test_a_credit_note_is_paid_out(office):
    credit = office.post("CreditNotes", {"ItemCode": "A", "Quantity": 1, "UnitPrice": "10"})
    rows = [{"DocEntry": credit["DocEntry"], "InvoiceType": "it_CredItnote"}]
    money = {"CardCode": "C1", "CashAccount": CASH, "CashSum": "12"}

    refund = office.company.create("VendorPayments", money | {"PaymentInvoices": rows})

    assert office.journal_of(46, refund) == {CASH: -12, RECEIVABLES: 12}
    assert office.read("CreditNotes", credit)["DocumentStatus"] == "bost_Close"
    assert office.partner()["CurrentAccountBalance"] == 0


def test_a_draft_settles_nothing_until_it_is_posted(office, invoice):
    rows = [{"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice", "SumApplied": "120"}]
    body = {"CardCode": "C1", "TransferAccount": BANK, "TransferSum": "120", "Remarks": "shop/1"}
    flows = [{"AmountLC": "120", "PaymentMeans": "pmtBankTransfer"}]
    body |= {"PaymentInvoices": rows, "CashFlowAssignments": flows}
    draft = office.company.create("PaymentDrafts", body)
    other = office.company.create("PaymentDrafts", body)

    assert office.read("Invoices", invoice)["PaidToDate"] == 0
    office.act("PaymentDrafts", draft, "SaveDraftToDocument")
    office.company.delete("PaymentDrafts", {"DocEntry": other["DocEntry"]})

    payment = office.company.query("IncomingPayments")[0]
    assert (payment["Remarks"], payment["TransferSum"]) == ("shop/1", 120)
    assert payment["CashFlowAssignments"][0]["AmountLC"] == 120
    assert office.read("Invoices", invoice)["DocumentStatus"] == "bost_Close"
    assert office.company.count("PaymentDrafts") == 0


def test_a_draft_of_money_going_out_says_so(office):
    body = {"CardCode": "C1", "CashAccount": CASH, "CashSum": "5"}
    draft = office.company.create(
        "PaymentDrafts", body | {"DocObjectCode": "bopot_OutgoingPayments"}
    )

    office.act("PaymentDrafts", draft, "SaveDraftToDocument")

    assert office.company.count("VendorPayments") == 1


def test_a_payment_that_was_drawn_is_not_cancelled_before_the_invoice(office):
    line = {"ItemCode": "A", "Quantity": 1, "UnitPrice": "10"}
    request = office.post("DownPayments", line, DownPaymentType="dptRequest")
    rows = [{"DocEntry": request["DocEntry"], "InvoiceType": "it_DownPayment"}]
    payment = office.pay(TransferSum="12", PaymentInvoices=rows)
    draws = [{"DocEntry": request["DocEntry"], "GrossAmountToDraw": "12"}]
    invoice = office.post("Invoices", line | {"Quantity": 2}, DownPaymentsToDraw=draws)

    assert refusal_of(lambda: office.act("IncomingPayments", payment, "Cancel")).status == 400
    office.act("Invoices", invoice, "Cancel")
    office.act("IncomingPayments", payment, "Cancel")

    assert office.partner()["CurrentAccountBalance"] == 0


def test_a_payment_is_found_by_the_beginning_of_its_remarks_without_reading_all(office):
    where = compile_filter(ENTITY_SETS["IncomingPayments"], "startswith(Remarks,'shop/7')")

    sql = f"EXPLAIN QUERY PLAN SELECT DocEntry FROM ORCT WHERE {where.sql}"  # noqa: S608 - own text
    plan = office.company.db.execute(sql, where.params).fetchall()

    assert "ORCT_REMARKS" in plan[0][3]


def open_rows(office):
    """Return what is open of the ledger by the type of its cause."""
    sql = """SELECT TransType, SUM(BalDueDeb - BalDueCred) FROM JDT1
        JOIN OJDT ON OJDT.TransId = JDT1.TransId WHERE TransType IN ('13', '24', '30', '46')
        AND (ShortName IN ('C1', 'V1') OR TransType = '30')
        GROUP BY 1 HAVING SUM(BalDueDeb - BalDueCred) <> 0"""
    return dict(office.company.db.execute(sql).fetchall())
