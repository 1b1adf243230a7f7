"""Small batches between full comparisons: only items whose documents moved are looked at."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b1bridge.domain.documents import Item
from b1bridge.domain.identity import Ref
from b1bridge.domain.kits import Kit, Part, Tree
from b1bridge.domain.stock import ShopStock, StockLevel
from b1bridge.domain.units import Unit
from b1bridge.engine.flow import Did
from b1bridge.errors import OutcomeUnknown, Unmapped
from b1bridge.flows.stock_to_shop import FLOW

pytestmark = pytest.mark.anyio

MARK = "2026-11-02T09:00:00"
SET = Kit("SET", Tree.SALES, (Part("A", Decimal(2)), Part("B", Decimal(1))))


def level(item, on_hand):
    return StockLevel(item, "W1", Decimal(on_hand), Decimal(0), Decimal(0))


@pytest.fixture
def run(story):
    return replace(story.run, ref=Ref("books", "all", "stock-to-shop"), target="shop", seen=MARK)


@pytest.fixture
def stocked(story):
    story.shop.levels = [ShopStock(sku, "1", 1) for sku in ("A", "B", "C", "SET")]
    story.books.rows = [level("A", 17), level("B", 5), level("C", 8)]
    story.books.kits = [SET]
    return story


def pushed(story):
    return {(stock.sku, stock.quantity) for push in story.shop.pushes for stock in push}


async def told(story, run, **options):
    return await story.tell(FLOW, run, warehouses=["W1"], **options)


async def test_a_full_comparison_shows_kits_by_their_parts(stocked, run):
    await told(stocked, run)

    assert pushed(stocked) == {("A", 17), ("B", 5), ("C", 8), ("SET", 5)}


async def test_only_what_moved_is_pushed_and_the_kits_that_take_it(stocked, run):
    stocked.books.moved = {"A"}

    outcome = await told(stocked, run, moved_only=True)

    assert pushed(stocked) == {("A", 17), ("SET", 5)}
    assert outcome.figures == {"compared": 2, "pushed": 2, "unknown": 0}
    assert run.has_seen == stocked.books.moved_until


async def test_a_kit_on_a_document_moves_its_parts(stocked, run):
    stocked.books.moved = {"SET"}

    await told(stocked, run, moved_only=True)

    assert pushed(stocked) == {("A", 17), ("B", 5), ("SET", 5)}


async def test_in_an_idle_minute_nothing_is_read_nor_written(stocked, run):
    class Unread(type(stocked.shop)):
        def stock(self, skus=None):
            raise AssertionError(skus)

    stocked.shop = Unread()

    outcome = await told(stocked, run, moved_only=True)

    assert (outcome.did, stocked.shop.pushes) == (Did.ALREADY_THERE, [])
    assert run.has_seen == stocked.books.moved_until


async def test_the_first_run_compares_everything(stocked, run):
    run.seen = ""

    await told(stocked, run, moved_only=True)

    assert pushed(stocked) == {("A", 17), ("B", 5), ("C", 8), ("SET", 5)}
    assert run.has_seen == stocked.books.moved_until


async def test_while_orders_are_unread_the_mark_stays_and_nothing_is_lost(stocked, run):
    stocked.books.moved = {"A"}
    run.in_flight.queued.add(Ref("shop", "order", "3"))

    await told(stocked, run, moved_only=True)

    assert stocked.shop.pushes == []
    assert run.has_seen == MARK


async def test_a_push_that_fails_leaves_the_mark(stocked, run):
    class Deaf(type(stocked.shop)):
        async def set_stock(self, levels):
            msg = f"no answer to {len(levels)} levels"
            raise OutcomeUnknown(msg)

    stocked.shop = Deaf(levels=stocked.shop.levels)
    stocked.books.moved = {"A"}

    with pytest.raises(OutcomeUnknown):
        await told(stocked, run, moved_only=True)

    assert run.has_seen == ""


async def test_a_kit_in_flight_takes_its_parts_from_what_others_show(stocked, run):
    await run.in_flight.hold(Ref("shop", "order", "1"), {"SET": Decimal(2)})

    await told(stocked, run)

    assert pushed(stocked) == {("A", 13), ("B", 3), ("C", 8), ("SET", 3)}


async def test_a_sku_sold_by_the_case_shows_whole_cases(stocked, run):
    run.crosswalks["sku"] = {"BOX": "A@CASE"}
    stocked.shop.levels.append(ShopStock("BOX", "1", 0))
    stocked.books.units["A", "CASE"] = Unit(7, "CASE", Decimal(12))

    await told(stocked, run)

    assert ("BOX", 1) in pushed(stocked)


async def test_a_unit_that_the_item_is_not_sold_in_is_a_case(stocked, run):
    run.crosswalks["sku"] = {"BOX": "A@CASE", "ELSEWHERE": "A@BAG"}
    stocked.shop.levels.append(ShopStock("BOX", "1", 0))

    with pytest.raises(Unmapped, match="'BOX' stands for A in the unit 'CASE'"):
        await told(stocked, run)


async def test_a_kit_without_parts_is_named_apart_from_strangers(stocked, run):
    stocked.books.kits = []
    stocked.books.stock["SET"] = Item("SET", "A set", inventory_item=False)
    stocked.shop.levels.append(ShopStock("X", "1", 1))

    outcome = await told(stocked, run)

    assert outcome.reason == (
        "1 SKUs of the shop have no stock in these warehouses: X; "
        "1 SKUs are no stock items and head no bill of materials: SET"
    )
