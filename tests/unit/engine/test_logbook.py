"""The log says which run, record and step; never what stands in them."""

import logging
from datetime import UTC, datetime

import pytest

from b1bridge.engine.breaker import Breakers
from b1bridge.errors import NeedsOperator, Untrusted

pytestmark = pytest.mark.anyio
SECRET_WORDS = "anna@example.com owes 5.00"


@pytest.fixture
def told(caplog):
    """Return what was logged: what, and its facts."""
    caplog.set_level(logging.INFO, "b1bridge")
    return lambda: [(one.getMessage(), one.facts) for one in caplog.records if "facts" in vars(one)]


async def test_a_run_that_came_through_is_one_line(hub, notify, settled, told):
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [run] = await hub.runs()
    [line] = [facts for what, facts in told() if facts["sync"] == "entries"]
    assert line == {
        "run": run.id,
        "attempt": 1,
        "sync": "entries",
        "ref": "shop/thing/1",
        "step": "read back",
        "state": "finished",
        "outcome": "posted",
    }


async def test_a_case_is_told_without_its_words(hub, remote, notify, settled, told):
    remote.trouble["post"] = [NeedsOperator(SECRET_WORDS, reason="CURRENCY")]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [case] = [facts for what, facts in told() if what == "case opened"]
    assert (case["reason"], case["ref"], case["step"]) == (
        "CURRENCY",
        "shop/thing/1",
        "post entry",
    )
    assert SECRET_WORDS not in str(told())


async def test_a_refused_notice_is_told_without_its_body(hub, told):
    with pytest.raises(Untrusted):
        await hub.accept("shop", {}, SECRET_WORDS.encode(), datetime.now(UTC))

    assert told() == [("notice refused", {"connection": "shop"})]


def test_a_breaker_is_told_when_it_opens_and_closes(told):
    breakers = Breakers(threshold=1)

    breakers.failed("sap", datetime(2026, 11, 2, 9, tzinfo=UTC))
    breakers.worked("sap")
    breakers.worked("sap")

    assert [what for what, _ in told()] == ["breaker opened", "breaker closed"]
