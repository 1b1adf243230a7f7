"""A company grown to a size: as true as one that was typed in, and grown further without loss."""

import pytest

from b1sim.company.company import Company
from b1sim.company.growing import LINES_OF_A_DOCUMENT, PIECES, Size, grow

SMALL = Size(items=60, warehouses=5, price_lists=6, partners=7, lines=225)


@pytest.fixture
def company():
    company = Company.open(seed=False)
    yield company
    company.close()


def figures(company):
    sets = ("Items", "Warehouses", "PriceLists", "BusinessPartners", "Orders", "Invoices")
    return {name: company.count(name) for name in sets}


def silent(what, done, wanted):
    """Let nobody hear how far it is."""


def one(company, sql):
    return company.db.execute(sql).fetchone()[0]


def test_it_has_the_size_that_was_asked_for(company):
    heard = []
    grow(company, SMALL, lambda *words: heard.append(words))

    assert figures(company) == {
        "Items": 60,
        "Warehouses": 5,
        "PriceLists": 6,
        "BusinessPartners": 7,
        "Orders": 3,
        "Invoices": 3,
    }
    lines = sum(one(company, f"SELECT COUNT(*) FROM {t}1") for t in ("RDR", "DLN", "INV"))  # noqa: S608
    assert lines == 9 * LINES_OF_A_DOCUMENT
    assert heard[-1] == ("document lines", 225, 225)


def test_its_books_balance(company):
    grow(company, SMALL, silent)

    assert one(company, "SELECT ROUND(SUM(Debit) - SUM(Credit), 2) FROM JDT1") == 0
    in_stock = one(company, "SELECT SUM(OnHand) FROM OITW")
    gone = one(
        company, "SELECT (SELECT SUM(Quantity) FROM DLN1) + (SELECT SUM(Quantity) FROM INV1)"
    )
    assert in_stock == 60 * 5 * PIECES - gone
    assert in_stock == one(company, "SELECT SUM(OnHand) FROM OITM")
    worth = one(company, "SELECT SUM(Debit - Credit) FROM JDT1 WHERE Account = '_SYS00000000111'")
    assert worth == pytest.approx(in_stock * 5)


def test_every_item_has_its_stock_and_prices_and_every_partner_an_address(company):
    grow(company, SMALL, silent)

    item = company.read("Items", {"ItemCode": "GROWN-000059"})
    assert len(item["ItemWarehouseInfoCollection"]) == 5
    assert len(item["ItemPrices"]) == 6
    partner = company.read("BusinessPartners", {"CardCode": "G000006"})
    assert [a["City"] for a in partner["BPAddresses"]] == ["Hamburg", "Hamburg"]
    assert partner["EmailAddress"] == "g000006@example.com"


def test_growing_goes_on_where_it_stopped(company):
    grow(company, Size(items=20, warehouses=5, price_lists=6, partners=7, lines=50), silent)
    grow(company, SMALL, silent)
    once = figures(company)
    grow(company, SMALL, silent)

    assert figures(company) == once
    assert once["Items"] == 60
    numbers = [row[0] for row in company.db.execute("SELECT NumAtCard FROM ORDR ORDER BY 1")]
    assert len(numbers) == len(set(numbers)) == 3
    assert one(company, "SELECT ROUND(SUM(Debit) - SUM(Credit), 2) FROM JDT1") == 0
