"""Activities, opportunities, agreements, and the small tables beside them."""

from datetime import date

import pytest

from b1sim.company.refusals import Refusal

LINE = {"ItemCode": "A", "Quantity": 1}


def test_an_activity_is_of_now_and_of_its_user(office):
    made = office.company.create("Activities", {"CardCode": "C1", "Details": "Called"})

    assert (made["ActivityDate"], made["HandledBy"]) == (date(2026, 11, 20), 1)
    assert (made["Closed"], made["CloseDate"], made["DataVersion"]) == ("tNO", None, 1)


def test_a_closed_activity_says_when(office):
    key = {"ActivityCode": office.company.create("Activities", {})["ActivityCode"]}

    office.company.patch("Activities", key, {"Closed": "tYES"})
    closed = office.company.read("Activities", key)
    office.company.patch("Activities", key, {"Closed": "tNO"})

    assert (closed["CloseDate"], closed["DataVersion"]) == (date(2026, 11, 20), 2)
    assert office.company.read("Activities", key)["CloseDate"] is None


def test_an_activity_about_a_document_knows_both_its_numbers(office):
    office.company.create("Quotations", {"CardCode": "C1", "DocumentLines": [LINE]})
    order = office.post("Orders", LINE)

    made = office.company.create(
        "Activities", {"CardCode": "C1", "DocType": "17", "DocEntry": str(order["DocEntry"])}
    )

    assert made["DocNum"] == str(order["DocNum"])


@pytest.mark.parametrize(
    "sent",
    [
        {"CardCode": "NOBODY"},
        {"DocType": "17", "DocEntry": "99"},
        {"DocType": "17", "DocEntry": "x"},
        {"ActivityType": 99},
    ],
)
def test_an_activity_about_nothing_is_refused(office, sent):
    with pytest.raises(Refusal) as caught:
        office.company.create("Activities", sent)

    assert (caught.value.code, caught.value.status) == (-2028, 400)


def test_an_opportunity_follows_its_last_stage(office):
    lines = [{"StageKey": 1, "MaxLocalTotal": 1000}, {"StageKey": 2, "MaxLocalTotal": 900}]
    made = office.company.create(
        "SalesOpportunities", {"CardCode": "C1", "SalesOpportunitiesLines": lines}
    )

    assert (made["CustomerName"], made["Status"]) == ("Kunde Eins", "sos_Open")
    assert (made["CurrentStageNo"], made["ClosingPercentage"]) == (2, 50)


def test_a_won_opportunity_has_ended(office):
    made = office.company.create("SalesOpportunities", {"CardCode": "C1"})
    key = {"SequentialNo": made["SequentialNo"]}

    office.company.patch("SalesOpportunities", key, {"Status": "sos_Sold"})

    won = office.company.read("SalesOpportunities", key)
    assert (won["Status"], won["ClosingDate"]) == ("sos_Sold", date(2026, 11, 20))
    assert won["UpdateDate"] == date(2026, 11, 20)


def test_an_agreement_names_partner_and_items_and_can_be_cancelled(office):
    rows = [{"ItemNo": "A", "PlannedQuantity": 100, "UnitPrice": "9"}]
    body = {"BPCode": "C1", "StartDate": "2026-01-01", "EndDate": "2026-12-31"}
    made = office.company.create("BlanketAgreements", body | {"BlanketAgreements_ItemsLines": rows})
    key = {"AgreementNo": made["AgreementNo"]}

    office.company.act("BlanketAgreements", key, "CancelBlanketAgreement")

    assert (made["BPName"], made["DocNum"]) == ("Kunde Eins", made["AgreementNo"])
    assert made["BlanketAgreements_ItemsLines"][0]["ItemDescription"] == "A"
    assert office.company.read("BlanketAgreements", key)["Status"] == "asCancelled"


def test_a_partner_has_its_own_number_for_an_item(office):
    number = {"ItemCode": "A", "CardCode": "C1", "Substitute": "X-1"}

    office.company.create("AlternateCatNum", number)

    assert office.company.read("AlternateCatNum", number)["IsDefault"] == "tNO"
    with pytest.raises(Refusal) as caught:
        office.company.create("AlternateCatNum", number)
    assert caught.value.code == -2035


def test_a_rule_names_centres_that_exist(office):
    rule = {"FactorCode": "HALF", "FactorDescription": "Half", "InWhichDimension": 1}
    rows = [{"CenterCode": "SALES", "TotalInCenter": 50}, {"CenterCode": "NOBODY"}]

    with pytest.raises(Refusal) as caught:
        office.company.create("DistributionRules", rule | {"DistributionRuleLines": rows})
    office.company.create("DistributionRules", rule | {"DistributionRuleLines": rows[:1]})

    assert caught.value.code == -2028
    assert office.company.count("DistributionRules") == 2


def test_there_are_five_dimensions_and_no_sixth(office):
    assert office.company.count("Dimensions") == 5
    with pytest.raises(Refusal) as caught:
        office.company.create("Dimensions", {"DimensionCode": 6})
    assert caught.value.code == -5006


def test_a_sales_person_in_use_stays(office):
    code = office.company.create("SalesPersons", {"SalesEmployeeName": "Eva"})
    key = {"SalesEmployeeCode": code["SalesEmployeeCode"]}
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"SalesPersonCode": 3})

    with pytest.raises(Refusal):
        office.company.delete("SalesPersons", key)
    with pytest.raises(Refusal) as caught:
        office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"SalesPersonCode": 99})
    assert caught.value.code == -2028


@pytest.mark.parametrize("wrong", [{"SalesPersonCode": 99}, {"CostingCode": "LOGIST"}])
def test_a_document_names_sellers_and_rules_that_exist(office, wrong):
    header = {"SalesPersonCode": 1} | {k: v for k, v in wrong.items() if k != "CostingCode"}
    line = LINE | {"CostingCode": wrong.get("CostingCode", "SALES")}

    with pytest.raises(Refusal) as caught:
        office.post("Orders", line, **header)
    order = office.post("Orders", LINE | {"CostingCode": "SALES"}, SalesPersonCode=1)

    assert (caught.value.code, caught.value.status) == (-2028, 400)
    assert order["DocumentLines"][0]["CostingCode"] == "SALES"


def test_a_journal_entry_charges_rules_that_exist(office):
    rows = [
        {"AccountCode": "_SYS00000000511", "Debit": 5, "CostingCode": "LOGIST"},
        {"AccountCode": "_SYS00000000201", "Credit": 5},
    ]

    with pytest.raises(Refusal) as caught:
        office.company.create("JournalEntries", {"JournalEntryLines": rows})

    assert caught.value.code == -2028
