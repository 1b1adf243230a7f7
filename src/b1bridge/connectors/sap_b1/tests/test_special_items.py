"""What SAP says of kits, units and batches, and how rows name them."""

from datetime import date
from decimal import Decimal

import pytest

from b1bridge.domain.batches import Batch
from b1bridge.domain.kits import Kit, Part, Tree
from b1bridge.domain.units import Unit
from b1bridge.errors import NeedsOperator
from b1sim.company import clerk

pytestmark = pytest.mark.anyio


def receives(world, *batches, item="CREAM", warehouse="01"):
    for number, quantity, expires in batches:
        numbers = [{"BatchNumber": number, "Quantity": quantity, "ExpiryDate": expires}]
        row = {"ItemCode": item, "Quantity": quantity, "WarehouseCode": warehouse}
        rows = [row | {"UnitPrice": 2, "BatchNumbers": numbers}]
        world.company.create("InventoryGenEntries", {"DocumentLines": rows})


@pytest.fixture
def cream(world):
    clerk.add_item(world.company, "CREAM", batches=True)
    receives(world, ("B2", 9, "2027-03-31"), ("B1", 6, "2027-01-31"), ("B3", 1, None))
    return world


async def test_batches_are_told_with_their_dates_and_what_is_free(books, cream):
    receives(cream, ("B1", 4, None), warehouse="02")

    assert set(await books.batches({"CREAM", "TEA"})) == {
        Batch("CREAM", "B1", "01", date(2027, 1, 31), Decimal(6)),
        Batch("CREAM", "B1", "02", date(2027, 1, 31), Decimal(4)),
        Batch("CREAM", "B2", "01", date(2027, 3, 31), Decimal(9)),
        Batch("CREAM", "B3", "01", None, Decimal(1)),
    }


async def test_a_batch_that_is_locked_or_used_up_is_not_told(books, cream):
    locked = next(one for one in cream.company.query("BatchNumberDetails") if one["Batch"] == "B1")
    key = {"DocEntry": locked["DocEntry"]}
    cream.company.patch("BatchNumberDetails", key, {"Status": "bdsStatus_Locked"})
    row = {"ItemCode": "CREAM", "Quantity": 1}
    row |= {"BatchNumbers": [{"BatchNumber": "B3", "Quantity": 1}]}
    cream.company.create("DeliveryNotes", {"CardCode": "C1", "DocumentLines": [row]})

    assert [one.number for one in await books.batches({"CREAM"})] == ["B2"]


async def test_where_sql_may_not_run_nobody_guesses_at_batches(books, cream):
    cream.refuse("SQLQueries", code=-6006, status=403, message="No permission", times=9)

    with pytest.raises(NeedsOperator) as case:
        await books.batches({"CREAM"})

    assert case.value.reason == "BATCH_NEEDED"


async def test_a_bill_of_materials_is_told_for_one_piece_with_its_list_prices(books, world):
    clerk.add_item(world.company, "KIT", InventoryItem="tNO")
    rows = [
        {"ItemCode": "TEA", "Quantity": 4, "Price": "30.00"},
        {"ItemCode": "MUG", "Quantity": 2},
    ]
    tree = {"TreeCode": "KIT", "TreeType": "iTemplateTree", "Quantity": 2}
    world.company.create("ProductTrees", tree | {"ProductTreeLines": rows})

    found = await books.kits({"KIT", "TEA"})

    parts = (Part("TEA", Decimal(2), Decimal(30)), Part("MUG", Decimal(1)))
    assert found == {"KIT": Kit("KIT", Tree.TEMPLATE, parts)}
    assert (await books.items({"KIT"}))["KIT"].tree is Tree.TEMPLATE


async def test_a_unit_is_one_of_the_item_s_own_group(books, world):
    entries = {
        code: world.company.create("UnitOfMeasurements", {"Code": code})["AbsEntry"]
        for code in ("PC", "CASE", "PALLET")
    }
    rows = [{"AlternateUoM": entries["CASE"], "AlternateQuantity": 2, "BaseQuantity": 24}]
    group = {"Code": "G", "BaseUoM": entries["PC"], "UoMGroupDefinitionCollection": rows}
    made = world.company.create("UnitOfMeasurementGroups", group)
    clerk.add_item(world.company, "BOLT", UoMGroupEntry=made["AbsEntry"])

    assert await books.unit("BOLT", "CASE") == Unit(entries["CASE"], "CASE", Decimal(12))
    assert await books.unit("BOLT", "PC") == Unit(entries["PC"], "PC", Decimal(1))
    assert await books.unit("BOLT", "PALLET") is None
    assert await books.unit("BOLT", "BOX") is None
    assert await books.unit("TEA", "CASE") is None
