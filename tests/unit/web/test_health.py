"""What monitors see."""

import pytest

pytestmark = pytest.mark.anyio


async def test_a_living_hub_says_so(web):
    answer = await web.get("/health")

    assert (answer.status_code, answer.json()["database"]) == (200, "reachable")


async def test_the_status_names_paused_connections_without_their_settings(web, hub, shop):
    await hub.pause("shop", reason="stock-taking")

    answer = await web.get("/status")

    assert answer.json()["connections"] == [
        {"name": "shop", "connector": "bigcommerce", "paused": True}
    ]
    assert shop.store.access_token not in answer.text


async def test_the_status_counts_runs_and_open_cases(web):
    status = (await web.get("/status")).json()

    assert status["open_cases"] == {"total": 0, "oldest": None, "by_reason": {}}
    assert status["counts"]["queued"] == 0


async def test_the_api_describes_itself(web):
    paths = (await web.get("/openapi.json")).json()["paths"]

    assert set(paths) == {"/notices/{connection}", "/health", "/status"}
