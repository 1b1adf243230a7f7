"""Partners, items and small tables: creating, merging rows, deleting."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

C1 = {"CardCode": "C1"}


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def test_a_second_partner_of_one_code_is_refused(office):
    refusal = refusal_of(lambda: clerk.add_partner(office.company, "C1"))

    assert refusal.code == -10
    assert refusal.message.startswith("1320000140 - Business partner code 'C1' already assigned")


def test_a_second_item_of_one_code_is_refused(office):
    refusal = refusal_of(lambda: clerk.add_item(office.company, "A"))

    assert (refusal.code, refusal.message) == (-10, "Item code 'A' already exists")


def test_a_card_code_longer_than_fifteen_is_refused(office):
    refusal = refusal_of(lambda: clerk.add_partner(office.company, "C" * 16))

    assert "Value too long in property 'CardCode'" in refusal.message


def test_a_patch_changes_what_was_sent_and_ignores_the_key(office):
    before = office.partner()

    office.company.patch("BusinessPartners", C1, {"CardCode": "X", "Phone1": "030"})

    after = office.partner()
    assert (after["Phone1"], after["CardName"]) == ("030", before["CardName"])
    assert after["DataVersion"] == before["DataVersion"] + 1


def test_a_change_stamps_the_record(office, clock):
    clock.now = clock.now.replace(day=21)

    office.company.patch("Items", {"ItemCode": "A"}, {"ItemName": "Anders"})

    item = office.company.read("Items", {"ItemCode": "A"})
    assert (item["UpdateDate"].day, item["CreateDate"].day) == (21, 20)


def test_addresses_merge_by_row_number(office):
    first = {"AddressName": "Home", "AddressType": "bo_ShipTo", "City": "Köln"}
    clerk.add_partner(office.company, "C2", BPAddresses=[first])

    office.company.patch(
        "BusinessPartners",
        {"CardCode": "C2"},
        {"BPAddresses": [{"RowNum": 0, "City": "Bonn"}, {"AddressName": "Work"}]},
    )

    rows = office.partner("C2")["BPAddresses"]
    assert [(r["RowNum"], r["AddressName"], r["City"]) for r in rows] == [
        (0, "Home", "Bonn"),
        (1, "Work", None),
    ]


HOME = {"AddressName": "Home", "AddressType": "bo_ShipTo", "City": "Bonn"}
NAMED = {"BPCode": "C2", "RowNum": 0}


def addresses_after(office, sent, *, replace=False):
    """Give a partner one address, send another, and show what he has then."""
    clerk.add_partner(office.company, "C2", BPAddresses=[HOME])
    key, payload = {"CardCode": "C2"}, {"BPAddresses": [sent]}
    office.company.patch("BusinessPartners", key, payload, replace_collections=replace)
    return [(r["RowNum"], r["AddressType"], r["City"]) for r in office.partner("C2")["BPAddresses"]]


def test_an_address_changes_where_all_of_its_identity_is_named(office):
    office.company.settings.address_identity = "full"
    assert addresses_after(office, HOME | NAMED | {"City": "Wien"}) == [(0, "bo_ShipTo", "Wien")]


@pytest.mark.parametrize("left_out", ["BPCode", "RowNum"])
def test_an_address_that_names_less_is_a_second_one_of_its_name(office, left_out):
    office.company.settings.address_identity = "full"
    sent = {name: value for name, value in (HOME | NAMED).items() if name != left_out}

    with pytest.raises(Refusal) as refused:
        addresses_after(office, sent)

    assert refused.value.code == -2035


def test_an_address_without_a_type_is_silently_added_as_another(office):
    office.company.settings.address_identity = "full"
    bill_to = HOME | {"AddressType": "bo_BillTo"}
    clerk.add_partner(office.company, "C3", BPAddresses=[bill_to])
    sent = {"BPCode": "C3", "AddressName": "Home", "RowNum": 0, "City": "Wien"}

    office.company.patch("BusinessPartners", {"CardCode": "C3"}, {"BPAddresses": [sent]})

    rows = office.partner("C3")["BPAddresses"]
    assert [(r["RowNum"], r["City"]) for r in rows] == [(0, "Bonn"), (1, "Wien")]


def test_an_address_without_a_name_is_empty(office):
    office.company.settings.address_identity = "full"
    with pytest.raises(Refusal, match="Address is empty"):
        addresses_after(office, {"RowNum": 0, "City": "Wien"})


def test_replaced_addresses_are_numbered_on(office):
    assert addresses_after(office, HOME | {"City": "Wien"}, replace=True) == [
        (1, "bo_ShipTo", "Wien")
    ]


def test_an_address_sent_again_without_its_row_number_is_refused(office):
    with pytest.raises(Refusal) as refused:
        addresses_after(office, HOME)

    assert refused.value.code == -2035
    assert len(office.partner("C2")["BPAddresses"]) == 1


def test_in_some_companies_it_kills_the_next_patch_instead(office):
    office.company.settings.address_identity = "late"
    first = {"AddressName": "Home", "AddressType": "bo_ShipTo"}
    clerk.add_partner(office.company, "C2", BPAddresses=[first])
    patch = {"BPAddresses": [first]}

    office.company.patch("BusinessPartners", {"CardCode": "C2"}, patch)

    doubled = office.partner("C2")["BPAddresses"]
    refusal = refusal_of(
        lambda: office.company.patch("BusinessPartners", {"CardCode": "C2"}, patch)
    )
    assert len(doubled) == 2
    assert refusal.code == -2035


def test_rows_that_were_not_sent_stay_unless_replaced(office):
    contacts = [{"Name": "Ann"}, {"Name": "Bob"}]
    office.company.patch("BusinessPartners", C1, {"ContactEmployees": contacts})
    ann = office.partner()["ContactEmployees"][0]
    change = {"ContactEmployees": [{"InternalCode": ann["InternalCode"], "Phone1": "1"}]}

    office.company.patch("BusinessPartners", C1, change)
    both = office.partner()["ContactEmployees"]
    office.company.patch("BusinessPartners", C1, change, replace_collections=True)

    assert [row["Name"] for row in both] == ["Ann", "Bob"]
    assert [row["Name"] for row in office.partner()["ContactEmployees"]] == ["Ann"]


def test_a_contact_of_a_known_name_is_refused(office):
    office.company.patch("BusinessPartners", C1, {"ContactEmployees": [{"Name": "Ann"}]})

    refusal = refusal_of(
        lambda: office.company.patch(
            "BusinessPartners", C1, {"ContactEmployees": [{"Name": "Ann"}]}
        )
    )

    assert (refusal.code, refusal.status) == (-2035, 400)


def test_a_price_change_reaches_the_lists_that_rest_on_it(office):
    clerk.set_price(office.company, "A", "20.00")

    prices = office.company.read("Items", {"ItemCode": "A"})["ItemPrices"]
    assert [(p["PriceList"], p["Price"]) for p in prices] == [(1, 20), (2, 17), (3, 21), (4, 24)]


def test_a_new_warehouse_holds_every_item(office):
    office.company.create("Warehouses", {"WarehouseCode": "77", "WarehouseName": "Neu"})

    assert office.stock("A", "77") == (0, 0)


def test_a_used_record_cannot_be_deleted_and_an_unused_one_can(office):
    office.post("Orders", {"ItemCode": "A"})

    clerk.add_item(office.company, "NEW")

    assert refusal_of(lambda: office.company.delete("Items", {"ItemCode": "A"})).code == -10
    office.company.delete("Items", {"ItemCode": "NEW"})
    assert refusal_of(lambda: office.company.read("Items", {"ItemCode": "NEW"})).status == 404


def test_a_posted_document_has_no_delete(office):
    order = office.post("Orders", {"ItemCode": "A"})

    refusal = refusal_of(lambda: office.company.delete("Orders", {"DocEntry": order["DocEntry"]}))

    assert (refusal.code, refusal.status) == (-5006, 400)


def test_a_missing_record_is_not_found(office):
    for call in (
        lambda: office.company.read("Items", {"ItemCode": "NOPE"}),
        lambda: office.company.patch("Items", {"ItemCode": "NOPE"}, {"ItemName": "x"}),
        lambda: office.company.delete("Items", {"ItemCode": "NOPE"}),
        lambda: office.act("Orders", {"DocEntry": 999}, "Close"),
    ):
        refusal = refusal_of(call)
        assert (refusal.code, refusal.status) == (-2028, 404)


def test_a_sql_query_is_kept_once(office):
    query = {"SqlCode": "stock", "SqlName": "Stock", "SqlText": "select 1 as one"}
    office.company.create("SQLQueries", query)

    assert refusal_of(lambda: office.company.create("SQLQueries", query)).code == -2035
    office.company.delete("SQLQueries", {"SqlCode": "stock"})
    assert office.company.count("SQLQueries") == 0


def test_an_action_nobody_simulates_is_said_loudly(office):
    draft = office.post("Drafts", {"ItemCode": "A"}, DocObjectCode="13")

    assert refusal_of(lambda: office.act("Drafts", draft, "Reopen")).status == 501


def test_a_new_rate_of_a_tax_group_counts_from_its_day(office):
    lines = [{"Effectivefrom": "2026-12-01", "Rate": "25"}]
    office.company.patch("VatGroups", {"Code": "A20"}, {"VatGroups_Lines": lines})

    before = office.post("Invoices", {"ItemCode": "A"}, DocDate="2026-11-30")
    after = office.post("Invoices", {"ItemCode": "A"}, DocDate="2026-12-01")

    assert (before["VatSum"], after["VatSum"]) == (2, 2.5)


def test_one_row_sent_twice_is_refused(office):
    prices = [{"PriceList": 1, "Price": 1}, {"PriceList": 1, "Price": 2}]
    new = {"ItemCode": "N", "ItemName": "n", "ItemPrices": prices}

    assert refusal_of(lambda: office.company.create("Items", new)).code == -2035
    assert office.company.count("Items", "ItemCode = 'N'") == 0


def test_a_rate_needs_its_day(office):
    lines = {"VatGroups_Lines": [{"Rate": 25}]}

    refusal = refusal_of(lambda: office.company.patch("VatGroups", {"Code": "A20"}, lines))

    assert "[VTG1.EffecDate]" in refusal.message


def test_replacing_an_items_warehouses_loses_no_stock(office):
    rows = {"ItemWarehouseInfoCollection": [{"WarehouseCode": "02", "MinimalStock": 5}]}

    office.company.patch("Items", {"ItemCode": "A"}, rows, replace_collections=True)

    assert office.stock("A") == (1000, 0)


def test_an_item_cannot_lie_in_a_warehouse_that_does_not_exist(office):
    rows = {"ItemWarehouseInfoCollection": [{"WarehouseCode": "XX"}]}

    refusal = refusal_of(lambda: office.company.patch("Items", {"ItemCode": "A"}, rows))

    assert "[OITW.WhsCode]" in refusal.message
