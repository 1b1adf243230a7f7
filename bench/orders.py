"""Whole orders without trouble, from notice to settled invoice, SAP answering at once."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from b1bridge.demo.sap import sap_control
from b1bridge.demo.settings import Places
from b1bridge.demo.shop.books import Books, open_books
from b1bridge.demo.shop.carts import Cart, CartLine, Ware
from b1bridge.demo.shop.settings import ShopDemo
from b1bridge.demo.shop.shoppers import batches
from bench.figures import Figure, Say, cpu_seconds
from bench.world import World, folder, running

_BATCH = 50


async def measure(say: Say) -> list[Figure]:
    """Measure small orders, then orders of 25 lines."""
    small = await _measured(say, "small orders", count=200, lines=None)
    return small + await _measured(say, "orders of 25 lines", count=60, lines=25)


async def _measured(say: Say, name: str, *, count: int, lines: int | None) -> list[Figure]:
    with folder() as path:
        settings = ShopDemo(folder=path, count=count)
        places = Places(path)
        books = open_books(settings, places.company)
        carts = list(plain(books, lines))
        async with running(settings, places, books) as world:
            await stocked(world)
            say(f"{len(carts)} {name}")
            return await _traded(world, name, carts)


async def stocked(world: World) -> None:
    """Put the wares on sale, as many as SAP can promise."""
    async with world.shop() as shop:
        await shop.offer(world.books.wares)
    await world.hub.sync_now("stock")
    await world.watch.until_idle()


async def trade(world: World, carts: Sequence[Cart]) -> float:
    """Let all carts be ordered, paid and worked off; return the seconds it took."""
    begun = time.perf_counter()
    async with world.shop() as shop:
        for some in batches(carts, _BATCH):
            await shop.take_orders(some)
            await world.post_notices(shop)
    await world.watch.until_idle()
    return time.perf_counter() - begun


async def _traded(world: World, name: str, carts: Sequence[Cart]) -> list[Figure]:
    before = {who: cpu_seconds(child.pid) for who, child in world.children.items()}
    asked, runs = await requests(world), await _runs(world)
    seconds = await trade(world, carts)
    asked, runs = await requests(world) - asked, await _runs(world) - runs
    count = len(carts)
    used = {
        who: (cpu_seconds(child.pid) - before[who]) / count for who, child in world.children.items()
    }
    return [
        Figure("orders", name, count / seconds, "orders/s"),
        *(Figure("orders", f"{name}, CPU of {w}", s * 1000, "ms/order") for w, s in used.items()),
        Figure("orders", f"{name}, runs", runs / count, "per order"),
        Figure("orders", f"{name}, requests to SAP", asked / count, "per order"),
    ]


def plain(books: Books, lines: int | None) -> Iterator[Cart]:
    """Leave out what ends in a case or is no sale; with `lines`, fill the carts up to so many."""
    dice = random.Random(7)  # noqa: S311 - the same carts every time, no secret
    known = {ware.sku for ware in books.wares}
    for cart in books.carts:
        if not cart.abandoned and all(line.sku in known for line in cart.lines):
            yield cart if lines is None else _filled(cart, books.wares, lines, dice)


def _filled(cart: Cart, wares: Sequence[Ware], lines: int, dice: random.Random) -> Cart:
    chosen = dice.choices([ware for ware in wares if ware.rate == cart.lines[0].rate], k=lines)
    filled = tuple(CartLine(w.sku, w.name, dice.randint(1, 3), w.price, w.rate) for w in chosen)
    return replace(cart, lines=filled)


async def requests(world: World) -> int:
    """Count what SAP was ever asked."""
    async with sap_control(world.places) as control:
        state = (await control.get("state")).json()
    return sum(state["requests"].values())


async def _runs(world: World) -> int:
    return len(await world.hub.runs(limit=1_000_000))
