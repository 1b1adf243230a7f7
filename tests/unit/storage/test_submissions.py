"""What clients send is taken once, whoever else sends it in the same moment."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.submissions import NewSubmission, Verdict
from b1bridge.engine.lanes import Lanes
from b1bridge.engine.records import Sync
from b1bridge.storage import audit
from b1bridge.storage.inbox import StoredInbox
from b1bridge.storage.opening import open_database
from b1bridge.storage.queueing import Queue
from b1bridge.storage.submission_views import Sought, SubmissionViews
from b1bridge.storage.submissions import StoredSubmissions
from b1bridge.storage.syncs import StoredSyncs

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SYNC = Sync(name="api", flow="order-to-sales-order", source="api", target="sap")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    await StoredSyncs(database, Queue(lambda *_, **__: None, Lanes())).add(SYNC, "order", NOW)
    yield database
    database.close()


@pytest.fixture
def submissions(database):
    queue = Queue(lambda *_, **__: None, Lanes())
    return StoredSubmissions(database, StoredInbox(database, queue, {}))


def new(reference="W-1", body="{}"):
    return NewSubmission(ref=Ref("api", "order", reference), body=body, digest=f"digest of {body}")


def accept(submissions, one, key="", at=NOW):
    return submissions.accept(one, key=key, actor="token:shop", at=at)


async def test_one_of_many_callers_at_once_is_the_first(submissions, database):
    answers = await asyncio.gather(
        *(accept(submissions, new(f"W-{n}"), f"k-{n}") for n in range(10) for _ in range(10))
    )

    assert Counter(one.verdict for one in answers) == {Verdict.NEW: 10, Verdict.SAME: 90}
    assert {one.version for one in answers} == {1}
    noted = await audit.entries(database, 0)
    assert sorted(entry.ref for entry in noted if entry.did == "submit") == sorted(
        f"api/order/W-{n}" for n in range(10)
    )
    assert (await audit.verify(database)).broken_at is None


async def test_one_key_for_two_orders_at_once_is_good_for_one_of_them(submissions):
    for number in range(10):
        pair = [new(f"A-{number}"), new(f"B-{number}")]

        answers = await asyncio.gather(*(accept(submissions, one, f"k-{number}") for one in pair))

        assert {one.verdict for one in answers} == {Verdict.NEW, Verdict.KEY_REUSED}
        taken = [await submissions.submission(one.ref) for one in pair]
        assert sum(one is not None for one in taken) == 1


async def test_one_reference_with_two_bodies_at_once_is_the_first_of_them(submissions):
    for number in range(10):
        bodies = [new(f"W-{number}", body) for body in ("1", "2")]

        answers = await asyncio.gather(*(accept(submissions, one) for one in bodies))

        assert {one.verdict for one in answers} == {Verdict.NEW, Verdict.OTHER_BODY}


async def test_of_two_who_replace_one_version_at_once_one_is_late(submissions):
    await accept(submissions, new())

    answers = await asyncio.gather(
        *(
            submissions.replace(new(body=body), version=1, actor="t", at=NOW)
            for body in ("1", "2", "3")
        )
    )

    assert Counter(one.verdict for one in answers) == {Verdict.REPLACED: 1, Verdict.STALE: 2}


async def test_what_changed_is_listed_by_the_moment_of_its_change(submissions):
    for number in range(3):
        await accept(submissions, new(f"W-{number}"), at=NOW + timedelta(seconds=number))
    later = NOW + timedelta(minutes=1)
    await submissions.cancel(Ref("api", "order", "W-0"), actor="t", at=later)

    async def since(moment):
        listed = submissions.submissions_changed_since("api", "order", moment)
        return [(ref.id, at) async for ref, at in listed]

    assert [id_ for id_, _ in await since(NOW)] == ["W-1", "W-2", "W-0"]
    assert await since(later) == [("W-0", later)]
    assert await since(later + timedelta(seconds=1)) == []


async def test_more_than_a_page_of_one_moment_is_listed_whole(submissions, monkeypatch):
    monkeypatch.setattr("b1bridge.storage.submissions._PAGE", 2)
    for number in range(5):
        await accept(submissions, new(f"W-{number}"))

    listed = submissions.submissions_changed_since("api", "order", NOW)

    assert [ref.id async for ref, _ in listed] == [f"W-{n}" for n in range(5)]


async def test_a_change_is_never_older_than_the_one_before(submissions):
    await accept(submissions, new())

    await submissions.cancel(new().ref, actor="t", at=NOW - timedelta(hours=1))

    assert (await submissions.submission(new().ref)).changed_at == NOW


async def test_keys_are_forgotten_when_their_time_is_over(submissions):
    await accept(submissions, new(), "k-1")
    await accept(submissions, new("W-2"), "k-2", at=NOW + timedelta(days=2))

    assert await submissions.forget_keys(NOW + timedelta(days=1)) == 1

    assert (await accept(submissions, new("W-3"), "k-1")).verdict is Verdict.NEW
    assert (await accept(submissions, new("W-4"), "k-2")).verdict is Verdict.KEY_REUSED


async def test_other_kinds_and_connections_have_references_of_their_own(submissions, database):
    await accept(submissions, new())
    other = replace(new(), ref=Ref("api", "contact", "W-1"))

    assert (await accept(submissions, other)).verdict is Verdict.NO_SYNC
    assert await submissions.submission(other.ref) is None
    sought = Sought(connection="api", kind="order", since=NOW, until=NOW)
    assert await SubmissionViews(database).page(sought, 0, 10) == []
