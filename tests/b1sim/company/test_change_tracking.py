"""Which sets tell when a record changed, and what moves the stamp and what does not (7)."""

from datetime import date, time, timedelta

import pytest

from b1sim.company.shape.model import ENTITY_SETS

LINE = {"ItemCode": "A", "Quantity": 1}
BOTH = {
    *(name for name, kept in ENTITY_SETS.items() if kept.type_name == "Document"),
    "BusinessPartners",
    "Items",
    "SalesOpportunities",
    "EmployeesInfo",
}
DAY_ONLY = {"StockTransfers", "InventoryTransferRequests", "ServiceCalls", "SQLQueries"}
ROWS = {
    "ContactEmployees": True,
    "ItemWarehouseInfoCollection": False,
    "ItemPrices": False,
    "DocumentLines": False,
}
STAMPS = ("UpdateDate", "UpdateTime")
MORNING, EVENING = (date(2026, 11, 20), time(11, 30, 15)), (date(2026, 11, 22), time(18, 5, 59))


def shown(properties):
    return {name for name in STAMPS if name in properties}


@pytest.mark.parametrize("name", sorted(ENTITY_SETS))
def test_a_set_tells_of_changes_where_sap_does_and_nowhere_else(name):
    expected = set(STAMPS) if name in BOTH else {"UpdateDate"} if name in DAY_ONLY else set()

    assert shown(ENTITY_SETS[name].properties) == expected


@pytest.mark.parametrize(("name", "tells"), ROWS.items())
def test_rows_tell_of_changes_only_where_sap_does(name, tells):
    found = [c for s in ENTITY_SETS.values() for n, c in s.collections.items() if n == name]

    assert found
    assert all(bool(shown(rows.properties)) is tells for rows in found)


@pytest.fixture
def later(clock):
    def pass_two_days():
        clock.now += timedelta(days=2, hours=6, minutes=35, seconds=44)

    return pass_two_days


def stamp(row):
    return row["UpdateDate"], row["UpdateTime"]


def test_a_new_record_was_changed_when_it_was_created(office):
    partner, item = office.partner(), office.company.read("Items", {"ItemCode": "A"})
    order = office.post("Orders", LINE)

    for row in (partner, item):
        assert stamp(row) == (row["CreateDate"], row["CreateTime"]) == MORNING
    assert stamp(order) == (order["CreationDate"], order["DocTime"]) == MORNING
    assert "CreateTime" not in order


@pytest.mark.parametrize(
    ("name", "key", "change"),
    [
        ("BusinessPartners", {"CardCode": "C1"}, {"CardName": "Kunde Zwei"}),
        ("Items", {"ItemCode": "A"}, {"ItemName": "Neu"}),
        ("Items", {"ItemCode": "A"}, {"ItemPrices": [{"PriceList": 1, "Price": "12"}]}),
        ("Orders", {"DocEntry": 1}, {"Comments": "urgent"}),
    ],
)
def test_a_change_moves_the_stamp_of_change_and_not_that_of_creation(
    office, later, name, key, change
):
    office.post("Orders", LINE)
    before = office.company.read(name, key)
    later()
    office.company.patch(name, key, change)
    after = office.company.read(name, key)

    created = [n for n in ("CreateDate", "CreateTime", "CreationDate", "DocTime") if n in before]
    assert (stamp(before), stamp(after)) == (MORNING, EVENING)
    assert [after[n] for n in created] == [before[n] for n in created]


@pytest.mark.parametrize("action", ["Close", "Cancel"])
def test_closing_and_cancelling_are_changes(office, later, action):
    order = office.post("Orders", LINE)
    later()
    office.act("Orders", order, action)

    assert stamp(office.read("Orders", order)) == EVENING


def test_drawing_on_a_document_changes_it(office, later):
    order = office.post("Orders", LINE)
    later()
    office.draw("DeliveryNotes", 17, order, 1)

    assert stamp(office.read("Orders", order)) == EVENING


def test_a_contact_has_a_stamp_of_its_own(office, later):
    people = [{"Name": "Ada"}, {"Name": "Bea"}]
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"ContactEmployees": people})
    ada, bea = office.partner()["ContactEmployees"]
    later()
    change = {"InternalCode": ada["InternalCode"], "Phone1": "1"}
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"ContactEmployees": [change]})
    changed, untouched = office.partner()["ContactEmployees"]

    assert (stamp(ada), stamp(bea)) == (MORNING, MORNING)
    assert (stamp(changed), stamp(untouched)) == (EVENING, MORNING)
    assert stamp(office.partner()) == EVENING


def test_goods_that_move_are_no_change_of_the_item(office, later):
    before = office.company.read("Items", {"ItemCode": "A"})
    later()
    order = office.post("Orders", LINE)
    office.draw("DeliveryNotes", 17, order, 1)
    office.post("Invoices", LINE)
    receipt = [{"ItemCode": "A", "Quantity": 5, "UnitPrice": 4}]
    office.company.create("InventoryGenEntries", {"DocumentLines": receipt})
    moved = [{"ItemCode": "A", "Quantity": 1, "WarehouseCode": "02", "FromWarehouseCode": "01"}]
    if office.company.count("Warehouses", "WhsCode = '02'"):
        office.company.create("StockTransfers", {"StockTransferLines": moved})
    after = office.company.read("Items", {"ItemCode": "A"})

    assert after["QuantityOnStock"] == before["QuantityOnStock"] + 3
    assert stamp(after) == stamp(before)
    assert after["DataVersion"] == before["DataVersion"]


def test_what_a_partner_owes_is_no_change_of_the_partner(office, later):
    before = office.partner()
    later()
    invoice = office.post("Invoices", LINE)
    office.pay((invoice, invoice["DocTotal"]), TransferSum=invoice["DocTotal"])

    assert stamp(office.partner()) == stamp(before)


def test_a_stored_query_tells_the_day_of_its_change(office, later):
    sent = {"SqlCode": "q", "SqlName": "q", "SqlText": "select CardCode from OCRD"}
    office.company.create("SQLQueries", sent)
    later()
    office.company.patch("SQLQueries", {"SqlCode": "q"}, {"SqlName": "other"})
    found = office.company.read("SQLQueries", {"SqlCode": "q"})

    assert (found["CreateDate"], found["UpdateDate"]) == (MORNING[0], EVENING[0])
