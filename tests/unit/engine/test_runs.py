"""From a notice to a posting, once."""

import asyncio
from datetime import UTC, datetime

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.errors import OutcomeUnknown, Transient, Untrusted

pytestmark = pytest.mark.anyio


async def test_a_notice_becomes_one_posting(hub, remote, notify, settled):
    await notify(hub, "d1", "1")
    await hub.start_worker()

    await settled(hub)

    assert remote.entries == ["shop/thing/1"]
    [run] = await hub.runs(sync="entries")
    assert (run.state, run.outcome, run.documents[0].number) == ("finished", "posted", 1001)


async def test_a_delivery_that_comes_twice_starts_one_run(hub, notify):
    first = await notify(hub, "d1", "1")
    second = await notify(hub, "d1", "1")

    assert (first.new, first.duplicates) == (1, 0)
    assert (second.new, second.duplicates) == (0, 1)
    assert len(await hub.runs()) == 1


async def test_a_redelivery_after_the_run_is_over_changes_nothing(hub, remote, notify, settled):
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await settled(hub)

    await notify(hub, "d1", "1")
    await settled(hub)

    assert remote.read == ["1"]


async def test_notices_for_a_record_still_queued_share_its_run(hub, notify):
    for number in range(5):
        await notify(hub, f"d{number}", "1")

    assert len(await hub.runs()) == 1


async def test_a_notice_during_the_run_looks_again_afterwards(
    hub, remote, notify, settled, running
):
    remote.gate = asyncio.Event()
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await running(hub)

    await notify(hub, "d2", "1")
    remote.gate.set()
    await settled(hub)

    outcomes = [run.outcome for run in await hub.runs(sync="entries")]
    assert outcomes == ["already there", "posted"]
    assert remote.entries == ["shop/thing/1"]


async def test_flows_on_the_same_record_take_turns(hub, remote, settled):
    await hub.add_sync("echoes", flow="thing-to-echo", source="shop", target="books")
    remote.slow = 0.05
    await hub.start("entries", Ref("shop", "thing", "1"), "tester")
    await hub.start("echoes", Ref("shop", "thing", "1"), "tester")
    await hub.start_worker()

    await settled(hub)

    assert sorted(set(remote.entries)) == ["echo shop/thing/1", "shop/thing/1"]
    assert remote.most_at_once == 1


async def test_a_finished_run_starts_the_flows_that_follow(hub, remote, notify, settled):
    await hub.add_sync("echoes", flow="thing-to-echo", source="shop", target="books")
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    assert remote.entries == ["shop/thing/1", "echo shop/thing/1"]


async def test_a_skipped_run_starts_nothing_and_says_why(hub, remote, notify, settled):
    await hub.add_sync("echoes", flow="thing-to-echo", source="shop", target="books")
    remote.things["1"] = "nothing"
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [run] = await hub.runs()
    assert (run.outcome, run.reason) == ("skipped", "there is nothing to post")
    assert remote.entries == []


async def test_runs_of_many_records_all_come_through(hub, remote, notify, settled):
    for number in range(40):
        await notify(hub, f"d{number}", str(number))
    await hub.start_worker()

    await settled(hub)

    assert sorted(remote.entries) == sorted(f"shop/thing/{number}" for number in range(40))


async def test_a_sync_that_is_off_takes_no_notice(hub, notify):
    await hub.add_sync(
        "entries", flow="thing-to-entry", source="shop", target="books", enabled=False
    )

    await notify(hub, "d1", "1")

    assert await hub.runs() == []


async def test_an_unsigned_notice_is_counted_and_not_stored(hub):
    with pytest.raises(Untrusted):
        await hub.accept("shop", {}, b"d1 1", datetime.now(UTC))

    assert (await hub.counts())["refused notices"] == 1
    assert await hub.runs() == []


async def test_a_signed_notice_that_nobody_can_read_is_kept_with_a_case(hub):
    first = await hub.accept("shop", {"signed": "yes"}, b"gibberish", datetime.now(UTC))
    again = await hub.accept("shop", {"signed": "yes"}, b"gibberish", datetime.now(UTC))

    [case] = await hub.cases()
    assert (case.reason, case.evidence, case.times) == ("SCHEMA", "gibberish", 1)
    assert (first.new, again.duplicates) == (1, 1)


async def test_options_of_a_sync_reach_the_flow(hub, remote, notify, settled):
    await hub.add_sync(
        "entries",
        flow="thing-to-entry",
        source="shop",
        target="books",
        options={"prefix": "B-"},
    )
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    assert remote.entries == ["B-shop/thing/1"]


async def test_what_was_queued_before_a_restart_is_run_after_it(hub, remote, notify, settled):
    await hub.start_worker()
    await hub.stop_worker()
    await notify(hub, "d1", "1")

    await hub.start_worker()
    await settled(hub)

    assert remote.entries == ["shop/thing/1"]


async def test_stopping_lets_the_run_under_way_finish(hub, remote, notify, running):
    remote.gate = asyncio.Event()
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await running(hub)

    stopping = asyncio.create_task(hub.stop_worker())
    await asyncio.sleep(0.1)
    remote.gate.set()
    await stopping

    assert remote.entries == ["shop/thing/1"]
    assert (await hub.counts())["finished"] == 1


async def test_stopping_releases_a_run_that_does_not_finish(hub, remote, notify, settled, running):
    remote.gate = asyncio.Event()
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await running(hub)

    await hub.stop_worker(grace=0.1)
    remote.gate.set()
    await hub.start_worker()
    await settled(hub)

    assert remote.entries == ["shop/thing/1"]


async def test_a_lost_answer_is_looked_for_before_anything_is_written_again(
    hub, remote, notify, settled
):
    remote.trouble["posted"] = [OutcomeUnknown("the answer was lost")]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    assert remote.entries == ["shop/thing/1"]
    [run] = await hub.runs()
    assert run.outcome == "already there"


async def test_a_passing_trouble_is_waited_out(hub, remote, notify, settled):
    remote.trouble["thing"] = [Transient("busy"), Transient("busy")]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [run] = await hub.runs()
    assert (run.state, run.attempt) == ("finished", 3)
    assert await hub.cases() == []
