"""A town where the worked numbers happen: any tax rate, both ways of pricing, every flow."""

from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal

import pytest
from tests.journeys.schemes.conftest import Town, town_of

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1sim.company import clerk
from b1sim.world import World

GOODS = ("MUG", "LAMP", "BAG")
# Rates of the worked numbers that no company has from the start.
RATES = {"17.5": "B175", "12": "B12", "21": "B21"}
INVOICED = ("order-to-invoice", "payment-to-incoming-payment", "refund-to-credit-memo")
REFUNDED_TO = "_SYS00000000401"


def money(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


class Desk(Town):
    """A town with shorter words: sell and look at what the books hold."""

    async def settled(self, seconds=300.0):
        """Wait longer than most: the machine may be busy with something else."""
        await super().settled(seconds)

    async def cases_of(self, order):
        """Return reason and message of the open cases of an order."""
        ref = f"shop/order/{order}"
        return [(one.reason, one.message) for one in await self.hub.cases() if one.ref == ref]

    async def sells(self, *lines, fields=None, **told):
        """Place an order of (sku, quantity, price, rate), tell the hub, and return its number."""
        order = self.store.place_raw(fields, list(lines), **told)
        await self.knock(order)
        return order

    async def sells_mixed_basket(self, *prices, shipping):
        """Sell at 19 and at 7 %, with freight taxed as its goods are: 182.85 with 23.85 of tax.

        6.00 of the freight are at 19 and 3.00 at 7 %: 1.35, and not the 1.71 of 19 % alone.
        """
        goods = zip(("MUG", "LAMP"), (1, 1), prices, ("19", "7"), strict=True)
        taxed = {"shipping_cost_ex_tax": "9.0000", "shipping_cost_inc_tax": "10.3500"}
        taxed |= {"shipping_cost_tax": "1.3500", "total_ex_tax": "159.0000"}
        taxed |= {"total_inc_tax": "182.8500", "total_tax": "23.8500"}
        return await self.sells(
            *goods, shipping=shipping, shipping_rate="19", detailed_taxes=False, fields=taxed
        )

    def invoice(self, order):
        return self.posted("Invoices")[f"shop/order/{order}"]

    def came_to(self, order):
        """Return total and tax of the invoice."""
        found = self.invoice(order)
        return money(found["DocTotal"]), money(found["VatSum"])

    def rows(self, order):
        """Return net and tax of each row of the invoice."""
        rows = self.invoice(order)["DocumentLines"]
        return [(money(row["LineTotal"]), money(row["TaxTotal"])) for row in rows]

    def freight(self, order):
        """Return net and tax of each row of freight."""
        rows = self.invoice(order)["DocumentAdditionalExpenses"]
        return [(money(row["LineTotal"]), money(row["TaxSum"])) for row in rows]


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@contextmanager
def company():
    """Open the books of a company that sells these goods at these rates."""
    with World(seed=False) as world:
        for code in GOODS:
            clerk.add_item(world.company, code, stock="10000", cost="1.00")
        for rate, code in RATES.items():
            row = {"Effectivefrom": "2020-01-01", "Rate": rate}
            group = {"Code": code, "Name": f"{rate} %", "Category": "bovcOutputTax"}
            group |= {"TaxAccount": "_SYS00000000125", "VatGroups_Lines": [row]}
            world.company.create("VatGroups", group)
        yield world


@asynccontextmanager
async def desk_of(home, *flows, gross=False, **options):
    """Open a town whose store prices with or without tax, with these flows switched on."""
    store = Simulator(prices_include_tax=gross)
    for sku in GOODS:
        store.adds_product(sku, 10000)
    with company() as sap:
        async with town_of(home, store, sap) as town:
            for rate, code in RATES.items():
                await town.hub.set_crosswalk("tax", rate, code)
            await town.hub.set_crosswalk("refund_account", "goodwill", REFUNDED_TO)
            await town.switches_on(*flows, **options)
            yield Desk(town.hub, town.store, town.sap)


@pytest.fixture(scope="module")
async def desk(request, tmp_path_factory):
    """Open a town for a module, which may say FLOWS, OPTIONS and GROSS; one hub at a time."""
    told = request.module
    flows, options = getattr(told, "FLOWS", INVOICED), getattr(told, "OPTIONS", {})
    home, gross = tmp_path_factory.mktemp("home"), getattr(told, "GROSS", False)
    async with desk_of(home, *flows, gross=gross, **options) as found:
        yield found
