"""A customer's own price (correctness-rules 3.17): a special price of 92.00 goes before 85.00."""

from decimal import Decimal

import pytest

from b1sim.company import clerk

pytestmark = pytest.mark.anyio

OPTIONS = {
    "order-to-invoice": {
        "partners": "collective",
        "collective_partner": "B2B",
        "price_tolerance": "0.5",
    }
}
CUSTOMER = "B2B"


@pytest.fixture(scope="module")
def priced(desk):
    """List 100.00; from ten pieces on 85.00; this customer 92.00."""
    clerk.add_partner(desk.company, CUSTOMER, "Best Buyer", currency="EUR")
    clerk.set_price(desk.company, "MUG", "100.00")
    volume = {"Quantity": 10, "SpecialPrice": 85}
    period = {"DateFrom": "2020-01-01", "SpecialPrice": 100, "SpecialPriceQuantityAreas": [volume]}
    listed = {"ItemCode": "MUG", "CardCode": "*1", "SpecialPriceDataAreas": [period]}
    desk.company.create("SpecialPrices", listed)
    desk.company.create(
        "SpecialPrices", {"ItemCode": "MUG", "CardCode": CUSTOMER, "Price": "92.00"}
    )
    return desk


async def outcome_of(desk, order):
    runs = await desk.hub.runs(sync="order-to-invoice")
    return " ".join(one.reason for one in runs if one.ref.id == str(order))


async def test_the_special_price_is_what_sap_would_ask(priced):
    order = await priced.sells(("MUG", 10, "92.00", "19"))

    assert await priced.cases_of(order) == []
    assert "PRICE_DIFF" not in await outcome_of(priced, order)


async def test_another_price_is_named_and_stays_as_charged(priced):
    order = await priced.sells(("MUG", 10, "85.00", "19"))

    assert await priced.cases_of(order) == []
    said = "PRICE_DIFF: MUG is charged 85.00 EUR, the books ask 92.00 EUR (without tax)"
    assert said in await outcome_of(priced, order)
    assert priced.rows(order) == [(Decimal("850.00"), Decimal("161.50"))]
