"""Freight of a row is part of the document: total, tax, ledger, cancelling and drafts."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

D = Decimal
RECEIVABLES, REVENUE, SHIPPING, TAX = (
    "_SYS00000000101",
    "_SYS00000000401",
    "_SYS00000000411",
    "_SYS00000000121",
)


def row(*freight, **line):
    sent = {"ItemCode": "A", "Quantity": 1, "UnitPrice": "10"}
    return sent | line | {"DocumentLineAdditionalExpenses": list(freight)}


def shown(document, number=0):
    return document["DocumentLines"][number]["DocumentLineAdditionalExpenses"]


def test_freight_of_a_row_is_taxed_added_and_booked(office):
    made = office.post("Invoices", row({"ExpenseCode": 1, "LineTotal": "5"}), row())

    freight = shown(made)[0]
    assert (freight["LineNumber"], freight["LineTotal"], freight["TaxSum"]) == (0, 5, 1)
    assert shown(made, 1) == []
    assert (made["DocTotal"], made["VatSum"]) == (30, 5)
    booked = office.journal_of(13, made)
    assert (booked[RECEIVABLES], booked[SHIPPING], booked[TAX]) == (30, -5, -5)
    assert office.unbalanced_entries() == []


def test_rows_and_header_may_both_have_freight(office):
    header = [{"ExpenseCode": 2, "LineTotal": "3", "VatGroup": "A0"}]

    made = office.post(
        "Orders",
        row({"ExpenseCode": 1, "LineTotal": "5", "VatGroup": "A0"}),
        DocumentAdditionalExpenses=header,
    )

    assert made["DocTotal"] == D("20.00")
    assert [r["LineTotal"] for r in made["DocumentAdditionalExpenses"]] == [3]


def test_foreign_freight_of_a_row_is_brought_home(office):
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"Currency": "##"})
    clerk.set_rate(office.company, "USD", "2026-11-20", "0.5")

    made = office.post("Invoices", row({"ExpenseCode": 1, "LineTotal": "5"}), DocCurrency="USD")

    assert (shown(made)[0]["LineTotal"], shown(made)[0]["LineTotalFC"]) == (D("2.5"), 5)
    assert (made["DocTotal"], made["DocTotalFc"]) == (9, 18)


def test_a_cancelled_invoice_takes_its_freight_back(office):
    made = office.post("Invoices", row({"ExpenseCode": 1, "LineTotal": "5"}))

    mirror = office.act("Invoices", made, "CreateCancellationDocument")

    assert shown(mirror)[0]["LineTotal"] == 5
    assert office.balance(SHIPPING) == office.balance(TAX) == 0


def test_freight_stays_when_the_order_changes_and_goes_when_its_row_is_replaced(office):
    order = office.post("Orders", row({"ExpenseCode": 1, "LineTotal": "5"}))
    key = {"DocEntry": order["DocEntry"]}

    office.company.patch("Orders", key, {"DocumentLines": [{"LineNum": 0, "Quantity": 2}]})
    changed = office.read("Orders", order)
    office.company.patch(
        "Orders",
        key,
        {"DocumentLines": [{"LineNum": 0, "DocumentLineAdditionalExpenses": []}]},
    )

    assert (shown(changed)[0]["LineTotal"], changed["DocTotal"]) == (5, 30)
    assert office.read("Orders", order)["DocTotal"] == 24


def test_a_draft_keeps_the_freight_of_its_rows(office):
    payload = {"CardCode": "C1", "DocObjectCode": "oInvoices"}
    lines = {"DocumentLines": [row({"ExpenseCode": 1, "LineTotal": "5"})]}
    draft = office.company.create("Drafts", payload | lines)

    made = office.company.save_draft_to_document(draft["DocEntry"])

    assert (shown(made)[0]["LineTotal"], made["DocTotal"]) == (5, 18)


def test_an_unknown_freight_names_its_row(office):
    with pytest.raises(Refusal) as caught:
        office.post("Orders", row(), row({"ExpenseCode": 99, "LineTotal": "5"}))

    assert "[line: 2]" in caught.value.message


def test_a_goods_receipt_has_no_freight_of_rows(office):
    with pytest.raises(Refusal) as caught:
        office.company.create(
            "InventoryGenEntries", {"DocumentLines": [row({"ExpenseCode": 1, "LineTotal": "5"})]}
        )

    assert caught.value.status == 501
