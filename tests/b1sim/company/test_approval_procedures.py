"""Templates, stages and requests: who has to agree before a document is one (9.9)."""

import pytest

from b1sim.company.refusals import Diverted, Refusal

LINE = {"ItemCode": "A", "Quantity": 10, "UnitPrice": 10}  # 120 with tax
BIG = {"ConditionType": "atctTotalDocument", "OperationType": "opcodeGreaterThan", "Value": "100"}


def hire(office, code, **more):
    user = {"UserCode": code, "UserName": code.title(), "UserPassword": f"{code}-pw"}
    return office.company.create("Users", user | more)["InternalKey"]


def stage(office, *approvers, needed=1):
    rows = [{"UserID": user} for user in approvers]
    body = {"Name": f"Stage of {approvers}", "NoOfApproversRequired": needed}
    made = office.company.create("ApprovalStages", body | {"ApprovalStageApprovers": rows})
    return made["Code"]


def template(office, *stages, users=(1,), documents=("atdtOrder",), terms=(), **more):
    body = {
        "Name": "Big ones",
        "ApprovalTemplateUsers": [{"UserID": user} for user in users],
        "ApprovalTemplateStages": [
            {"SortID": n, "ApprovalStageCode": code} for n, code in enumerate(stages, 1)
        ],
        "ApprovalTemplateDocuments": [{"DocumentType": name} for name in documents],
        "UseTerms": "tYES" if terms else "tNO",
        "ApprovalTemplateTerms": list(terms),
    }
    return office.company.create("ApprovalTemplates", body | more)["Code"]


def divert(office, entity_set="Orders", line=LINE):
    with pytest.raises(Diverted) as caught:
        office.post(entity_set, line)
    return caught.value.draft_entry


def request(office, code=1):
    return office.company.read("ApprovalRequests", {"Code": code})


def decide(office, user, status="ardApproved", code=1, **more):
    decision = {"ApproverUserName": user, "ApproverPassword": f"{user}-pw", "Status": status}
    body = {"ApprovalRequestDecisions": [decision | more]}
    office.company.patch("ApprovalRequests", {"Code": code}, body)


def draft_status(office, entry):
    return office.company.read("Drafts", {"DocEntry": entry})["AuthorizationStatus"]


def test_a_document_over_the_limit_asks_for_approval(office):
    anna = hire(office, "anna")
    code = template(office, stage(office, anna), terms=[BIG])

    small = office.post("Orders", LINE | {"Quantity": 1})
    entry = divert(office)

    assert small["DocTotal"] == 12
    asked = request(office)
    assert (asked["Status"], asked["ApprovalTemplatesID"]) == ("arsPending", code)
    assert (asked["ObjectType"], asked["IsDraft"], asked["DraftEntry"]) == ("17", "Y", entry)
    assert [(row["UserID"], row["Status"]) for row in asked["ApprovalRequestLines"]] == [
        (anna, "ardPending")
    ]


def test_an_approved_request_lets_the_draft_become_a_document(office):
    template(office, stage(office, hire(office, "anna")))
    entry = divert(office)

    decide(office, "anna", Remarks="fine")
    assert draft_status(office, entry) == "dasApproved"
    order = office.company.save_draft_to_document(entry)

    asked = request(office)
    assert asked["ApprovalRequestLines"][0]["Remarks"] == "fine"
    assert (asked["Status"], asked["IsDraft"]) == ("arsGenerated", "N")
    assert asked["ObjectEntry"] == order["DocEntry"]
    assert draft_status(office, entry) == "dasGenerated"


def test_an_approver_who_adds_the_document_shows(office):
    template(office, stage(office, hire(office, "anna", Superuser="tYES")))
    entry = divert(office)
    decide(office, "anna")

    office.company.books.user = "anna"
    office.company.save_draft_to_document(entry)

    assert request(office)["Status"] == "arsGeneratedByAuthorizer"
    assert draft_status(office, entry) == "dasGeneratedbyAuthorizer"


def test_a_rejected_draft_stays_one(office):
    template(office, stage(office, hire(office, "anna")))
    entry = divert(office)

    decide(office, "anna", "ardNotApproved")

    assert request(office)["Status"] == "arsNotApproved"
    assert draft_status(office, entry) == "dasRejected"
    with pytest.raises(Refusal, match="not approved"):
        office.company.save_draft_to_document(entry)
    with pytest.raises(Refusal, match="no longer pending"):
        decide(office, "anna")


def test_a_stage_waits_for_as_many_as_it_needs(office):
    anna, ben = hire(office, "anna"), hire(office, "ben")
    template(office, stage(office, anna, ben, needed=2))
    divert(office)

    decide(office, "anna")
    assert request(office)["Status"] == "arsPending"
    decide(office, "ben")

    assert request(office)["Status"] == "arsApproved"


def test_stages_follow_one_another(office):
    anna, ben = hire(office, "anna"), hire(office, "ben")
    first, second = stage(office, anna), stage(office, ben)
    template(office, first, second)
    divert(office)

    assert request(office)["CurrentStage"] == first
    with pytest.raises(Refusal, match="not an approver"):
        decide(office, "ben")
    decide(office, "anna")
    assert (request(office)["CurrentStage"], request(office)["Status"]) == (second, "arsPending")
    decide(office, "ben")

    assert request(office)["Status"] == "arsApproved"


def test_a_password_that_is_wrong_decides_nothing(office):
    template(office, stage(office, hire(office, "anna")))
    divert(office)

    with pytest.raises(Refusal, match="password"):
        decide(office, "anna", ApproverPassword="guess")

    assert request(office)["Status"] == "arsPending"


def test_whoever_asks_decides_where_nobody_is_named(office):
    template(office, stage(office, 1))
    divert(office)

    body = {"ApprovalRequestDecisions": [{"Status": "ardApproved"}]}
    office.company.patch("ApprovalRequests", {"Code": 1}, body)

    assert request(office)["Status"] == "arsApproved"


@pytest.mark.parametrize("entity_set", ["Quotations", "Invoices"])
def test_other_documents_pass(office, entity_set):
    template(office, stage(office, 1))

    assert office.post(entity_set, LINE)["DocEntry"] == 1


def test_other_users_pass(office):
    template(office, stage(office, 1), users=[hire(office, "anna")])

    assert office.post("Orders", LINE)["DocEntry"] == 1


@pytest.mark.parametrize(
    ("kind", "compare", "value", "waits"),
    [
        ("atctTotalDocument", "opcodeGreaterOrEqual", "120", True),
        ("atctTotalDocument", "opcodeGreaterThan", "120", False),
        ("atctDiscountPercent", "opcodeGreaterThan", "0", False),
        ("atctItemCode", "opcodeEqual", "A", True),
        ("atctItemCode", "opcodeEqual", "B", False),
        ("atctTotalLine", "opcodeLessThan", "100.01", True),
        ("atctQuantity", "opcodeEqual", "10", True),
    ],
)
def test_terms_decide(office, kind, compare, value, waits):
    term = {"ConditionType": kind, "OperationType": compare, "Value": value}
    template(office, stage(office, 1), terms=[term])

    if waits:
        divert(office)
    else:
        office.post("Orders", LINE)
    assert office.company.count("ApprovalRequests") == waits


@pytest.mark.parametrize(
    "term",
    [
        BIG | {"ConditionType": "atctVariance"},
        BIG | {"OperationType": "opcodeInRange"},
        BIG | {"Value": "many"},
    ],
)
def test_a_term_that_nobody_can_judge_is_refused(office, term):
    with pytest.raises(Refusal):
        template(office, stage(office, 1), terms=[term])

    assert office.company.count("ApprovalTemplates") == 0


@pytest.mark.parametrize("empty", ["Users", "Stages", "Documents"])
def test_a_template_needs_people_stages_and_documents(office, empty):
    with pytest.raises(Refusal, match=empty):
        template(office, stage(office, 1), **{f"ApprovalTemplate{empty}": []})


def test_an_unknown_stage_is_refused(office):
    with pytest.raises(Refusal) as caught:
        template(office, 99)

    assert caught.value.code == -2028


@pytest.mark.parametrize("how", ["inactive", "removed", "off"])
def test_a_template_that_is_gone_asks_nobody(office, how):
    key = {"Code": template(office, stage(office, 1))}
    if how == "inactive":
        office.company.patch("ApprovalTemplates", key, {"IsActive": "tNO"})
    elif how == "removed":
        office.company.act("ApprovalTemplates", key, "RemoveApprovalTemplate")
    else:
        office.company.settings.approvals_in_services = False

    assert office.post("Orders", LINE)["DocEntry"] == 1


def test_a_draft_that_is_thrown_away_takes_its_request_back(office):
    template(office, stage(office, 1))
    entry = divert(office)

    office.company.delete("Drafts", {"DocEntry": entry})

    assert request(office)["Status"] == "arsCancelled"


def test_nobody_makes_a_request_by_hand(office):
    with pytest.raises(Refusal) as caught:
        office.company.create("ApprovalRequests", {"Remarks": "please"})

    assert caught.value.code == -5006
