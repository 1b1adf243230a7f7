"""Money of every kind has an account of its own, and money of an unknown kind has a name."""

from decimal import Decimal

import pytest

from b1bridge.connectors.bigcommerce.simulator.pricing import totals_of
from b1sim.company import clerk

from .conftest import (
    CARD,
    RECEIVABLES,
    REVENUE,
    SHIPPING,
    TAX_19,
    TIPS,
    VOUCHERS,
)

pytestmark = pytest.mark.anyio

FLOWS = ("order-to-invoice", "payment-to-incoming-payment")
ROUNDING, ROUNDING_FREIGHT = "_SYS00000000590", 8


@pytest.fixture
async def invoicing(town):
    await town.switches_on(*FLOWS)
    return town


def gross(store, net):
    """Return the price to ask for so that this is its net at 19 %."""
    return str(Decimal(net) * Decimal("1.19")) if store.store.inclusive else net


async def test_a_gift_card_is_sold_as_a_liability_and_redeemed_as_a_tender(invoicing):
    gift = {"InventoryItem": "tNO", "IncomeAccount": VOUCHERS}
    clerk.add_item(invoicing.company, "GIFT", "Gift card", vat_group="A0", **gift)
    await invoicing.hub.set_crosswalk("sku", "gift certificate", "GIFT")
    store = invoicing.store
    card = store.sells_gift_certificate("50.00", email="anna@x.se")
    store.pays(card)
    await invoicing.knock(card)
    assert await invoicing.cases() == []
    assert (invoicing.balance(VOUCHERS), invoicing.balance(CARD)) == (-50, 50)
    assert invoicing.balance(REVENUE) == 0

    price = gross(store, "100.00")
    order = store.shopper_orders([("MUG", 1, price, "19")], gift_certificate="50.00")
    store.pays(order, "69.00")
    await invoicing.knock(order)

    assert await invoicing.cases() == []
    assert (invoicing.balance(VOUCHERS), invoicing.balance(CARD)) == (0, 119)
    assert (invoicing.balance(REVENUE), invoicing.balance(TAX_19)) == (-100, -19)
    assert (invoicing.owing(), invoicing.still_open()) == ({}, [])


async def test_split_tenders_tips_and_freight_each_have_their_account(invoicing):
    store = invoicing.store
    order = store.shopper_orders(
        [("MUG", 1, gross(store, "100.00"), "19")],
        shipping="9.95",
        shipping_rate="19",
        fees=[("Tip", "5.00", "0")],
        store_credit="20.00",
    )
    store.pays(order)
    await invoicing.knock(order)

    assert await invoicing.cases() == []
    paid = store.received(order)
    assert invoicing.balance(TIPS) == -5
    assert invoicing.balance(VOUCHERS) == 20
    assert invoicing.balance(CARD) == paid - 20
    shipping = "8.36" if store.store.inclusive else "9.95"
    assert invoicing.balance(SHIPPING) == -Decimal(shipping)
    assert (invoicing.owing(), invoicing.still_open()) == ({}, [])


def adds(store, order, name, amount):
    """Let the store put an amount into the total under a name that its contract does not know."""
    found = store.store.orders[order]
    said = {name: amount}
    for side in ("inc", "ex"):
        total = Decimal(getattr(totals_of(found).total, f"{side}_tax"))
        said[f"total_{side}_tax"] = f"{total + Decimal(amount):.4f}"
    found.raw = found.raw | said


async def test_an_unknown_component_blocks_with_its_name_until_somebody_books_it(invoicing):
    store = invoicing.store
    order = store.shopper_orders([("MUG", 1, "10.00", "19")])
    adds(store, order, "eco_contribution_amount", "0.0200")
    store.pays(order)
    await invoicing.knock(order)

    (case,) = await invoicing.hub.cases()
    assert case.reason == "UNKNOWN_AMOUNT"
    assert "'eco_contribution_amount' 0.02 EUR" in case.message
    assert invoicing.posted("Invoices") == {}


async def test_cash_rounding_goes_to_the_account_that_the_crosswalk_names(invoicing):
    expense = {"ExpensCode": ROUNDING_FREIGHT, "Name": "Cash rounding", "RevenuesAccount": ROUNDING}
    invoicing.company.create("AdditionalExpenses", expense | {"OutputVATGroup": "A0"})
    await invoicing.hub.set_crosswalk("freight", "cash_rounding", str(ROUNDING_FREIGHT))
    store = invoicing.store
    price = "19.98" if store.store.inclusive else "16.79"
    order = store.shopper_orders([("MUG", 1, price, "19")])
    adds(store, order, "cash_rounding", "0.0200")
    store.pays(order, "20.00")
    await invoicing.knock(order)

    assert await invoicing.cases() == []
    assert invoicing.posted("Invoices")[f"shop/order/{order}"]["DocTotal"] == 20
    assert invoicing.balance(ROUNDING) == Decimal("-0.02")
    assert (invoicing.owing(), invoicing.balance(RECEIVABLES)) == ({}, 0)


async def test_what_the_shop_names_nowhere_is_a_case_too(invoicing):
    store = invoicing.store
    order = store.shopper_orders([("MUG", 1, "10.00", "19")])
    adds(store, order, "note", "3.0000")
    await invoicing.knock(order)

    (case,) = await invoicing.hub.cases()
    assert case.reason == "UNKNOWN_AMOUNT"
    assert "what the other 3.00 EUR is for is said nowhere" in case.message
    assert invoicing.posted("Invoices") == {}
