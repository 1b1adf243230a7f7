"""The door for notices: checked, stored, and only then thanked."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.notices import signature_of
from b1bridge.sdk.door import look_at_the_door
from b1bridge.web.notices import MAX_NOTICE_BYTES

pytestmark = pytest.mark.anyio

LINES = [("SKU-1", 1, "10.00", "0")]


@pytest.fixture
def notice(shop):
    """Return a signed notice about a new order: headers and raw body."""
    return shop.notice(shop.shopper_orders(LINES))


def signed(shop, body):
    """Sign any body as the shop would."""
    at = str(int(datetime.now(UTC).timestamp()))
    return {
        "webhook-id": "msg_odd",
        "webhook-timestamp": at,
        "webhook-signature": signature_of(shop.store.client_secret, "msg_odd", at, body),
    }


async def knock(web, notice, connection="shop"):
    headers, body = notice
    return await web.post(f"/notices/{connection}", headers=headers, content=body)


async def test_a_signed_notice_is_stored_and_thanked(web, notice):
    answer = await knock(web, notice)

    assert (answer.status_code, answer.json()) == (200, {"new": 1, "duplicates": 0})


async def test_the_same_notice_again_is_thanked_and_counted_as_a_duplicate(web, notice):
    await knock(web, notice)

    again = await knock(web, notice)

    assert (again.status_code, again.json()) == (200, {"new": 0, "duplicates": 1})


async def test_an_unsigned_notice_is_refused_counted_and_not_stored(web, hub, notice):
    _, body = notice

    answer = await knock(web, ({}, body))

    assert answer.status_code == 401
    assert (await hub.counts())["refused notices"] == 1
    assert (await knock(web, notice)).json() == {"new": 1, "duplicates": 0}


async def test_one_changed_byte_is_refused(web, notice):
    headers, body = notice

    answer = await knock(web, (headers, body.replace(b'"order"', b'"0rder"')))

    assert answer.status_code == 401


async def test_a_stale_notice_is_refused(web):
    yesterday = Simulator(clock=lambda: datetime.now(UTC) - timedelta(days=1))
    stale = yesterday.notice(yesterday.shopper_orders(LINES))

    answer = await knock(web, stale)

    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"scope": "store/order/created"}', b"\xff\xfe"])
async def test_a_signed_body_we_cannot_read_is_kept_and_becomes_a_case(body, web, hub, shop):
    answer = await knock(web, (signed(shop, body), body))

    assert answer.status_code == 200
    assert len(await hub.cases()) == 1


async def test_a_notice_about_something_else_is_thanked(web, shop):
    body = json.dumps(
        {"scope": "store/sku/updated", "producer": "stores/simstore", "data": {"id": 1}}
    ).encode()

    answer = await knock(web, (signed(shop, body), body))

    assert (answer.status_code, answer.json()["new"]) == (200, 0)


async def test_an_unknown_connection_is_not_found(web, notice):
    answer = await knock(web, notice, connection="shopp")

    assert answer.status_code == 404
    assert "shopp" in answer.json()["detail"]


async def test_a_body_that_is_too_long_is_not_read_to_its_end(web):
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 100 * MAX_NOTICE_BYTES:
            sent += 65536
            yield b"x" * 65536

    answer = await web.post("/notices/shop", content=endless())

    assert answer.status_code == 413


async def test_refusals_are_problem_documents(web, notice):
    _, body = notice

    answer = await knock(web, ({}, body))

    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 401
    assert problem["type"] == "urn:b1bridge:problem:untrusted-notice"
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/notices/shop", 405)]
)
async def test_a_wrong_address_is_a_problem_document_too(method, path, status, web):
    answer = await web.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_whoever_looks_at_the_door_from_outside_finds_that_it_is_ours(web, hub):
    found = await look_at_the_door(web, "http://hub.test/notices/shop")

    assert (found.well, "'shop'" in found.message) == (True, True)
    assert (await hub.counts()).get("refused notices", 0) == 0


async def test_a_look_at_a_door_that_no_connection_has_finds_none(web):
    found = await look_at_the_door(web, "http://hub.test/notices/nobody")

    assert (found.well, "HTTP 404" in found.message) == (False, True)
