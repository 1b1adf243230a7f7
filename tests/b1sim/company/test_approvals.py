"""An approval rule diverts a document to Drafts, where it waits for a person."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Diverted, Refusal

LINE = {"ItemCode": "A", "Quantity": 10, "PriceAfterVAT": "27.90"}


def diverted(office, **header):
    with pytest.raises(Diverted) as caught:
        office.post("Orders", LINE, **header)
    return caught.value


def test_a_diverted_order_answers_as_if_it_were_not_found(office):
    clerk.require_approval(office.company, "Orders", from_total="100")

    refusal = diverted(office, NumAtCard="web/1")

    assert (refusal.code, refusal.status) == (-2028, 400)
    assert office.company.count("Orders") == 0
    draft = office.company.read("Drafts", {"DocEntry": refusal.draft_entry})
    assert (draft["NumAtCard"], draft["DocObjectCode"]) == ("web/1", "oOrders")
    assert draft["AuthorizationStatus"] == "dasPending"
    assert office.stock("A") == (1000, 0)


def test_the_status_is_a_switch(office):
    clerk.require_approval(office.company, "Orders", status=404)

    assert diverted(office).status == 404


def test_a_small_order_passes(office):
    clerk.require_approval(office.company, "Orders", from_total="1000")

    assert office.post("Orders", LINE)["DocNum"] == 1


def test_an_approved_draft_becomes_the_same_document(office):
    clerk.require_approval(office.company, "Orders")
    refusal = diverted(office, NumAtCard="web/1", Comments="hello")
    clerk.approve_draft(office.company, refusal.draft_entry)

    order = office.company.save_draft_to_document(refusal.draft_entry)

    assert (order["NumAtCard"], order["Comments"], order["DocTotal"]) == ("web/1", "hello", 279)
    assert order["AuthorizationStatus"] == "dasWithout"
    draft = office.company.read("Drafts", {"DocEntry": refusal.draft_entry})
    assert (draft["DocumentStatus"], draft["AuthorizationStatus"]) == ("bost_Close", "dasGenerated")
    assert office.stock("A") == (1000, 10)


@pytest.mark.parametrize("decide", [None, clerk.reject_draft])
def test_a_draft_without_approval_cannot_be_added(office, decide):
    clerk.require_approval(office.company, "Orders")
    refusal = diverted(office)
    if decide:
        decide(office.company, refusal.draft_entry)

    with pytest.raises(Refusal, match="not approved"):
        office.company.save_draft_to_document(refusal.draft_entry)


def test_a_draft_is_added_once(office):
    draft = office.post("Drafts", LINE, DocObjectCode="13")
    office.company.save_draft_to_document(draft["DocEntry"])

    with pytest.raises(Refusal):
        office.company.save_draft_to_document(draft["DocEntry"])
    assert office.company.count("Invoices") == 1


def test_a_draft_moves_nothing_and_can_be_deleted(office):
    draft = office.post("Drafts", LINE, DocObjectCode="oInvoices")

    assert draft["DocTotal"] == 279
    assert office.stock("A") == (1000, 0)
    office.company.delete("Drafts", {"DocEntry": draft["DocEntry"]})
    assert office.company.count("Drafts") == 0


def test_a_draft_must_say_what_it_drafts(office):
    with pytest.raises(Refusal, match=r"ODRF\.ObjType"):
        office.post("Drafts", LINE)


def test_without_rules_everything_passes_again(office):
    clerk.require_approval(office.company, "Orders")
    clerk.drop_approvals(office.company)

    assert office.post("Orders", LINE)["DocTotal"] == 279
