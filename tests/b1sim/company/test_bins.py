"""Bins: every row in a warehouse with bins says where its goods lie, batches and serials too."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


@pytest.fixture
def racks(office):
    """Warehouse 01 has the bins R1 and R2 beside the one that the system made."""
    key = {"WarehouseCode": "01"}
    office.company.patch("Warehouses", key, {"EnableBinLocations": "tYES"})
    office.bins = {
        level: office.company.create("BinLocations", {"Warehouse": "01", "Sublevel1": level})
        for level in ("R1", "R2")
    }
    return office


def at(office, level, quantity, **more):
    return {"BinAbsEntry": office.bins[level]["AbsEntry"], "Quantity": quantity} | more


def receive(office, item, quantity, *places, **more):
    line = {"ItemCode": item, "Quantity": quantity, "DocumentLinesBinAllocations": list(places)}
    return office.company.create("InventoryGenEntries", {"DocumentLines": [line | more]})


def in_bins(office, item):
    sql = """SELECT b.BinCode, q.OnHandQty FROM OIBQ q JOIN OBIN b ON b.AbsEntry = q.BinAbs
        WHERE q.ItemCode = ? AND q.OnHandQty <> 0 ORDER BY b.BinCode"""
    return dict(office.company.db.execute(sql, (item,)).fetchall())


def test_switching_bins_on_puts_what_lies_there_into_the_systems_bin(racks):
    assert in_bins(racks, "A") == {"01-SYSTEM-BIN-LOCATION": 1000}


def test_a_bins_code_is_made_of_warehouse_and_sublevels(racks):
    assert racks.bins["R1"]["BinCode"] == "01-R1"
    assert racks.bins["R1"]["IsSystemBin"] == "tNO"


def test_goods_go_where_they_are_allocated(racks):
    receive(racks, "A", 10, at(racks, "R1", 6), at(racks, "R2", 4))

    assert in_bins(racks, "A") == {"01-R1": 6, "01-R2": 4, "01-SYSTEM-BIN-LOCATION": 1000}
    assert racks.stock("A") == (1010, 0)


def test_an_invoice_takes_from_its_bin_and_shows_it(racks):
    receive(racks, "A", 10, at(racks, "R1", 10))
    line = {"ItemCode": "A", "Quantity": 3}

    made = racks.post("Invoices", line | {"DocumentLinesBinAllocations": [at(racks, "R1", 3)]})

    shown = made["DocumentLines"][0]["DocumentLinesBinAllocations"]
    assert [(row["BinAbsEntry"], row["Quantity"]) for row in shown] == [
        (racks.bins["R1"]["AbsEntry"], 3)
    ]
    assert in_bins(racks, "A")["01-R1"] == 7


def test_a_row_without_bins_uses_the_default_one(racks):
    racks.post("Invoices", {"ItemCode": "A", "Quantity": 3})
    of_item = {"WarehouseCode": "01", "DefaultBin": racks.bins["R2"]["AbsEntry"]}
    racks.company.patch("Items", {"ItemCode": "A"}, {"ItemWarehouseInfoCollection": [of_item]})
    receive(racks, "A", 5)

    assert in_bins(racks, "A") == {"01-SYSTEM-BIN-LOCATION": 997, "01-R2": 5}


def test_without_a_default_the_row_must_say_where(racks):
    racks.company.patch("Warehouses", {"WarehouseCode": "01"}, {"DefaultBin": None})

    refusal = refusal_of(lambda: racks.post("Invoices", {"ItemCode": "A"}))

    assert refusal.code == -10
    assert "bin locations" in refusal.message


@pytest.mark.parametrize("quantities", [(2,), (4,), (2, -1), ()])
def test_allocations_must_add_up(racks, quantities):
    racks.company.patch("Warehouses", {"WarehouseCode": "01"}, {"DefaultBin": None})
    places = [at(racks, "R1", quantity) for quantity in quantities]

    assert refusal_of(lambda: receive(racks, "A", 3, *places)).code == -10
    assert racks.stock("A") == (1000, 0)


def test_a_bin_cannot_give_more_than_lies_in_it(racks):
    line = {"ItemCode": "A", "DocumentLinesBinAllocations": [at(racks, "R1", 1)]}

    refusal = refusal_of(lambda: racks.post("Invoices", line))

    assert "01-R1" in refusal.message


def test_bins_of_another_warehouse_and_bins_where_there_are_none_are_refused(racks):
    line = {"ItemCode": "A", "WarehouseCode": "02"}
    place = {"DocumentLinesBinAllocations": [at(racks, "R1", 1)]}
    entry = {"DocumentLines": [line | place]}

    refusal = refusal_of(lambda: racks.company.create("InventoryGenEntries", entry))
    create = lambda: racks.company.create("BinLocations", {"Warehouse": "02", "Sublevel1": "X"})  # noqa: E731

    assert refusal.code == -10
    assert refusal_of(create).code == -10


def test_a_batch_lies_in_the_bin_it_was_put_into(racks):
    clerk.add_item(racks.company, "HONEY", batches=True)
    batches = [{"BatchNumber": "B1", "Quantity": 4}, {"BatchNumber": "B2", "Quantity": 2}]
    places = [
        at(racks, "R1", 3, SerialAndBatchNumbersBaseLine=0),
        at(racks, "R2", 1, SerialAndBatchNumbersBaseLine=0),
        at(racks, "R2", 2, SerialAndBatchNumbersBaseLine=1),
    ]
    receive(racks, "HONEY", 6, *places, BatchNumbers=batches)
    line = {"ItemCode": "HONEY", "BatchNumbers": [{"BatchNumber": "B2", "Quantity": 1}]}

    wrong = line | {"DocumentLinesBinAllocations": [at(racks, "R1", 1)]}
    refusal = refusal_of(lambda: racks.post("Invoices", wrong))
    racks.post("Invoices", line | {"DocumentLinesBinAllocations": [at(racks, "R2", 1)]})

    sql = """SELECT n.DistNumber, b.BinCode, q.OnHandQty FROM OBBQ q JOIN OBTN n
        ON n.AbsEntry = q.SnBMDAbs JOIN OBIN b ON b.AbsEntry = q.BinAbs ORDER BY 1, 2"""
    assert "01-R1" in refusal.message
    assert racks.company.db.execute(sql).fetchall() == [
        ("B1", "01-R1", 3.0),
        ("B1", "01-R2", 1.0),
        ("B2", "01-R2", 1.0),
    ]


def test_a_transfer_moves_goods_from_bin_to_bin(racks):
    receive(racks, "A", 5, at(racks, "R1", 5))
    places = [
        at(racks, "R1", 2, BinActionType="batFromWarehouse"),
        at(racks, "R2", 2, BinActionType="batToWarehouse"),
    ]
    line = {"ItemCode": "A", "Quantity": 2, "FromWarehouseCode": "01", "WarehouseCode": "01"}
    payload = {"StockTransferLines": [line | {"StockTransferLinesBinAllocations": places}]}

    made = racks.company.create("StockTransfers", payload)
    moved = in_bins(racks, "A")
    racks.act("StockTransfers", made, "Cancel")

    assert (moved["01-R1"], moved["01-R2"]) == (3, 2)
    assert in_bins(racks, "A") == {"01-R1": 5, "01-SYSTEM-BIN-LOCATION": 1000}
    assert racks.stock("A") == (1005, 0)


def test_a_cancelled_invoice_fills_its_bins_again(racks):
    receive(racks, "A", 5, at(racks, "R1", 5))
    line = {"ItemCode": "A", "DocumentLinesBinAllocations": [at(racks, "R1", 1)]}
    invoice = racks.post("Invoices", line)

    racks.act("Invoices", invoice, "Cancel")

    assert in_bins(racks, "A")["01-R1"] == 5


def test_only_an_empty_bin_can_be_removed(racks):
    receive(racks, "A", 5, at(racks, "R1", 5))
    key = {level: {"AbsEntry": made["AbsEntry"]} for level, made in racks.bins.items()}

    refusal = refusal_of(lambda: racks.company.delete("BinLocations", key["R1"]))
    racks.company.delete("BinLocations", key["R2"])

    assert refusal.code == -10
    assert racks.company.count("BinLocations") == 2


def test_a_bin_is_there_once_and_bins_that_hold_goods_stay_on(racks):
    rack = {"Warehouse": "01", "Sublevel1": "R1"}
    off = {"EnableBinLocations": "tNO"}

    twice = refusal_of(lambda: racks.company.create("BinLocations", rack))
    kept = refusal_of(lambda: racks.company.patch("Warehouses", {"WarehouseCode": "01"}, off))

    assert (twice.code, kept.code) == (-2035, -10)


def test_a_clerk_adds_bins_to_any_warehouse(office):
    entries = [clerk.add_bin(office.company, "03", name) for name in ("X1", "X2")]

    codes = [row["BinCode"] for row in office.company.query("BinLocations")]
    assert len(set(entries)) == 2
    assert codes == ["03-SYSTEM-BIN-LOCATION", "03-X1", "03-X2"]
