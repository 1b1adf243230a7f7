"""News for clients: found in the audit trail, each once, from where it was last read to."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.lanes import Lanes
from b1bridge.engine.store import Note
from b1bridge.storage import audit
from b1bridge.storage.callbacks import StoredCallbacks, Told
from b1bridge.storage.opening import open_database
from b1bridge.storage.queueing import Queue
from b1bridge.storage.tables import runs, submissions

pytestmark = pytest.mark.anyio
T0 = datetime(2026, 11, 21, 9, tzinfo=UTC)
URL = "https://hooks.example/x"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    yield database
    database.close()


@pytest.fixture
def callbacks(database):
    return StoredCallbacks(database, Queue(lambda *_, **__: None, Lanes()))


@pytest.fixture
def submit(database):
    async def submitted(reference, url=URL, connection="api", kind="order"):
        facts = {"body": "{}", "digest": "", "version": 1, "cancelled": False, "account": ""}
        row = {"connection": connection, "kind": kind, "reference": reference, "email": ""}
        when = {"received_at": T0, "changed_at": T0, "callback_url": url}
        await database.write(lambda db: db.execute(sa.insert(submissions), [facts | row | when]))

    return submitted


@pytest.fixture
def note(database):
    async def noted(*refs):
        notes = [Note(at=T0, actor="the hub", did="finished", ref=ref) for ref in refs]
        await database.write(lambda db: audit.append(db, notes))

    return noted


def order(reference, connection="api"):
    return Ref(connection, "order", reference)


async def test_only_orders_whose_clients_left_an_address_are_news(callbacks, submit, note):
    await submit("A")
    await submit("B", url="")
    await submit("C", kind="contact")
    await submit("A", connection="other")
    await note("api", "", "api/order/B", "api/contact/C", "shop/order/A", "api/callback/A")
    await note("api/order/A", "api/order/A", "other/order/A", "api/order/never-sent")

    news = await callbacks.news(0)

    assert set(news.refs) == {order("A"), order("A", "other")}
    assert (news.read_to, news.more) == (10, False)


async def test_what_was_read_is_not_read_again(callbacks, submit, note):
    await submit("A")
    await note("api/order/A")
    news = await callbacks.news(0)
    await callbacks.queue(news.refs, news.read_to, T0)

    assert (await callbacks.news(0)).refs == ()
    await note("api/order/A")
    assert (await callbacks.news(0)).refs == (order("A"),)
    assert (await callbacks.news(2)).refs == ()


async def test_the_bookmark_never_moves_back(callbacks, note):
    await note(*["api/order/A"] * 5)

    await callbacks.queue([], 5, T0)
    await callbacks.queue([], 3, T0)

    assert (await callbacks.news(0)).read_to == 5


async def test_an_order_is_queued_once_however_often_it_is_news(callbacks, database, submit):
    await submit("A")

    for read_to in (1, 2):
        await callbacks.queue([order("A")], read_to, T0)

    rows = await database.read(lambda db: db.execute(sa.select(runs)).all())
    assert [(row.flow, row.ref) for row in rows] == [("tell-callbacks", "api/callback/A")]


async def test_a_long_trail_is_read_page_by_page(callbacks, submit, note):
    await submit("A")
    await submit("Z")
    await note("api/order/A", *["shop/order/1"] * 2100, "api/order/Z")

    first = await callbacks.news(0)
    second = await callbacks.news(first.read_to)

    assert (first.refs, first.more) == ((order("A"),), True)
    assert (second.refs, second.more) == ((order("Z"),), False)


async def test_what_was_told_last_is_remembered(callbacks):
    assert await callbacks.told(order("A")) == Told()

    await callbacks.note(order("A"), Told("one", 1), T0)
    await callbacks.note(order("A"), Told("two", 2), T0)

    assert await callbacks.told(order("A")) == Told("two", 2)
    assert await callbacks.told(order("B")) == Told()
