"""Changing what is posted: an open order may change, the ledger may not."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

LINES = ({"ItemCode": "A", "Quantity": 10}, {"ItemCode": "B", "Quantity": 2})


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def patch(office, entity_set, document, payload, **options):
    key = {"DocEntry": document["DocEntry"]}
    office.company.patch(entity_set, key, payload, **options)
    return office.read(entity_set, document)


def test_texts_of_an_invoice_may_change(office):
    invoice = office.post("Invoices", *LINES)

    after = patch(office, "Invoices", invoice, {"Comments": "paid in shop", "TrackingNumber": "T1"})

    assert (after["Comments"], after["TrackingNumber"]) == ("paid in shop", "T1")
    assert after["DataVersion"] == invoice["DataVersion"] + 1
    assert after["DocTotal"] == invoice["DocTotal"]


def test_the_partner_of_an_invoice_may_not_change(office):
    invoice = office.post("Invoices", *LINES)

    refusal = refusal_of(lambda: patch(office, "Invoices", invoice, {"CardCode": "C2"}))

    assert refusal.message == "Field cannot be updated  [OINV.CardCode]"


def test_texts_of_a_row_may_change(office):
    invoice = office.post("Invoices", *LINES)
    rows = [{"LineNum": 1, "FreeText": "fragile"}]

    after = patch(office, "Invoices", invoice, {"DocumentLines": rows})

    assert [row["FreeText"] for row in after["DocumentLines"]] == [None, "fragile"]


@pytest.mark.parametrize("replace_collections", [False, True])
def test_an_order_sent_back_as_it_was_read_stays_as_it_is(office, replace_collections):
    row = {"Quantity": 3, "UnitPrice": "8.42", "VatGroup": "A20"}
    order = office.post("Orders", {"ItemCode": "A"} | row, {"ItemCode": "B"} | row)

    after = patch(office, "Orders", order, order, replace_collections=replace_collections)

    moved = {name for name in order if after[name] != order[name]}
    assert moved <= {"DataVersion", "UpdateDate", "UpdateTime"}


def test_a_row_sent_back_with_one_change_changes_in_that_alone(office):
    row = {"ItemCode": "A", "Quantity": 3, "UnitPrice": "8.42", "VatGroup": "A20"}
    order = office.post("Orders", row)
    back = order["DocumentLines"][0] | {"Quantity": 5}

    after = patch(office, "Orders", order, {"DocumentLines": [back]})["DocumentLines"][0]

    same = ("UnitPrice", "Price", "DiscountPercent", "PriceAfterVAT")
    assert [after[name] for name in same] == [back[name] for name in same]
    assert (after["Quantity"], str(after["LineTotal"])) == (5, "42.1")


@pytest.mark.parametrize("whole", [False, True])
def test_a_new_discount_keeps_the_unit_price(office, whole):
    row = {"ItemCode": "A", "Quantity": 3, "UnitPrice": "8.42", "VatGroup": "A20"}
    order = office.post("Orders", row)
    back = order["DocumentLines"][0] if whole else {"LineNum": 0}

    sent = {"DocumentLines": [back | {"DiscountPercent": 10}]}
    after = patch(office, "Orders", order, sent)["DocumentLines"][0]

    assert (str(after["UnitPrice"]), after["DiscountPercent"]) == ("8.42", 10)
    assert str(after["LineTotal"]) == "22.73"


def test_a_text_is_emptied_beside_a_row_that_changes(office):
    order = office.post("Orders", *LINES, NumAtCard="W-1", Comments="call first")
    rows = [{"LineNum": 0, "Quantity": 4}]

    sent = {"NumAtCard": None, "Comments": "", "DocumentLines": rows}
    after = patch(office, "Orders", order, sent)

    assert (after["NumAtCard"], after["Comments"]) == (None, "")


def test_a_new_quantity_keeps_the_price_and_moves_the_promise(office):
    order = office.post("Orders", {"ItemCode": "A", "Quantity": 10, "PriceAfterVAT": "27.90"})

    after = patch(office, "Orders", order, {"DocumentLines": [{"LineNum": 0, "Quantity": 4}]})

    assert after["DocTotal"] == 4 * order["DocTotal"] / 10
    assert after["DocNum"] == order["DocNum"]
    assert office.stock("A") == (1000, 4)
    assert office.partner()["OpenOrdersBalance"] == after["DocTotal"]


def test_a_row_without_a_number_is_appended(office):
    order = office.post("Orders", *LINES)

    after = patch(office, "Orders", order, {"DocumentLines": [{"ItemCode": "C", "Quantity": 3}]})

    assert [row["ItemCode"] for row in after["DocumentLines"]] == ["A", "B", "C"]
    assert office.stock("C") == (1000, 3)


def test_replacing_the_rows_drops_those_not_sent_and_keeps_numbers(office):
    order = office.post("Orders", *LINES)
    rows = {"DocumentLines": [{"LineNum": 1}]}

    after = patch(office, "Orders", order, rows, replace_collections=True)

    assert [(row["LineNum"], row["ItemCode"]) for row in after["DocumentLines"]] == [(1, "B")]
    assert office.stock("A") == (1000, 0)


def test_a_delivered_quantity_cannot_be_taken_back_by_a_change(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, 4)
    change = {"DocumentLines": [{"LineNum": 0, "Quantity": 5}]}

    after = patch(office, "Orders", order, change)

    assert after["DocumentLines"][0]["RemainingOpenQuantity"] == 1
    assert office.stock("A") == (996, 1)
    too_few = {"DocumentLines": [{"LineNum": 0, "Quantity": 3}]}
    refusal_of(lambda: patch(office, "Orders", order, too_few))
    gone = {"DocumentLines": [{"LineNum": 1}]}
    refusal_of(lambda: patch(office, "Orders", order, gone, replace_collections=True))


def test_a_header_discount_on_an_open_order_is_added_up_anew(office):
    order = office.post("Orders", {"ItemCode": "A", "Quantity": 10})

    after = patch(office, "Orders", order, {"DiscountPercent": "50"})

    assert after["DocTotal"] == 60


def test_rows_of_a_closed_order_stay_as_they_are(office):
    order = office.post("Orders", *LINES)
    office.act("Orders", order, "Close")
    change = {"DocumentLines": [{"LineNum": 0, "Quantity": 5}]}

    refusal_of(lambda: patch(office, "Orders", order, change))
    assert patch(office, "Orders", order, {"Comments": "late"})["Comments"] == "late"


def test_a_draft_may_change_without_moving_stock(office):
    draft = office.post("Drafts", *LINES, DocObjectCode="17", DocDueDate="2026-12-01")

    after = patch(office, "Drafts", draft, {"DocumentLines": [{"LineNum": 0, "Quantity": 1}]})

    assert after["DocumentLines"][0]["Quantity"] == 1
    assert after["DocObjectCode"] == "oOrders"
    assert office.stock("A") == (1000, 0)


def test_a_posted_document_sent_back_as_it_was_read_changes_nothing(office):
    freight = [{"ExpenseCode": 1, "LineTotal": "8.29"}]
    invoice = office.post(
        "Invoices", *LINES, DocumentAdditionalExpenses=freight, DiscountPercent="3"
    )

    after = patch(office, "Invoices", invoice, invoice)

    unversioned = {"DataVersion": None}
    assert after | unversioned == invoice | unversioned


@pytest.mark.parametrize(
    "row", [{"LineNum": 0, "Quantity": 9}, {"LineNum": 1, "UnitPrice": 1}, {"ItemCode": "C"}]
)
def test_rows_of_an_invoice_neither_change_nor_grow(office, row):
    invoice = office.post("Invoices", *LINES)

    refusal = refusal_of(lambda: patch(office, "Invoices", invoice, {"DocumentLines": [row]}))

    assert "Field cannot be updated  [INV1." in refusal.message
    assert office.read("Invoices", invoice) == invoice


def test_an_installment_may_be_due_later(office):
    invoice = office.post("Invoices", *LINES)
    later = {"DocumentInstallments": [{"InstallmentId": 1, "DueDate": "2027-03-01"}]}

    after = patch(office, "Invoices", invoice, later)

    assert str(after["DocumentInstallments"][0]["DueDate"]) == "2027-03-01"


def test_an_order_may_go_to_another_partner_and_the_open_balance_goes_along(office):
    clerk.add_partner(office.company, "C2", "Kunde Zwei")
    order = office.post("Orders", *LINES)

    after = patch(office, "Orders", order, {"CardCode": "C2"})

    assert after["CardName"] == "Kunde Zwei"
    assert office.partner()["OpenOrdersBalance"] == 0
    assert office.partner("C2")["OpenOrdersBalance"] == after["DocTotal"]


def test_a_reference_does_not_stand_in_its_own_way(office):
    clerk.change_settings(office.company, duplicate_reference="block")
    order = office.post("Orders", *LINES, NumAtCard="W1")

    after = patch(office, "Orders", order, {"NumAtCard": "W1", "DiscountPercent": "5"})

    assert after["DiscountPercent"] == 5


def test_a_row_added_to_an_order_draws_its_quotation(office):
    quotation = office.post("Quotations", *LINES)
    order = office.post("Orders", {"ItemCode": "C"})
    row = {"BaseType": 23, "BaseEntry": quotation["DocEntry"], "BaseLine": 0}

    patch(office, "Orders", order, {"DocumentLines": [row]})

    left = office.read("Quotations", quotation)["DocumentLines"]
    assert [r["LineStatus"] for r in left] == ["bost_Close", "bost_Open"]


def test_a_purchase_draft_stays_a_purchase(office):
    clerk.add_partner(office.company, "V1", kind="cSupplier")
    draft = office.post("Drafts", *LINES, DocObjectCode="18", CardCode="V1")

    after = patch(office, "Drafts", draft, {"DocumentLines": [{"LineNum": 0, "Quantity": 3}]})
    invoice = office.company.save_draft_to_document(draft["DocEntry"])

    assert after["DocumentLines"][0]["VatGroup"] == "V20"
    assert invoice["DocumentLines"][0]["Quantity"] == 3


@pytest.mark.parametrize("price", ["UnitPrice", "GrossPrice"])
def test_a_discount_that_was_typed_stays_as_it_is_when_another_row_changes(price, office):
    typed = {"ItemCode": "A", "Quantity": 3, price: "33.33", "DiscountPercent": 7}
    order = office.post("Orders", typed, {"ItemCode": "B", "Quantity": 1})
    before = office.read("Orders", order)["DocumentLines"][0]

    office.company.patch(
        "Orders",
        {"DocEntry": order["DocEntry"]},
        {"DocumentLines": [{"LineNum": 1, "Quantity": 2}]},
    )

    after = office.read("Orders", order)["DocumentLines"][0]
    for name in ("DiscountPercent", "UnitPrice", "Price", "LineTotal", "GrossTotal"):
        assert after[name] == before[name], name
    assert after["DiscountPercent"] == 7
