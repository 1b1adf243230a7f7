"""From a notice to a posting, once."""

import pytest

pytestmark = pytest.mark.anyio


async def test_a_notice_becomes_one_posting(hub, remote, notify, settled):
    await notify(hub, "d1", "1")
    await hub.start_worker()

    await settled(hub)

    assert remote.entries == ["shop/thing/1"]
    [run] = await hub.runs(sync="entries")
    assert (run.state, run.outcome, run.documents[0].number) == ("finished", "posted", 1001)
