"""Notices that nobody signed, nobody can read, or that speak of nothing."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.notices import signature_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def stored(office):
    """Return a function that counts the deliveries on disk."""
    engine = create_engine(f"sqlite:///{office.home}/b1bridge.db")

    def count(where="1=1"):
        with engine.connect() as db:
            return db.execute(text(f"select count(*) from inbox where {where}")).scalar()  # noqa: S608 - our own words

    yield count
    engine.dispose()


def signed(store, body, *, secret=None, at=None):
    """Return headers as the store would send them with this body."""
    stamp = str(int((at or datetime.now(UTC)).timestamp()))
    number = f"msg_raw_{hash(body)}_{stamp}"
    return {
        "webhook-id": number,
        "webhook-timestamp": stamp,
        "webhook-signature": signature_of(secret or store.store.client_secret, number, stamp, body),
    }


def stub(store, scope="store/order/updated", **data):
    told = {"scope": scope, "producer": f"stores/{store.store.store_hash}", "data": data}
    return json.dumps(told).encode()


async def test_what_the_store_did_not_sign_just_now_is_refused_counted_and_not_stored(
    office, door, store, stored
):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    body = stub(store, type="order", id=order)
    six_minutes_ago = datetime.fromtimestamp(datetime.now(UTC).timestamp() - 360, UTC)
    stranger = Simulator(store_hash="simstore", client_secret="another")
    on_disk, refused = stored(), (await office.hub.counts()).get("refused notices", 0)

    answers = [
        await door.post("/notices/shop", content=body),
        await door.post(
            "/notices/shop", content=body, headers=signed(store, body, at=six_minutes_ago)
        ),
        await door.post("/notices/shop", content=body, headers=signed(stranger, body)),
        await door.post("/notices/shop", content=body + b" ", headers=signed(store, body)),
    ]
    await office.settled()

    assert [answer.status_code for answer in answers] == [401] * 4
    assert stored() == on_disk
    assert (await office.hub.counts())["refused notices"] == refused + 4
    assert office.holds_nothing(order)
    assert await office.cases(order) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"scope": "store/order/updated", "data": {"id": 1',
        b"\xff\xfe not text at all",
        b"[1, 2, 3]",
        b'{"producer": "stores/simstore", "scope": "store/order/updated", "data": {"id": "x"}}',
        b'{"producer": "stores/simstore", "scope": "store/order/updated", "data": [NaN]}',
        b"[" * 200_000,
    ],
    ids=["cut off", "no text", "a list", "no number", "not a number", "too deep"],
)
async def test_a_signed_notice_that_cannot_be_read_is_kept_raw_with_one_case(
    office, door, store, stored, body
):
    on_disk = stored("body is not null")

    answers = [
        await door.post("/notices/shop", content=body, headers=signed(store, body))
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert stored("body is not null") == on_disk + 1
    case = max(await office.hub.cases(), key=lambda one: one.opened_at)
    assert (case.reason, case.ref) == ("SCHEMA", "shop/notice")
    assert "a notice of shop cannot be read" in case.message
    assert "the record itself is found" in case.fix
    assert body.decode(errors="replace")[:20_000] == case.evidence
    await office.hub.ignore_case(case.id, "seen", "clerk")


async def test_a_notice_of_a_scope_that_concerns_nothing_we_do_is_thanked_and_dropped(
    office, door, store
):
    body = stub(store, "store/cart/lineItem/created", type="cart_line_item", id="a-b")

    answer = await door.post("/notices/shop", content=body, headers=signed(store, body))

    assert (answer.status_code, answer.json()["new"]) == (200, 0)
    assert [case for case in await office.hub.cases() if case.ref == "shop/notice"] == []


async def test_an_order_that_the_shop_does_not_know_is_a_case_and_comes_through_once_it_does(
    office, store
):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    kept = store.store.orders.pop(order)
    store.store.orders[10_000_000] = kept

    headers, body = store.notice(order)
    await office.hub.accept("shop", headers, body, datetime.now(UTC))
    await office.settled()
    case = await office.stuck(order, told=False)
    assert case.reason == "NOT_FOUND"
    store.store.orders[order] = store.store.orders.pop(10_000_000)
    await office.retry(case)

    assert office.total(order) == "4.80"
