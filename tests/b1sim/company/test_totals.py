"""What an invoice adds up to: net, gross, freight, discount, rounding, foreign currency."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

D = Decimal


def test_an_invoice_walks_its_tax_as_sap_does(office):
    clerk.change_settings(office.company, default_tax_group="A20")
    office.company.create(
        "VatGroups",
        {
            "Code": "W",
            "Name": "17.5",
            "Category": "bovcOutputTax",
            "TaxAccount": "_SYS00000000121",
            "VatGroups_Lines": [{"Effectivefrom": "2020-01-01", "Rate": "17.5"}],
        },
    )
    lines = [{"ItemCode": "A", "UnitPrice": p, "VatGroup": "W"} for p in ("4", "3", "3")]

    invoice = office.post("Invoices", *lines)

    assert [row["TaxTotal"] for row in invoice["DocumentLines"]] == [D("0.7"), D("0.52"), D("0.53")]
    assert (invoice["VatSum"], invoice["DocTotal"]) == (D("1.75"), D("11.75"))


def test_gross_prices_give_the_gross_total(office):
    lines = [
        {"ItemCode": "B", "Quantity": 1, "PriceAfterVAT": p} for p in ("27.90", "23.90", "25.90")
    ]

    invoice = office.post("Invoices", *lines)

    assert invoice["DocTotal"] == D("77.7")
    assert invoice["DocTotal"] - invoice["VatSum"] == D("65.29")
    assert [row["GrossTotal"] for row in invoice["DocumentLines"]] == [
        D("27.9"),
        D("23.9"),
        D("25.9"),
    ]


def test_freight_sent_gross_is_split_into_net_and_tax(office):
    freight = [{"ExpenseCode": 1, "LineGross": "9.95", "VatGroup": "A19"}]

    invoice = office.post(
        "Invoices", {"ItemCode": "A", "UnitPrice": "10"}, DocumentAdditionalExpenses=freight
    )

    row = invoice["DocumentAdditionalExpenses"][0]
    assert (row["LineTotal"], row["TaxSum"]) == (D("8.36"), D("1.59"))
    assert invoice["DocTotal"] == D("21.95")


def test_freight_over_mixed_rates_follows_the_rows_sent(office):
    freight = [
        {"ExpenseCode": 1, "LineTotal": "6.00", "VatGroup": "A19"},
        {"ExpenseCode": 1, "LineTotal": "3.00", "VatGroup": "A7"},
    ]

    invoice = office.post(
        "Invoices",
        {"ItemCode": "A", "UnitPrice": "0", "VatGroup": "A0"},
        DocumentAdditionalExpenses=freight,
    )

    assert invoice["VatSum"] == D("1.35")


def test_a_line_total_keeps_its_cents_where_a_unit_price_would_not(office):
    line = {"ItemCode": "A", "Quantity": 3, "UnitPrice": "19.99", "LineTotal": "49.97"}

    invoice = office.post("Invoices", line | {"VatGroup": "A0"})

    assert invoice["DocTotal"] == D("49.97")
    percent = invoice["DocumentLines"][0]["DiscountPercent"]
    assert round(percent, 3) == D("16.675")


def test_a_discount_percent_with_four_decimals_hits_the_total(office):
    line = {"ItemCode": "A", "Quantity": 1000, "UnitPrice": "7.49", "DiscountPercent": "4.4503"}

    invoice = office.post("Invoices", line | {"VatGroup": "A0"})

    assert invoice["DocTotal"] == D("7156.67")


def test_a_hundred_percent_off_is_exactly_nothing(office):
    invoice = office.post(
        "Invoices", {"ItemCode": "A", "UnitPrice": "9.99", "DiscountPercent": 100}
    )

    assert (invoice["DocTotal"], invoice["VatSum"]) == (0, 0)


def test_a_header_discount_lowers_tax_and_total(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "UnitPrice": "100"}, DiscountPercent="10")

    assert invoice["TotalDiscount"] == 10
    assert (invoice["VatSum"], invoice["DocTotal"]) == (18, 108)


def test_rounding_adds_to_the_total_and_has_its_own_account(office):
    header = {"Rounding": "tYES", "RoundingDiffAmount": "-0.01"}

    invoice = office.post("Invoices", {"ItemCode": "A", "UnitPrice": "10"}, **header)

    assert invoice["DocTotal"] == D("11.99")
    assert office.journal_of(13, invoice)["_SYS00000000590"] == D("0.01")


def test_a_rounding_difference_without_rounding_is_not_used(office):
    invoice = office.post(
        "Invoices", {"ItemCode": "A", "UnitPrice": "10"}, RoundingDiffAmount="-0.01"
    )

    assert invoice["DocTotal"] == 12


@pytest.mark.parametrize("wanted", ["30.00", "29.99", "17.01", "33.00"])
def test_a_sent_total_becomes_a_discount(office, wanted):
    lines = [{"ItemCode": "A", "UnitPrice": "10"}, {"ItemCode": "B", "PriceAfterVAT": "19.99"}]
    freight = [{"ExpenseCode": 1, "LineGross": "1.20"}]

    invoice = office.post("Invoices", *lines, DocTotal=wanted, DocumentAdditionalExpenses=freight)

    assert invoice["DocTotal"] == D(wanted)
    assert invoice["TotalDiscount"] > 0
    assert office.unbalanced_entries() == []


def test_a_sent_total_is_ignored_where_the_company_says_so(office):
    clerk.change_settings(office.company, sent_total="ignore")

    assert (
        office.post("Invoices", {"ItemCode": "A", "UnitPrice": "10"}, DocTotal=9)["DocTotal"] == 12
    )


def test_a_sent_total_that_agrees_gives_no_discount(office):
    invoice = office.post("Invoices", {"ItemCode": "A", "UnitPrice": "10"}, DocTotal="12.00")

    assert (invoice["DocTotal"], invoice["DiscountPercent"]) == (12, 0)


def test_a_missing_price_comes_from_the_partners_list(office):
    clerk.add_partner(office.company, "TRADE", price_list=2)

    invoice = office.post("Invoices", {"ItemCode": "A", "Quantity": 2}, CardCode="TRADE")

    assert invoice["DocumentLines"][0]["UnitPrice"] == D("8.5")
    assert invoice["DocTotal"] == D("20.4")


def test_a_gross_price_list_prices_gross(office):
    clerk.add_partner(office.company, "SHOP", price_list=4)

    invoice = office.post("Invoices", {"ItemCode": "A"}, CardCode="SHOP")

    assert invoice["DocTotal"] == 12
    assert invoice["PriceMode"] == "pmdGross"


def test_tax_codes_work_beside_vat_groups(office):
    line = {"ItemCode": "A", "UnitPrice": "100", "TaxCode": "NY"}

    invoice = office.post("Invoices", line)

    assert invoice["VatSum"] == D("8.88")


def test_a_foreign_invoice_is_agreed_abroad_and_booked_at_home(office):
    clerk.add_partner(office.company, "SE", currency="##")
    header = {"CardCode": "SE", "DocCurrency": "SEK", "DocRate": "0.0869565"}

    invoice = office.post(
        "Invoices", {"ItemCode": "A", "UnitPrice": "1150", "VatGroup": "A0"}, **header
    )

    assert (invoice["DocTotalFc"], invoice["DocTotal"]) == (1150, 100)
    assert office.unbalanced_entries() == []


def test_a_foreign_invoice_needs_a_rate(office):
    clerk.add_partner(office.company, "SE", currency="##")

    with pytest.raises(Refusal, match="exchange rate for 'SEK' on 2020-01-01"):
        office.post(
            "Invoices",
            {"ItemCode": "A"},
            CardCode="SE",
            DocCurrency="SEK",
            DocDate="2020-01-01",
        )


def test_tax_on_lines_is_a_switch(office):
    clerk.change_settings(office.company, tax_on="line")
    lines = [{"ItemCode": "A", "UnitPrice": "0.03", "VatGroup": "A19"}] * 3

    assert office.post("Invoices", *lines)["VatSum"] == D("0.03")


_line = st.fixed_dictionaries(
    {
        "ItemCode": st.sampled_from(["A", "B", "C"]),
        "Quantity": st.integers(1, 9),
        "VatGroup": st.sampled_from(["A20", "A19", "A7", "A0"]),
    }
).flatmap(
    lambda line: st.tuples(
        st.sampled_from(["UnitPrice", "PriceAfterVAT", "LineTotal", "GrossTotal"]),
        st.decimals("0.01", "500", places=2),
    ).map(lambda price: line | {price[0]: str(price[1])})
)


@given(
    lines=st.lists(_line, min_size=1, max_size=8),
    discount=st.sampled_from(["0", "5", "12.5"]),
    freight=st.decimals("0", "30", places=2),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_header_is_the_sum_of_its_parts_and_the_ledger_balances(office, lines, discount, freight):
    expense = {"ExpenseCode": 1, "LineGross": str(freight)}

    invoice = office.post(
        "Invoices", *lines, DiscountPercent=discount, DocumentAdditionalExpenses=[expense]
    )

    rows, freights = invoice["DocumentLines"], invoice["DocumentAdditionalExpenses"]
    tax = sum(r["TaxTotal"] for r in rows) + sum(f["TaxSum"] for f in freights)
    net = sum(r["LineTotal"] for r in rows) + sum(f["LineTotal"] for f in freights)
    assert invoice["VatSum"] == tax
    assert invoice["DocTotal"] == net + tax - invoice["TotalDiscount"]
    assert office.unbalanced_entries() == []
