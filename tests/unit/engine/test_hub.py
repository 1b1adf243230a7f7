"""What the command line, the web and the demo may ask of a hub."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.bootstrap import Hub
from b1bridge.domain.identity import Ref
from b1bridge.engine.records import Schedule
from b1bridge.errors import NeedsOperator

pytestmark = pytest.mark.anyio
THING = Ref("shop", "thing", "812")


async def test_a_secret_goes_in_and_never_comes_out(hub, tmp_path):
    [shop] = [one for one in await hub.connections() if one.name == "shop"]

    with sqlite3.connect(tmp_path / "b1bridge.db") as db:
        everything = "\n".join(db.iterdump())
    db.close()
    assert shop.secrets == ("token",)
    assert "token" not in shop.settings
    assert "s3cret" not in everything
    assert "s3cret" not in repr(await hub.connections())


async def test_settings_are_checked_before_they_are_kept(hub):
    with pytest.raises(NeedsOperator, match="place"):
        await hub.add_connection("shop-2", "shelf", {"place": 7})
    with pytest.raises(NeedsOperator, match="there are ledger, shelf"):
        await hub.add_connection("shop-2", "shopfy", {})

    assert [one.name for one in await hub.connections()] == ["books", "shop"]


async def test_new_settings_open_a_new_line(hub):
    before = await hub.open_connection("shop")
    await hub.add_connection("shop", "shelf", {"place": "there"})

    after = await hub.open_connection("shop")

    assert after is not before
    assert await hub.open_connection("shop") is after


async def test_a_sync_needs_two_sides_that_can_do_what_the_flow_asks(hub):
    with pytest.raises(NeedsOperator, match="cannot be the source"):
        await hub.add_sync("x", flow="thing-to-entry", source="books", target="books")
    with pytest.raises(NeedsOperator, match="cannot be the target"):
        await hub.add_sync("x", flow="thing-to-entry", source="shop", target="shop")
    with pytest.raises(NeedsOperator, match="there is no flow"):
        await hub.add_sync("x", flow="thing", source="shop", target="books")
    with pytest.raises(NeedsOperator, match="no option colour"):
        await hub.add_sync(
            "x", flow="sweep", source="shop", target="books", options={"colour": "red"}
        )
    with pytest.raises(NeedsOperator, match="no cron expression"):
        await hub.add_sync(
            "x", flow="sweep", source="shop", target="books", schedule=Schedule(cron="often")
        )


async def test_the_doctor_tells_what_the_connector_finds(hub):
    findings = [finding async for finding in hub.doctor("shop")]

    assert [finding.message for finding in findings] == ["the token works"]


async def test_an_unknown_connection_is_named(hub):
    with pytest.raises(NeedsOperator, match="no connection named 'shpo'"):
        await hub.connector_of("shpo")


@pytest.mark.parametrize("text", ["812", "shop/thing/812", "delivery-9", "1001"])
async def test_the_story_of_a_record_is_found_by_any_of_its_numbers(hub, notify, settled, text):
    await hub.start_worker()
    await notify(hub, "delivery-9", "812")
    await settled(hub)

    story = await hub.trail(text)

    assert story.refs == ("shop/thing/812",)
    assert [run.outcome for run in story.runs] == ["posted"]
    steps = [entry.step for entry in story.entries if entry.did == "step"]
    assert steps == ["read thing", "post entry", "read back"]
    posting = next(entry for entry in story.entries if entry.step == "post entry")
    assert posting.detail == "books.find_entry, books.post_entry"
    assert [notice[2] for notice in story.notices] == ["delivery-9"]


async def test_every_run_and_every_decision_leaves_a_chained_line(hub, remote, notify, settled):
    remote.trouble["post"] = [NeedsOperator("no item")]
    await hub.start_worker()
    await notify(hub, "d1", "812")
    await settled(hub)
    [case] = await hub.cases()
    await hub.ignore_case(case.id, "a test", "anna")

    story = await hub.trail("812")

    told = [(entry.actor, entry.did) for entry in story.entries]
    assert told[-2:] == [("the hub", "waiting"), ("anna", "ignore")]
    assert (await hub.verify_audit()).broken_at is None


async def test_a_run_started_by_hand_names_who_asked(hub, remote, settled):
    await hub.start_worker()
    run = await hub.start("entries", THING, "anna")
    await settled(hub)

    assert (await hub.run(run)).outcome == "posted"
    assert (await hub.trail(run)).entries[0].actor == "anna"
    assert remote.entries == [str(THING)]
    with pytest.raises(NeedsOperator, match="no sync named nothing"):
        await hub.start("nothing", THING, "anna")


async def test_a_dry_run_says_what_it_would_write_and_writes_nothing(hub, remote):
    now = datetime.now(UTC)
    remote.changed = [(Ref("shop", "thing", "1"), now), (Ref("shop", "thing", "2"), now)]
    remote.entries = ["shop/thing/2"]

    synced = await hub.sync_now("entries", now - timedelta(days=1), dry_run=True)

    new, known = synced.previews
    assert new.would == ("post entry: str",)
    assert known.would == ("post entry: already there",)
    assert known.outcome == "already there"
    assert remote.entries == ["shop/thing/2"]
    assert await hub.runs() == []


async def test_sync_now_queues_everything_since_a_moment(hub, remote, settled):
    now = datetime.now(UTC)
    remote.changed = [
        (Ref("shop", "thing", "old"), now - timedelta(days=3)),
        (Ref("shop", "thing", "new"), now - timedelta(hours=1)),
    ]

    synced = await hub.sync_now("thing-to-entry", now - timedelta(days=1))
    await hub.start_worker()
    await settled(hub)

    assert synced.queued == 1
    assert remote.entries == ["shop/thing/new"]


async def test_sync_now_without_a_moment_goes_on_from_the_watermark(hub, remote):
    now = datetime.now(UTC)
    remote.changed = [(Ref("shop", "thing", "1"), now)]

    first = await hub.sync_now("entries")
    second = await hub.sync_now("entries")

    assert first.queued == 1
    assert second.queued == 0 or len(await hub.runs()) == 1


async def test_sync_now_names_what_there_is(hub):
    with pytest.raises(NeedsOperator, match="entries, thing-to-entry"):
        await hub.sync_now("orders")


async def test_a_sweep_runs_on_its_schedule_and_reports_figures(hub, settled):
    await hub.add_sync(
        "sweeps", flow="sweep", source="shop", target="books", schedule=Schedule(every=3600)
    )
    await hub.start_worker()
    async with asyncio.timeout(20):
        while not await hub.runs(sync="sweeps"):  # noqa: ASYNC110  # the clock starts it
            await asyncio.sleep(0.02)
    await settled(hub)

    [run] = await hub.runs(sync="sweeps")
    assert (run.ref, run.figures, run.progress) == (
        Ref("shop", "all", "sweep"),
        {"compared": 1},
        "1 of 1",
    )


async def test_crosswalks_are_entered_and_read(hub):
    await hub.set_crosswalk("tax", "20", "S1", actor="anna")

    assert await hub.crosswalk("tax") == {"20": "S1"}


async def test_a_rotation_keeps_connections_open_to_their_secrets(hub):
    assert await hub.rotate_secrets() == 2


async def test_what_one_hub_keeps_the_next_one_finds(tmp_path, parts):
    async with await Hub.open(tmp_path, parts=parts) as hub:
        await hub.add_connection("shop", "shelf", {"token": "s3cret"})

    async with await Hub.open(tmp_path, parts=parts) as again:
        assert [one.name for one in await again.connections()] == ["shop"]
