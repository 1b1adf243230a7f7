"""An order in the older product's fields says the same in ours."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from b1bridge.web.compat.older_orders import OlderOrder, older_name, order_body

SIDES = ("firstname", "lastname", "companyname", "city", "country", "county", "state")
OLDER = {
    "doc_due_date": "2026-12-12",
    "card_code": "C1",
    "fe_order_id": "00000002",
    "expenses_freightname": "Freight",
    "expenses_linetotal": "2",
    "expenses_taxcode": "A20",
    "transport_name": "Parcel",
    "payment_method": "Card",
    "discount_percent": "",
    "billto_firstname": "Anna",
    "billto_lastname": "Ek",
    "billto_email": "anna@x.se",
    "billto_companyname": "",
    "billto_city": "Malmö",
    "billto_country": "SE",
    "billto_county": "",
    "billto_state": "",
    "billto_address": "Storgatan 1",
    "billto_zipcode": "21134",
    "billto_telephone": "040 123",
    "shipto_firstname": "Bo",
    "shipto_lastname": "Ek",
    "shipto_county": "Skåne",
    "items": [
        {"itemcode": "TEA", "quantity": "10", "price": "12", "taxcode": "A20", "linetotal": "120"}
    ],
}


def body(**changes):
    given = {name: value for name, value in (OLDER | changes).items() if value is not ...}
    return order_body(OlderOrder.model_validate(given))


def wrong(**changes):
    with pytest.raises(ValidationError) as caught:
        body(**changes)
    return [error["loc"] for error in caught.value.errors()]


def test_every_field_has_its_place_in_ours():
    assert body() == {
        "reference": "00000002",
        "due_on": "2026-12-12",
        "customer": {
            "account": "C1",
            "email": "anna@x.se",
            "name": "Anna Ek",
            "phone": "040 123",
        },
        "billing": {
            "first_name": "Anna",
            "last_name": "Ek",
            "street_1": "Storgatan 1",
            "city": "Malmö",
            "zip_code": "21134",
            "country": "SE",
            "phone": "040 123",
        },
        "shipping": {"first_name": "Bo", "last_name": "Ek", "street_2": "Skåne"},
        "lines": [
            {"item": "TEA", "quantity": Decimal(10), "amount": Decimal(120), "tax_code": "A20"}
        ],
        "charges": [{"name": "Freight", "amount": Decimal(2), "tax_code": "A20"}],
        "shipping_type": "Parcel",
        "payment_method": "Card",
    }


def test_an_order_of_the_least_is_one():
    least = {"doc_due_date", "card_code", "fe_order_id", "items"}

    found = order_body(OlderOrder.model_validate({name: OLDER[name] for name in least}))

    assert found.keys() == {"reference", "due_on", "customer", "lines"}


@pytest.mark.parametrize("given", ["", None, ...])
def test_a_price_counts_where_no_line_total_is_named(given):
    item = {"itemcode": "TEA", "quantity": 3, "price": Decimal("1.25"), "taxcode": "A20"}

    [line] = body(items=[item if given is ... else item | {"linetotal": given}])["lines"]

    assert (line["price"], "amount" in line) == (Decimal("1.25"), False)


def test_freight_of_nothing_is_none():
    assert "charges" not in body(expenses_linetotal="0")
    assert "charges" not in body(expenses_freightname="")


@pytest.mark.parametrize("day", ["2026-12-12", "2026-12-12 00:00:00", "2026-12-12T00:00"])
def test_a_day_may_come_with_its_midnight(day):
    assert body(doc_due_date=day)["due_on"] == "2026-12-12"


def test_numbers_stand_for_codes():
    found = body(fe_order_id=2, card_code=20000, billto_zipcode=90089)

    assert (found["reference"], found["customer"]["account"]) == ("2", "20000")
    assert found["billing"]["zip_code"] == "90089"


def test_what_the_older_product_passed_over_is_passed_over():
    assert body(store="eu", items=[OLDER["items"][0] | {"colour": "red"}]) == body()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"card_code": ...}, [("card_code",)]),
        ({"card_code": ""}, [("card_code",)]),
        ({"fe_order_id": True}, [("fe_order_id",)]),
        ({"doc_due_date": "12/12/2026"}, [("doc_due_date",)]),
        ({"doc_due_date": "2026-12-12 13:00:00"}, [("doc_due_date",)]),
        ({"items": []}, [("items",)]),
        ({"items": [{}]}, [("items", 0, n) for n in ("itemcode", "quantity", "taxcode")]),
        ({"discount_percent": "ten"}, [("discount_percent",)]),
        ({"expenses_linetotal": "NaN"}, [("expenses_linetotal",)]),
        ({"expenses_linetotal": True}, [("expenses_linetotal",)]),
        ({"billto_city": ["Malmö"]}, [("billto_city",)]),
    ],
)
def test_what_is_wrong_is_named(changes, fields):
    assert wrong(**changes) == fields


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/reference", "fe_order_id"),
        ("/due_on", "doc_due_date"),
        ("/customer/account", "card_code"),
        ("/customer", "customer"),
        ("/billing/zip_code", "billto_zipcode"),
        ("/shipping/street_1", "shipto_address"),
        ("/lines/2/amount", "items[2].linetotal"),
        ("/lines/2", "items[2]"),
        ("/charges/0/tax_code", "expenses_taxcode"),
        ("/charges/0", "expenses_freightname"),
        ("", ""),
    ],
)
def test_a_field_of_ours_is_named_as_the_client_knows_it(pointer, name):
    assert older_name(pointer) == name


def test_every_field_of_an_address_has_its_place():
    full = {f"{side}_{field}": field for side in ("billto", "shipto") for field in SIDES}

    found = body(**full)

    assert set(SIDES) <= set(found["billing"].values()) & set(found["shipping"].values())
