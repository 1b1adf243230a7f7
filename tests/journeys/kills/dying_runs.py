"""A store and a company, and flows between them that die, or whose answers do not come back."""

from collections import Counter
from dataclasses import dataclass, field

import httpx

from b1bridge.connectors.bigcommerce import CONNECTOR as BIGCOMMERCE
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.sap_b1 import CONNECTOR as SAP
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did
from b1bridge.engine.options import options_of
from b1bridge.errors import OutcomeUnknown, Transient
from b1bridge.flows import discover
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import InMemoryInFlight, InMemoryLinks, InMemoryRun
from b1bridge.testing.worlds import client_for, line_to
from b1sim.company import clerk
from b1sim.world import World

FLOWS = discover()
GOODS = ("MUG", "LAMP", "PEN")
CARD = "_SYS00000000203"
REVENUE = "_SYS00000000401"
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "handling": "2", "goodwill": "4", "restocking": "4"},
    "payment_method": {"stripe/credit_card": f"transfer:{CARD}"},
    "refund_account": dict.fromkeys(("goodwill", "shipping", "tax"), REVENUE),
    "carrier": {"1": "ups", "2": "dhl"},
}
OPTIONS = {"stock-to-shop": {"warehouses": ["01"], "moved_only": True}}

UNREMEMBERED = "the step was taken and is not remembered"
REMEMBERED = "the step is remembered and nothing after it was done"
RESTARTED = "the step was taken and a new run begins"
LOST = "the answer is lost"
CUT = "a balancer answers 502 in its place"
LATE = "it is carried out after the hub gave up waiting"


EVERY = 0


@dataclass
class Fate:
    """Which step, or which write, of a whole story goes wrong, and how; each once when EVERY."""

    what: str = ""
    nth: int = EVERY
    steps: int = 0
    writes: int = 0
    life: int = 0
    met: dict = field(default_factory=dict)

    def strikes(self, what, name):
        if self.what != what:
            return False
        count = self.writes if what in {LOST, CUT, LATE} else self.steps
        once = (self.life, name)
        if self.nth not in {EVERY, count} or once in self.met:
            return False
        self.met[once] = count
        return True


@dataclass
class MortalRun(InMemoryRun):
    """Takes every step as any run; the fate of the story says at which it dies."""

    fate: Fate = field(default_factory=Fate)

    def remember(self, name, result):
        self.fate.steps += 1
        if self.fate.strikes(UNREMEMBERED, name) or self.fate.strikes(RESTARTED, name):
            raise Crash
        super().remember(name, result)
        if self.fate.strikes(REMEMBERED, name):
            raise Crash

    def again(self, done):
        return MortalRun(
            self.ref,
            self.target,
            self.links,
            self.in_flight,
            self.crosswalks,
            self.clock,
            done,
            seen=self.seen,
            fate=self.fate,
        )


@dataclass
class FatedLine(httpx.AsyncBaseTransport):
    """Counts the writes of a story; one of them is carried out and does not say so."""

    line: httpx.AsyncBaseTransport
    fate: Fate
    waiting: list = field(default_factory=list)

    async def handle_async_request(self, request):
        if request.method == "GET" or request.url.path.endswith(("/Login", "/Logout")):
            return await self.line.handle_async_request(request)
        self.fate.writes += 1
        name = f"{request.method} {request.url.path} {request.content!r}"
        if self.fate.strikes(LATE, name):
            self.waiting.append(request)
            raise httpx.ReadTimeout(LATE, request=request)
        reply = await self.line.handle_async_request(request)
        if self.fate.strikes(LOST, name):
            await reply.aclose()
            raise httpx.ReadTimeout(LOST, request=request)
        if self.fate.strikes(CUT, name):
            await reply.aclose()
            return httpx.Response(502, text="<html>Bad Gateway</html>", request=request)
        return reply

    async def arrives(self):
        """Carry out what the hub has given up on; it waits so long before it looks again."""
        while self.waiting:
            await (await self.line.handle_async_request(self.waiting.pop())).aclose()

    async def aclose(self):
        await self.line.aclose()


@dataclass
class Town:
    """One store and one company; what changes is heard, and all its flows run in their turn."""

    store: Simulator
    sap: World
    fate: Fate
    flows: tuple = ()
    links: InMemoryLinks = field(default_factory=InMemoryLinks)
    in_flight: InMemoryInFlight = field(default_factory=InMemoryInFlight)
    seen: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    shop: object = None
    books: object = None

    async def __aenter__(self):
        for code in GOODS:
            clerk.add_item(self.sap.company, code, stock="100", cost="1.00")
            self.store.adds_product(code, 100)
        self.lines = [
            FatedLine(line_to(self.store), self.fate),
            FatedLine(self.sap.transport(), self.fate),
        ]
        to_shop, to_books = self.lines
        settings = SAP.settings(
            **self.sap.settings(), local_currency="EUR", time_zone="Europe/Berlin"
        )
        self.sap_http = httpx.AsyncClient(transport=to_books, base_url=settings.service_root)
        self.shop_http = client_for(self.store, to_shop)
        self.books = SAP.build("books", settings, self.sap_http)
        store = BIGCOMMERCE.settings(**self.store.settings())
        self.shop = BIGCOMMERCE.build("shop", store, self.shop_http)
        return self

    async def __aexit__(self, *_):
        await self.books.aclose()
        await self.sap_http.aclose()
        await self.shop_http.aclose()
        self.sap.close()

    async def hears(self, order):
        """Run what an order's notice starts, and what that brings along."""
        ref = Ref("shop", "order", str(order))
        first = next(name for name in self.flows if name.startswith("order-"))
        await self._runs(first, ref)

    async def hears_of_customer(self, customer):
        await self._runs("customer-to-business-partner", Ref("shop", "customer", str(customer)))

    async def looks_at_delivery(self, entry):
        await self._runs("delivery-to-fulfillment", Ref("books", "delivery", str(entry)))

    async def pushes_stock(self):
        await self._runs("stock-to-shop", Ref("books", "all", "stock-to-shop"))

    async def _runs(self, name, ref):
        outcome = await self._lives(name, ref)
        if outcome.did is not Did.SKIPPED:
            for then in FLOWS[name].then:
                if then in self.flows:
                    await self._runs(then, ref)

    async def _lives(self, name, ref):
        """Run one flow to its end, as the engine would after a death or a broken line."""
        flow = FLOWS[name]
        self.fate.life += 1
        ends = (self.shop, self.books)
        source, target = ends if ref.connection == "shop" else reversed(ends)
        world = ("books" if ref.connection == "shop" else "shop", self.links, self.in_flight)
        run = MortalRun(
            ref, *world, CROSSWALKS, fate=self.fate, seen=self.seen.get((name, ref), "")
        )
        while True:
            try:
                outcome = await flow.body(
                    run, source, target, options_of(flow, OPTIONS.get(name, {}))
                )
            except Crash:
                run = run.again([] if self.fate.what == RESTARTED else list(run.done))
            except (Transient, OutcomeUnknown):
                assert self.fate.met, "a line broke that nobody cut"
                for line in self.lines:
                    await line.arrives()
                run = run.again(list(run.done))
            else:
                self.seen[name, ref] = run.has_seen or run.seen
                return outcome

    def delivers(self, order, *rows, **header):
        """Let the warehouse deliver (row, quantity) of a sales order; return the entry."""
        found = self.sap.company.query("Orders")
        document = next(one for one in found if one["NumAtCard"] == f"shop/order/{order}")
        lines = [
            {"BaseType": 17, "BaseEntry": document["DocEntry"], "BaseLine": row, "Quantity": n}
            for row, n in rows
        ]
        fields = {"CardCode": document["CardCode"], "DocumentLines": lines} | header
        return self.sap.company.create("DeliveryNotes", fields)["DocEntry"]

    def books_and_shelves(self):
        """Return all that both sides hold: documents, payments, balances, goods and parcels."""
        return {
            **{name: self._documents(name) for name in DOCUMENTS},
            **{name: self._payments(name) for name in ("IncomingPayments", "VendorPayments")},
            "partners": self._partners(),
            "accounts": {
                one["Code"]: one["Balance"]
                for one in self.sap.company.query("ChartOfAccounts")
                if one["Balance"]
            },
            "goods": {
                one["ItemCode"]: (one["QuantityOnStock"], one["QuantityOrderedByCustomers"])
                for one in self.sap.company.query("Items")
            },
            "shop": [
                (number, order.external_order_id, self._parcels(order))
                for number, order in self.store.store.orders.items()
            ],
            "shown": {
                sku: dict(product.on_hand) for sku, product in self.store.store.products.items()
            },
            "in flight": self.in_flight.held,
            "links": sorted(f"{ref} {kind} {to}" for (ref, kind), to in self.links.known.items()),
        }

    def _documents(self, name):
        return sorted(
            (
                str(one["NumAtCard"]),
                one["DocTotal"],
                one["VatSum"],
                one["CancelStatus"],
                one["DocumentStatus"],
                one["PaidToDate"],
                [(row["ItemCode"], row["Quantity"]) for row in one["DocumentLines"]],
            )
            for one in self.sap.company.query(name)
        )

    def _payments(self, name):
        return sorted(
            (one["Remarks"].split(" ")[0], one["TransferSum"], len(one["PaymentInvoices"]))
            for one in self.sap.company.query(name)
        )

    def _partners(self):
        return [
            (
                one["EmailAddress"],
                one["CurrentAccountBalance"],
                len(one["BPAddresses"]),
                len(one["ContactEmployees"]),
            )
            for one in self.sap.company.query("BusinessPartners")
        ]

    def _parcels(self, order):
        return sorted(
            (sorted(one.items.items()), one.tracking_number, one.comments)
            for one in order.shipments
        )

    def doubled(self):
        """Return the references that two documents or payments of one kind carry."""
        company = self.sap.company
        named = [
            (kind, one["NumAtCard"])
            for kind in DOCUMENTS
            for one in company.query(kind)
            if one["CancelStatus"] == "csNo" and one["NumAtCard"]
        ]
        for kind in ("IncomingPayments", "VendorPayments"):
            named += [(kind, one["Remarks"].split(" ")[0]) for one in company.query(kind)]
        return [one for one, times in Counter(named).items() if times > 1]


DOCUMENTS = ("Orders", "DeliveryNotes", "Returns", "DownPayments", "Invoices", "CreditNotes")
