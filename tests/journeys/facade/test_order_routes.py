"""Orders over HTTP: sent, sent again, asked for, changed, called off, and sent wrongly."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from .conftest import order

pytestmark = pytest.mark.anyio


async def send(client, body, **headers):
    return await client.post("/v1/order", json=body, headers=headers)


async def test_an_order_is_posted_while_its_sender_waits(client):
    answer = await send(client, order())

    told = answer.json()
    assert (answer.status_code, told["state"]) == (201, "posted"), told
    assert answer.headers["location"] == "/v1/orders/WEB-1001"
    assert [one["kind"] for one in told["documents"]] == ["sales order"]
    assert (await client.get("/v1/orders/WEB-1001")).json() == told


async def test_the_same_order_again_gets_the_same_bytes(client):
    first = await send(client, order(), **{"Idempotency-Key": "k1"})

    again = await send(client, order(), **{"Idempotency-Key": "k1"})
    other_key = await send(client, order(), **{"Idempotency-Key": "k2"})
    no_key = await send(client, order())

    for answer in (again, other_key, no_key):
        assert (answer.status_code, answer.content) == (first.status_code, first.content)
        assert answer.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers


async def test_numbers_typed_otherwise_are_the_same_order(client):
    lines = [{"item": "MUG", "quantity": "1.0", "price": 10, "tax_code": "A20"}]
    first = await send(client, order())

    again = await send(client, order(lines=lines))

    assert again.content == first.content


async def test_another_body_under_the_same_reference_or_key_is_a_conflict(client):
    await send(client, order(), **{"Idempotency-Key": "k1"})

    reference = await send(client, order(comment="by noon"))
    key = await send(client, order("WEB-1002"), **{"Idempotency-Key": "k1"})

    assert (reference.status_code, key.status_code) == (409, 409)
    assert reference.json()["type"] == "urn:b1bridge:problem:order-exists"
    assert reference.headers["location"] == "/v1/orders/WEB-1001"
    assert key.json()["type"] == "urn:b1bridge:problem:key-reused"
    assert (await client.get("/v1/orders/WEB-1002")).status_code == 404


async def test_who_does_not_wait_is_told_where_to_ask(client):
    answer = await send(client, order(), Prefer="respond-async")

    assert (answer.status_code, answer.json()["state"]) == (202, "accepted")
    for _ in range(100):
        told = await client.get(answer.headers["location"])
        if told.json()["state"] == "posted":
            return
        await asyncio.sleep(0.05)
    pytest.fail("it was never posted")


async def test_an_order_that_the_books_cannot_take_names_the_field_and_the_way_out(client):
    lines = [order()["lines"][0], {"item": "NO-SUCH", "quantity": 1, "price": 1, "tax_code": "A20"}]

    answer = await send(client, order(lines=lines))

    problem = answer.json()
    assert (answer.status_code, problem["reason"]) == (422, "MISSING_ITEM"), problem
    assert problem["type"] == "urn:b1bridge:problem:order-refused"
    assert [error["pointer"] for error in problem["errors"]] == ["/lines/1/item"]
    assert "sku crosswalk" in problem["fix"]
    told = (await client.get("/v1/orders/WEB-1001")).json()
    assert (told["state"], told["documents"]) == ("refused", [])
    assert told["case"]["id"] == problem["case"]


async def test_a_refused_order_is_corrected_by_put(client):
    wrong = order(lines=[{"item": "NO-SUCH", "quantity": 1, "price": 1, "tax_code": "A20"}])
    refused = await send(client, wrong)

    answer = await client.put(
        "/v1/orders/WEB-1001", json=order(), headers={"If-Match": refused.headers["etag"]}
    )

    told = answer.json()
    assert (answer.status_code, told["state"], told["version"]) == (200, "posted", 2), told
    assert told["case"] is None


async def test_a_change_from_an_old_version_is_refused(client):
    first = await send(client, order())
    tag = {"If-Match": first.headers["etag"]}
    two = order(lines=[{"item": "MUG", "quantity": 2, "price": "10.00", "tax_code": "A20"}])

    answer = await client.put("/v1/orders/WEB-1001", json=two, headers=tag)
    late = await client.put("/v1/orders/WEB-1001", json=order(), headers=tag)

    assert answer.status_code == 200, answer.text
    assert (late.status_code, late.json()["type"]) == (
        412,
        "urn:b1bridge:problem:changed-meanwhile",
    )


async def test_a_change_must_be_about_the_order_of_its_address(client):
    await send(client, order())

    answer = await client.put("/v1/orders/WEB-1001", json=order("WEB-1002"))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/reference"


async def test_a_change_of_an_order_that_nobody_sent_is_not_found(client):
    answer = await client.put("/v1/orders/WEB-1001", json=order())

    assert answer.status_code == 404


async def test_an_order_is_called_off_once_and_stays_so(client):
    await send(client, order())

    answer = await client.post("/v1/orders/WEB-1001/cancel")
    again = await client.post("/v1/orders/WEB-1001/cancel")
    change = await client.put("/v1/orders/WEB-1001", json=order(comment="please?"))

    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled"), answer.text
    assert (again.status_code, again.json()) == (200, answer.json())
    assert (change.status_code, change.json()["type"]) == (
        409,
        "urn:b1bridge:problem:order-cancelled",
    )


async def test_nothing_new_is_told_without_a_body(client):
    first = await send(client, order())
    tag = {"If-None-Match": first.headers["etag"]}

    same = await client.get("/v1/orders/WEB-1001", headers=tag)
    await client.post("/v1/orders/WEB-1001/cancel")
    other = await client.get("/v1/orders/WEB-1001", headers=tag)

    assert (same.status_code, same.content) == (304, b"")
    assert (other.status_code, other.json()["state"]) == (200, "cancelled")


@pytest.mark.parametrize("reference", ["nobody", "WEB-1001", "x" * 64])
async def test_an_order_that_nobody_sent_is_not_found(reference, client):
    answer = await client.get(f"/v1/orders/{reference}")

    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "urn:b1bridge:problem:unknown-record",
    )


@pytest.mark.parametrize("reference", ["x" * 65, "%00", "a%20b", "-a", "%F0%9F%92%A9", "a%27b"])
async def test_what_can_be_no_reference_is_named(reference, client):
    answer = await client.get(f"/v1/orders/{reference}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "path reference"


async def test_each_of_many_orders_gets_its_own_answer(client):
    wrong = order("WEB-2", lines=[])
    missing = order("WEB-3", lines=[{"item": "NO", "quantity": 1, "price": 1, "tax_code": "A20"}])
    many = [order("WEB-1"), wrong, missing, 7, order("WEB-1"), order("WEB-1", comment="no")]

    answer = await client.post("/v1/orders", json={"orders": many})

    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [one["status"] for one in results] == [201, 422, 422, 422, 201, 409]
    assert [one["reference"] for one in results] == [
        "WEB-1",
        "WEB-2",
        "WEB-3",
        None,
        "WEB-1",
        "WEB-1",
    ]
    assert [one.get("replayed") for one in results] == [False, None, None, None, True, None]
    assert results[0]["order"]["documents"] == results[4]["order"]["documents"]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/lines"
    assert results[2]["problem"]["reason"] == "MISSING_ITEM"


async def test_many_orders_again_get_the_same_answer_and_a_key_guards_each(client):
    many = {"orders": [order("WEB-1"), order("WEB-2")]}
    key = {"Idempotency-Key": "batch-1"}
    first = (await client.post("/v1/orders", json=many, headers=key)).json()

    again = (await client.post("/v1/orders", json=many, headers=key)).json()
    other = {"orders": [order("WEB-1"), order("WEB-9")]}
    reused = (await client.post("/v1/orders", json=other, headers=key)).json()

    assert [one["order"] for one in again["results"]] == [one["order"] for one in first["results"]]
    assert [one["status"] for one in reused["results"]] == [201, 409]


@pytest.mark.parametrize("body", [{}, {"orders": []}, {"orders": 1}, {"orders": [{}] * 101}, []])
async def test_what_is_not_many_orders_is_refused_as_a_whole(body, client):
    answer = await client.post("/v1/orders", json=body)

    assert answer.status_code == 422


async def test_a_list_leads_through_all_orders_page_by_page(client):
    many = [order(f"WEB-{number}") for number in range(7)]
    await client.post("/v1/orders", json={"orders": many})

    seen, cursor = [], ""
    while cursor is not None:
        page = (await client.get("/v1/orders", params={"limit": 3, "cursor": cursor})).json()
        seen += [one["reference"] for one in page["orders"]]
        cursor = page["next"]

    assert seen == [f"WEB-{number}" for number in range(7)]


async def test_a_list_holds_what_was_asked_for(client):
    await send(client, order("WEB-1"))
    await send(client, order("WEB-2", customer={"email": "Grace@Example.com"}))
    missing = [{"item": "NO", "quantity": 1, "price": 1, "tax_code": "A20"}]
    await send(client, order("WEB-3", lines=missing))
    await client.post("/v1/orders/WEB-1/cancel")
    before = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()

    async def listed(**asked):
        page = await client.get("/v1/orders", params=asked)
        assert page.status_code == 200, page.text
        return [one["reference"] for one in page.json()["orders"]]

    assert await listed(state="cancelled") == ["WEB-1"]
    assert await listed(state="posted") == ["WEB-2"]
    assert await listed(state="refused") == ["WEB-3"]
    assert await listed(state="accepted") == []
    assert await listed(customer="grace@example.com") == ["WEB-2"]
    assert await listed(until=before) == ["WEB-1", "WEB-2", "WEB-3"]
    assert await listed(since=before) == []


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"state": "lost"}, "state"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-11-21T09:00:00"}, "since"),
        ({"limit": "1000"}, "limit"),
        ({"customer": "a\x00"}, "customer"),
        ({"cursor": "zzz"}, "cursor"),
    ],
)
async def test_a_wrong_filter_is_named(asked, name, client):
    answer = await client.get("/v1/orders", params=asked)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"query {name}"


async def test_orders_of_another_connection_are_not_there(client, hub):
    await send(client, order())
    await hub.add_connection("other", "rest", {"books": "books"})
    _, text = await hub.tokens.create(
        "other", connection="other", scopes=["orders:read"], actor="test"
    )
    theirs = {"Authorization": f"Bearer {text}"}

    one = await client.get("/v1/orders/WEB-1001", headers=theirs)
    every = await client.get("/v1/orders", headers=theirs)

    assert (one.status_code, every.json()["orders"]) == (404, [])


async def test_orders_of_a_connection_that_nobody_posts_are_not_taken(client, hub):
    await hub.add_connection("other", "rest", {"books": "books"})
    _, text = await hub.tokens.create(
        "other", connection="other", scopes=["orders:write"], actor="test"
    )

    answer = await send(client, order(), Authorization=f"Bearer {text}")

    assert (answer.status_code, answer.json()["type"]) == (
        503,
        "urn:b1bridge:problem:not-set-up",
    )


async def test_the_trail_names_the_token(client, hub):
    await send(client, order())

    entries = (await hub.trail("api/order/WEB-1001")).entries

    assert "token:shop" in {entry.actor for entry in entries}


async def test_what_is_refused_leaves_nothing(client):
    for body in (b"{", json.dumps(order(extra=1)).encode(), json.dumps(order()).encode()[:-1]):
        kind = {"Content-Type": "application/json"}
        answer = await client.post("/v1/order", content=body, headers=kind)
        assert answer.status_code in {400, 422}

    assert (await client.get("/v1/orders")).json()["orders"] == []


class Breaks(httpx.AsyncBaseTransport):
    """A line on which posting an order meets a mistake of ours."""

    def __init__(self, line):
        self._line = line

    async def handle_async_request(self, request):
        if request.method == "POST" and request.url.path.endswith("/Orders"):
            msg = "postgresql://hub:password@db"
            raise LookupError(msg)
        return await self._line.handle_async_request(request)


@pytest.fixture
def mistaken(sap, monkeypatch):
    line = Breaks(sap.transport())
    monkeypatch.setattr(sap, "transport", lambda: line)


@pytest.mark.usefixtures("mistaken")
async def test_a_mistake_of_ours_tells_its_case_and_nothing_of_itself(client):
    answer = await send(client, order())
    told = await client.get("/v1/orders/WEB-1001")

    assert (answer.status_code, answer.json()["reason"]) == (422, "UNKNOWN")
    assert str(answer.json()["case"]) in answer.json()["detail"]
    assert told.json()["state"] == "refused"
    for text in (answer.text, told.text):
        assert "password" not in text
        assert "LookupError" not in text
