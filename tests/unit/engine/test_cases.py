"""Runs that wait for a person, and what the person can do."""

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from b1bridge.domain.identity import Ref
from b1bridge.errors import (
    ConnectionBroken,
    ContractBroken,
    Mismatch,
    NeedsOperator,
    OutcomeUnknown,
    Transient,
)

pytestmark = pytest.mark.anyio
THING = Ref("shop", "thing", "1")


async def test_a_decision_that_is_missing_opens_a_case_with_the_way_out(
    hub, remote, notify, settled
):
    remote.trouble["post"] = [Mismatch("10.00 EUR here, 10.01 EUR there", fix="choose one")]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [case] = await hub.cases()
    assert (case.reason, case.message) == (
        "TOTAL_MISMATCH",
        "shop/thing/1: 10.00 EUR here, 10.01 EUR there",
    )
    assert (case.fix, case.ref, case.connection) == ("choose one", str(THING), "books")
    [run] = await hub.runs()
    assert (run.state, run.due_at) == ("waiting", None)


async def test_a_retried_case_tries_again_from_the_start_and_is_resolved(
    hub, remote, notify, settled
):
    remote.trouble["post"] = [NeedsOperator("the period is closed")]
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await settled(hub)
    [case] = await hub.cases()

    await hub.retry_case(case.id, "anna")
    await settled(hub)

    assert remote.read == ["1", "1"]
    assert remote.entries == [str(THING)]
    assert (await hub.case(case.id)).state == "resolved"


async def test_a_retry_that_fails_again_keeps_one_open_case(hub, remote, notify, settled):
    remote.trouble["post"] = [NeedsOperator("closed"), NeedsOperator("still closed")]
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await settled(hub)
    [case] = await hub.cases()

    await hub.retry_case(case.id, "anna")
    await settled(hub)

    [again] = await hub.cases()
    assert (again.id, again.times, again.message) == (case.id, 2, "shop/thing/1: still closed")


async def test_an_ignored_case_ends_its_run_with_the_reason_and_the_name(
    hub, remote, notify, settled
):
    remote.trouble["post"] = [NeedsOperator("no such item")]
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await settled(hub)
    [case] = await hub.cases()

    await hub.ignore_case(case.id, "a test order", "anna")

    [run] = await hub.runs()
    assert (run.state, run.outcome) == ("finished", "skipped")
    assert run.reason == "ignored by anna: a test order"
    assert (await hub.case(case.id)).closed_by == "anna"
    with pytest.raises(NeedsOperator, match="is ignored already"):
        await hub.retry_case(case.id, "anna")


async def test_a_changed_record_is_tried_again_and_closes_its_case(hub, remote, notify, settled):
    remote.trouble["post"] = [NeedsOperator("no such item")]
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await settled(hub)

    await notify(hub, "d2", "1")
    await settled(hub)

    assert await hub.cases() == []
    assert len(await hub.cases("resolved")) == 1
    assert len(await hub.runs()) == 1


async def test_a_later_success_closes_the_case_of_a_run_it_overtook(
    hub, remote, notify, settled, running
):
    remote.gate = asyncio.Event()
    remote.trouble["post"] = [NeedsOperator("no such item")]
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await running(hub)
    await notify(hub, "d2", "1")

    remote.gate.set()
    await settled(hub)

    newer, older = await hub.runs()
    assert (newer.outcome, older.state, older.outcome) == ("posted", "finished", "skipped")
    assert await hub.cases() == []


async def test_patience_ends_in_a_case_for_the_network(hub, remote, notify, settled):
    remote.trouble["thing"] = [Transient("no answer") for _ in range(3)]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [case] = await hub.cases()
    assert case.reason == "NETWORK"
    assert "3 attempts" in case.fix


async def test_a_write_that_stays_unknown_ends_in_a_case_of_its_own(hub, remote, notify, settled):
    remote.trouble["post"] = [OutcomeUnknown("cut off") for _ in range(3)]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [case] = await hub.cases()
    assert case.reason == "AMBIGUOUS_WRITE"


async def test_an_answer_we_cannot_read_waits_for_its_maintainers(hub, remote, notify, settled):
    answer = '{"id":1,"amount":"5.00"}'
    remote.trouble["thing"] = [ContractBroken("total: field required", payload=answer)]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [case] = await hub.cases()
    assert (case.reason, case.message) == ("SCHEMA", "shop/thing/1: total: field required")
    assert case.evidence == answer


async def test_a_bug_kills_the_run_and_keeps_its_traceback(hub, remote, notify, settled):
    remote.trouble["thing"] = [ZeroDivisionError("0 pieces")]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    [case] = await hub.cases()
    [run] = await hub.runs()
    assert (run.state, case.reason) == ("dead", "UNKNOWN")
    assert "ZeroDivisionError: 0 pieces" in case.evidence
    assert "in meet" in case.evidence

    await hub.retry_case(case.id, "anna")
    await settled(hub)
    assert remote.entries == [str(THING)]


async def test_lost_credentials_pause_the_connection_once_and_burn_no_run(
    hub, remote, notify, settled
):
    remote.trouble["post"] = [ConnectionBroken("401") for _ in range(8)]
    for number in range(8):
        await notify(hub, f"d{number}", str(number))
    await hub.start_worker()
    await settled(hub)

    [case] = await hub.cases()
    assert (case.reason, case.connection, case.run) == ("AUTH", "books", "")
    assert {run.held_by for run in await hub.runs()} == {"books"}
    [books] = [one for one in await hub.connections() if one.name == "books"]
    assert books.paused

    remote.trouble.clear()
    await hub.resume("books")
    await settled(hub)

    assert len(remote.entries) == 8
    assert await hub.cases() == []


async def test_retrying_the_case_of_a_connection_resumes_it(hub, remote, notify, settled):
    remote.trouble["post"] = [ConnectionBroken("401")]
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await settled(hub)
    [case] = await hub.cases()

    await hub.retry_case(case.id, "anna")
    await settled(hub)

    assert remote.entries == [str(THING)]


async def test_runs_of_a_connection_paused_by_hand_wait(hub, remote, notify, settled):
    await hub.pause("books", reason="year-end closing")
    await hub.start_worker()
    await notify(hub, "d1", "1")
    await settled(hub)

    [run] = await hub.runs()
    assert (run.state, run.held_by, remote.read) == ("waiting", "books", [])

    await hub.resume("books")
    await settled(hub)
    assert remote.entries == [str(THING)]


async def test_our_own_database_being_away_is_waited_out(hub, remote, notify, settled):
    remote.trouble["thing"] = [OperationalError(None, None, OSError("gone"))]
    await hub.start_worker()

    await notify(hub, "d1", "1")
    await settled(hub)

    assert remote.entries == [str(THING)]
    assert await hub.cases() == []
