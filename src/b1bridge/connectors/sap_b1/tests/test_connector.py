"""The connector offers what the flows ask for, and opens no line before it is needed."""

import httpx
import pytest

from b1bridge.connectors.sap_b1 import CONNECTOR
from b1bridge.sdk.connector import Leaving

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("capability", CONNECTOR.capabilities, ids=lambda c: c.__name__)
async def test_the_books_have_every_capability_that_is_declared(settings, http, capability):
    assert isinstance(CONNECTOR.build("sap", settings, http), capability)


async def test_opening_a_line_asks_nothing_of_the_server(settings):
    away = settings.model_copy(update={"url": "https://no-such-host.invalid:50000"})

    async with CONNECTOR.http(away) as http:
        assert isinstance(http, httpx.AsyncClient)
        CONNECTOR.build("sap", away, http)


def test_a_form_can_be_made_of_the_settings():
    fields = CONNECTOR.settings.model_json_schema()

    assert set(fields["required"]) == {"url", "company_db", "user", "password"}
    assert fields["properties"]["password"]["writeOnly"]


async def test_the_books_log_out_before_their_line_is_closed(settings, http, script):
    books = CONNECTOR.build("sap", settings, http)
    await books.items(["TEA"])

    assert isinstance(books, Leaving)
    await books.aclose()

    assert script.calls["POST Logout"] == 1


async def test_leaving_a_system_that_is_away_is_no_trouble(settings, http, script):
    books = CONNECTOR.build("sap", settings, http)
    await books.items(["TEA"])
    script.on_logout = httpx.Response(503)

    await books.aclose()

    assert script.calls["POST Logout"] == 1
