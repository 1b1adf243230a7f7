"""The client on SAP's published latencies, in virtual time: as fast as the best fixed gate."""

import asyncio

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.testing.virtual_time import VirtualLoop
from b1sim.company import clerk
from b1sim.odata.wire_quirks import WireQuirks
from b1sim.world import World

CLIENTS = 90
WARM_UP = 700
MEASURED = 500


class FixedKnee:
    """What other clients have: a number."""

    def __init__(self, limit):
        self.limit = limit

    def started(self):
        return 0, 0

    def answered(self, *_args, **_kwargs):
        pass

    overloaded = answered


def document():
    lines = [{"ItemCode": "TEA", "Quantity": 1, "UnitPrice": 5}]
    return {"CardCode": "C1", "DocDueDate": "2099-12-01", "DocumentLines": lines}


async def post(service, entity_set, number):
    left = iter(range(number))

    async def client():
        for _ in left:
            await service.post(entity_set, document())

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def documents_per_second(world, entity_set, fixed):
    """Measure after a warm-up, which a fixed gate needs for no more than to fill."""
    loop = asyncio.get_running_loop()
    settings = Settings(**world.settings(), local_currency="EUR")
    async with httpx.AsyncClient(transport=world.transport()) as http:
        service = ServiceLayer(http, settings)
        await service.open()
        if fixed:
            service._roads.here().gate.knee = FixedKnee(fixed)  # noqa: SLF001
        await post(service, entity_set, 2 * fixed or WARM_UP)
        began = loop.time()
        await post(service, entity_set, MEASURED)
        return MEASURED / (loop.time() - began)


def measured(entity_set, fixed=0):
    with World(seed=False, quirks=WireQuirks(latency="published")) as world:
        clerk.add_partner(world.company, "C1", "Anna Ek")
        clerk.add_item(world.company, "TEA", "Earl Grey", stock="100000")
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(documents_per_second(world, entity_set, fixed))


@pytest.mark.slow
@pytest.mark.parametrize(("entity_set", "best"), [("Orders", 80), ("DeliveryNotes", 40)])
def test_it_is_as_fast_as_the_best_fixed_gate(entity_set, best):
    assert measured(entity_set) >= 0.95 * measured(entity_set, fixed=best)
