"""A day's budget that is used up stops those who need it, and nobody else."""

import pytest

from b1bridge.errors import Spent

pytestmark = pytest.mark.anyio


async def test_many_that_wait_for_midnight_shut_nobody_out(hub, remote, notify, settled):
    remote.trouble["post"] = [
        Spent("all are used", system="ledger", retry_after=1) for _ in "12345678"
    ]
    await hub.start_worker()
    for number in range(8):
        await notify(hub, f"d{number}", str(number))
    while (await hub.counts())["waiting"] < 8:
        pass

    await notify(hub, "d9", "9")
    while "shop/thing/9" not in remote.entries:
        assert (await hub.counts())["waiting"] + len(remote.entries) >= 8
    await settled(hub)

    assert len(remote.entries) == 9
    assert await hub.cases() == []


async def test_waiting_for_many_midnights_uses_up_no_attempt(hub, remote, notify, settled):
    remote.trouble["post"] = [Spent("all are used", system="ledger", retry_after=0.01)] * 6
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    assert remote.entries == ["shop/thing/1"]
    assert await hub.cases() == []
