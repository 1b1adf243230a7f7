"""Batches and serial numbers come in with goods, go out with them, and can be locked."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


@pytest.fixture
def shelf(office):
    clerk.add_item(office.company, "HONEY", batches=True)
    clerk.add_item(office.company, "SAW", serials=True)
    return office


def receive(office, item, quantity, **numbers):
    line = {"ItemCode": item, "Quantity": quantity, "UnitPrice": 2}
    return office.company.create("InventoryGenEntries", {"DocumentLines": [line | numbers]})


def batch(number, quantity, **more):
    return {"BatchNumber": number, "Quantity": quantity} | more


def held(office, table="OBTQ"):
    sql = f"SELECT Quantity FROM {table} WHERE Quantity <> 0 ORDER BY SysNumber, WhsCode"  # noqa: S608
    return [quantity for (quantity,) in office.company.db.execute(sql)]


def test_a_receipt_enters_its_batches_with_their_dates(shelf):
    dates = {"ExpiryDate": "2027-01-31", "ManufacturingDate": "2026-01-31", "Notes": "clear"}

    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6, **dates)])

    found = shelf.company.query("BatchNumberDetails")[0]
    assert (found["Batch"], found["ItemCode"], found["Status"]) == (
        "B1",
        "HONEY",
        "bdsStatus_Released",
    )
    assert str(found["ExpirationDate"]) == "2027-01-31"
    assert str(found["AdmissionDate"]) == "2026-11-20"
    assert held(shelf) == [6]


def test_a_known_batch_grows(shelf):
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])
    receive(shelf, "HONEY", 3, BatchNumbers=[batch("B1", 3)])

    assert held(shelf) == [9]
    assert shelf.company.count("BatchNumberDetails") == 1


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"BatchNumbers": [batch("B1", 5)]},
        {"BatchNumbers": [batch("B1", 7), batch("B2", -1)]},
        {"SerialNumbers": [{"InternalSerialNumber": "S1"}]},
    ],
)
def test_a_receipt_without_complete_batches_is_refused(shelf, numbers):
    assert refusal_of(lambda: receive(shelf, "HONEY", 6, **numbers)).code == -4014
    assert shelf.stock("HONEY") == (0, 0)
    assert shelf.company.count("BatchNumberDetails") == 0


def test_a_batch_set_up_may_lack_the_manufacturing_date(shelf):
    clerk.change_settings(shelf.company, batch_manufacturing_dates=False)
    numbers = {"BatchNumbers": [batch("B1", 6, ManufacturingDate="2026-01-31")]}

    assert refusal_of(lambda: receive(shelf, "HONEY", 6, **numbers)).code == -4014


@pytest.mark.parametrize("status", ["bdsStatus_Locked", "bdsStatus_NotAccessible"])
def test_a_locked_batch_stays_where_it_is(shelf, status):
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])
    entry = {"DocEntry": shelf.company.query("BatchNumberDetails")[0]["DocEntry"]}
    line = {"ItemCode": "HONEY", "BatchNumbers": [batch("B1", 1)]}

    shelf.company.patch("BatchNumberDetails", entry, {"Status": status})
    refusal = refusal_of(lambda: shelf.post("Invoices", line))
    shelf.company.patch("BatchNumberDetails", entry, {"Status": "bdsStatus_Released"})
    shelf.post("Invoices", line)

    assert refusal.code == -10
    assert "B1" in refusal.message
    assert held(shelf) == [5]


def test_details_are_neither_made_nor_deleted_by_themselves(shelf):
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])

    create = refusal_of(lambda: shelf.company.create("BatchNumberDetails", {"Batch": "B2"}))
    delete = refusal_of(lambda: shelf.company.delete("BatchNumberDetails", {"DocEntry": 1}))

    assert (create.code, delete.code) == (-5006, -5006)


def test_one_batch_number_may_stand_for_two_items(shelf):
    clerk.add_item(shelf.company, "JAM", batches=True)

    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])
    receive(shelf, "JAM", 3, BatchNumbers=[batch("B1", 3)])

    assert shelf.company.count("BatchNumberDetails") == 2


def test_batches_of_two_rows_belong_to_their_rows(shelf):
    receive(shelf, "HONEY", 9, BatchNumbers=[batch("B1", 6), batch("B2", 3)])
    rows = [
        {"ItemCode": "HONEY", "Quantity": 2, "BatchNumbers": [batch("B2", 2)]},
        {"ItemCode": "HONEY", "Quantity": 1, "BatchNumbers": [batch("B1", 1)]},
    ]

    made = shelf.post("Invoices", *rows)

    numbers = [
        [(n["BatchNumber"], n["BaseLineNumber"]) for n in row["BatchNumbers"]]
        for row in made["DocumentLines"]
    ]
    assert numbers == [[("B2", 0)], [("B1", 1)]]


def test_a_return_brings_batches_back(shelf):
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])
    line = {"ItemCode": "HONEY", "Quantity": 4, "BatchNumbers": [batch("B1", 4)]}
    delivery = shelf.post("DeliveryNotes", line)
    base = {"BaseType": 15, "BaseEntry": delivery["DocEntry"], "BaseLine": 0, "Quantity": 3}

    incomplete = refusal_of(lambda: shelf.post("Returns", base))
    shelf.post("Returns", base | {"BatchNumbers": [batch("B1", 3)]})

    assert incomplete.code == -4014
    assert held(shelf) == [5]


def test_a_serial_comes_in_once_and_may_come_back(shelf):
    serials = [{"InternalSerialNumber": "S1"}]
    receive(shelf, "SAW", 1, SerialNumbers=serials)

    twice = refusal_of(lambda: receive(shelf, "SAW", 1, SerialNumbers=serials))
    delivery = shelf.post("DeliveryNotes", {"ItemCode": "SAW", "SerialNumbers": serials})
    gone = held(shelf, "OSRQ")
    base = {"BaseType": 15, "BaseEntry": delivery["DocEntry"], "BaseLine": 0}
    shelf.post("Returns", base | {"SerialNumbers": serials})

    assert twice.code == -10
    assert (gone, held(shelf, "OSRQ")) == ([], [1])
    assert shelf.company.count("SerialNumberDetails") == 1


def test_a_mirror_document_names_the_batches_it_brings_back(shelf):
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])
    line = {"ItemCode": "HONEY", "Quantity": 4, "BatchNumbers": [batch("B1", 4)]}
    delivery = shelf.post("DeliveryNotes", line)

    mirror = shelf.act("DeliveryNotes", delivery, "CreateCancellationDocument")

    numbers = mirror["DocumentLines"][0]["BatchNumbers"]
    assert [(n["BatchNumber"], n["Quantity"]) for n in numbers] == [("B1", 4)]
    assert held(shelf) == [6]


def test_a_receipt_whose_batch_is_gone_cannot_be_cancelled(shelf):
    receipt = receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B2", 6)])
    line = {"ItemCode": "HONEY", "Quantity": 1, "BatchNumbers": [batch("B1", 1)]}
    shelf.post("Invoices", line)

    refusal = refusal_of(lambda: shelf.act("InventoryGenEntries", receipt, "Cancel"))

    assert "10001153" in refusal.message
    assert held(shelf) == [5, 6]


def test_sql_sees_batches_by_warehouse(shelf):
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])

    sql = """SELECT n.DistNumber, q.WhsCode, q.Quantity FROM OBTN n JOIN OBTQ q
        ON q.MdAbsEntry = n.AbsEntry"""
    assert shelf.company.db.execute(sql).fetchall() == [("B1", "01", 6.0)]


def test_an_order_may_name_batches_twice_or_half(shelf):
    numbers = [batch("B1", 1), batch("B1", 1), {"Quantity": 1}]

    order = shelf.post("Orders", {"ItemCode": "HONEY", "Quantity": 3, "BatchNumbers": numbers})

    shown = [row["BatchNumber"] for row in order["DocumentLines"][0]["BatchNumbers"]]
    assert shown == ["B1", "B1", None]


def test_a_batch_may_be_taken_in_two_rows(shelf):
    receive(shelf, "HONEY", 6, BatchNumbers=[batch("B1", 6)])
    numbers = [batch("B1", 1), batch("B1", 2)]

    shelf.post("Invoices", {"ItemCode": "HONEY", "Quantity": 3, "BatchNumbers": numbers})

    assert held(shelf) == [3]
