"""A document that approval takes aside is found again, whatever SAP answers."""

from datetime import date

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.placing import Placed, place
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.services import currency_rate, preview, save_draft
from b1bridge.errors import ContractBroken, OutcomeUnknown, Rejected
from b1sim.company.settings import ApprovalRule

pytestmark = pytest.mark.anyio
LINES = [{"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 5}]
ORDER = {
    "CardCode": "C1",
    "DocDueDate": "2026-11-30",
    "NumAtCard": "R1",
    "DocumentLines": LINES,
}


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


@pytest.fixture
def scripted(http, settings):
    return ServiceLayer(http, settings)


def answer(body, status=200, **headers):
    return httpx.Response(status, json=body, headers=headers)


async def test_a_posted_document_tells_its_numbers(service, world):
    placed = await place(service, "Orders", ORDER)

    (order,) = world.company.query("Orders")
    assert placed == Placed(order["DocEntry"], order["DocNum"], is_draft=False)


async def test_a_diverted_document_is_found_among_the_drafts(service, world):
    world.company.settings.approvals.append(ApprovalRule("Orders"))

    placed = await place(service, "Orders", ORDER)

    assert placed.is_draft
    assert world.company.query("Orders") == []


async def test_an_older_document_with_the_same_reference_is_not_taken_for_the_draft(service, world):
    await place(service, "Orders", ORDER)
    world.company.settings.approvals.append(ApprovalRule("Orders"))

    assert (await place(service, "Orders", ORDER)).is_draft


async def test_a_draft_is_found_after_minus_2028_too(scripted, script):
    script.answers = [
        answer({"error": {"code": "-2028", "message": "No existen registros"}}, 400),
        answer({"value": [{"DocEntry": 7, "DocNum": 9, "AuthorizationStatus": "dasPending"}]}),
    ]

    assert await place(scripted, "Orders", ORDER) == Placed(7, 9, is_draft=True)


async def test_a_code_that_does_not_exist_is_refused_as_such(service):
    with pytest.raises(Rejected):
        await place(service, "Orders", {**ORDER, "CardCode": "NOBODY"})


async def test_a_location_that_leads_nowhere_sends_us_to_the_drafts(scripted, script):
    script.answers = [
        httpx.Response(204, headers={"Location": "/b1s/v2/Orders(0)"}),
        answer({"error": {"code": "-2028", "message": ""}}, 404),
        answer({"value": [{"DocEntry": 7, "DocNum": 9, "AuthorizationStatus": "dasPending"}]}),
    ]

    assert await place(scripted, "Orders", ORDER) == Placed(7, 9, is_draft=True)


async def test_a_document_that_shows_nowhere_is_in_doubt(scripted, script):
    script.answers = [httpx.Response(204), answer({"value": []})]

    with pytest.raises(OutcomeUnknown, match="nowhere yet"):
        await place(scripted, "Orders", ORDER)


async def test_a_document_without_a_reference_is_not_sent(scripted, script):
    with pytest.raises(ValueError, match="without NumAtCard"):
        await place(scripted, "Orders", {"CardCode": "C1"})

    assert script.requests == []


async def test_an_approved_draft_becomes_a_document(service, world):
    world.company.settings.approvals.append(ApprovalRule("Orders"))
    draft = await place(service, "Orders", ORDER)
    world.clerk.approve_draft(draft.entry)

    await save_draft(service, draft.entry)

    assert [order["NumAtCard"] for order in world.company.query("Orders")] == ["R1"]


async def test_a_preview_wraps_the_document(scripted, script):
    script.answers = [answer({"DocTotal": 12, "DocEntry": None})]

    assert (await preview(scripted, "Orders", ORDER))["DocTotal"] == 12

    sent = script.requests[-1]
    assert sent.url.path.endswith("/OrdersService_Preview")
    assert b'"Document":' in sent.content


async def test_a_rate_that_is_no_number_is_not_guessed_at(scripted, script):
    script.answers = [answer({"odd": 1})]

    with pytest.raises(ContractBroken, match="nobody described"):
        await currency_rate(scripted, "USD", date(2026, 1, 2))
