"""The price that sales is shown is the one that SAP puts on an order of that day."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import httpx
import pytest

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.domain.identity import Ref
from b1bridge.engine.options import options_of
from b1bridge.flows import item_to_product
from b1bridge.testing.runs import InMemoryRun
from b1sim.company import clerk
from b1sim.world import World

pytestmark = pytest.mark.anyio
CUSTOMERS = ("RETAIL", "TRADE", "GROSS", "USA", "VIP")
CASE = 2
DAYS = (0, 5, 12, 40)


class Catalogue:
    """A CRM that keeps the products it is told of."""

    def __init__(self):
        self.products = {}

    async def find_product(self, key, _as_of=None):
        return key if key in self.products else None

    async def add_product(self, product):
        self.products[product.key] = product
        return product.key

    async def change_product(self, id_, product):
        self.products[id_] = product
        return True


def founded(world, items):
    """Sell items with every kind of price that SAP knows."""
    company, today = world.company, date.fromisoformat(world.company.books.today())
    clerk.set_rate(company, "USD", today, "0.8")
    for days in DAYS:
        clerk.set_rate(company, "USD", today + timedelta(days=days), "0.8")
    gross = {"PriceListName": "Shop", "IsGrossPrice": "tYES", "DefaultPrimeCurrency": "EUR"}
    shop = company.create("PriceLists", gross)["PriceListNo"]
    dollars = {"PriceListName": "US", "DefaultPrimeCurrency": "USD"}
    export = company.create("PriceLists", dollars)["PriceListNo"]
    lists = dict(zip(CUSTOMERS, (1, 2, shop, export, 1), strict=True))
    for code, number in lists.items():
        currency = "USD" if code == "USA" else "EUR"
        clerk.add_partner(company, code, currency=currency, price_list=number)
    codes = [_item(company, number, shop, export, today) for number in range(items)]
    every = {"ObjectType": "dgboItems", "Discount": "7.5"}
    company.create(
        "EnhancedDiscountGroups",
        {
            "Type": "dgt_SpecificBP",
            "ObjectCode": "VIP",
            "DiscountGroupLineCollection": [every | {"ObjectCode": code} for code in codes[::5]],
        },
    )
    return codes


def _item(company, number, shop, export, today):
    code = f"I{number:04}"
    base = Decimal(number * 37 % 9973) / 100 + Decimal("0.99")
    prices = [
        {"PriceList": 1, "Price": base},
        {"PriceList": shop, "Price": base * Decimal("1.2")},
        {"PriceList": export, "Price": base + 1, "Currency": "USD"},
    ]
    if number % 7 == 0:
        prices[0]["UoMPrices"] = [{"UoMEntry": CASE, "Price": base * 11}]
    units = {"UoMGroupEntry": 1, "DefaultSalesUoMEntry": CASE} if number % 7 < 2 else {}
    clerk.add_item(company, code, ItemPrices=prices, **units)
    for partner, share in (("VIP", 3), ("*1", 4), ("*2", 6), (f"*{export}", 8)):
        if number % share == 0:
            company.create("SpecialPrices", _special(code, partner, number, today))
    return code


def _special(code, partner, number, today):
    period = {
        "DateFrom": str(today + timedelta(days=5)),
        "Dateto": str(today + timedelta(days=5 + number % 30)),
        "Discount": Decimal(number % 45) / 2,
        "SpecialPriceQuantityAreas": [{"Quantity": 10, "Discountin": 60}],
    }
    head = {"ItemCode": code, "CardCode": partner, "DiscountPercent": number % 11}
    return head | {"SpecialPriceDataAreas": [period]}


def ordered(world, customer, day, codes):
    """Return what SAP puts on an order where nobody names a price."""
    rows = [{"ItemCode": code, "Quantity": 1} for code in codes]
    head = {"CardCode": customer, "DocDate": str(day), "DocDueDate": str(day)}
    made = world.company.create("Orders", head | {"DocumentLines": rows})
    return {row["ItemCode"]: Decimal(str(row["Price"])) for row in made["DocumentLines"]}


async def differences(world, codes):
    """Count the samples, and name those where the product costs another price than the order."""
    zone = ZoneInfo(world.company.settings.time_zone)
    today, samples, wrong = datetime.now(zone).date(), 0, []
    settings = Settings(**world.settings(), time_zone=zone.key)
    async with httpx.AsyncClient(transport=world.transport(), base_url=world.base_url) as line:
        books = SapBooks("books", settings, line)
        for customer in CUSTOMERS:
            for day in (today + timedelta(days=days) for days in DAYS):
                shown = await _shown(books, customer, day, zone, codes)
                asked = ordered(world, customer, day, codes)
                samples += len(asked)
                wrong += [
                    (customer, day, code, shown[code], price)
                    for code, price in asked.items()
                    if shown[code] != price
                ]
        await books.aclose()
    return samples, wrong


async def _shown(books, customer, day: date, zone, codes):
    noon = datetime.combine(day, time(12), zone)
    crm, first = Catalogue(), InMemoryRun(Ref("books", "item", "x"), "crm", clock=lambda: noon)
    options = options_of(item_to_product.FLOW, {"price_for": (customer,)})
    for code in codes:
        run = first.about(Ref("books", "item", code))
        await item_to_product.item_to_product(run, books, crm, options)
    return {code: product.prices[0].amount for code, product in crm.products.items()}


@pytest.mark.parametrize("items", [35, pytest.param(250, marks=pytest.mark.slow)])
async def test_what_is_shown_is_what_sap_asks_on_an_order_of_that_day(items):
    with World(seed=False) as world:
        codes = founded(world, items)

        samples, wrong = await differences(world, codes)

    assert samples == items * len(CUSTOMERS) * len(DAYS)
    assert wrong == []
