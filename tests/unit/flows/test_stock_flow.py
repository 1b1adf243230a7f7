"""The shop shows what may be promised; only differences travel."""

import tracemalloc
from dataclasses import replace
from decimal import Decimal

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.stock import ShopStock, StockLevel
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator, OutcomeUnknown
from b1bridge.flows.stock_to_shop import FLOW
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun

pytestmark = pytest.mark.anyio

SWEEP = Ref("books", "all", "stock-to-shop")


def level(item, on_hand, warehouse="W1"):
    return StockLevel(item, warehouse, Decimal(on_hand), Decimal(0), Decimal(0))


@pytest.fixture
def run(story):
    return replace(story.run, ref=SWEEP, target="shop")


@pytest.fixture
def stocked(story):
    story.shop.levels = [ShopStock("A", "1", 5), ShopStock("B", "1", 9), ShopStock("X", "1", 1)]
    story.books.rows = [level("A", 3), level("A", 2, "W2"), level("B", 7), level("C", 1)]
    return story


async def test_only_differences_are_pushed_and_strangers_are_named(stocked, run):
    outcome = await stocked.tell(FLOW, run, warehouses=["W1", "W2"])

    assert stocked.shop.pushes == [[ShopStock("B", "1", 7)]]
    assert outcome.did is Did.POSTED
    assert outcome.figures == {"compared": 2, "pushed": 1, "unknown": 1}
    assert outcome.reason == "1 SKUs of the shop have no stock in these warehouses: X"


async def test_a_shop_that_is_right_is_left_alone(stocked, run):
    stocked.shop.levels = [ShopStock("A", "1", 5)]

    outcome = await stocked.tell(FLOW, run, warehouses=["W1", "W2"])

    assert (outcome.did, outcome.reason, stocked.shop.pushes) == (Did.ALREADY_THERE, "", [])


async def test_orders_in_flight_are_held_back(stocked, run):
    await run.in_flight.hold(Ref("shop", "order", "1"), {"B": Decimal(3)})

    await stocked.tell(FLOW, run, warehouses=["W1"])

    assert ShopStock("B", "1", 4) in stocked.shop.pushes[0]


async def test_an_order_that_arrives_during_the_sweep_is_held_back_from_the_next_batch(
    stocked, run
):
    class Buying(type(stocked.shop)):
        async def set_stock(self, levels):
            await super().set_stock(levels)
            await run.in_flight.hold(Ref("shop", "order", "2"), {"B": Decimal(2)})

    stocked.shop = Buying(levels=stocked.shop.levels)

    await stocked.tell(FLOW, run, warehouses=["W1"], batch=1)

    assert stocked.shop.pushes == [[ShopStock("A", "1", 3)], [ShopStock("B", "1", 5)]]


async def test_while_an_order_waits_to_be_read_nothing_is_raised(stocked, run):
    stocked.shop.levels = [ShopStock("A", "1", 9), ShopStock("B", "1", 4)]
    run.in_flight.queued.add(Ref("shop", "order", "3"))

    outcome = await stocked.tell(FLOW, run, warehouses=["W1"])

    assert stocked.shop.pushes == [[ShopStock("A", "1", 3)]]
    assert outcome.reason == "1 orders are not read yet, so nothing was raised"


async def test_many_strangers_are_counted_and_a_few_are_named(stocked, run):
    stocked.shop.levels = [ShopStock(f"X{i}", "1", 0) for i in range(9)]

    outcome = await stocked.tell(FLOW, run, warehouses=["W1"])

    assert outcome.reason.startswith("9 SKUs")
    assert outcome.reason.endswith("X0, X1, X2, X3, X4, …")


async def test_an_empty_warehouse_leaves_the_shop_alone(stocked, run):
    stocked.books.rows = []

    outcome = await stocked.tell(FLOW, run, warehouses=["W1"])

    assert outcome.figures == {"compared": 0, "pushed": 0, "unknown": 3}
    assert stocked.shop.pushes == []


async def test_a_sync_without_warehouses_is_a_case(stocked, run):
    with pytest.raises(NeedsOperator, match="names no warehouse"):
        await stocked.tell(FLOW, run)


async def test_a_crash_after_the_push_ends_in_the_same_stock(stocked, run):
    crashing = CrashingRun(run.ref, run.target, run.links, run.in_flight, nth_step=1)

    with pytest.raises(Crash):
        await stocked.tell(FLOW, crashing, warehouses=["W1", "W2"])
    await stocked.tell(FLOW, crashing.resumed(), warehouses=["W1", "W2"])

    assert {tuple(push) for push in stocked.shop.pushes} == {(ShopStock("B", "1", 7),)}


async def test_a_push_without_an_answer_is_made_again_later(stocked, run):
    class Deaf(type(stocked.shop)):
        async def set_stock(self, levels):
            msg = f"no answer to {len(levels)} levels"
            raise OutcomeUnknown(msg)

    stocked.shop = Deaf(levels=stocked.shop.levels)

    with pytest.raises(OutcomeUnknown):
        await stocked.tell(FLOW, run, warehouses=["W1"])


class Busy:
    """Sells or changes something in the shop right before a batch goes out."""

    def __init__(self, shop, meanwhile):
        self._shop, self._meanwhile, self.pushes = shop, meanwhile, shop.pushes

    async def stock(self, skus=None):
        if skus is not None:
            await self._meanwhile()
        async for level in self._shop.stock(skus):
            yield level

    async def set_stock(self, levels):
        await self._shop.set_stock(levels)


async def test_a_sale_during_the_comparison_is_not_overwritten(stocked, run):
    async def sell_one():
        stocked.shop.levels[1] = ShopStock("B", "1", 8)

    stocked.shop.levels[0] = ShopStock("A", "1", 9)
    busy = replace(stocked, shop=Busy(stocked.shop, sell_one))

    outcome = await busy.tell(FLOW, run, warehouses=["W1"])

    assert stocked.shop.pushes == [[ShopStock("A", "1", 3)]]
    assert "1 changed while they were compared, and are left for later" in outcome.reason


async def test_an_order_read_during_the_comparison_keeps_its_items_out_of_the_push(stocked, run):
    async def read_an_order():
        await run.in_flight.hold(Ref("shop", "order", "2"), {"B": Decimal(2)})

    busy = replace(stocked, shop=Busy(stocked.shop, read_an_order))

    await busy.tell(FLOW, run, warehouses=["W1"])

    assert stocked.shop.pushes == [[ShopStock("A", "1", 3)]]


async def test_progress_is_shown_while_batches_go_out(stocked, run):
    stocked.shop.levels[0] = ShopStock("A", "1", 0)

    await stocked.tell(FLOW, run, warehouses=["W1", "W2"], batch=1)

    assert run.progressed == [(1, 3), (2, 3)]


@pytest.mark.slow
async def test_memory_grows_with_the_shop_and_not_with_the_books(stocked, run):
    class Large(type(stocked.books)):
        async def stock_levels(self, warehouses):
            for i in range(20_000):
                for warehouse in warehouses:
                    yield level(f"I{i:06}", i % 50, warehouse)

    stocked.books = Large()
    tracemalloc.start()

    outcome = await stocked.tell(FLOW, run, warehouses=["W1", "W2", "W3", "W4"])

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.figures["unknown"] == 3
    assert peak < 2_000_000  # eighty thousand rows at once would be some thirty megabytes
