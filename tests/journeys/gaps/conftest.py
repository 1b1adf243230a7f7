"""A store or a CRM whose notices get lost, an SAP company, a hub between them, one clock."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.journeys.sellers import SELLERS

from b1bridge.bootstrap import Hub, Parts
from b1bridge.testing.clocks import Clock
from b1bridge.testing.faults import BadLine
from b1bridge.testing.patience import QUICK
from b1sim.company import clerk
from b1sim.world import World


@pytest.fixture
def clock():
    """Today's time, for certificates and signatures know no other; it moves when told to."""
    return Clock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def sap():
    with World(seed=False) as world:
        clerk.add_item(world.company, "MUG", stock="5000", cost="1.00")
        yield world


@pytest.fixture(params=SELLERS, ids=[one.connector for one in SELLERS])
def seller(request, clock):
    return request.param(clock)


@pytest.fixture
def lines(seller, sap):
    """Both lines of the hub, which note what is sent over them."""
    return {
        name: BadLine(transport, only=is_write)
        for name, transport in ((seller.name, seller.transport()), ("books", sap.transport()))
    }


def is_write(request):
    return request.method != "GET" and not request.url.path.endswith(("/Login", "/Logout"))


@pytest.fixture
def writes(lines):
    """Return what was written to both sides so far."""

    def written():
        sent = [one for line in lines.values() for one in line.sent]
        return [f"{one.method} {one.url.path}" for one in sent if is_write(one)]

    return written


@pytest.fixture
async def hub(tmp_path, clock, seller, sap, lines):
    """A hub that has watched the seller for an hour, and does nothing by itself yet."""
    parts = Parts(patience=QUICK)
    async with await Hub.open(tmp_path, transports=lines, parts=parts, clock=clock) as hub:
        seller.sells_to(sap)
        await seller.connects(hub)
        await hub.sync_now("sales")
        clock.forward(hours=1)
        yield hub


@pytest.fixture
def sold(seller):
    """Make sales; return their numbers."""

    def sell(count):
        return [seller.sells() for _ in range(count)]

    return sell


@pytest.fixture
def knock(hub, seller, clock):
    """Deliver a notice of each sale, in every form that the seller has."""

    async def told(numbers):
        for number in numbers:
            for headers, body in seller.letters(number):
                await hub.accept(seller.name, headers, body, clock())

    return told


@pytest.fixture
def settled(hub):
    async def wait(seconds=90.0):
        async with asyncio.timeout(seconds):
            while not await hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)

    return wait


@pytest.fixture
def booked(seller):
    return seller.booked
