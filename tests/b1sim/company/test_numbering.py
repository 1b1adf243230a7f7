"""Numbering series, posting periods with three windows, and branches."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal
from b1sim.company.rules import numbering, periods

BANK = "_SYS00000000201"


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def line(**more):
    return {"ItemCode": "A", "UnitPrice": "10"} | more


# -- numbering series --------------------------------------------------------------------------
def test_a_series_counts_for_itself(office):
    web = numbering.add_series(office.company.books, 17, "Web", 9000)

    first = office.post("Orders", line(), Series=web)
    plain = office.post("Orders", line())
    second = office.post("Orders", line(), Series=web)

    assert [first["DocNum"], second["DocNum"]] == [9000, 9001]
    assert plain["Series"] != web


def test_the_default_series_can_be_another(office):
    web = numbering.add_series(office.company.books, 17, "Web", 9000, default=True)

    assert office.post("Orders", line())["Series"] == web


def test_a_series_of_another_object_or_sub_type_is_refused(office):
    invoices = numbering.add_series(office.company.books, 13, "Web", 1)
    debit = numbering.add_series(office.company.books, 13, "Debit", 1, sub_type="DN")

    assert refusal_of(lambda: office.post("Orders", line(), Series=invoices)).code == -4002
    assert refusal_of(lambda: office.post("Invoices", line(), Series=debit)).code == -4002
    memo = office.post("Invoices", line(), Series=debit, DocumentSubType="bod_DebitMemo")
    assert memo["DocNum"] == 1


def test_a_kind_without_a_series_cannot_be_posted(office):
    office.company.db.execute("DELETE FROM ONNM WHERE ObjectCode = '17'")

    refusal = refusal_of(lambda: office.post("Orders", line()))

    assert refusal.code == -10
    assert "define the numbering series" in refusal.message


def test_a_locked_or_used_up_series_gives_no_number(office):
    one = numbering.add_series(office.company.books, 17, "One", 5, last=5)
    office.post("Orders", line(), Series=one)
    assert refusal_of(lambda: office.post("Orders", line(), Series=one)).status == 400
    other = numbering.add_series(office.company.books, 17, "Other", 5)
    numbering.lock_series(office.company.books, other)
    assert refusal_of(lambda: office.post("Orders", line(), Series=other)).status == 400


def test_clients_can_ask_for_the_series(office):
    web = numbering.add_series(office.company.books, 17, "Web", 9000)
    kind = {"DocumentTypeParams": {"Document": "17"}}

    listed = office.company.serve("SeriesService_GetDocumentSeries", kind)
    before = office.company.serve("SeriesService_GetDefaultSeries", kind)
    office.company.serve(
        "SeriesService_SetDefaultSeriesForAllUsers", {"DocumentSeriesParams": {"Series": web}}
    )
    after = office.company.serve("SeriesService_GetDefaultSeries", kind)

    assert [row["Name"] for row in listed.rows] == ["Orders", "Web"]
    assert (before.members["Name"], after.members["NextNumber"]) == ("Orders", 9000)
    unknown = {"SeriesParams": {"Series": 4711}}
    refusal = refusal_of(lambda: office.company.serve("SeriesService_GetSeries", unknown))
    assert refusal.code == -2028


# -- posting periods ---------------------------------------------------------------------------
@pytest.fixture
def calendar(office):
    books = office.company.books
    november = ("2026-11-01", "2026-11-30")
    periods.add(books, "2026-10", ("2026-10-01", "2026-10-31"), locked=True)
    periods.add(books, "2026-11", november, due=("2026-11-01", "2026-12-31"))
    return office


def test_each_date_has_a_window_of_its_own(calendar):
    inside = calendar.post("Orders", line(), DocDueDate="2026-12-31")
    assert inside["DocDueDate"].isoformat() == "2026-12-31"
    for dates in (
        {"DocDueDate": "2027-01-01"},
        {"TaxDate": "2026-12-01"},
        {"DocDate": "2026-12-01"},
    ):
        refusal = refusal_of(lambda dates=dates: calendar.post("Orders", line(), **dates))
        assert "Date deviates from permissible range" in refusal.message
        assert next(iter(dates)) in refusal.message


def test_a_locked_period_takes_nothing(calendar):
    dates = {"DocDate": "2026-10-30", "TaxDate": "2026-10-30", "DocDueDate": "2026-10-30"}

    refusal = refusal_of(lambda: calendar.post("Orders", line(), **dates))

    assert (refusal.code, "locked" in refusal.message) == (-4013, True)


# -- branches ----------------------------------------------------------------------------------
@pytest.fixture
def chain(office):
    company = office.company
    for number, name in ((1, "North"), (2, "South")):
        company.create("BusinessPlaces", {"BPLID": number, "BPLName": name})
    clerk.change_settings(company, branches=True)
    company.patch("Warehouses", {"WarehouseCode": "02"}, {"BusinessPlaceID": 2})
    return office


def test_a_company_of_branches_wants_one_on_every_document(chain):
    refusal = refusal_of(lambda: chain.post("Orders", line()))
    assert (refusal.code, refusal.message) == (-5002, "Specify an active branch  [ORDR.BPLId]")
    assert refusal_of(lambda: chain.post("Orders", line(), BPL_IDAssignedToInvoice=9)).code == -5002

    order = chain.post("Orders", line(), BPL_IDAssignedToInvoice=1)

    assert (order["BPL_IDAssignedToInvoice"], order["BPLName"]) == (1, "North")


def test_a_disabled_branch_is_none(chain):
    chain.company.patch("BusinessPlaces", {"BPLID": 1}, {"Disabled": "tYES"})

    assert refusal_of(lambda: chain.post("Orders", line(), BPL_IDAssignedToInvoice=1)).code == -5002


def test_a_warehouse_belongs_to_its_branch(chain):
    south = line(WarehouseCode="02")

    refusal = refusal_of(lambda: chain.post("Orders", south, BPL_IDAssignedToInvoice=1))

    assert "RDR1.WhsCode" in refusal.message
    chain.post("Orders", south, BPL_IDAssignedToInvoice=2)


def test_a_partner_trades_with_the_branches_it_is_assigned_to(chain):
    chain.company.patch(
        "BusinessPartners", {"CardCode": "C1"}, {"BPBranchAssignment": [{"BPLID": 2}]}
    )

    refusal = refusal_of(lambda: chain.post("Orders", line(), BPL_IDAssignedToInvoice=1))

    assert "Select business partner assigned to specified branch" in refusal.message
    chain.post("Orders", line(), BPL_IDAssignedToInvoice=2)


def test_a_payment_is_of_the_branch_of_what_it_pays(chain):
    invoice = chain.post("Invoices", line(), BPL_IDAssignedToInvoice=1)

    refusal = refusal_of(lambda: chain.pay((invoice, "12"), TransferSum="12", BPLID=2))

    assert refusal.message.startswith("Ensure selected branch is the same")
    assert chain.pay((invoice, "12"), TransferSum="12", BPLID=1)["BPLName"] == "North"
