"""Units of measure: rows count in cases, stock in pieces, and a case has its own price."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

EACH, CASE = 1, 2


@pytest.fixture
def packed(office):
    clerk.add_item(office.company, "CUP", price="4.58", UoMGroupEntry=1)
    clerk.receive_stock(office.company, "CUP", "100", cost="2")
    prices = [{"PriceList": 1, "UoMPrices": [{"UoMEntry": CASE, "Price": "55.00"}]}]
    office.company.patch("Items", {"ItemCode": "CUP"}, {"ItemPrices": prices})
    return office


def test_three_cases_at_their_own_price_take_36_pieces(packed):
    """correctness-rules 3.9: 165.00, not the 164.88 of 36 pieces."""
    line = {"ItemCode": "CUP", "Quantity": 3, "UoMEntry": CASE}

    row = packed.post("Invoices", line)["DocumentLines"][0]

    assert (row["LineTotal"], row["InventoryQuantity"], row["UoMCode"]) == (165, 36, "CASE12")
    assert packed.stock("CUP") == (64, 0)


def test_a_unit_without_a_price_costs_as_much_as_its_pieces(packed):
    prices = [{"PriceList": 1, "Price": "4.50"}]
    clerk.add_item(packed.company, "MUG", ItemPrices=prices, UoMGroupEntry=1)

    order = packed.post("Orders", {"ItemCode": "MUG", "Quantity": 1, "UoMEntry": CASE})

    assert order["DocumentLines"][0]["LineTotal"] == 54


def test_a_derived_list_derives_the_price_of_a_case_too(packed):
    clerk.add_partner(packed.company, "TRADE", price_list=2)
    line = {"ItemCode": "CUP", "Quantity": 1, "UoMEntry": CASE}

    order = packed.post("Orders", line, CardCode="TRADE")

    assert order["DocumentLines"][0]["LineTotal"] == 46.75


def test_an_order_in_cases_commits_pieces_and_releases_them_as_it_is_delivered(packed):
    order = packed.post("Orders", {"ItemCode": "CUP", "Quantity": 3, "UoMEntry": CASE})
    promised = packed.stock("CUP")

    packed.draw("DeliveryNotes", 17, order, 1)
    partly = packed.stock("CUP")
    row = packed.read("Orders", order)["DocumentLines"][0]
    packed.act("Orders", order, "Close")

    assert promised == (100, 36)
    assert partly == (88, 24)
    assert (row["RemainingOpenQuantity"], row["RemainingOpenInventoryQuantity"]) == (2, 24)
    assert packed.stock("CUP") == (88, 0)


def test_pieces_are_the_usual_unit_unless_the_item_says_otherwise(packed):
    each = packed.post("Orders", {"ItemCode": "CUP", "Quantity": 1})
    packed.company.patch("Items", {"ItemCode": "CUP"}, {"DefaultSalesUoMEntry": CASE})
    case = packed.post("Orders", {"ItemCode": "CUP", "Quantity": 1})

    assert each["DocumentLines"][0]["UoMEntry"] == EACH
    assert case["DocumentLines"][0]["InventoryQuantity"] == 12


def test_a_unit_of_another_group_is_refused(packed):
    line = {"ItemCode": "CUP", "UoMEntry": 77}

    with pytest.raises(Refusal) as caught:
        packed.post("Orders", line)
    assert "[RDR1.UomEntry][line: 1]" in caught.value.message


def test_an_item_without_a_group_is_sold_by_its_sales_unit(office):
    office.company.patch("Items", {"ItemCode": "A"}, {"SalesItemsPerUnit": 6})

    office.post("Invoices", {"ItemCode": "A", "Quantity": 2})
    office.post("Invoices", {"ItemCode": "A", "Quantity": 2, "UseBaseUnits": "tYES"})

    assert office.stock("A") == (986, 0)


def test_unit_prices_show_inside_the_price_of_their_list(packed):
    item = packed.company.read("Items", {"ItemCode": "CUP"})

    rows = item["ItemPrices"][0]["UoMPrices"]
    assert [(row["UoMEntry"], row["Price"]) for row in rows] == [(CASE, 55)]


def test_a_draft_keeps_the_unit(packed):
    line = {"ItemCode": "CUP", "Quantity": 3, "UoMEntry": CASE}
    draft = packed.post("Drafts", line, DocObjectCode="oInvoices")

    packed.company.save_draft_to_document(draft["DocEntry"])

    assert packed.stock("CUP") == (64, 0)


def test_a_quantity_that_rounds_to_nothing_is_refused(office):
    with pytest.raises(Refusal):
        office.post("Invoices", {"ItemCode": "A", "Quantity": "0.0000001"})
