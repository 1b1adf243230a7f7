"""Orders and documents of the trade, small enough to be checked by hand."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.documents import (
    CompanyRules,
    DocumentKind,
    DocumentLine,
    Expense,
    Item,
    SalesDocument,
)
from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.money import Money, rounded
from b1bridge.domain.orders import Charge, LineKind, Order, OrderLine, OrderState, Tax
from b1bridge.domain.sales_documents import Codes, Ledger

REF = Ref("shop", "order", "101")
ANNA = Customer(Ref("shop", "customer", "7"), "anna@example.com", "Anna Berg")
MOMENT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def euro(amount):
    return Money.of(amount, "EUR")


@dataclass(frozen=True)
class Words:
    """Makes orders and documents; what a test does not name is ordinary."""

    gross: bool = False

    def amounts(self, amount, rate):
        """Return net, tax and gross of one amount, each rounded to the cent."""
        amount, rate = Decimal(amount), Decimal(rate)
        net = rounded(amount * 100 / (100 + rate)) if self.gross else amount
        tax = amount - net if self.gross else rounded(amount * rate / 100)
        return euro(net), Tax("", rate, euro(tax)), euro(net + tax)

    def line(self, sku, amount, rate="20", *, quantity="1", kind=LineKind.GOODS, id_="1"):
        net, tax, gross = self.amounts(amount, rate)
        return OrderLine(id_, sku, f"A {sku}", Decimal(quantity), net, tax, gross, kind)

    def charge(self, name, amount, rate="20"):
        return Charge(name, *self.amounts(amount, rate))

    def order(self, *lines, charges=(), **facts):
        parts = (*lines, *charges)
        known = {
            "ref": REF,
            "number": "101",
            "state": OrderState.OPEN,
            "placed_at": MOMENT,
            "modified_at": MOMENT,
            "currency": "EUR",
            "prices_include_tax": self.gross,
            "customer": ANNA,
            "billing": Address(first_name="Anna", last_name="Berg", country="de"),
            "shipping": Address(first_name="Anna", last_name="Berg", country="de"),
            "total": Money.sum((part.gross for part in parts), "EUR"),
            "tax_total": Money.sum((part.tax.amount for part in parts), "EUR"),
            "charge_total": Money.sum((charge.net for charge in charges), "EUR"),
        }
        return Order(**(known | {"lines": lines, "charges": charges} | facts))

    def document(self, *rows, freight=(), rounding="0.00", currency="EUR"):
        """Write a document from (amount, rate) pairs; the tax code is the rate's name."""

        def money(amount):
            return Money.of(amount, currency)

        return SalesDocument(
            kind=DocumentKind.INVOICE,
            reference=str(REF),
            business_partner="C1",
            posted_on=date(2026, 11, 2),
            due_on=date(2026, 11, 2),
            currency=currency,
            gross=self.gross,
            lines=tuple(
                DocumentLine(
                    f"I{i}", "", Decimal(1), money(amount), f"A{rate}", Decimal(rate), "W1"
                )
                for i, (amount, rate) in enumerate(rows)
            ),
            expenses=tuple(
                Expense(1, money(amount), f"A{rate}", Decimal(rate)) for amount, rate in freight
            ),
            rounding=money(rounding),
            ship_to=Address(),
            bill_to=Address(),
        )

    def with_prices(self, *, gross):
        return replace(self, gross=gross)


@pytest.fixture(scope="session")
def net():
    """Return words for a shop whose prices leave tax out."""
    return Words()


@pytest.fixture(scope="session")
def gross():
    """Return words for a shop whose prices include tax."""
    return Words(gross=True)


@pytest.fixture(scope="session")
def money():
    return euro


@pytest.fixture(scope="session")
def berlin():
    return CompanyRules("EUR", "Europe/Berlin")


@pytest.fixture(scope="session")
def codes():
    return Codes(
        tax=Crosswalk("tax", {"20": "A20", "19": "A19", "7": "A7", "0": "A0", "VAT 20": "S20"}),
        freight=Crosswalk("freight", {"shipping": "1", "gift certificate": "5"}),
        sku=Crosswalk("sku", {"SHOP-9": "I9"}),
    )


@pytest.fixture(scope="session")
def ledger(berlin):
    def known(*skus, **facts):
        return Ledger(
            berlin, {sku: Item(sku, sku, default_warehouse="W1", **facts) for sku in skus}
        )

    return known
