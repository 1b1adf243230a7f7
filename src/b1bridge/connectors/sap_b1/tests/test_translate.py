"""What SAP is sent for an order, a payment, a customer: exact, and short enough."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.addresses import address_extension, laid_out
from b1bridge.connectors.sap_b1.places import Places
from b1bridge.connectors.sap_b1.translate import (
    carries,
    document_fields,
    partner_fields,
    payment_fields,
)
from b1bridge.domain.customers import Address, NewBusinessPartner
from b1bridge.domain.documents import DocumentKind, DocumentLine, Expense, SalesDocument
from b1bridge.domain.money import Money
from b1bridge.domain.payments import IncomingPayment, Means, Settled
from b1bridge.errors import Rejected
from b1bridge.sdk import exact_json

WIDTHS = {"Street": 100, "Block": 100, "Building": 254, "City": 100, "ZipCode": 20}
WIDTHS |= {"County": 100, "State": 3, "Country": 3, "Name2": 50, "Name3": 50}


def eur(amount):
    return Money.of(amount, "EUR")


def line(**given):
    fields = {
        "item": "TSHIRT-RED",
        "description": "Red shirt",
        "quantity": Decimal(3),
        "amount": eur("49.97"),
        "tax_code": "A19",
        "tax_rate": Decimal(19),
        "warehouse": "01",
    }
    return DocumentLine(**(fields | given))


def document(**given):
    fields = {
        "kind": DocumentKind.INVOICE,
        "reference": "shop-eu/order/812",
        "business_partner": "C100",
        "posted_on": date(2026, 11, 20),
        "due_on": date(2026, 12, 4),
        "currency": "EUR",
        "gross": False,
        "lines": (line(),),
        "expenses": (),
        "rounding": eur(0),
        "ship_to": Address(),
        "bill_to": Address(),
    }
    return SalesDocument(**(fields | given))


def payment(**given):
    fields = {
        "reference": "shop-eu/payment/812:1",
        "business_partner": "C100",
        "settles": (Settled(DocumentKind.INVOICE, 7, eur("119.00")),),
        "account": "1020",
        "means": Means.TRANSFER,
        "amount": eur("119.00"),
        "posted_on": date(2026, 11, 20),
        "gateway_reference": "ch_1",
        "remarks": "",
    }
    return IncomingPayment(**(fields | given))


def sent(document, tax_field="VatGroup"):
    return document_fields(document, local_currency="EUR", tax_field=tax_field)


def test_a_net_invoice_states_line_totals_and_no_price():
    assert sent(document()) == {
        "CardCode": "C100",
        "NumAtCard": "shop-eu/order/812",
        "DocDate": date(2026, 11, 20),
        "DocDueDate": date(2026, 12, 4),
        "TaxDate": date(2026, 11, 20),
        "DocumentLines": [
            {
                "ItemCode": "TSHIRT-RED",
                "Quantity": Decimal(3),
                "LineTotal": Decimal("49.97"),
                "VatGroup": "A19",
                "WarehouseCode": "01",
            }
        ],
    }


def test_a_gross_invoice_states_gross_totals_on_lines_and_freight():
    freight = Expense(1, eur("9.95"), "A19", Decimal(19))

    fields = sent(document(gross=True, expenses=(freight,)))

    assert fields["PriceMode"] == "pmdGross"
    assert fields["DocumentLines"][0]["GrossTotal"] == Decimal("49.97")
    assert "LineTotal" not in fields["DocumentLines"][0]
    assert fields["DocumentAdditionalExpenses"] == [
        {"ExpenseCode": 1, "LineGross": Decimal("9.95"), "VatGroup": "A19"}
    ]


def test_a_sales_tax_company_gets_tax_codes():
    fields = sent(document(), tax_field="TaxCode")["DocumentLines"][0]

    assert fields["TaxCode"] == "A19"
    assert "VatGroup" not in fields


def test_the_currency_is_named_only_where_it_is_foreign():
    foreign = replace(line(), amount=Money.of("10.00", "SEK"))

    assert "DocCurrency" not in sent(document())
    assert sent(document(currency="SEK", lines=(foreign,)))["DocCurrency"] == "SEK"


def test_rounding_travels_with_its_switch():
    fields = sent(document(rounding=eur("-0.01")))

    assert (fields["Rounding"], fields["RoundingDiffAmount"]) == ("tYES", Decimal("-0.01"))


def test_codes_of_the_books_travel_as_they_are_and_only_where_they_are_named():
    named = {"transport": 2, "payment_method": "WIRE", "contact": 7}

    fields = document_fields(
        document(**named, also_carried=("U_ShopNo", "W-1")),
        local_currency="EUR",
        tax_field="VatGroup",
    )
    plain = document_fields(document(), local_currency="EUR", tax_field="VatGroup")

    assert {name: fields[name] for name in fields.keys() - plain.keys()} == {
        "TransportationCode": 2,
        "PaymentMethod": "WIRE",
        "ContactPersonCode": 7,
        "U_ShopNo": "W-1",
    }


def test_amounts_reach_the_wire_as_the_numbers_they_read():
    text = exact_json.dumps(sent(document()))

    assert '"LineTotal":49.97' in text
    assert '"DocDate":"2026-11-20"' in text


@pytest.mark.parametrize(
    ("kind", "reserved"), [(DocumentKind.INVOICE, True), (DocumentKind.SALES_ORDER, False)]
)
def test_only_an_invoice_can_reserve(kind, reserved):
    assert ("ReserveInvoice" in sent(document(kind=kind, reserve=True))) is reserved


def test_a_reference_too_long_for_sap_is_a_case_and_not_cut():
    with pytest.raises(Rejected, match="NumAtCard takes 100") as caught:
        sent(document(reference="x" * 101))

    assert caught.value.reason == "VALUE_TOO_LONG"


def test_long_comments_are_cut_visibly():
    comments = sent(document(comments="a" * 300))["Comments"]

    assert len(comments) == 254
    assert comments.endswith("…")


def test_emoji_count_twice_as_databases_count_them():
    comments = sent(document(comments="🦊" * 200))["Comments"]

    assert comments == "🦊" * 126 + "…"


def test_a_transfer_names_account_amount_and_the_gateways_reference():
    assert payment_fields(payment(), local_currency="EUR") == {
        "DocType": "rCustomer",
        "CardCode": "C100",
        "DocDate": date(2026, 11, 20),
        "TaxDate": date(2026, 11, 20),
        "Remarks": "shop-eu/payment/812:1",
        "PaymentInvoices": [
            {"DocEntry": 7, "InvoiceType": "it_Invoice", "SumApplied": Decimal("119.00")}
        ],
        "TransferAccount": "1020",
        "TransferSum": Decimal("119.00"),
        "TransferDate": date(2026, 11, 20),
        "TransferReference": "ch_1",
    }


def test_cash_names_its_own_account():
    fields = payment_fields(payment(means=Means.CASH, account="1000"), local_currency="EUR")

    assert (fields["CashAccount"], fields["CashSum"]) == ("1000", Decimal("119.00"))
    assert "TransferSum" not in fields


def test_a_gateway_reference_too_long_for_its_field_stands_whole_in_the_remarks():
    long = "gateway-reference-of-forty-characters-000"

    fields = payment_fields(payment(gateway_reference=long), local_currency="EUR")

    assert len(fields["TransferReference"]) <= 27
    assert fields["Remarks"] == f"shop-eu/payment/812:1 {long}"


def test_a_payment_is_not_taken_for_one_whose_reference_is_longer():
    assert carries("shop/payment/1", "shop/payment/1")
    assert carries("shop/payment/1 card", "shop/payment/1")
    assert not carries("shop/payment/12 card", "shop/payment/1")


def test_a_customer_is_opened_with_a_billing_address():
    billing = Address("Anna", "Ek", "", "Storgatan 1", "", "Lund", "", "22222", "se")
    partner = NewBusinessPartner("W100", "Anna Ek", "anna@x.se", "+46 1", "EUR", billing)

    assert partner_fields(partner) == {
        "CardCode": "W100",
        "CardName": "Anna Ek",
        "CardType": "cCustomer",
        "EmailAddress": "anna@x.se",
        "Phone1": "+46 1",
        "Currency": "EUR",
        "BPAddresses": [
            {
                "AddressName": "Bill to",
                "AddressType": "bo_BillTo",
                "Street": "Storgatan 1",
                "AddressName2": "Anna Ek",
                "City": "Lund",
                "ZipCode": "22222",
                "Country": "SE",
            }
        ],
    }


def test_a_code_too_long_for_sap_is_a_case():
    partner = NewBusinessPartner("W" * 16, "A", "", "", "EUR", Address())

    with pytest.raises(Rejected, match="CardCode takes 15"):
        partner_fields(partner)


GERMANY = Places(
    frozenset({"DE", "SE"}), {"DE": {"bayern": "BY", "by": "BY", "bademwurttemberg": "BW"}}
)


@pytest.mark.parametrize("said", ["BY", "by", "DE-BY", "Bayern", " BAYERN "])
def test_a_state_is_known_by_code_and_by_name(said):
    laid = laid_out(Address(state=said, country="de"), GERMANY)

    assert (laid.fields, laid.notes) == ({"State": "BY", "Country": "DE"}, ())


@pytest.mark.parametrize(("said", "country"), [("Bavaria", "DE"), ("NY", "DE"), ("BY", "SE")])
def test_a_state_without_a_code_goes_where_text_may_stand(said, country):
    laid = laid_out(Address(state=said, country=country), GERMANY)

    assert laid.fields == {"County": said, "Country": country}
    assert laid.unknown_state == said
    assert laid.notes == (f"SAP has no state '{said}' of {country}: it stands as county",)


def test_a_country_that_sap_does_not_have_is_kept_as_text():
    laid = laid_out(Address(city="Pristina", country="XK"), GERMANY)

    assert laid.fields == {"City": "Pristina", "Building": "XK"}
    assert laid.notes == ("'XK' of an address stands in Building",)


def test_where_sap_tells_no_lists_what_is_short_is_a_code():
    assert laid_out(Address(state="NY")).fields == {"State": "NY"}
    assert laid_out(Address(state="Nordrhein-Westfalen")).fields == {
        "County": "Nordrhein-Westfalen"
    }


def test_company_and_recipient_have_fields_of_their_own():
    laid = laid_out(Address("Anna", "Ek", company="Ek & Co"))

    assert laid.fields == {"Name2": "Anna Ek", "Name3": "Ek & Co"}


def test_control_characters_become_spaces():
    assert laid_out(Address(street_1="A\x00B\r\nC")).fields == {"Street": "A B C"}


def test_both_addresses_of_the_order_are_written():
    fields, rest = address_extension(Address(city="Lund"), Address(city="Malmö"))

    assert (fields, rest) == ({"ShipToCity": "Lund", "BillToCity": "Malmö"}, "")


def test_a_long_street_flows_into_the_next_field():
    street = " ".join(["Weg"] * 40)

    laid = laid_out(Address(street_1=street, street_2="Hinterhaus"))

    assert len(laid.fields["Street"]) <= 100
    assert f"{laid.fields['Street']} {laid.fields['Block']}" == f"{street}, Hinterhaus"
    assert laid.notes == ("a street too long goes on in Block",)


def test_what_no_address_field_takes_goes_to_the_comments():
    far = Address(street_1="x" * 554, city="Lund")

    written = sent(document(ship_to=far, bill_to=far, comments="Order 812."))

    extension = written["AddressExtension"]
    assert extension["ShipToBuilding"] == extension["BillToBuilding"]
    assert written["Comments"] == f"{'x' * 100}. Order 812."


def test_an_address_beyond_all_fields_is_a_case():
    with pytest.raises(Rejected) as caught:
        sent(document(ship_to=Address(street_1="x" * 900)))

    assert caught.value.reason == "ADDRESS"


def test_a_partners_card_keeps_what_its_address_has_no_room_for():
    partner = NewBusinessPartner("W1", "A", "", "", "EUR", Address(street_1="x" * 600))

    assert partner_fields(partner)["FreeText"] == "x" * 146


WORDS = st.text(st.characters(codec="utf-8"), max_size=120)


@given(st.builds(Address, *[WORDS] * 9))
def test_no_letter_of_an_address_is_lost_and_no_field_overflows(address):
    laid = laid_out(address, GERMANY)

    parts = laid.fields
    assert all(len(text.encode("utf-16-le")) <= 2 * WIDTHS[name] for name, text in parts.items())
    wanted = [address.name, address.company, address.street_1, address.street_2]
    wanted += [address.city, address.zip_code, address.country.upper()]
    wanted += [parts.get("State") or address.state]
    assert letters("".join(wanted)) == letters("".join((*parts.values(), laid.rest)))


def letters(text):
    """Count what is neither space, comma nor control character."""
    return sorted(c for c in text if c.isprintable() and c not in " ,\xa0" and not c.isspace())
