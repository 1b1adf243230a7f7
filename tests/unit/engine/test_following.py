"""A flow that follows another one is started by it, not by the notice as well."""

from dataclasses import replace

import pytest

from b1bridge.bootstrap import Hub

pytestmark = pytest.mark.anyio

BOTH = {"source": "shop", "target": "books"}


@pytest.fixture
async def hub(tmp_path, parts, furnish):
    flows = dict(parts.flows())
    flows["thing-to-echo"] = replace(flows["thing-to-echo"], on="thing")
    async with await Hub.open(tmp_path, parts=replace(parts, flows=lambda: flows)) as hub:
        await furnish(hub)
        yield hub


async def flows_run(hub):
    return sorted(run.flow for run in await hub.runs())


async def test_one_notice_makes_one_run_of_each(hub, remote, notify, settled):
    await hub.add_sync("echoes", flow="thing-to-echo", **BOTH)
    await notify(hub, "d1", "1")
    assert await flows_run(hub) == ["thing-to-entry"]

    await hub.start_worker()
    await settled(hub)

    assert await flows_run(hub) == ["thing-to-echo", "thing-to-entry"]
    assert remote.entries == ["shop/thing/1", "echo shop/thing/1"]


async def test_a_follower_whose_leader_is_off_hears_the_notice_itself(hub, remote, notify, settled):
    await hub.add_sync("echoes", flow="thing-to-echo", **BOTH)
    await hub.add_sync("entries", flow="thing-to-entry", **BOTH, enabled=False)

    await notify(hub, "d1", "1")
    await hub.start_worker()
    await settled(hub)

    assert remote.entries == ["echo shop/thing/1"]


async def test_a_follower_between_other_connections_hears_the_notice_itself(hub, notify):
    await hub.add_connection("other books", "ledger", {})
    await hub.add_sync("echoes", flow="thing-to-echo", source="shop", target="other books")

    await notify(hub, "d1", "1")

    assert await flows_run(hub) == ["thing-to-echo", "thing-to-entry"]
