"""One hub for many kinds of bad input: a store, a company, and a person who mends and retries."""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.engine.records import Schedule
from b1bridge.testing.patience import QUICK
from b1bridge.web.app import create_app
from b1sim.company import clerk
from b1sim.world import World

B1BRIDGE = Path(sys.executable).with_name("b1bridge")
GOODS = ("MUG", "LAMP", "BAG", "PEN")
ROUNDING = {"tolerance_cap": "0.20", "tolerance_per_line": "0.02"}
INVOICING = ROUNDING | {"currencies": ["USD"]}
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "gift certificate": "5"},
    "payment_method": {
        "stripe/credit_card": "transfer:_SYS00000000203",
        "gift_certificate": "transfer:_SYS00000000210",
    },
}
PATIENCE = replace(QUICK, budget=4)
# How long SAP may be at a write that never reported; until then nothing is written anew.
_SAP = {"local_currency": "EUR", "time_zone": "Europe/Berlin", "document_timeout": 0.3}


@dataclass
class Moment:
    """Something that happens around the requests that fit: a deed, or an answer instead."""

    method: str
    path: str
    deed: Callable[[], httpx.Response | None]
    after: bool = False
    times: int = 1

    def fits(self, request):
        """Tell whether this is the request, and use one of the times up."""
        found = self.times > 0 and request.method == self.method and self.path in request.url.path
        self.times -= found
        return found


@dataclass
class Line(httpx.AsyncBaseTransport):
    """A line into a simulator, on which a test may act at a given request.

    `poisoned` is a text, and what is answered to every request that carries it.
    """

    inner: httpx.AsyncBaseTransport
    moments: list[Moment] = field(default_factory=list)
    poisoned: tuple[str, httpx.Response] | None = None

    def at(self, method, path, deed, *, after=False, times=1):
        """Arm a deed; what it returns, if anything, is the answer."""
        self.moments.append(Moment(method, path, deed, after, times))

    async def handle_async_request(self, request):
        """Deliver, and act before or after."""
        if self.poisoned and self.poisoned[0].encode() in request.content:
            return self.poisoned[1]
        due = [moment for moment in self.moments if moment.fits(request)]
        self.moments = [moment for moment in self.moments if moment.times]
        answers = [moment.deed() for moment in due if not moment.after]
        answer = next(filter(None, answers), None) or await self.inner.handle_async_request(request)
        answers = [moment.deed() for moment in due if moment.after]
        return next(filter(None, answers), None) or answer

    async def aclose(self):
        """Close the line behind."""
        await self.inner.aclose()


@dataclass
class Office:
    """A hub at work between one store and one company.

    The store is connected three times: `shop` makes invoices and their payments, `desk` sales
    orders, `club` invoices where guests without e-mail share the account POOL.
    """

    hub: Hub
    home: Path
    store: Simulator
    sap: World
    to_shop: Line
    to_sap: Line

    @property
    def company(self):
        """Return the company, to act as its clerk."""
        return self.sap.company

    async def knock(self, order, at="shop"):
        """Let the store tell the hub that the order changed."""
        headers, body = self.store.notice(order)
        return await self.hub.accept(at, headers, body, datetime.now(UTC))

    async def settled(self, seconds=30.0):
        """Wait until nothing is queued, running, or waiting for its time."""
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.01)

    async def bring(self, *orders, at="shop"):
        """Tell of orders and wait until the hub has done what it can."""
        for order in orders:
            await self.knock(order, at)
        await self.settled()

    async def cases(self, order, at="shop"):
        """Return the open cases of an order."""
        ref = f"{at}/order/{order}"
        return [case for case in await self.hub.cases() if case.ref == ref]

    async def stuck(self, order, at="shop", *, told=True):
        """Bring an order that cannot come through; return its one case, checked for its form."""
        if told:
            await self.bring(order, at=at)
        found = await self.cases(order, at)
        assert len(found) == 1, found
        (case,) = found
        assert f"{at}/order/{order}" in case.message, case.message
        assert case.fix, case.message
        return case

    async def retry(self, case):
        """Decide, as a person does once the cause is gone, and expect the case to close."""
        await self.hub.retry_case(case.id, "finance")
        await self.settled()
        again = await self.hub.case(case.id)
        assert again.state == "resolved", (again.reason, again.message)

    async def type(self, *words):
        """Run the command line as a process of its own; return what it says."""
        process = await asyncio.create_subprocess_exec(
            B1BRIDGE,
            *map(str, words),
            env={**os.environ, "B1BRIDGE_HOME": str(self.home)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        assert process.returncode == 0, told.decode()
        return told.decode()

    async def allow(self, **options):
        """Change what the sync of invoices declares."""
        await _connect(self.hub, "shop", "order-to-invoice", INVOICING | options)

    def documents(self, order, at="shop", *, kind="Invoices"):
        """Return the documents of an order that stand in the books."""
        found = self.company.query(kind, limit=1000)
        mine = [one for one in found if one["NumAtCard"] == f"{at}/order/{order}"]
        return [one for one in mine if one["Cancelled"] == "tNO" and one["CancelStatus"] == "csNo"]

    def payments(self, order, at="shop"):
        """Return the amounts paid for an order, smallest first."""
        found = self.company.query("IncomingPayments", limit=1000)
        mine = [one for one in found if (one["Remarks"] or "").startswith(f"{at}/payment/{order}/")]
        return sorted(Decimal(str(one["TransferSum"])) for one in mine)

    def invoice(self, order, at="shop"):
        """Return the one invoice of an order."""
        (found,) = self.documents(order, at)
        return found

    def total(self, order, at="shop"):
        """Return what the one invoice of an order comes to."""
        return f"{Decimal(str(self.invoice(order, at)['DocTotal'])):.2f}"

    def comes_to(self, order, at="shop"):
        """Return what the invoice of an order and all changes of it come to together."""
        whole = Decimal(0)
        for kind, sign in (("Invoices", 1), ("CreditNotes", -1)):
            for one in self.company.query(kind, limit=1000):
                named = (one["NumAtCard"] or "").split("+")[0] == f"{at}/order/{order}"
                if named and one["CancelStatus"] == "csNo":
                    whole += sign * Decimal(str(one["DocTotal"]))
        return f"{whole:.2f}"

    def holds_nothing(self, order, at="shop"):
        """Tell that the books know nothing of an order."""
        kinds = ("Invoices", "Orders", "Drafts")
        return not any(self.documents(order, at, kind=kind) for kind in kinds)


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
def sap():
    with World(seed=False) as world:
        for code in GOODS:
            clerk.add_item(world.company, code, stock="100000", cost="1.00")
        clerk.add_partner(world.company, "POOL")
        yield world


@pytest.fixture(scope="module")
def store():
    simulator = Simulator(prices_include_tax=False)
    for sku in GOODS:
        simulator.adds_product(sku, 1000)
    return simulator


@pytest.fixture(scope="module")
async def office(tmp_path_factory, store, sap):
    home = tmp_path_factory.mktemp("home")
    to_shop, to_sap = Line(httpx.ASGITransport(store.app)), Line(sap.transport())
    lines = dict.fromkeys(("shop", "desk", "club"), to_shop) | {"books": to_sap}
    parts = Parts(patience=PATIENCE)
    async with await Hub.open(home, transports=lines, parts=parts) as hub:
        await hub.add_connection("books", "sap-b1", sap.settings() | _SAP)
        for name in ("shop", "desk", "club"):
            await hub.add_connection(name, "bigcommerce", store.settings())
        for name, codes in CROSSWALKS.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        await _connect(hub, "shop", "order-to-invoice", INVOICING)
        await _connect(hub, "shop", "payment-to-incoming-payment", {})
        await _connect(hub, "shop", "customer-to-business-partner", {})
        await _connect(hub, "desk", "order-to-sales-order", ROUNDING)
        await _connect(hub, "club", "order-to-invoice", {"collective_partner": "POOL"})
        await hub.start_worker()
        yield Office(hub, home, store, sap, to_shop, to_sap)


async def _connect(hub, source, flow, options):
    """Switch a flow on that never looks by itself, so that a test tells what comes when."""
    await hub.add_sync(
        f"{source} {flow}",
        flow=flow,
        source=source,
        target="books",
        options=options,
        schedule=Schedule(),
    )


@pytest.fixture
async def door(office):
    """Return a client of the inbound door."""
    transport = httpx.ASGITransport(create_app(office.hub))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        yield client
