"""The whole chain: quotation, order, delivery, return, invoice, credit note, and purchases."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

D = Decimal
STOCK, COGS, REVENUE = "_SYS00000000111", "_SYS00000000501", "_SYS00000000401"
TAX, RECEIVED = "_SYS00000000121", "_SYS00000000115"
LINES = ({"ItemCode": "A", "Quantity": 10}, {"ItemCode": "C", "Quantity": 2})


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def statuses(document):
    return document["DocumentStatus"], [row["LineStatus"] for row in document["DocumentLines"]]


def test_a_quotation_becomes_an_order_a_delivery_an_invoice_and_a_credit_note(office):
    quotation = office.post("Quotations", *LINES)
    order = office.draw("Orders", 23, quotation, None, None)
    delivery = office.draw("DeliveryNotes", 17, order, None, None)
    invoice = office.draw("Invoices", 15, delivery, None, None)
    memo = office.draw("CreditNotes", 13, invoice, None, None)

    assert {d["DocTotal"] for d in (quotation, order, delivery, invoice, memo)} == {D(144)}
    for name, document in (("Quotations", quotation), ("Orders", order), ("Invoices", invoice)):
        assert office.read(name, document)["DocumentStatus"] == "bost_Close"
    assert office.stock("A") == (1000, 0)
    assert office.partner()["CurrentAccountBalance"] == 0
    assert office.balance(REVENUE) == office.balance(COGS) == office.balance(TAX) == 0


def test_the_clerk_delivers_what_is_open_of_an_order(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, 4, None)

    entry = clerk.deliver(office.company, order["DocEntry"], tracking="T1")

    made = office.company.read("DeliveryNotes", {"DocEntry": entry})
    assert [row["Quantity"] for row in made["DocumentLines"]] == [6]
    assert made["TrackingNumber"] == "T1"
    assert office.read("Orders", order)["DocumentStatus"] == "bost_Close"


def test_a_quotation_promises_nothing_and_needs_no_due_date(office):
    quotation = office.post("Quotations", *LINES)

    assert quotation["DocDueDate"] is not None
    assert office.stock("A") == (1000, 0)
    assert office.partner()["OpenOrdersBalance"] == 0


@pytest.mark.parametrize(("name", "allowed"), [("Quotations", True), ("Returns", False)])
def test_a_lead_gets_quotations_and_no_goods(office, name, allowed):
    clerk.add_partner(office.company, "L1", kind="cLid")
    if allowed:
        assert office.post(name, *LINES, CardCode="L1")["DocEntry"] == 1
    else:
        refusal = refusal_of(lambda: office.post(name, *LINES, CardCode="L1"))
        assert "[ORDN.CardCode]" in refusal.message


def test_an_order_drawn_from_a_quotation_may_still_be_changed(office):
    quotation = office.post("Quotations", *LINES)
    order = office.draw("Orders", 23, quotation, None, None)
    change = {"DocumentLines": [{"LineNum": 0, "Quantity": 4}]}

    office.company.patch("Orders", {"DocEntry": order["DocEntry"]}, change)

    row = office.read("Orders", order)["DocumentLines"][0]
    assert (row["Quantity"], row["BaseType"], row["BaseEntry"]) == (4, 23, quotation["DocEntry"])
    assert office.stock("A") == (1000, 4)


def test_the_header_follows_the_base_unless_it_says_otherwise(office):
    order = office.post("Orders", *LINES, DiscountPercent="10", SalesPersonCode=2, Comments="x")

    same = office.draw("Invoices", 17, order, 5, None)
    other = office.draw("Invoices", 17, order, 5, DiscountPercent="0")

    assert (same["DiscountPercent"], same["SalesPersonCode"]) == (10, 2)
    assert same["DocTotal"] == D("75.6")
    assert (other["DiscountPercent"], other["DocTotal"]) == (0, 60)


def test_a_document_follows_the_currency_of_its_base(office):
    clerk.add_partner(office.company, "SE", currency="##")
    clerk.set_rate(office.company, "SEK", "2026-11-20", "0.1")
    order = office.post("Orders", *LINES, CardCode="SE", DocCurrency="SEK")

    invoice = office.draw("Invoices", 17, order, None, None, CardCode="SE")

    assert (invoice["DocCurrency"], invoice["DocTotalFc"]) == ("SEK", order["DocTotalFc"])


def test_a_service_row_cannot_be_drawn_from_an_item_row(office):
    order = office.post("Orders", *LINES)

    refusal = refusal_of(
        lambda: office.draw("Invoices", 17, order, None, DocType="dDocument_Service")
    )

    assert (refusal.code, refusal.message[:9]) == (-5002, "234103405")


@pytest.mark.parametrize(
    ("target", "base_type", "base"),
    [("Orders", 13, "Invoices"), ("Returns", 13, "Invoices"), ("CreditNotes", 17, "Orders")],
)
def test_a_kind_is_not_drawn_from_just_any_other(office, target, base_type, base):
    document = office.post(base, *LINES)

    assert refusal_of(lambda: office.draw(target, base_type, document, None)).code == -5002


# -- returns ---------------------------------------------------------------------------------------
def test_a_return_brings_goods_back_at_the_cost_they_left_at(office):
    delivery = office.post("DeliveryNotes", {"ItemCode": "A", "Quantity": 10})
    clerk.receive_stock(office.company, "A", "10", cost="104")

    returned = office.draw("Returns", 15, delivery, 4)

    assert office.journal_of(16, returned) == {STOCK: 16, COGS: -16}
    after = office.read("DeliveryNotes", delivery)
    assert after["DocumentLines"][0]["RemainingOpenQuantity"] == 6
    assert after["DocumentStatus"] == "bost_Open"
    assert office.partner()["OpenDeliveryNotesBalance"] == 72


def test_goods_that_a_return_brought_back_do_not_come_back_again_with_its_credit_note(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10})
    returned = office.post("Returns", {"ItemCode": "A", "Quantity": 10})

    memo = office.draw("CreditNotes", 16, returned, None)

    assert office.stock("A") == (1000, 0)
    assert office.read("Returns", returned)["DocumentStatus"] == "bost_Close"
    assert memo["DocumentStatus"] == "bost_Open"
    assert office.read("Invoices", invoice)["PaidToDate"] == 0
    assert office.partner()["CurrentAccountBalance"] == 0


def test_a_return_request_moves_nothing_until_the_return(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10})
    office.pay((invoice, "120"), TransferSum="120")

    asked = office.draw("ReturnRequest", 13, invoice, 3)
    before = office.stock("A")
    office.draw("Returns", 234000031, asked, None)

    assert (before, office.stock("A")) == ((990, 0), (993, 0))
    assert office.read("ReturnRequest", asked)["DocumentStatus"] == "bost_Close"


# -- credit notes ----------------------------------------------------------------------------------
def test_a_credit_note_is_set_off_against_its_open_invoice(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10})

    memo = office.draw("CreditNotes", 13, invoice, 4)

    after = office.read("Invoices", invoice)
    assert (after["PaidToDate"], after["DocumentStatus"]) == (48, "bost_Open")
    assert after["DocumentLines"][0]["RemainingOpenQuantity"] == 6
    assert (memo["PaidToDate"], memo["DocumentStatus"]) == (48, "bost_Close")
    assert office.stock("A") == (994, 0)
    assert office.partner()["CurrentAccountBalance"] == 72
    assert office.journal_of(14, memo)[STOCK] == 16


def test_a_credit_note_beyond_what_is_open_keeps_the_rest_for_the_customer(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10})
    office.pay((invoice, "100"), TransferSum="100")

    memo = office.draw("CreditNotes", 13, invoice, None)

    assert office.read("Invoices", invoice)["DocumentStatus"] == "bost_Close"
    assert (memo["PaidToDate"], memo["DocumentStatus"]) == (20, "bost_Open")
    assert office.partner()["CurrentAccountBalance"] == -100


def test_a_paid_invoice_cannot_be_credited_whatever_its_rows_say(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10})
    office.pay((invoice, "120"), TransferSum="120")

    refusal = refusal_of(lambda: office.draw("CreditNotes", 13, invoice, 1))

    assert office.read("Invoices", invoice)["DocumentLines"][0]["RemainingOpenQuantity"] == 10
    assert refusal.message == "One of the base documents has already been closed "


def test_a_credit_note_without_inventory_movement_returns_value_only(office):
    invoice = office.post("Invoices", {"ItemCode": "B", "Quantity": 3, "UnitPrice": "20"})
    row = {"BaseType": 13, "BaseEntry": invoice["DocEntry"], "BaseLine": 0, "Quantity": 1}

    memo = office.post("CreditNotes", row | {"WithoutInventoryMovement": "tYES"})

    assert (memo["DocTotal"], memo["VatSum"]) == (D("23.8"), D("3.8"))
    assert office.stock("B") == (997, 0)
    assert office.read("Invoices", invoice)["PaidToDate"] == D("23.8")


def test_an_amount_only_credit_note_is_a_service_row(office):
    row = {"AccountCode": REVENUE, "ItemDescription": "Goodwill", "VatGroup": "A19"}

    memo = office.post("CreditNotes", row | {"GrossTotal": "10.00"}, DocType="dDocument_Service")

    assert (memo["DocTotal"], memo["VatSum"]) == (10, D("1.6"))
    assert office.partner()["CurrentAccountBalance"] == -10


def test_cancelling_a_credit_note_opens_its_invoice_again(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10})
    memo = office.draw("CreditNotes", 13, invoice, None)

    mirror = office.act("CreditNotes", memo, "CreateCancellationDocument")

    after = office.read("Invoices", invoice)
    assert mirror["CancelStatus"] == "csCancellation"
    assert (after["DocumentStatus"], after["PaidToDate"]) == ("bost_Open", 0)
    assert after["DocumentLines"][0]["RemainingOpenQuantity"] == 10
    assert office.stock("A") == (990, 0)
    assert office.partner()["CurrentAccountBalance"] == 120
    assert office.unbalanced_entries() == []


def test_an_invoice_with_a_credit_note_cannot_be_cancelled(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10})
    office.draw("CreditNotes", 13, invoice, 4)

    assert refusal_of(lambda: office.act("Invoices", invoice, "Cancel")).code == -5006


# -- reserve invoices ------------------------------------------------------------------------------
def test_a_reserve_invoice_is_paid_first_and_delivered_later(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10}, ReserveInvoice="tYES")
    reserved = office.stock("A")
    office.pay((invoice, "120"), TransferSum="120")

    office.draw("DeliveryNotes", 13, invoice, None)

    after = office.read("Invoices", invoice)
    assert (reserved, office.stock("A")) == ((1000, 10), (990, 0))
    assert statuses(after) == ("bost_Close", ["bost_Close"])
    assert office.partner()["CurrentAccountBalance"] == 0


def test_crediting_a_reserve_invoice_first_takes_back_what_was_not_delivered(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 10}, ReserveInvoice="tYES")
    office.draw("DeliveryNotes", 13, invoice, 4)

    office.draw("CreditNotes", 13, invoice, 8)

    assert office.stock("A") == (998, 0)
    after = office.read("Invoices", invoice)
    assert (after["PaidToDate"], after["DocumentStatus"]) == (96, "bost_Open")


# -- closing, opening again ------------------------------------------------------------------------
def test_a_closed_order_opens_again_with_what_was_left(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, 4, None)
    office.act("Orders", order, "Close")

    office.act("Orders", order, "Reopen")

    assert statuses(office.read("Orders", order)) == ("bost_Open", ["bost_Open", "bost_Close"])
    assert office.stock("A") == (996, 6)
    assert office.partner()["OpenOrdersBalance"] == 72


def test_a_purchase_order_that_opens_again_expects_its_goods_again(office):
    clerk.add_partner(office.company, "V1", kind="cSupplier")
    order = office.post("PurchaseOrders", *LINES, CardCode="V1")
    expected = office.company.read("Items", {"ItemCode": "A"})["QuantityOrderedFromVendors"]
    office.act("PurchaseOrders", order, "Close")

    office.act("PurchaseOrders", order, "Reopen")

    item = office.company.read("Items", {"ItemCode": "A"})
    assert item["QuantityOrderedFromVendors"] == expected > 0


@pytest.mark.parametrize("action", ["Reopen", "Close"])
def test_an_invoice_is_neither_closed_nor_opened_by_hand(office, action):
    invoice = office.post("Invoices", *LINES)

    assert refusal_of(lambda: office.act("Invoices", invoice, action)).code == -5006


def test_an_invoice_over_nothing_closes_at_once(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "UnitPrice": "5", "DiscountPercent": 100})

    assert statuses(invoice) == ("bost_Close", ["bost_Close"])


def test_a_cancelled_order_gives_its_quotation_back(office):
    quotation = office.post("Quotations", *LINES)
    order = office.draw("Orders", 23, quotation, None, None)

    office.act("Orders", order, "Cancel")

    assert statuses(office.read("Quotations", quotation)) == ("bost_Open", ["bost_Open"] * 2)


# -- purchases -------------------------------------------------------------------------------------
def test_goods_are_ordered_received_and_invoiced(office):
    clerk.add_partner(office.company, "V1", kind="cSupplier")
    rows = {"ItemCode": "A", "Quantity": 1000, "UnitPrice": "6"}
    order = office.post("PurchaseOrders", rows, CardCode="V1")
    receipt = office.draw("PurchaseDeliveryNotes", 22, order, None, CardCode="V1")
    waiting = office.balance(RECEIVED)
    invoice = office.draw("PurchaseInvoices", 20, receipt, None, CardCode="V1")

    assert office.read("PurchaseOrders", order)["DocumentStatus"] == "bost_Close"
    assert office.journal_of(20, receipt) == {STOCK: 6000, RECEIVED: -6000}
    assert office.balance(RECEIVED) == waiting + 6000
    assert invoice["DocumentLines"][0]["VatGroup"] == "V20"
    assert office.partner("V1")["CurrentAccountBalance"] == -7200
    assert office.stock("A") == (2000, 0)
    item = office.company.read("Items", {"ItemCode": "A"})
    assert item["AvgStdPrice"] == 5


def test_a_supplier_invoice_without_a_receipt_brings_the_goods_itself(office):
    clerk.add_partner(office.company, "V1", kind="cSupplier")

    invoice = office.post("PurchaseInvoices", {"ItemCode": "A", "UnitPrice": "6"}, CardCode="V1")

    assert office.journal_of(18, invoice)[STOCK] == 6
    assert office.stock("A") == (1001, 0)


# -- freight ---------------------------------------------------------------------------------------
FREIGHT = [{"ExpenseCode": 1, "LineTotal": "8.29", "VatGroup": "A20"}]


def test_freight_of_the_base_is_the_callers_to_name(office):
    order = office.post("Orders", *LINES, DocumentAdditionalExpenses=FREIGHT)
    linked = [{"BaseDocType": 17, "BaseDocEntry": order["DocEntry"], "BaseDocLine": 0}]

    without = office.draw("Invoices", 17, order, 1)
    with_it = office.draw("Invoices", 17, order, 1, DocumentAdditionalExpenses=linked)

    assert without["DocumentAdditionalExpenses"] == []
    assert with_it["DocumentAdditionalExpenses"][0]["LineTotal"] == D("8.29")


def test_freight_is_copied_once_where_the_company_says_so(office):
    clerk.change_settings(office.company, copy_freight=True)
    order = office.post("Orders", *LINES, DocumentAdditionalExpenses=FREIGHT)

    first = office.draw("DeliveryNotes", 17, order, 4)
    second = office.draw("DeliveryNotes", 17, order, 6, None)

    assert [row["LineTotal"] for row in first["DocumentAdditionalExpenses"]] == [D("8.29")]
    assert second["DocumentAdditionalExpenses"] == []


def test_an_order_with_an_earlier_delivery_cannot_be_cancelled_after_the_later_one_was(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, 4)
    later = office.draw("DeliveryNotes", 17, order, 3)
    office.act("DeliveryNotes", later, "Cancel")

    assert refusal_of(lambda: office.act("Orders", order, "Cancel")).code == -5006
