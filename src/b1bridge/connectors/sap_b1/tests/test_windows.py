"""Big reads lose no row and repeat none, even while rows come and go."""

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.odata import startswith
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.errors import ContractBroken
from b1bridge.sdk.http import exchange
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
CODES = [f"W-{number:02}" for number in range(30)]


@pytest.fixture
async def service(world, world_settings, line):
    for code in CODES:
        clerk.add_item(world.company, code)
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


def read(service, size):
    return windows(
        service,
        "Items",
        key="ItemCode",
        select=["ItemCode"],
        where=startswith("ItemCode", "W-"),
        size=size,
    )


@pytest.mark.parametrize("size", [1, 7, 10, 15, 29, 30, 31])
async def test_windows_of_any_size_give_every_row_once(service, size):
    found = [row["ItemCode"] async for rows in read(service, size) for row in rows]

    assert found == CODES


async def test_rows_that_vanish_while_reading_hide_no_other(service, world):
    found = []
    async for rows in read(service, 10):
        found += [row["ItemCode"] for row in rows]
        if len(found) == 10:
            for code in CODES[:5]:
                world.company.delete("Items", {"ItemCode": code})

    assert found == CODES


async def test_a_window_too_long_to_swallow_is_halved_until_it_fits(service, monkeypatch):
    monkeypatch.setitem(exchange.__kwdefaults__, "max_bytes", 700)

    found = [[row["ItemCode"] for row in rows] async for rows in read(service, 30)]

    assert [code for rows in found for code in rows] == CODES
    assert 1 < max(map(len, found)) < 30


async def test_one_row_too_long_to_swallow_is_said_and_not_looped(service, monkeypatch):
    monkeypatch.setitem(exchange.__kwdefaults__, "max_bytes", 40)

    with pytest.raises(ContractBroken, match="more than 40 bytes"):
        [rows async for rows in read(service, 30)]


async def test_a_list_without_rows_is_no_list(script, http, settings):
    script.answers = [httpx.Response(200, json={"odata.metadata": "x"})]

    with pytest.raises(ContractBroken, match="without its rows"):
        await ServiceLayer(http, settings).rows("Items", select=["ItemCode"])
