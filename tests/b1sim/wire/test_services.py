"""Service operations that answer from the books."""

import pytest

pytestmark = pytest.mark.anyio


async def test_the_company_tells_how_it_counts(world, v1, v2):
    world.clerk.change_settings(local_currency="CHF", price_decimals=4)

    first = await v1.post("CompanyService_GetAdminInfo")
    second = await v2.get("CompanyService_GetAdminInfo")

    assert first.json()["LocalCurrency"] == second.json()["LocalCurrency"] == "CHF"
    assert second.json()["PriceAccuracy"] == 4
    assert (await v1.post("SBOBobService_GetLocalCurrency")).json() == "CHF"


async def test_a_rate_that_was_set_is_told_again(v1):
    day = {"Currency": "USD", "Date": "20261120"}
    unknown = await v1.post("SBOBobService_GetCurrencyRate", json=day | {"Currency": "JPY"})

    rate = {"Currency": "USD", "RateDate": "20261120", "Rate": "0.91"}
    entered = await v1.post("SBOBobService_SetCurrencyRate", json=rate)

    assert entered.status_code == 204
    assert (await v1.post("SBOBobService_GetCurrencyRate", json=day)).json() == 0.91
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"Rate": "1e9"}, {"Rate": "-1"}, {"Currency": "XXX"}, {"RateDate": "soon"}]
)
async def test_a_rate_that_is_none_is_refused(v2, wrong):
    rate = {"Currency": "USD", "RateDate": "2026-11-20", "Rate": "0.91"}

    reply = await v2.post("SBOBobService_SetCurrencyRate", json=rate | wrong)

    assert reply.status_code == 400


async def test_the_due_date_follows_the_terms_of_the_partner(world, v2):
    world.clerk.add_partner("C1", PayTermsGrpCode=2)
    asked = {"CardCode": "C1", "RefDate": "20260131"}

    due = await v2.post("SBOBobService_GetDueDate", json=asked)
    wrong = [
        await v2.post("SBOBobService_GetDueDate", json=asked | part)
        for part in ({"CardCode": "C9"}, {"CardCode": ["C1"]}, {"RefDate": "20261345"})
    ]

    assert due.json() == "2026-03-02"
    assert [reply.status_code for reply in wrong] == [404, 404, 400]


async def test_a_session_learns_whose_it_is(v2):
    told = await v2.get("UsersService_GetCurrentUser")

    assert (told.json()["UserCode"], told.json()["Superuser"]) == ("manager", "tYES")
    assert told.json()["UserPassword"] is None


@pytest.mark.parametrize(
    ("operation", "first"),
    [
        ("BranchesService_GetBranchList", {"Code": -2, "Name": "Main"}),
        ("StatesService_GetStateList", {"Code": "AB", "Country": "CA", "Name": "Alberta"}),
        (
            "ProfitCentersService_GetProfitCenterList",
            {"CenterCode": "LOGIST", "CenterName": "Logistics"},
        ),
    ],
)
async def test_small_tables_are_listed_by_service(v1, operation, first):
    reply = await v1.post(operation)

    assert reply.json()["value"][0] == first


async def test_open_requests_are_listed(world, v2):
    world.clerk.add_partner("C1")
    world.clerk.add_item("A", stock="10")
    world.clerk.require_approval("Orders")
    order = {"CardCode": "C1", "DocDueDate": "2026-12-01", "DocumentLines": [{"ItemCode": "A"}]}
    for _ in range(2):
        await v2.post("Orders", json=order)
    decision = {"ApprovalRequestDecisions": [{"Status": "ardNotApproved"}]}
    await v2.patch("ApprovalRequests(1)", json=decision)

    every = await v2.post("ApprovalRequestsService_GetAllApprovalRequestsList")
    still_open = await v2.post("ApprovalRequestsService_GetOpenApprovalRequestList")

    assert [row["Code"] for row in every.json()["value"]] == [1, 2]
    assert [row["Code"] for row in still_open.json()["value"]] == [2]
