"""Service operations of documents, over HTTP: previews, empty forms, drafts, dated cancelling."""

from http import HTTPStatus

import httpx
import pytest

from b1sim.world import World

pytestmark = pytest.mark.anyio
LINES = [{"ItemCode": "A", "Quantity": 2, "UnitPrice": 10}]
DOCUMENT = {"CardCode": "C1", "DocDueDate": "2026-12-01", "DocumentLines": LINES}


@pytest.fixture
def world(clock):
    with World(seed=False, clock=clock) as world:
        world.clerk.add_partner("C1")
        world.clerk.add_item("A", stock="100", cost="4")
        yield world


@pytest.fixture
async def client(world):
    settings = world.settings()
    login = {"CompanyDB": settings["company_db"], "UserName": settings["user"]}
    base = world.base_url + "/b1s/v2/"
    async with httpx.AsyncClient(transport=world.transport(), base_url=base) as client:
        await client.post("Login", json=login | {"Password": settings["password"]})
        yield client


async def test_a_preview_computes_and_keeps_nothing(client, world):
    shown = await client.post("OrdersService_Preview", json={"Document": DOCUMENT})
    after = await client.post("Orders", json=DOCUMENT)

    assert shown.status_code == HTTPStatus.OK
    assert (shown.json()["DocEntry"], shown.json()["DocTotal"]) == (None, 24)
    assert shown.json()["DocumentLines"][0]["TaxTotal"] == 4
    assert (after.json()["DocEntry"], after.json()["DocNum"]) == (1, 1)
    assert world.company.count("Orders") == 1


async def test_a_preview_refuses_what_a_post_would(client):
    wrong = DOCUMENT | {"CardCode": "NOBODY"}

    answer = await client.post("OrdersService_Preview", json={"Document": wrong})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["error"]["code"] == "-5002"


@pytest.mark.parametrize("name", ["Orders", "Invoices", "Drafts"])
async def test_an_empty_form_has_the_companys_defaults(client, name):
    form = (await client.post(f"{name}Service_InitData")).json()

    assert (form["DocEntry"], form["DocDate"]) == (None, "2026-11-20T00:00:00Z")
    assert form["DocCurrency"] == "EUR"


async def test_a_draft_becomes_a_document(client):
    draft = (await client.post("Drafts", json=DOCUMENT | {"DocObjectCode": "17"})).json()
    sent = {"Document": {"DocEntry": str(draft["DocEntry"]), "DocDueDate": "2026-12-24"}}

    answer = await client.post("DraftsService_SaveDraftToDocument", json=sent)

    assert answer.status_code == HTTPStatus.NO_CONTENT
    order = (await client.get("Orders(1)")).json()
    assert (order["DocDueDate"], order["DocTotal"]) == ("2026-12-24T00:00:00Z", 24)


async def test_cancel2_cancels_by_the_document(client):
    await client.post("Invoices", json=DOCUMENT)

    answer = await client.post("InvoicesService_Cancel2", json={"Document": {"DocEntry": 1}})

    assert answer.status_code == HTTPStatus.NO_CONTENT
    assert (await client.get("Invoices(1)")).json()["CancelStatus"] == "csYes"


@pytest.mark.parametrize("sent", [{}, {"Document": {}}, {"Document": [1]}, {"Document": "x"}])
async def test_an_operation_without_its_document_is_refused(client, sent):
    answer = await client.post("DraftsService_SaveDraftToDocument", json=sent)

    assert answer.status_code == HTTPStatus.BAD_REQUEST
