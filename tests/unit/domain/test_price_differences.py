"""What a piece was charged against what the books ask: named, never changed."""

from decimal import Decimal

import pytest

from b1bridge.domain.directory import CustomerPrice
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderLine, Tax
from b1bridge.domain.price_differences import price_note

FIVE = Decimal(5)


def line(net, quantity="10", rate="19"):
    amount, tax = Decimal(net), Decimal(net) * Decimal(rate) / 100
    inside = Tax(rate, Decimal(rate), Money.of(tax, "EUR"))
    whole = Money.of(amount + tax, "EUR")
    return OrderLine("1", "MUG", "Mug", Decimal(quantity), Money.of(net, "EUR"), inside, whole)


def books(price, discount="0", currency="EUR", *, includes_tax=False):
    return CustomerPrice(Decimal(price), currency, Decimal(discount), includes_tax)


@pytest.mark.parametrize("net", ["950.00", "1050.00", "1000.00"])
def test_within_the_tolerance_nothing_is_said(net):
    assert price_note("MUG", line(net), books("100"), FIVE) == ""


@pytest.mark.parametrize("net", ["949.90", "1050.10"])
def test_beyond_it_both_prices_are_named(net):
    charged = Money(Decimal(net) / 10, "EUR")

    note = price_note("MUG", line(net), books("100"), FIVE)

    expected = f"MUG is charged {charged}, the books ask 100.00 EUR (without tax)"
    assert note == f"PRICE_DIFF: {expected}"


def test_the_books_discount_counts():
    assert price_note("MUG", line("800.00"), books("100", "20"), Decimal(0)) == ""


def test_a_list_with_tax_is_compared_with_tax():
    assert price_note("MUG", line("1000.00"), books("119", includes_tax=True), Decimal(0)) == ""


def test_another_currency_is_named_and_not_converted():
    note = price_note("MUG", line("1000.00"), books("100", currency="USD"), FIVE)

    assert note == "PRICE_DIFF: MUG is charged 100.00 EUR, and the books ask 100.00 USD"


def test_a_price_that_the_books_do_not_know_is_said():
    assert "know no price of MUG" in price_note("MUG", line("1000.00"), None, FIVE)
