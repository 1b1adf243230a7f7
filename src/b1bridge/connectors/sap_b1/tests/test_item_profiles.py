"""What sales is told of items, and how SAP's changes of them are found."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.domain.crm_profiles import ItemTax, ListPrice
from b1bridge.domain.identity import Ref
from b1sim.company import clerk
from b1sim.world import World

pytestmark = pytest.mark.anyio
TEA = Ref("sap", "item", "TEA")
URL = "https://sap.test:50000"


@pytest.fixture
def world():
    """Found a company whose clock stands still at noon."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    with World(seed=False, clock=lambda: noon) as world:
        clerk.add_partner(world.company, "C1", "Anna Ek")
        clerk.add_item(world.company, "TEA", "Earl Grey", stock="100", vat_group="A20")
        clerk.add_item(world.company, "MUG", "Mug", stock="100", vat_group="A7")
        yield world


@pytest.fixture(params=["v2", "v1"])
def world_settings(request, world):
    zone = world.company.settings.time_zone
    return Settings(**world.settings(), version=request.param, time_zone=zone)


def now(world):
    return world.clock()


async def told(changes):
    return [(ref.id, moment) async for ref, moment in changes]


async def test_an_item_is_told_with_every_list_its_tax_and_what_is_free(world, books):
    world.company.patch(
        "Items", {"ItemCode": "TEA"}, {"ItemPrices": [{"PriceList": 1, "Price": "3.5"}]}
    )
    clerk_order = {"CardCode": "C1", "DocDueDate": "2030-01-31"}
    rows = [{"ItemCode": "TEA", "Quantity": 3}]
    world.company.create("Orders", clerk_order | {"DocumentLines": rows})

    found = await books.item_profile(TEA, now(world))

    assert found.prices[0] == ListPrice(1, Decimal("3.5"), "EUR")
    assert found.prices[-1] == ListPrice(4, Decimal("4.2"), "EUR", includes_tax=True)
    assert (found.tax, found.is_sold, found.free["01"]) == (Decimal(20), True, Decimal(97))


async def test_an_item_sold_by_the_case_is_told_by_the_case(world, books):
    """A row that names no unit counts in the usual one, so that is what a price must be for."""
    case = {"UoMEntry": 2, "Price": "55"}
    prices = [{"PriceList": 1, "Price": "4.58", "UoMPrices": [case]}]
    clerk.add_item(
        world.company, "CUP", ItemPrices=prices, UoMGroupEntry=1, DefaultSalesUoMEntry=2, stock="30"
    )
    bare = [{"PriceList": 1, "Price": "4.50"}]
    clerk.add_item(world.company, "POT", ItemPrices=bare, UoMGroupEntry=1, DefaultSalesUoMEntry=2)

    cup = await books.item_profile(Ref("sap", "item", "CUP"), now(world))
    pot = await books.item_profile(Ref("sap", "item", "POT"), now(world))

    assert (cup.unit, cup.sold_in.pieces, cup.free["01"]) == ("Case of 12", 12, 30)
    of_cup = {one.price_list: one.amount for one in cup.prices}
    assert (of_cup[1], of_cup[2]) == (Decimal(55), Decimal("46.75"))
    assert {one.price_list: one.amount for one in pot.prices}[1] == Decimal(54)
    order = {"CardCode": "C1", "DocDueDate": "2030-01-31"}
    rows = [{"ItemCode": "CUP", "Quantity": 1}, {"ItemCode": "POT", "Quantity": 1}]
    made = world.company.create("Orders", order | {"DocumentLines": rows})
    assert [row["LineTotal"] for row in made["DocumentLines"]] == [55, 54]


def purchase(world, day, quantity=10):
    clerk.add_partner(world.company, f"V{day}", "Vendor", kind="cSupplier")
    rows = [{"ItemCode": "TEA", "Quantity": quantity, "UnitPrice": 1, "ShipDate": day}]
    head = {"CardCode": f"V{day}", "DocDueDate": day, "DocumentLines": rows}
    return world.company.create("PurchaseOrders", head)


@pytest.mark.parametrize("sql", [True, False])
async def test_what_is_on_its_way_is_told_with_the_next_day(world, books, sql):
    if not sql:
        world.refuse("SQLQueries", -6006, "no permission", status=403, times=9)
    purchase(world, "2030-03-01")
    purchase(world, "2030-02-01", 5)

    tea, mug = [
        await books.item_profile(Ref("sap", "item", code), now(world)) for code in ("TEA", "MUG")
    ]

    assert (tea.on_order["01"], tea.expected) == (15, date(2030, 2, 1))
    assert (mug.on_order["01"], mug.expected) == (0, None)


async def test_of_a_kit_the_scarcest_part_decides_and_a_service_has_no_stock(world, books):
    """The worked numbers of correctness-rules 3.7: two of 17 and one of 5 make five."""
    for code, stock in (("CUP", "17"), ("TIN", "5")):
        clerk.add_item(world.company, code, stock=stock)
    clerk.add_item(world.company, "SET", InventoryItem="tNO")
    clerk.add_item(world.company, "CARE", InventoryItem="tNO")
    clerk.add_tree(world.company, "SET", {"CUP": 2, "TIN": 1})
    world.clock.move(7200)
    since = now(world) - timedelta(minutes=1)

    kit = await books.item_profile(Ref("sap", "item", "SET"), now(world))
    care = await books.item_profile(Ref("sap", "item", "CARE"), now(world))

    assert (kit.is_stocked, kit.free["01"], care.is_stocked) == (True, 5, False)
    head = {"CardCode": "C1", "DocDueDate": "2030-01-31"}
    world.company.create("Orders", head | {"DocumentLines": [{"ItemCode": "TIN", "Quantity": 2}]})
    assert (await books.item_profile(kit.ref, now(world))).free["01"] == 3
    assert {code for code, _ in await told(books.items_changed_since(since))} == {"TIN", "SET"}


async def test_an_item_without_a_group_keeps_its_list_price(world, books):
    clerk.add_item(world.company, "EGG", price="3", SalesUnit="Dozen", SalesItemsPerUnit=12)

    egg = await books.item_profile(Ref("sap", "item", "EGG"), now(world))

    assert (egg.unit, egg.sold_in.pieces, egg.prices[0].amount) == ("Dozen", 12, 3)


async def test_items_are_taxed_by_their_own_codes(world, books):
    assert await books.item_taxes({"TEA", "MUG", "NONE"}, now(world)) == {
        "TEA": ItemTax("A20", Decimal(20)),
        "MUG": ItemTax("A7", Decimal(7)),
    }


async def test_the_profit_centre_stands_in_the_field_that_settings_name(world, world_settings):
    settings = world_settings.model_copy(update={"profit_centre_field": "User_Text"})
    world.company.patch("Items", {"ItemCode": "TEA"}, {"User_Text": "Tea & Co"})
    async with httpx.AsyncClient(transport=world.transport(), base_url=URL) as line:
        books = SapBooks("sap", settings, line)
        found = await books.item_profile(TEA, now(world))
        await books.aclose()

    assert found.profit_centre == "Tea & Co"


async def test_an_item_on_a_document_that_moves_stock_is_told_with_the_documents_moment(
    world, books
):
    world.clock.move(7200)
    fields = {"CardCode": "C1", "DocDueDate": "2030-01-31"}
    world.company.create("Orders", fields | {"DocumentLines": [{"ItemCode": "TEA"}]})

    changed = await told(books.items_changed_since(now(world) - timedelta(minutes=1)))

    assert changed == [("TEA", now(world))]


async def test_a_price_that_changed_is_told(world, books):
    world.clock.move(7200)
    clerk.set_price(world.company, "MUG", "5")

    changed = await told(books.items_changed_since(now(world) - timedelta(minutes=1)))
    assert {code for code, _ in changed} == {"MUG"}


async def test_two_transfers_of_one_day_are_told_as_two(world, books):
    since = now(world) + timedelta(hours=1)

    def transfer():
        row = {"ItemCode": "MUG", "Quantity": 1, "WarehouseCode": "02", "FromWarehouseCode": "01"}
        world.company.create(
            "StockTransfers",
            {"FromWarehouse": "01", "ToWarehouse": "02", "StockTransferLines": [row]},
        )

    transfer()
    first = await told(books.items_changed_since(since))
    transfer()
    second = await told(books.items_changed_since(since))

    assert [code for code, _ in first] == ["MUG"]
    assert [code for code, _ in second] == ["MUG", "MUG"]
