"""A hub at work between one store and one company, whose syncs a test switches on."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.pricing import totals_of
from b1bridge.testing.patience import QUICK
from b1sim.company import clerk
from b1sim.world import World

RECEIVABLES, DOWN_PAYMENTS, CARD = "_SYS00000000101", "_SYS00000000212", "_SYS00000000203"
VOUCHERS, BANK, REVENUE = "_SYS00000000210", "_SYS00000000201", "_SYS00000000401"
TAX_19, TAX_7, SHIPPING, TIPS = (f"_SYS00000000{number}" for number in (122, 123, 411, 413))
GIFT_CARDS = 9
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "handling": "2", "fee: Tip": "5", "gift certificate": "9"},
    "payment_method": {
        "stripe/credit_card": f"transfer:{CARD}",
        "gift_certificate": f"transfer:{VOUCHERS}",
        "store_credit": f"transfer:{VOUCHERS}",
        "Bank Deposit": f"transfer:{BANK}",
    },
}
PATIENCE = replace(QUICK, budget=4)


@dataclass
class Town:
    """A store, a company, and the hub between them."""

    hub: Hub
    store: Simulator
    sap: World

    @property
    def company(self):
        return self.sap.company

    async def switches_on(self, *flows, **options):
        """Add a sync of each flow; options go to those flows that are named with them."""
        for flow in flows:
            await self.hub.add_sync(
                flow, flow=flow, source="shop", target="books", options=options.get(flow, {})
            )
        await self.hub.start_worker()

    async def knock(self, order):
        """Tell the hub of an order, and wait until all is quiet."""
        headers, body = self.store.notice(order)
        await self.hub.accept("shop", headers, body, datetime.now(UTC))
        await self.settled()

    async def settled(self, seconds=60.0):
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)

    async def cases(self):
        return [(case.reason, case.message) for case in await self.hub.cases()]

    def posted(self, kind):
        """Return what carries a reference of the shop, by it."""
        field = "Remarks" if kind.endswith("Payments") else "NumAtCard"
        return {str(row[field]).split()[0]: row for row in self.company.query(kind)}

    def charged(self, order):
        """Return what the store charges for an order."""
        return Decimal(totals_of(self.store.store.orders[order]).total.inc_tax)

    def balance(self, account):
        sql = "SELECT SUM(Debit) - SUM(Credit) AS Total FROM JDT1 WHERE Account = ?"
        found = self.company.books.row(sql, (account,))["Total"] or 0
        return Decimal(str(found)).quantize(Decimal("0.01"))

    def owing(self):
        """Return what each partner owes, zeros aside."""
        partners = self.company.query("BusinessPartners")
        balances = {p["CardCode"]: Decimal(str(p["CurrentAccountBalance"])) for p in partners}
        return {code: owed for code, owed in balances.items() if owed}

    def still_open(self):
        """Return the documents that wait for money or goods."""
        kinds = ("Orders", "Invoices", "DownPayments", "CreditNotes")
        return [
            (kind, row["DocNum"])
            for kind in kinds
            for row in self.company.query(kind)
            if row["DocumentStatus"] == "bost_Open" and row["Cancelled"] == "tNO"
        ]


@pytest.fixture
def sap():
    with World(seed=False) as world:
        for code in ("MUG", "LAMP"):
            clerk.add_item(world.company, code, stock="1000", cost="1.00")
        expense = {"ExpensCode": GIFT_CARDS, "Name": "Gift cards", "RevenuesAccount": VOUCHERS}
        world.company.create("AdditionalExpenses", expense | {"OutputVATGroup": "A0"})
        yield world


@pytest.fixture(params=[False, True], ids=["net prices", "gross prices"])
def store(request):
    simulator = Simulator(prices_include_tax=request.param)
    for sku in ("MUG", "LAMP"):
        simulator.adds_product(sku, 1000)
    return simulator


@asynccontextmanager
async def town_of(home, store, sap, **settings):
    transports = {"shop": httpx.ASGITransport(store.app), "books": sap.transport()}
    parts = Parts(patience=PATIENCE)
    async with await Hub.open(home, transports=transports, parts=parts) as hub:
        await hub.add_connection("shop", "bigcommerce", store.settings())
        books = {"local_currency": "EUR", "time_zone": "Europe/Berlin"} | settings
        await hub.add_connection("books", "sap-b1", sap.settings() | books)
        for name, codes in CROSSWALKS.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        yield Town(hub, store, sap)


@pytest.fixture
async def town(tmp_path, store, sap):
    async with town_of(tmp_path, store, sap) as found:
        yield found
