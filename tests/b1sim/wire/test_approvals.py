"""The money trap of approval procedures, told over the wire (9.9)."""

import httpx
import pytest

pytestmark = pytest.mark.anyio

LINES = [{"ItemCode": "A", "Quantity": 10}]
ORDER = {"CardCode": "C1", "DocDueDate": "2026-12-01", "NumAtCard": "web/7", "DocumentLines": LINES}


@pytest.fixture(autouse=True)
async def asked(world, v2):
    """Set a procedure up for what the web shop posts, with Anna as its approver."""
    world.clerk.add_partner("C1")
    world.clerk.add_item("A", stock="100", price="50")
    shop = world.clerk.add_user("shop", write=["Orders", "Drafts"])
    anna = world.clerk.add_user("anna", read=["Orders"], write=["ApprovalRequests"])
    stage = {"Name": "Sales lead", "ApprovalStageApprovers": [{"UserID": anna}]}
    made = await v2.post("ApprovalStages", json=stage | {"NoOfApproversRequired": 1})
    template = {
        "Name": "Over 500",
        "ApprovalTemplateUsers": [{"UserID": shop}],
        "ApprovalTemplateStages": [{"SortID": 1, "ApprovalStageCode": made.json()["Code"]}],
        "ApprovalTemplateDocuments": [{"DocumentType": "atdtOrder"}],
        "UseTerms": "tYES",
        "ApprovalTemplateTerms": [
            {
                "ConditionType": "atctTotalDocument",
                "OperationType": "opcodeGreaterThan",
                "Value": "500",
            }
        ],
    }
    assert (await v2.post("ApprovalTemplates", json=template)).status_code == 201


@pytest.fixture
async def desk(world):
    """Log users in."""
    clients = []

    async def log_in(user):
        root = f"{world.base_url}/b1s/v2/"
        client = httpx.AsyncClient(transport=world.transport(), base_url=root)
        clients.append(client)
        login = {"CompanyDB": world.company.settings.name, "UserName": user, "Password": "secret"}
        await client.post("Login", json=login)
        return client

    yield log_in
    for client in clients:
        await client.aclose()


async def test_an_order_waits_is_approved_and_posted(desk, v2):
    shop, anna = await desk("shop"), await desk("anna")

    diverted = await shop.post("Orders", json=ORDER)
    quiet = await shop.post("Orders", json=ORDER, headers={"Prefer": "return-no-content"})
    pending = "NumAtCard eq 'web/7' and AuthorizationStatus eq 'dasPending'"
    drafts = (await shop.get(f"Drafts?$filter={pending}&$select=DocEntry")).json()["value"]
    decision = {"ApprovalRequestDecisions": [{"Status": "ardApproved", "Remarks": "go"}]}
    decided = await anna.patch("ApprovalRequests(1)", json=decision)
    draft = {"Document": {"DocEntry": drafts[0]["DocEntry"]}}
    posted = await shop.post("DraftsService_SaveDraftToDocument", json=draft)

    assert (diverted.status_code, diverted.json()["error"]["code"]) == (400, "-2028")
    assert (quiet.status_code, quiet.content) == (204, b"")
    assert len(drafts) == 2
    assert (decided.status_code, posted.status_code) == (204, 204)
    request = (await v2.get("ApprovalRequests(1)?$expand=User")).json()
    assert (request["Status"], request["User"]["UserCode"]) == ("arsGenerated", "shop")
    orders = (await v2.get("Orders?$filter=NumAtCard eq 'web/7'")).json()["value"]
    assert [order["DocTotal"] for order in orders] == [600]


async def test_who_asks_does_not_decide(desk):
    shop = await desk("shop")
    await shop.post("Orders", json=ORDER)

    decision = {"ApprovalRequestDecisions": [{"Status": "ardApproved"}]}
    reply = await shop.patch("ApprovalRequests(1)", json=decision)

    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "-6006")


async def test_others_and_small_orders_pass(desk, v2):
    shop = await desk("shop")

    small = ORDER | {"DocumentLines": [{"ItemCode": "A", "Quantity": 1}]}

    assert (await shop.post("Orders", json=small)).status_code == 201
    assert (await v2.post("Orders", json=ORDER)).status_code == 201
