"""Signed notices through the served hub's door; each is on disk before it is answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime

import httpx

from b1bridge.demo.settings import Places
from b1bridge.demo.shop.books import open_books
from b1bridge.demo.shop.configuring import Keys
from b1bridge.demo.shop.settings import SHOP, ShopDemo
from b1bridge.sdk import standard_webhooks
from bench.figures import Figure, Say, cpu_seconds, spread
from bench.world import World, folder, running

_COUNT = 1000


async def measure(say: Say) -> list[Figure]:
    """Measure one sender, then sixteen, then the same notices over again."""
    with folder() as path:
        places = Places(path)
        settings = ShopDemo(folder=path, count=1)
        async with running(settings, places, open_books(settings, places.company)) as world:
            # What a notice queues is taken up once and put aside: nothing is read or posted.
            await world.hub.pause(SHOP, reason="notices are counted")
            say(f"{_COUNT} notices, one sender")
            alone = await _sent(world, "one sender", range(_COUNT), senders=1)
            say(f"{_COUNT} notices, 16 senders")
            many = range(_COUNT, 2 * _COUNT)
            crowd = await _sent(world, "16 senders", many, senders=16)
            say(f"{_COUNT} notices that are known already")
            return alone + crowd + await _sent(world, "duplicates, 16 senders", many, senders=16)


async def _sent(world: World, name: str, numbers: Iterable[int], *, senders: int) -> list[Figure]:
    waiting, took = iter(numbers), list[float]()
    pid = world.children["hub"].pid

    async def send(http: httpx.AsyncClient) -> None:
        for number in waiting:
            headers, body = _signed(number, world.keys)
            begun = time.perf_counter()
            reply = await http.post(f"/notices/{SHOP}", headers=headers, content=body)
            took.append(time.perf_counter() - begun)
            reply.raise_for_status()

    async with httpx.AsyncClient(base_url=world.places.hub_url, timeout=60) as http:
        cpu, begun = cpu_seconds(pid), time.perf_counter()
        await asyncio.gather(*(send(http) for _ in range(senders)))
        seconds, cpu = time.perf_counter() - begun, cpu_seconds(pid) - cpu
    return [
        Figure("notices", name, len(took) / seconds, "notices/s"),
        *spread("notices", name, took),
        Figure("notices", f"{name}, CPU of hub", cpu / len(took) * 1000, "ms/notice"),
    ]


def _signed(number: int, keys: Keys) -> tuple[dict[str, str], bytes]:
    stub = {
        "scope": "store/order/updated",
        "producer": f"stores/{keys.store_hash}",
        "data": {"type": "order", "id": number + 1},
        "hash": f"{number:040x}",
    }
    body = json.dumps(stub).encode()
    stamp = str(int(datetime.now(UTC).timestamp()))
    name = f"msg_{number}"
    signature = standard_webhooks.sign(keys.client_secret.encode(), name, stamp, body)
    headers = {
        standard_webhooks.ID: name,
        standard_webhooks.TIMESTAMP: stamp,
        standard_webhooks.SIGNATURE: signature,
    }
    return headers, body
