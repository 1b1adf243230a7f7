"""Telling a client: whatever dies in between, it is told, and knows a repetition by its id."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did
from b1bridge.engine.looking import NoOptions
from b1bridge.engine.telling import Callback, telling, telling_sync
from b1bridge.errors import Transient
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun, InMemoryRun

pytestmark = pytest.mark.anyio
REF = Ref("api", "callback", "WEB-1")


class Client:
    """What is to be told, and what has been."""

    def __init__(self):
        self.news = Callback("msg_1", "https://hooks.example/x?key=k3y", "{}")
        self.heard = []
        self.trouble = []

    async def callback(self, ref):
        assert ref == REF
        return self.news

    async def send(self, ref, callback):
        assert ref == REF
        if self.trouble:
            raise self.trouble.pop()
        self.heard.append(callback.id)

    async def note(self, ref, callback):
        assert ref == REF
        if self.news == callback:
            self.news = None


async def told(client, run):
    return await telling(client).body(run, None, None, NoOptions())


async def test_news_are_told_once():
    client = Client()

    first = await told(client, InMemoryRun(REF))
    second = await told(client, InMemoryRun(REF))

    assert (first.did, second.did) == (Did.POSTED, Did.SKIPPED)
    assert first.reason == "told https://hooks.example/x (msg_1)"
    assert client.heard == ["msg_1"]


@pytest.mark.parametrize("again", ["resumed", "restarted"])
@pytest.mark.parametrize("nth_step", [1, 2, 3])
async def test_a_death_at_any_step_loses_nothing_and_repeats_under_one_id(nth_step, again):
    client = Client()
    run = CrashingRun(REF, nth_step=nth_step)
    with pytest.raises(Crash):
        await told(client, run)

    await told(client, getattr(run, again)())

    assert client.news is None
    assert set(client.heard) == {"msg_1"}
    assert len(client.heard) <= 2


async def test_what_was_not_taken_is_still_to_be_told():
    client = Client()
    client.trouble = [Transient("deaf")]

    with pytest.raises(Transient):
        await told(client, InMemoryRun(REF))

    assert (await told(client, InMemoryRun(REF))).did is Did.POSTED
    assert client.heard == ["msg_1"]


def test_the_record_of_a_callback_stands_beside_that_of_its_order():
    sync, ref = telling_sync("api", "WEB-1")

    assert ref == REF
    assert (sync.source, sync.target) == ("api", "api")
