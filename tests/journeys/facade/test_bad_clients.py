"""Clients that hang up, send too much, or ask in odd ways, over a real line."""

import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from b1sim.company import clerk
from b1sim.world import World

from .conftest import order
from .serving import served

MEGABYTE = b"x" * 1024 * 1024


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    with World(seed=False) as sap:
        clerk.add_item(sap.company, "MUG", stock="1000", cost="1.00")
        with served(folder, sap, wait_seconds=5) as found:
            yield found


@pytest.fixture
def client(api):
    headers = {"Authorization": f"Bearer {api.tokens['all']}"}
    with httpx.Client(base_url=api.url, headers=headers, timeout=60) as client:
        yield client


def head(api, length, path="/v1/order"):
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: hub.test",
        f"Authorization: Bearer {api.tokens['all']}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def dial(api):
    at = urlsplit(api.url)
    return socket.create_connection((at.hostname, at.port), timeout=30)


def references(client):
    return [one["reference"] for one in client.get("/v1/orders").json()["orders"]]


def test_who_hangs_up_within_a_body_leaves_nothing(api, client):
    body = json.dumps(order("HALF")).encode()
    with dial(api) as line:
        line.sendall(head(api, len(body)) + body[: len(body) // 2])
    with dial(api) as line:
        line.sendall(head(api, len(body))[:40])

    assert client.get("/health").status_code == 200
    assert "HALF" not in references(client)


def test_who_hangs_up_while_the_order_is_posted_finds_it_posted(api, client):
    body = json.dumps(order("GONE")).encode()
    with dial(api) as line:
        line.sendall(head(api, len(body)) + body)

    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = client.get("/v1/orders/GONE")
        if answer.status_code == 200 and answer.json()["state"] == "posted":
            break
        time.sleep(0.2)

    assert answer.json()["state"] == "posted"
    assert client.post("/v1/order", json=order("GONE")).json() == answer.json()


def test_ten_megabytes_are_refused_before_they_are_sent(api, client):
    with dial(api) as line:
        line.sendall(head(api, 10 * len(MEGABYTE)) + MEGABYTE[:1000])
        answer = line.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"urn:b1bridge:problem:too-large" in answer
    assert client.get("/health").status_code == 200


def test_ten_megabytes_in_chunks_are_refused_after_the_first(client):
    def chunks():
        for _ in range(10):
            yield MEGABYTE

    headers = {"Content-Type": "application/json"}
    try:
        answer = client.post("/v1/order", content=chunks(), headers=headers)
    except (httpx.WriteError, httpx.ReadError):  # the line is cut while more is being sent
        answer = None

    assert answer is None or answer.status_code == 413
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/order", "POST, OPTIONS"),
        ("/v1/orders", "GET, POST, HEAD, OPTIONS"),
        ("/v1/orders/WEB-1", "GET, PUT, HEAD, OPTIONS"),
        ("/v1/orders/WEB-1/cancel", "POST, OPTIONS"),
        ("/v1/openapi.json", "GET, HEAD, OPTIONS"),
        ("/notices/shop", "GET, POST, HEAD, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_every_address_tells_its_methods(path, allowed, client):
    options, delete = client.options(path), client.delete(path)

    assert (options.status_code, options.headers["allow"]) == (204, allowed)
    assert (delete.status_code, delete.headers["allow"]) == (405, allowed)
    assert delete.json()["type"] == "urn:b1bridge:problem:method-not-allowed"


@pytest.mark.parametrize("path", ["/health", "/status", "/v1/openapi.json", "/v1/orders"])
def test_head_tells_the_length_of_what_get_would_send(path, client):
    got, asked = client.get(path), client.head(path)

    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize("path", ["/v1/orders/", "/v1//orders", "/v1/orders/%2e%2e", "/V1/orders"])
def test_an_address_is_not_guessed(path, client):
    assert client.get(path).status_code in {400, 404}


def test_head_of_what_is_only_sent_is_refused(client):
    assert client.head("/v1/order").status_code == 405


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b"{"},
        {"content": b"\xff"},
        {"content": b'{"reference": "WEB-1", "reference": "WEB-2"}'},
        {"json": order("BAD", lines=[])},
        {"json": order("BAD", note="unknown")},
        {"json": order("BAD", total="NaN")},
        {"json": order("BAD", lines=[{"item": "MUG", "quantity": 0, "price": 1}])},
        {"json": order("B" * 65)},
        {"json": order("fetch")},
        {"json": order("BAD", placed_at="2026-11-21T09:00:00")},
        {"json": order("BAD", callback_url="http://169.254.169.254/")},
        {"json": order("BAD"), "headers": {"Idempotency-Key": "two words"}},
        {"json": order("BAD"), "headers": {"Authorization": "Bearer b1b_0"}},
        {"content": json.dumps(order("BAD")), "headers": {"Content-Type": "text/json"}},
    ],
    ids=lambda sent: str(sent)[-60:],
)
def test_what_is_refused_is_a_problem_document_and_leaves_nothing(sent, client):
    kind = {} if "json" in sent else {"Content-Type": "application/json"}

    answer = client.post("/v1/order", **{**sent, "headers": {**kind, **sent.get("headers", {})}})

    assert answer.status_code in {400, 401, 415, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.json()["detail"]
    assert not {"BAD", "WEB-1", "WEB-2", "fetch"} & set(references(client))
