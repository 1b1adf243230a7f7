"""The company's own stored procedure: a number, its own words, and all is undone."""

import pytest

from b1sim.company import clerk
from b1sim.company.company import Company
from b1sim.company.refusals import Refusal


def order(office, **header):
    return office.post("Orders", {"ItemCode": "A", "Quantity": 10, "UnitPrice": 10}, **header)


def test_a_new_document_is_refused_and_leaves_nothing(office):
    clerk.reject_when(office.company, "Orders", "DocTotal > 100", "Ask the boss", number=13000316)

    with pytest.raises(Refusal) as refusal:
        order(office)

    assert (refusal.value.status, refusal.value.code) == (400, -5002)
    assert refusal.value.message == "(13000316) Ask the boss"
    assert office.company.count("Orders") == 0
    assert office.stock("A") == (1000, 0)


def test_what_the_condition_does_not_name_passes(office):
    clerk.reject_when(office.company, "Orders", "DocTotal > 100 AND CardCode = 'C2'", "No")

    order(office)


def test_a_change_is_refused_and_taken_back(office):
    made = order(office, NumAtCard="A-1")
    clerk.reject_when(office.company, "Orders", "NumAtCard IS NULL OR NumAtCard = 'x'", "No x")

    with pytest.raises(Refusal, match="No x"):
        office.company.patch("Orders", {"DocEntry": made["DocEntry"]}, {"NumAtCard": "x"})

    assert office.read("Orders", made)["NumAtCard"] == "A-1"


@pytest.mark.parametrize(("letter", "action"), [("C", "Cancel"), ("L", "Close")])
def test_an_action_is_refused_by_its_letter(letter, action, office):
    made = order(office)
    clerk.reject_when(office.company, "Orders", "1", "Not now", transactions=letter)

    with pytest.raises(Refusal, match="Not now"):
        office.act("Orders", made, action)

    assert office.read("Orders", made)["DocumentStatus"] == "bost_Open"


def test_a_deletion_is_refused(office):
    clerk.add_partner(office.company, "C9")
    clerk.reject_when(office.company, "BusinessPartners", "1", "Never", transactions="D")

    with pytest.raises(Refusal, match="Never"):
        office.company.delete("BusinessPartners", {"CardCode": "C9"})

    assert office.company.count("BusinessPartners", "CardCode = 'C9'") == 1


def test_a_draft_that_becomes_a_document_is_asked_about_too(office):
    clerk.require_approval(office.company, "Orders")
    with pytest.raises(Refusal):
        order(office)
    clerk.approve_draft(office.company, 1)
    clerk.reject_when(office.company, "Orders", "1", "No orders today")

    with pytest.raises(Refusal, match="No orders today"):
        office.company.save_draft_to_document(1)

    assert office.company.count("Orders") == 0


def test_a_rule_that_cannot_be_read_is_not_taken(office):
    with pytest.raises(ValueError, match="is no condition on ORDR"):
        clerk.reject_when(office.company, "Orders", "Total >", "No")

    order(office)


def test_the_rules_are_kept_in_the_file(tmp_path):

    company = Company.open(tmp_path / "a.db", seed=False)
    clerk.reject_when(company, "Orders", "1", "No", number=7)
    company.close()

    again = Company.open(tmp_path / "a.db")
    assert [rule.number for rule in again.settings.procedure] == [7]
    clerk.drop_rejections(again)
    assert again.settings.procedure == []
    again.close()
