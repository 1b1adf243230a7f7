"""What a payload may say: names, values, lengths, numbers as text, letters for members."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

LINE = {"ItemCode": "A", "Quantity": 1}


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def test_numbers_may_be_text(office):
    order = office.post("Orders", {"ItemCode": "A", "Quantity": "100", "UnitPrice": "1.5"})

    assert order["DocumentLines"][0]["Quantity"] == 100
    assert order["DocTotal"] == Decimal(180)


def test_members_may_be_sent_by_name_or_letter(office):
    create = office.company.create

    create("BusinessPartners", {"CardCode": "L1", "CardName": "n", "CardType": "cLid"})
    created = create("BusinessPartners", {"CardCode": "L2", "CardName": "n", "CardType": "L"})

    assert created["CardType"] == "cLid"


@pytest.mark.parametrize("day", ["2026-11-05", "20261105", "2026-11-05T12:21:21Z"])
def test_dates_are_read_in_every_spelling(office, day):
    assert office.post("Orders", LINE, DocDate=day)["DocDate"].isoformat() == "2026-11-05"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DocDate", "yesterday"),
        ("DiscountPercent", "ten"),
        ("DiscountPercent", True),
        ("Rounding", "maybe"),
        ("NumAtCard", {"a": 1}),
        ("SalesPersonCode", "1.5"),
        ("DocumentLines", "none"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(office, name, value):
    refusal = refusal_of(lambda: office.post("Orders", LINE, **{name: value}))

    assert refusal.code == -1000
    assert f"'{name}'" in refusal.message


def test_an_unknown_property_is_named(office):
    refusal = refusal_of(lambda: office.post("Orders", LINE, Colour="red"))

    assert (refusal.code, refusal.status) == (-1000, 400)
    assert refusal.message == "Property 'Colour' of 'Document' is invalid"


def test_an_unknown_property_of_an_address_is_named(office):
    refusal = refusal_of(lambda: office.post("Orders", LINE, AddressExtension={"Moon": "x"}))

    assert refusal.message == "Property 'Moon' of 'AddressExtension' is invalid"


def test_what_sap_has_and_we_do_not_is_said_loudly(office):
    refusal = refusal_of(lambda: office.post("Orders", LINE, DocumentPackages=[]))

    assert refusal.status == 501
    assert "Document.DocumentPackages" in refusal.message


@pytest.mark.parametrize(("name", "length"), [("NumAtCard", 100), ("Comments", 254)])
def test_text_is_refused_beyond_its_length_and_never_cut(office, name, length):
    order = office.post("Orders", LINE, **{name: "x" * length})

    refusal = refusal_of(lambda: office.post("Orders", LINE, **{name: "x" * (length + 1)}))

    assert order[name] == "x" * length
    assert refusal.message == f"Value too long in property '{name}' of 'Document'"


def test_read_only_properties_are_ignored(office):
    order = office.post("Orders", LINE, DocumentStatus="bost_Close", VatSum=99)

    assert (order["DocumentStatus"], order["VatSum"], order["DocTotal"]) == ("bost_Open", 2, 12)


def test_a_property_without_a_column_is_kept_all_the_same(office):
    order = office.post("Orders", LINE, OriginalRefNo="R-7", VehiclePlate="HH-AB 1")

    assert order["OriginalRefNo"] == "R-7"


def test_a_user_field_exists_once_it_was_added(office):
    before = refusal_of(lambda: office.post("Orders", LINE, U_ShopRef="s/1"))
    clerk.add_user_field(office.company, "Document", "U_ShopRef")

    order = office.post("Orders", LINE, U_ShopRef="s/1")

    assert before.code == -1000
    assert office.read("Orders", order)["U_ShopRef"] == "s/1"


def test_the_version_two_name_of_a_batch_is_understood(office):
    clerk.add_item(office.company, "HONEY", batches=True)
    clerk.receive_stock(office.company, "HONEY", 6, cost="2", batch="B1")
    numbers = [{"BatchNumberProperty": "B1", "Quantity": 1}]

    invoice = office.post("Invoices", {"ItemCode": "HONEY", "BatchNumbers": numbers})

    assert invoice["DocumentLines"][0]["BatchNumbers"][0]["BatchNumber"] == "B1"


@pytest.mark.parametrize("name", ["Quantity", "UnitPrice"])
@pytest.mark.parametrize("value", ["1e300", 1e300, "99999999999999", -1e13])
def test_what_no_column_holds_is_refused_and_breaks_nothing(office, name, value):
    refusal = refusal_of(lambda: office.post("Orders", LINE | {name: value}))

    assert (refusal.status, refusal.code) == (400, -1000)


def test_whole_numbers_have_32_bits(office):
    refusal = refusal_of(lambda: office.post("Orders", LINE, SalesPersonCode=2**31))

    assert (refusal.status, refusal.code) == (400, -1000)


def test_the_largest_amounts_still_multiply(office):
    row = {"ItemCode": "A", "Quantity": 10**12, "UnitPrice": 10**12}

    assert office.post("Orders", row)["DocumentLines"][0]["LineTotal"] == 10**24


@pytest.mark.parametrize("rows", [[True], [None], ["A"], [[]], "A", 1, {}])
def test_rows_are_a_list_of_objects(office, rows):
    refusal = refusal_of(lambda: office.company.create("Orders", {"DocumentLines": rows}))

    assert (refusal.status, refusal.code) == (400, -1000)


def test_rows_that_are_null_say_nothing(office):
    partner = {"CardCode": "N1", "CardName": "n", "CardType": "cCustomer", "BPAddresses": None}

    assert office.company.create("BusinessPartners", partner)["BPAddresses"] == []
