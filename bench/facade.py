"""Orders left with the façade: accepted a second, and what a request spends its time on."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from b1bridge.bootstrap import Hub
from b1bridge.connectors.rest.settings import Settings
from b1bridge.connectors.rest.wire import SubmittedOrder
from b1bridge.demo.processes import Family
from b1bridge.demo.settings import Places
from b1bridge.web.api.exact_bodies import parsed
from b1bridge.web.app import create_app
from bench.figures import Figure, Say, cpu_seconds, spread
from bench.world import folder

_COUNT = 1000
_LOOKED_INTO = 400
_SETTINGS = {"books": "sap", "requests_per_minute": 10_000_000}
_NOBODY = {"url": "http://127.0.0.1:9", "company_db": "C", "user": "u", "password": "p"}
_PATH = "/v1/order"
Took = tuple[float, float]
"""Seconds by the clock, and of this process's CPU."""


async def measure(say: Say) -> list[Figure]:
    """Measure one sender and sixteen against a served hub, then look into single requests."""
    with folder() as path:
        async with _served(path) as (url, token, pid):
            say(f"{_COUNT} orders, one sender")
            alone = await _sent(url, token, pid, "one sender", range(_COUNT), senders=1)
            say(f"{_COUNT} orders, 16 senders")
            many = range(_COUNT, 2 * _COUNT)
            crowd = await _sent(url, token, pid, "16 senders", many, senders=16)
    with folder() as path:
        say(f"{_LOOKED_INTO} orders, looked into")
        return alone + crowd + await _looked_into(path)


def _body(number: int) -> bytes:
    """Write an order of five lines as a shop would."""
    line = {"quantity": 2, "price": "49.90", "tax_code": "A19"}
    order = {
        "reference": f"WEB-{number}",
        "customer": {"email": f"buyer{number}@example.com", "name": "Ada Lovelace"},
        "shipping": {"street_1": "Lindenweg 3", "zip_code": "10115", "city": "Berlin"},
        "lines": [line | {"item": f"A{row:05}"} for row in range(5)],
        "charges": [{"name": "Shipping", "amount": "4.90", "tax_code": "A19"}],
    }
    return json.dumps(order).encode()


@asynccontextmanager
async def _configured(home: Path) -> AsyncIterator[tuple[Hub, str]]:
    """Open a hub whose orders are taken and put aside: nothing is posted; yield a token, too."""
    async with await Hub.open(home, executor="bench") as hub:
        await hub.add_connection("sap", "sap-b1", _NOBODY)
        await hub.add_connection("api", "rest", _SETTINGS)
        await hub.add_sync("orders", flow="order-to-sales-order", source="api", target="sap")
        await hub.pause("sap", reason="orders are counted")
        scopes = ["orders:write", "orders:read"]
        _, token = await hub.tokens.create("bench", connection="api", scopes=scopes, actor="bench")
        yield hub, token


@asynccontextmanager
async def _served(path: Path) -> AsyncIterator[tuple[str, str, int]]:
    """Serve a hub in one process, its worker included; yield its address, a token, its id."""
    places = Places(path)
    await asyncio.to_thread(places.home.mkdir, parents=True)
    async with _configured(places.home) as (_, token):
        pass
    with Family(path) as family:
        home, port = ["--home", str(places.home)], ["--port", str(places.hub_port)]
        served = family.start("hub", "b1bridge.cli", [*home, "serve", *port])
        await served.ready(places.hub_port)
        yield places.hub_url, token, served.pid


async def _sent(
    url: str, token: str, pid: int, name: str, numbers: Iterable[int], *, senders: int
) -> list[Figure]:
    waiting, took = iter(numbers), list[float]()
    headers = {**_headers(token)}

    async def send(http: httpx.AsyncClient) -> None:
        for number in waiting:
            body = _body(number)
            begun = time.perf_counter()
            reply = await http.post(_PATH, headers=headers, content=body)
            took.append(time.perf_counter() - begun)
            _expect(reply.status_code)

    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        cpu, begun = cpu_seconds(pid), time.perf_counter()
        await asyncio.gather(*(send(http) for _ in range(senders)))
        seconds, cpu = time.perf_counter() - begun, cpu_seconds(pid) - cpu
    return [
        Figure("facade", name, len(took) / seconds, "orders/s"),
        *spread("facade", name, took),
        Figure("facade", f"{name}, CPU of hub", cpu / len(took) * 1000, "ms/order"),
    ]


async def _looked_into(path: Path) -> list[Figure]:
    """Time whole requests in this process, and their two great parts by themselves.

    A request is timed from the application's first byte to its last: socket and HTTP parser, which
    are uvicorn's, are outside. CPU is that of the process, the database's threads included: it
    hardly changes when the machine has other work.
    """
    async with _configured(path) as (hub, token):
        app, settings = create_app(hub), Settings.model_validate(_SETTINGS)

        async def whole(number: int) -> None:
            _expect(await _asked(app, token, _body(number)))

        async def validated(number: int) -> None:
            SubmittedOrder.model_validate(parsed(_body(number)), context=settings)

        orders = {
            number: SubmittedOrder.model_validate(parsed(_body(number)), context=settings)
            for number in range(_LOOKED_INTO, 2 * _LOOKED_INTO)
        }

        async def kept(number: int) -> None:
            await hub.orders.submit("api", orders[number], actor="bench")
            await hub.orders.order("api", orders[number].reference)

        entire = await _mean(whole, range(_LOOKED_INTO))
        checking = await _mean(validated, range(_LOOKED_INTO))
        keeping = await _mean(kept, list(orders))
    return [
        *_parted("time", entire, checking, keeping, 0),
        *_parted("CPU", entire, checking, keeping, 1),
    ]


def _parted(what: str, entire: Took, checking: Took, keeping: Took, which: int) -> list[Figure]:
    """Tell a request's parts; what is neither validation nor database is the rest."""
    parts = {"in all": entire, "validation": checking, "database": keeping}
    rest = max(0.0, entire[which] - checking[which] - keeping[which])
    share = f"share of {what} outside validation and database"
    return [
        *(
            Figure("facade", f"{what} of a request, {n}", t[which] * 1000, "ms")
            for n, t in parts.items()
        ),
        Figure("facade", share, 100 * rest / entire[which], "%"),
    ]


async def _mean(work: Callable[[int], Awaitable[None]], numbers: Sequence[int]) -> Took:
    """Return the mean seconds and CPU seconds of a piece of work, done one after the other."""
    begun, used = time.perf_counter(), time.process_time()
    for number in numbers:
        await work(number)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    return seconds / len(numbers), cpu / len(numbers)


def _headers(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Prefer": "respond-async",
    }


async def _asked(app: ASGIApp, token: str, body: bytes) -> int:
    """Send one request straight into the application; return the status."""
    sent: list[Message] = []
    headers = [(n.lower().encode(), v.encode()) for n, v in _headers(token).items()]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": _PATH,
        "raw_path": _PATH.encode(),
        "query_string": b"",
        "headers": headers,
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])


def _expect(status: int) -> None:
    if status != HTTPStatus.ACCEPTED:
        msg = f"an order was answered {status} instead of 202"
        raise AssertionError(msg)
