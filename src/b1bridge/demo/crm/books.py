"""The simulated company of the CRM's demo: a price list in dollars, and two customers abroad."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from b1bridge.domain.money import rounded
from b1sim.company import clerk
from b1sim.company.company import Company

BASE_LIST, DOLLAR_LIST = 1, 5
AMERICAN, BRITISH = "C10013", "C10014"
NO_RATE = "GBP"
TIME_ZONE = "Europe/Berlin"
_DOLLARS = Decimal("1.15")


def open_books(path: Path) -> None:
    """Write the company file: of pounds, nobody has entered a rate."""
    company = Company.open(path)
    try:
        # Pipedrive adds the tax line by line, as its deals show it; so must the company.
        clerk.change_settings(company, tax_on="line")
        with company.transaction():
            _add_dollar_list(company)
            clerk.add_partner(company, AMERICAN, "Harbor Goods Inc.", currency="USD")
            clerk.add_partner(company, BRITISH, "Thames Kitchen Ltd", currency="##")
            company.db.execute("DELETE FROM ORTT WHERE Currency = ?", (NO_RATE,))
    finally:
        company.close()


def _add_dollar_list(company: Company) -> None:
    named = {"PriceListNo": DOLLAR_LIST, "PriceListName": "Export", "BasePriceList": DOLLAR_LIST}
    company.create("PriceLists", named)
    for row in company.query("Items", with_collections={"ItemPrices"}):
        price = next(Decimal(str(p["Price"])) for p in row["ItemPrices"] if p["PriceList"] == 1)
        export = {"PriceList": DOLLAR_LIST, "Price": str(rounded(price * _DOLLARS))}
        prices = [export | {"Currency": "USD"}]
        company.patch("Items", {"ItemCode": row["ItemCode"]}, {"ItemPrices": prices})
