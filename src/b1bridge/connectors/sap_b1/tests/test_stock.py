"""Stock is read whole, in order, in windows that neither repeat nor hide a row."""

from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.connectors.sap_b1.stock import FAMILY, PAGE, SapStock, stock_sql
from b1bridge.domain.kits import Part
from b1bridge.domain.stock import Moved
from b1bridge.errors import ConnectionBroken, ContractBroken
from b1sim.company import clerk
from b1sim.world import World

pytestmark = pytest.mark.anyio

ANY = Settings(url="https://sap.test", company_db="SBODEMO", user="manager", password="secret")


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


async def read(stock, *warehouses):
    return [level async for level in stock.stock_levels(warehouses)]


def stock_of(service, page=PAGE):
    stock = SapStock(service, ANY)
    stock.page = page
    return stock


def figures(levels):
    return [(level.item, level.warehouse, int(level.on_hand)) for level in levels]


async def test_the_figures_of_the_chosen_warehouses_come_ordered_by_item(books, world):
    clerk.set_stock(world.company, "TEA", "7", warehouse="02")

    levels = [level async for level in books.stock_levels(["01", "02"])]

    assert [f for f in figures(levels) if f[2]] == [
        ("MUG", "01", 100),
        ("TEA", "01", 100),
        ("TEA", "02", 7),
    ]
    assert {level.warehouse for level in levels} <= {"01", "02"}


async def test_no_warehouse_named_means_all_of_them(service, world):
    clerk.set_stock(world.company, "TEA", "7", warehouse="03")

    assert ("TEA", "03", 7) in figures(await read(stock_of(service)))


async def test_orders_show_as_committed(books, world):
    lines = [{"ItemCode": "TEA", "Quantity": 4}]
    today = world.company.books.today()
    order = {"CardCode": "C1", "DocDueDate": today, "DocumentLines": lines}
    world.company.create("Orders", order)

    levels = [level async for level in books.stock_levels(["01"])]

    assert next(int(level.committed) for level in levels if level.item == "TEA") == 4


async def test_what_is_not_kept_in_stock_is_left_out(service, world):
    clerk.add_item(world.company, "REPAIR", InventoryItem="tNO")
    clerk.add_item(world.company, "SCREW", SalesItem="tNO")

    items = {level.item for level in await read(stock_of(service))}

    assert items == {"TEA", "MUG"}


@pytest.mark.parametrize("page", [9, 10, 11, 13, 50])
async def test_windows_of_any_size_give_every_row_once(service, world, page):
    codes = [f"I'{number:02} & Co+%" for number in range(20)]
    for number, code in enumerate(codes):
        clerk.add_item(world.company, code, stock=str(number + 1))

    levels = await read(stock_of(service, page=page), "01")

    assert [f for f in figures(levels) if f[0] in codes] == [
        (code, "01", number + 1) for number, code in enumerate(codes)
    ]


async def test_a_window_too_small_for_one_item_is_said_and_not_looped(service):
    with pytest.raises(ContractBroken, match="does not hold all warehouses"):
        await read(stock_of(service, page=2))


async def test_the_query_is_stored_once_and_named_after_its_text(service, world):
    await read(stock_of(service), "01")
    await read(stock_of(service), "01")

    stored = world.company.query("SQLQueries")
    assert [row["SqlCode"] for row in stored] == [SqlQuery(FAMILY, stock_sql(1)).code]


@pytest.mark.parametrize("warehouses", [[], ["01"], ["01", "02"]])
@pytest.mark.parametrize(("code", "status"), [(-6006, 403), (702, 400)])
async def test_where_sql_is_forbidden_the_items_tell_the_same(
    service, world, warehouses, code, status
):
    by_sql = await read(stock_of(service), *warehouses)
    world.refuse("SQLQueries", code, "no", status=status, times=9)

    by_items = await read(stock_of(service), *warehouses)

    assert by_items == by_sql != []


async def test_what_breaks_midway_is_not_begun_anew(script, http, settings):
    row = {"ItemCode": "TEA", "WhsCode": "01", "OnHand": 7, "IsCommited": 0, "OnOrder": 0}
    other = {**row, "ItemCode": "URN"}
    denied = {"error": {"code": "-6006", "message": "no"}}
    script.answers = [
        httpx.Response(200, json={"value": [row, other], "@odata.nextLink": "List?&$skip=2"}),
        httpx.Response(403, json=denied),
    ]

    with pytest.raises(ConnectionBroken):
        await read(stock_of(ServiceLayer(http, settings), page=2))


async def test_a_query_another_process_stored_a_moment_ago_is_used(script, http, settings):
    missing = {"error": {"code": "-2028", "message": "No matching records found"}}
    there = {"error": {"code": "-2035", "message": "This entry already exists"}}
    row = {"ItemCode": "TEA", "WhsCode": "01", "OnHand": 7.0, "IsCommited": 0, "OnOrder": None}
    script.answers = [
        httpx.Response(404, json=missing),
        httpx.Response(400, json=there),
        httpx.Response(200, json={"value": [row]}),
    ]

    levels = await read(stock_of(ServiceLayer(http, settings)), "01")

    assert figures(levels) == [("TEA", "01", 7)]


async def test_named_items_are_read_with_their_group_sold_or_not(service, world):
    world.company.patch("Items", {"ItemCode": "MUG"}, {"SalesItem": "tNO"})

    found = [level async for level in stock_of(service).levels_of({"MUG", "NONE"}, ["01"])]

    assert [(level.item, int(level.on_hand), level.group) for level in found] == [
        ("MUG", 100, "100")
    ]


async def test_kits_are_read_as_what_one_piece_takes_from_stock(service, world):
    for code in ("SET", "CASE"):
        clerk.add_item(world.company, code, InventoryItem="tNO")
    clerk.add_tree(world.company, "SET", {"MUG": "2", "TEA": "1"})
    clerk.add_tree(world.company, "CASE", {"MUG": "6"}, kind="iProductionTree")

    (found,) = await stock_of(service).stock_kits()

    assert (found.item, found.parts) == ("SET", (Part("MUG", Decimal(2)), Part("TEA", Decimal(1))))


def order_of(world, item):
    today = world.company.books.today()
    lines = [{"ItemCode": item, "Quantity": 4}]
    world.company.create("Orders", {"CardCode": "C1", "DocDueDate": today, "DocumentLines": lines})


async def test_what_moved_is_told_by_the_documents_stamped_since_the_mark(service, world):
    stock = stock_of(service)
    begun = await stock.items_moved("")
    world.clock.move(600)
    order_of(world, "MUG")
    first = await stock.items_moved(begun.until)
    world.clock.move(600)
    order_of(world, "TEA")

    second = await stock.items_moved(first.until)

    assert begun.items == frozenset()
    assert first.items >= {"MUG"}
    assert second.items == {"MUG", "TEA"}, "what was stamped at the mark is read again"
    assert (await stock.items_moved(second.until)).items == {"TEA"}
    assert begun.until < first.until < second.until


async def test_transfers_move_items_though_they_are_stamped_by_the_day_only(service, world):
    stock = stock_of(service)
    order_of(world, "MUG")
    begun = await stock.items_moved("")
    rows = [{"ItemCode": "TEA", "Quantity": 4, "WarehouseCode": "02", "FromWarehouseCode": "01"}]
    world.company.create("StockTransfers", {"FromWarehouse": "01", "StockTransferLines": rows})

    world.clock.move(600)

    assert "TEA" in (await stock.items_moved(begun.until)).items


async def test_before_the_first_document_there_is_no_mark():
    with World(seed=False) as empty:
        settings = Settings(**empty.settings(), local_currency="EUR")
        async with httpx.AsyncClient(transport=empty.transport(), base_url=settings.url) as line:
            service = ServiceLayer(line, settings)
            moved = await stock_of(service).items_moved("")
            await service.close()

    assert moved == Moved(frozenset(), "")


def invoice_of(world, item, pieces):
    lines = [{"ItemCode": item, "Quantity": pieces}]
    return world.company.create("Invoices", {"CardCode": "C1", "DocumentLines": lines})


@pytest.mark.parametrize("forbidden", [False, True])
async def test_units_sold_are_summed_by_item_without_what_was_cancelled(service, world, forbidden):
    if forbidden:
        world.refuse("SQLQueries", -6006, "not granted", status=403, times=9)
    for pieces in (3, 4):
        invoice_of(world, "TEA", pieces)
    entry = invoice_of(world, "MUG", 5)["DocEntry"]
    world.company.act("Invoices", {"DocEntry": entry}, "Cancel")
    stock = stock_of(service)

    today = date.fromisoformat(world.company.books.today())
    sold = await stock.units_sold(today)
    none = await stock.units_sold(today + timedelta(days=1))

    assert (sold, none) == ({"TEA": 7}, {})


async def test_items_that_are_sold_tell_how(service, world):
    clerk.add_item(world.company, "CASE", SalesItemsPerUnit=12, SalesUnit="case", InventoryUOM="pc")
    clerk.add_item(world.company, "GLUE", SalesItem="tNO")

    found = {item.code: item async for item in stock_of(service).sold_items()}

    assert found.keys() == {"CASE", "MUG", "TEA"}
    assert (found["CASE"].units_each, found["CASE"].sales_unit) == (12, "case")
    assert (found["TEA"].tax_code, found["TEA"].stocked, found["TEA"].units_each) == (
        "A20",
        True,
        1,
    )
