"""Items: what counts them stays, their bar codes, units and vendors stand in rows of their own."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def change(office, code, **changes):
    office.company.patch("Items", {"ItemCode": code}, changes)


@pytest.mark.parametrize(
    "changes",
    [{"InventoryItem": "tNO"}, {"ManageBatchNumbers": "tYES"}, {"UoMGroupEntry": 1}],
)
def test_an_item_with_transactions_is_counted_as_before(office, changes):
    clerk.add_item(office.company, "NEW")
    change(office, "NEW", **changes)

    refusal = refusal_of(lambda: change(office, "A", **changes))

    assert refusal.code == -10
    assert office.stock("A") == (1000, 0)


def test_an_item_that_was_only_ordered_may_still_lose_its_batches(office):
    clerk.add_item(office.company, "CREAM", batches=True)
    office.post("Orders", {"ItemCode": "CREAM"})

    change(office, "CREAM", ManageBatchNumbers="tNO")

    assert office.company.read("Items", {"ItemCode": "CREAM"})["ManageBatchNumbers"] == "tNO"


def test_sending_what_is_there_already_changes_nothing(office):
    change(office, "A", InventoryItem="tYES", ItemName="still A")

    assert office.company.read("Items", {"ItemCode": "A"})["ItemName"] == "still A"


@pytest.mark.parametrize("name", ["SalesItemsPerUnit", "PurchaseItemsPerUnit"])
def test_a_unit_holds_more_than_nothing(office, name):
    assert refusal_of(lambda: change(office, "A", **{name: 0})).code == -5002


def test_the_tree_type_cannot_be_sent(office):
    change(office, "A", TreeType="iSalesTree")

    assert office.company.read("Items", {"ItemCode": "A"})["TreeType"] == "iNotATree"


def test_bar_codes_stand_on_the_item_and_by_themselves(office):
    rows = [{"Barcode": "4001", "UoMEntry": 1}, {"Barcode": "4002", "UoMEntry": 2}]
    clerk.add_item(office.company, "CUP", UoMGroupEntry=1, ItemBarCodeCollection=rows)
    office.company.create("BarCodes", {"ItemNo": "CUP", "Barcode": "4003", "UoMEntry": 1})

    item = office.company.read("Items", {"ItemCode": "CUP"})
    codes = [row["Barcode"] for row in item["ItemBarCodeCollection"]]
    by_code = office.company.query("BarCodes", where='"BcdCode" = ?', params=("4002",))
    assert codes == ["4001", "4002", "4003"]
    assert [(row["ItemNo"], row["UoMEntry"]) for row in by_code] == [("CUP", 2)]


def test_the_items_own_bar_code_is_one_of_them(office):
    change(office, "A", BarCode="4009")

    item = office.company.read("Items", {"ItemCode": "A"})
    assert [row["Barcode"] for row in item["ItemBarCodeCollection"]] == ["4009"]


@pytest.mark.parametrize("payload", [{"ItemNo": "NO"}, {"ItemNo": "A", "UoMEntry": 1}])
def test_a_bar_code_belongs_to_an_item_once(office, payload):
    office.company.create("BarCodes", {"ItemNo": "A", "Barcode": "4001", "UoMEntry": 1})

    refusal = refusal_of(lambda: office.company.create("BarCodes", {"Barcode": "4001"} | payload))

    assert refusal.status == 400
    assert office.company.count("BarCodes") == 1


def test_units_and_vendors_of_an_item_are_kept_by_their_codes(office):
    units = [{"UoMType": "iutSales", "UoMEntry": 2}, {"UoMType": "iutPurchasing", "UoMEntry": 2}]
    vendors = [{"BPCode": "V1"}, {"BPCode": "V2"}]
    change(office, "A", ItemUnitOfMeasurementCollection=units, ItemPreferredVendors=vendors)
    change(office, "A", ItemUnitOfMeasurementCollection=units[:1])

    item = office.company.read("Items", {"ItemCode": "A"})
    kept = [row["UoMType"] for row in item["ItemUnitOfMeasurementCollection"]]
    assert sorted(kept) == ["iutPurchasing", "iutSales"]
    assert [row["BPCode"] for row in item["ItemPreferredVendors"]] == ["V1", "V2"]


def test_a_group_of_units_counts_its_base_unit_as_one(office):
    unit = office.company.create("UnitOfMeasurements", {"Code": "PAL", "Name": "Pallet"})
    rows = [{"AlternateUoM": unit["AbsEntry"], "BaseQuantity": 480}]
    payload = {"Code": "PALLETS", "BaseUoM": 1, "UoMGroupDefinitionCollection": rows}

    group = office.company.create("UnitOfMeasurementGroups", payload)

    found = {r["AlternateUoM"]: r["BaseQuantity"] for r in group["UoMGroupDefinitionCollection"]}
    assert found == {1: 1, unit["AbsEntry"]: 480}


@pytest.mark.parametrize(
    "payload",
    [
        {"BaseUoM": 99},
        {},
        {"BaseUoM": 1, "UoMGroupDefinitionCollection": [{"AlternateUoM": 99}]},
        {
            "BaseUoM": 1,
            "UoMGroupDefinitionCollection": [{"AlternateUoM": 2, "AlternateQuantity": 0}],
        },
    ],
)
def test_a_group_of_units_that_cannot_count_is_refused(office, payload):
    call = lambda: office.company.create("UnitOfMeasurementGroups", {"Code": "X"} | payload)  # noqa: E731

    assert refusal_of(call).code == -5002
    assert office.company.count("UnitOfMeasurementGroups") == 2


@pytest.mark.parametrize(
    "name", ["Manufacturers", "ShippingTypes", "ItemProperties", "UnitOfMeasurements"]
)
def test_small_tables_have_rows_to_begin_with(office, name):
    assert office.company.count(name) > 0
