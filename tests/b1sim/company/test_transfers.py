"""Transfers move goods between warehouses and keep their cost; requests only promise."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

REQUEST = "InventoryTransferRequest"
LINE = {"ItemCode": "A", "Quantity": 10, "FromWarehouseCode": "01", "WarehouseCode": "02"}


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def transfer(office, *lines, **header):
    return office.company.create("StockTransfers", {"StockTransferLines": list(lines)} | header)


def ask(office, *lines, **header):
    payload = {"StockTransferLines": list(lines)} | header
    return office.company.create("InventoryTransferRequests", payload)


def test_a_transfer_moves_goods_and_nothing_of_the_ledger(office):
    before = office.balance("_SYS00000000111")

    made = transfer(office, LINE)

    assert office.stock("A", "01") == (990, 0)
    assert office.stock("A", "02") == (10, 0)
    assert office.balance("_SYS00000000111") == before
    assert made["DocNum"] == 1
    assert made["StockTransferLines"][0]["FromWarehouseCode"] == "01"


def test_rows_take_the_warehouses_of_the_header(office):
    made = transfer(office, {"ItemCode": "A"}, FromWarehouse="01", ToWarehouse="03")

    line = made["StockTransferLines"][0]
    assert (line["FromWarehouseCode"], line["WarehouseCode"]) == ("01", "03")
    assert office.stock("A", "03") == (1, 0)


def test_a_transfer_shows_the_day_of_its_change_and_no_time(office):
    made = transfer(office, LINE)

    assert str(made["UpdateDate"]) == "2026-11-20"
    assert "UpdateTime" not in made


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LINE | {"Quantity": 1001}, -10),
        (LINE | {"WarehouseCode": "01"}, -10),
        (LINE | {"WarehouseCode": "99"}, -5002),
        ({"ItemCode": "A", "FromWarehouseCode": "01"}, -5002),
        (LINE | {"ItemCode": "NO"}, -5002),
    ],
)
def test_what_does_not_fit_is_refused(office, line, code):
    assert refusal_of(lambda: transfer(office, line)).code == code
    assert office.stock("A") == (1000, 0)


def test_a_batch_travels_with_its_goods(office):
    clerk.add_item(office.company, "HONEY", batches=True)
    clerk.receive_stock(office.company, "HONEY", 6, cost="2", batch="B1")
    line = LINE | {"ItemCode": "HONEY", "Quantity": 4}

    refusal = refusal_of(lambda: transfer(office, line))
    transfer(office, line | {"BatchNumbers": [{"BatchNumber": "B1", "Quantity": 4}]})

    assert refusal.code == -4014
    rows = office.company.db.execute("SELECT WhsCode, Quantity FROM OBTQ ORDER BY WhsCode")
    assert rows.fetchall() == [("01", 2.0), ("02", 4.0)]


def test_a_cancelled_transfer_brings_goods_and_batches_back(office):
    clerk.add_item(office.company, "HONEY", batches=True)
    clerk.receive_stock(office.company, "HONEY", 6, cost="2", batch="B1")
    batches = {"BatchNumbers": [{"BatchNumber": "B1", "Quantity": 4}]}
    made = transfer(office, LINE | {"ItemCode": "HONEY", "Quantity": 4} | batches)

    office.act("StockTransfers", made, "Cancel")

    assert office.stock("HONEY", "01") == (6, 0)
    assert office.stock("HONEY", "02") == (0, 0)
    rows = office.company.db.execute("SELECT WhsCode, Quantity FROM OBTQ ORDER BY WhsCode")
    assert rows.fetchall() == [("01", 6.0), ("02", 0.0)]
    assert refusal_of(lambda: office.act("StockTransfers", made, "Cancel")).code == -5006


def test_a_request_promises_and_its_transfers_close_it(office):
    request = ask(office, LINE)
    asked = office.stock("A")
    base = {"BaseType": REQUEST, "BaseEntry": request["DocEntry"], "BaseLine": 0}

    transfer(office, base | {"Quantity": 4})
    partly = office.stock("A"), office.read("InventoryTransferRequests", request)
    transfer(office, base)
    done = office.read("InventoryTransferRequests", request)

    assert asked == (1000, 10)
    assert partly[0] == (996, 6)
    assert partly[1]["StockTransferLines"][0]["RemainingOpenQuantity"] == 6
    assert done["DocumentStatus"] == "bost_Close"
    assert office.stock("A") == (990, 0)
    assert office.stock("A", "02") == (10, 0)
    refusal = refusal_of(lambda: transfer(office, base))
    assert "already been closed" in refusal.message


@pytest.mark.parametrize("action", ["Cancel", "Close"])
def test_an_ended_request_takes_its_promise_back(office, action):
    request = ask(office, LINE)

    office.act("InventoryTransferRequests", request, action)

    assert office.stock("A") == (1000, 0)
    ended = office.read("InventoryTransferRequests", request)
    assert ended["DocumentStatus"] == "bost_Close"


def test_a_closed_transfer_has_moved_its_goods_and_closes_once(office):
    made = transfer(office, LINE)
    before = office.stock("A"), office.stock("A", "02")

    office.act("StockTransfers", made, "Close")

    assert office.read("StockTransfers", made)["DocumentStatus"] == "bost_Close"
    assert (office.stock("A"), office.stock("A", "02")) == before
    refusal_of(lambda: office.act("StockTransfers", made, "Close"))
