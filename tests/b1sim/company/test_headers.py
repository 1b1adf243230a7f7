"""The minimum a document needs, what is filled in, and whom it is refused."""

from datetime import date, time

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

LINE = {"ItemCode": "A", "Quantity": 1}


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def test_an_order_without_a_due_date_is_refused(office):
    refusal = refusal_of(lambda: office.post("Orders", LINE, DocDueDate=None))

    assert "[ORDR.DocDueDate]" in refusal.message


def test_an_invoice_is_due_by_the_partners_terms(office):
    clerk.add_partner(office.company, "T30", PayTermsGrpCode=2)

    invoice = office.post("Invoices", LINE, CardCode="T30", DocDate="2026-11-20")

    assert invoice["DocDueDate"] == date(2026, 12, 20)
    assert invoice["TaxDate"] == date(2026, 11, 20)


def test_a_document_bears_the_companys_wall_clock(office):
    invoice = office.post("Invoices", LINE)

    assert invoice["DocDate"] == date(2026, 11, 20)
    assert invoice["UpdateTime"] == time(11, 30, 15)


def test_numbers_count_up_without_gaps_after_a_refusal(office):
    first = office.post("Invoices", LINE)
    refusal_of(lambda: office.post("Invoices", {"ItemCode": "A", "Quantity": 99999}))

    second = office.post("Invoices", LINE)

    assert second["DocNum"] == first["DocNum"] + 1


def test_another_documents_series_is_refused(office):
    series = office.post("Orders", LINE)["Series"]

    assert refusal_of(lambda: office.post("Invoices", LINE, Series=series)).code == -4002


@pytest.mark.parametrize("card", ["NOBODY", "", "c1"])
def test_an_unknown_partner_is_refused(office, card):
    refusal = refusal_of(lambda: office.post("Orders", LINE, CardCode=card))

    assert refusal.code == -5002
    assert refusal.message == f"Invalid BP code  [ORDR.CardCode] , '{card}'"


def test_case_matters_only_where_the_company_says_so(office):
    clerk.change_settings(office.company, case_sensitive=False)

    order = office.post("Orders", {"ItemCode": "a"}, CardCode="c1")

    assert (order["CardCode"], order["DocumentLines"][0]["ItemCode"]) == ("C1", "A")


def test_a_lead_may_order_but_not_be_invoiced(office):
    clerk.add_partner(office.company, "LEAD", kind="cLid")
    office.post("Orders", LINE, CardCode="LEAD")

    assert refusal_of(lambda: office.post("Invoices", LINE, CardCode="LEAD")).code == -5002


def test_a_supplier_cannot_be_sold_to(office):
    clerk.add_partner(office.company, "V1", kind="cSupplier")

    assert refusal_of(lambda: office.post("Orders", LINE, CardCode="V1")).code == -5002


def test_frozen_partners_and_items_are_refused(office):
    clerk.freeze(office.company, "BusinessPartners", "C1")
    partner = refusal_of(lambda: office.post("Orders", LINE))
    clerk.freeze(office.company, "BusinessPartners", "C1", frozen=False)
    clerk.freeze(office.company, "Items", "A")

    item = refusal_of(lambda: office.post("Orders", LINE))

    assert "inactive  [ORDR.CardCode]" in partner.message
    assert "[RDR1.ItemCode][line: 1] , 'A'" in item.message


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"ItemCode": "NOPE"}, "[INV1.ItemCode][line: 1]"),
        ({"Quantity": 1}, "[DocumentLines.ItemCode][line: 1]"),
        ({"ItemCode": "A", "WarehouseCode": "99"}, "[INV1.WhsCode][line: 1]"),
        ({"ItemCode": "A", "VatGroup": "ZZ"}, "[INV1.VatGroup][line: 1]"),
        ({"ItemCode": "A", "VatGroup": "V20"}, "[INV1.VatGroup][line: 1]"),
        ({"ItemCode": "A", "TaxCode": "ZZ"}, "[INV1.TaxCode][line: 1]"),
        ({"ItemCode": "A", "Quantity": 0}, "[INV1.Quantity][line: 1]"),
        ({"ItemCode": "A", "AccountCode": "nowhere"}, "[JDT1.Account]"),
    ],
)
def test_a_wrong_row_is_refused_by_field_and_line(office, line, field):
    refusal = refusal_of(lambda: office.post("Invoices", line))

    assert (refusal.code, refusal.status) == (-5002, 400)
    assert field in refusal.message


def test_a_document_without_rows_is_refused(office):
    assert refusal_of(lambda: office.post("Orders")).code == -5002


def test_freight_that_is_not_defined_is_refused(office):
    freight = [{"ExpenseCode": 99, "LineTotal": 5}]

    refusal = refusal_of(lambda: office.post("Orders", LINE, DocumentAdditionalExpenses=freight))

    assert "[RDR3.ExpnsCode][line: 1]" in refusal.message


def test_a_locked_period_takes_no_document_until_it_is_opened(office):
    clerk.lock_period(office.company, "2026-10")
    refusal = refusal_of(lambda: office.post("Invoices", LINE, DocDate="2026-10-31"))
    clerk.unlock_period(office.company, "2026-10")

    invoice = office.post("Invoices", LINE, DocDate="2026-10-31")

    assert refusal.code == -4013
    assert "[OINV.DocDate]" in refusal.message
    assert invoice["DocDate"] == date(2026, 10, 31)


def test_a_due_date_after_the_fiscal_window_is_refused(office):
    clerk.change_settings(office.company, last_period="2026-12")

    refusal = refusal_of(lambda: office.post("Orders", LINE, DocDueDate="2027-02-01"))

    assert "Date deviates from permissible range" in refusal.message


def test_one_reference_may_come_twice_unless_the_company_blocks_it(office):
    office.post("Orders", LINE, NumAtCard="web/1")
    office.post("Orders", LINE, NumAtCard="web/1")
    clerk.change_settings(office.company, duplicate_reference="block")

    assert refusal_of(lambda: office.post("Orders", LINE, NumAtCard="web/1")).code == -10


def test_a_service_invoice_needs_an_account_and_no_item(office):
    line = {"AccountCode": "_SYS00000000402", "LineTotal": "50", "ItemDescription": "Advice"}

    invoice = office.post("Invoices", line, DocType="dDocument_Service")

    assert invoice["DocTotal"] == 60
    assert office.journal_of(13, invoice)["_SYS00000000402"] == -50


def test_the_partners_addresses_are_taken_when_none_is_sent(office):
    address = {"AddressName": "Home", "AddressType": "bo_ShipTo", "City": "Köln", "Country": "DE"}
    clerk.add_partner(office.company, "ADDR", BPAddresses=[address])

    order = office.post("Orders", LINE, CardCode="ADDR")
    own = office.post("Orders", LINE, CardCode="ADDR", AddressExtension={"ShipToCity": "Bonn"})

    assert order["ShipToCode"] == "Home"
    assert order["AddressExtension"]["ShipToCity"] == "Köln"
    assert own["AddressExtension"] == {"ShipToCity": "Bonn"}


@pytest.mark.parametrize(
    ("country", "state"), [("XX", None), ("DE", "NY"), ("AT", "BY"), (None, "ZZ")]
)
def test_country_and_state_are_codes_that_the_company_knows(office, country, state):
    address = {"ShipToCountry": country, "ShipToState": state}

    with pytest.raises(Refusal, match="No matching records"):
        office.post("Orders", LINE, AddressExtension=address)
    office.company.settings.address_codes = "free"
    assert office.post("Orders", LINE, AddressExtension=address)


def test_a_partners_address_names_codes_too(office):
    home = {"AddressName": "Home", "AddressType": "bo_BillTo", "Country": "DE", "State": "BY"}
    clerk.add_partner(office.company, "ADDR", BPAddresses=[home])

    with pytest.raises(Refusal, match="No matching records"):
        clerk.add_partner(office.company, "ODD", BPAddresses=[home | {"State": "NY"}])
    head = office.company.read("BusinessPartners", {"CardCode": "ADDR"})
    assert head["Country"] == "DE"
