"""The doctor looks at token, fields, the day and the webhooks, from the outside in."""

import pytest

from b1bridge.connectors.pipedrive import CONNECTOR

pytestmark = pytest.mark.anyio


async def findings(office, **own):
    settings = office.settings.model_copy(update=own)
    return {one.check: one async for one in CONNECTOR.doctor(settings, office.http)}


@pytest.mark.usefixtures("crm")
async def test_a_healthy_connection(office):
    found = await findings(office)

    assert all(one.well for one in found.values()), found
    assert "Service User" in found["token"].message


async def test_missing_fields_are_named_with_the_way_out(office):
    found = await findings(office)

    assert not found["custom fields"].well
    assert "b1bridge provision" in found["custom fields"].fix


async def test_a_wrong_token_ends_the_look(make_office):
    office = make_office(own={"api_token": "old"})

    found = await findings(office)

    assert list(found) == ["token"]
    assert not found["token"].well


async def test_a_company_that_does_not_answer_ends_the_look(office):
    office.line.down = True

    found = await findings(office)

    assert list(found) == ["company"]


@pytest.mark.usefixtures("crm")
async def test_webhooks_that_are_missing_are_named(office):
    found = await findings(office, webhook_url="https://hub.example/notices/crm")

    assert not found["webhooks"].well
    assert "b1bridge webhooks register" in found["webhooks"].fix
