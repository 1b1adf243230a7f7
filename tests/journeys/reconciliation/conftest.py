"""A hub between a BigCommerce store and an SAP company, after a day of trade."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.storage import tables
from b1bridge.testing.patience import QUICK
from b1sim.company import clerk
from b1sim.world import World

CARD = "_SYS00000000203"
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "handling": "2", "goodwill": "4", "restocking": "4"},
    "payment_method": {"stripe/credit_card": f"transfer:{CARD}"},
    "refund_account": dict.fromkeys(("goodwill", "shipping", "tax"), "_SYS00000000401"),
}
FLOWS = {
    "orders": "order-to-invoice",
    "payments": "payment-to-incoming-payment",
    "refunds": "refund-to-credit-memo",
}
ZONE = "Europe/Berlin"


class Watched(httpx.AsyncBaseTransport):
    """Passes on, and notes every write that is no login."""

    def __init__(self, inner, writes):
        self.inner, self.writes = inner, writes

    async def handle_async_request(self, request):
        path = request.url.path
        if request.method != "GET" and not path.endswith(("/Login", "/Logout")):
            self.writes.append(f"{request.method} {path}")
        return await self.inner.handle_async_request(request)


@dataclass
class Office:
    """One store, one company, the hub between them; `trade` lets a day go by."""

    home: object
    store: Simulator
    sap: World
    hub: Hub = None
    orders: list = field(default_factory=list)
    writes: list = field(default_factory=list)

    async def open(self, name="home"):
        """Open a hub over a home of this name, and enter what an operator types."""
        transports = {
            "shop": httpx.ASGITransport(self.store.app),
            "books": Watched(self.sap.transport(), self.writes),
        }
        home = self.home / name
        home.mkdir(exist_ok=True)
        self.hub = await Hub.open(home, transports=transports, parts=Parts(patience=QUICK))
        await self.hub.add_connection("shop", "bigcommerce", self.store.settings())
        books = self.sap.settings() | {"local_currency": "EUR", "time_zone": ZONE}
        await self.hub.add_connection("books", "sap-b1", books)

    async def configure(self, flows=FLOWS):
        """Enter crosswalks and syncs."""
        for name, codes in CROSSWALKS.items():
            for code, other in codes.items():
                await self.hub.set_crosswalk(name, code, other)
        for name, flow in flows.items():
            await self.hub.add_sync(name, flow=flow, source="shop", target="books")

    def sells(self, lines=(("MUG", 2, "10.00", "19"), ("PEN", 1, "3.50", "7")), **told):
        """Let a shopper order and pay."""
        order = self.store.shopper_orders(list(lines), **told)
        self.store.pays(order)
        self.orders.append(order)
        return order

    async def tell(self, *orders, scope="store/order/updated"):
        """Bring the notices of these orders and let the hub work them off."""
        for order in orders:
            headers, body = self.store.notice(order, scope)
            await self.hub.accept("shop", headers, body, datetime.now(UTC))
        await self.settled()

    async def settled(self, seconds=60.0):
        await self.hub.start_worker(schedule=False)
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)
        await self.hub.stop_worker()

    async def compare(self, days=0, **told):
        """Reconcile today, or another day."""
        day = today() + timedelta(days=days)
        return await self.hub.reports.reconcile("shop", day, day, lambda *_: None, **told)

    def owes(self, lines=(("MUG", 2, "10.00", "19"),), **told):
        """Let a shopper order on account."""
        order = self.store.shopper_orders(list(lines), **told)
        self.orders.append(order)
        return order

    def cancel(self, entity_set, row):
        """Let an accountant cancel what SAP holds."""
        deed = "Cancel" if "Payments" in entity_set else "CreateCancellationDocument"
        self.sap.company.act(entity_set, {"DocEntry": row["DocEntry"]}, deed)

    def post(self, entity_set, reference, *, price="10.00", tax="A19", quantity=2, **facts):
        """Let an accountant enter a sales document by hand, under a reference of ours."""
        line = {"ItemCode": "MUG", "Quantity": quantity, "UnitPrice": price, "VatGroup": tax}
        day = str(today())
        facts = {"CardCode": "C1", "DocDate": day, "DocDueDate": day} | facts
        sent = {**facts, "NumAtCard": reference, "DocumentLines": [line]}
        return self.sap.company.create(entity_set, sent)

    def pay(self, reference, amount, *, invoice=None, entity_set="IncomingPayments", **facts):
        """Let an accountant enter a payment by hand, under a reference of ours."""
        sent = {
            "DocType": "rCustomer",
            "CardCode": invoice["CardCode"] if invoice else "C1",
            "DocDate": str(today()),
            "TransferAccount": CARD,
            "TransferSum": amount,
            "Remarks": f"{reference} by hand",
            **facts,
        }
        if invoice:
            row = {"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice"}
            sent["PaymentInvoices"] = [{**row, "SumApplied": amount}]
        return self.sap.company.create(entity_set, sent)

    async def has_looked(self):
        """Let the hub have read the shop up to now, whatever it missed."""
        await self.hub._storage.watermarks.move(  # noqa: SLF001 - a look that missed something
            "shop", "order", datetime.now(UTC) + timedelta(seconds=2)
        )

    async def forget_links(self, order, *, to=None):
        """Lose the hub's link of an order, or let it lead to another entry."""
        links, ref = tables.links, f"shop/order/{order}"

        def work(db):
            db.execute(sa.delete(links).where(links.c.other == ref))
            if to is None:
                db.execute(sa.delete(links).where(links.c.ref == ref))
            else:
                of = (links.c.ref == ref, links.c.kind == "invoice")
                db.execute(sa.update(links).where(*of).values(other=f"books/invoice/{to}"))

        await self.hub._storage.database.write(work)  # noqa: SLF001 - a database that was damaged

    async def kinds(self, **told):
        """Return the differences to look at as (kind, order), sorted."""
        found = await self.compare(**told)
        return sorted((one.kind.value, one.order.id) for one in found.unexplained)

    def document(self, entity_set, reference):
        """Return what SAP holds under a reference."""
        name = "Remarks" if "Payments" in entity_set else "NumAtCard"
        rows = self.sap.company.query(entity_set)
        (found,) = [r for r in rows if str(r[name]).split(" ")[0] == reference]
        return self.sap.company.read(entity_set, {"DocEntry": found["DocEntry"]})

    def invoice(self, order):
        return self.document("Invoices", f"shop/order/{order}")

    def payment(self, order):
        (taken,) = [t for t in self.store.store.orders[order].transactions if t.event == "purchase"]
        return self.document("IncomingPayments", f"shop/payment/{order}/{taken.id}")


@pytest.fixture
def a_while_ago():
    return datetime.now(UTC) - timedelta(days=2)


def today():
    return datetime.now(ZoneInfo(ZONE)).date()


@pytest.fixture
def store():
    simulator = Simulator(prices_include_tax=False)
    for sku in ("MUG", "PEN"):
        simulator.adds_product(sku, 1000)
    return simulator


@pytest.fixture
def sap():
    with World(seed=False) as world:
        for code in ("MUG", "PEN"):
            clerk.add_item(world.company, code, stock="1000", cost="1.00")
        clerk.add_partner(world.company, "C1", "Anna Ek")
        yield world


@pytest.fixture
async def make():
    """Return a maker of offices with these flows."""
    made = []

    async def opened(home, store, sap, flows=FLOWS):
        made.append(Office(home, store, sap))
        await made[-1].open()
        await made[-1].configure(flows)
        return made[-1]

    yield opened
    for one in made:
        await one.hub.close()


@pytest.fixture
async def office(tmp_path, store, sap, make):
    return await make(tmp_path, store, sap)
