"""A hub between an SAP company and a Pipedrive company: all flows on, one clock for all three."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.domain.crm_fields import ALL
from b1bridge.testing.faults import BadLine
from b1bridge.testing.patience import QUICK
from b1bridge.web.app import create_app
from b1sim.company import clerk
from b1sim.quirks.clock import MovableClock
from b1sim.world import World

TO_CRM = (
    "partner-to-organization",
    "item-to-product",
    "invoice-to-note",
    "delivery-to-deal",
    "sales-order-to-deal",
)
FROM_CRM = ("deal-to-sales-order", "merge-to-link")
DOOR = "https://hub.example/notices/crm"


@dataclass
class Between:
    """The hub, what it connects, and what went over the lines to either side."""

    hub: Hub
    sap: World
    pipedrive: Simulator
    clock: MovableClock
    lines: dict[str, BadLine] = field(default_factory=dict)

    async def settled(self, seconds=60.0):
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)

    async def look(self, *flows):
        """Look at all that changed, for each of these flows in its turn."""
        for flow in flows:
            await self.hub.sync_now(flow, None)
            await self.settled()

    async def deliver(self, **how):
        """Let Pipedrive's postman bring what waits, to the hub's own door."""
        door = httpx.ASGITransport(create_app(self.hub, clock=self.clock))
        async with httpx.AsyncClient(transport=door) as http:
            report = await self.pipedrive.deliver(http=http, **how)
        await self.settled()
        return report

    async def tell(self, *letters):
        """Bring these letters to the hub."""
        for headers, body in letters:
            await self.hub.accept("crm", headers, body, self.clock())
        await self.settled()

    def letters(self, *versions):
        """Return a notice of every change so far, in each of these forms."""
        changes = range(len(self.pipedrive.company.changes))
        return [self.pipedrive.notice(n, version=one) for n in changes for one in versions]

    def asked(self, side):
        """Return the requests that one side was sent, logins and logouts aside."""
        sent = [f"{one.method} {one.url.path}" for one in self.lines[side].sent]
        return [one for one in sent if not one.endswith(("/Login", "/Logout"))]

    def written(self):
        """Return what each side was sent that was no reading; SAP's queries are read by POST."""
        return {
            side: [
                one
                for one in self.asked(side)
                if not one.startswith("GET ") and not one.endswith("/List")
            ]
            for side in self.lines
        }

    def invoice(self):
        return self.sap.company.create("Invoices", OF_TWO_TEAS)

    def deal(self, quantity="2", price="10"):
        """Open a deal of teas for the customer, who is shown already."""
        [organization] = [
            number
            for number, row in self.pipedrive.company.rows["organization"].items()
            if row["name"] == "Anna Ek AB" and not row["is_deleted"]
        ]
        [product] = self.pipedrive.company.rows["product"]
        deal = self.pipedrive.add_deal("Two teas", organization)
        taxed = {"tax": "20", "tax_method": "exclusive"}
        self.pipedrive.add_product_to_deal(deal, product, quantity, price, **taxed)
        return deal

    def orders(self, *, standing=True):
        """Return the sales orders; by default those that nobody has cancelled."""
        found = self.sap.company.query("Orders")
        return [one for one in found if not standing or one["Cancelled"] == "tNO"]


LATE = 20
OF_TWO_TEAS = {
    "CardCode": "C1",
    "DocDueDate": "2030-01-31",
    "DocumentLines": [{"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 10}],
}


@asynccontextmanager
async def hub_between(folder, *, schedule=None, **settings):
    """Open a hub with all flows on; with a schedule it looks by itself, too."""
    clock = MovableClock()
    with World(seed=False, clock=clock) as sap:
        _before_midnight(clock, ZoneInfo(sap.company.settings.time_zone))
        _furnish(sap)
        pipedrive = Simulator(clock=clock)
        lines = {
            "crm": BadLine(httpx.ASGITransport(pipedrive.app)),
            "books": BadLine(sap.transport()),
        }
        parts = Parts(patience=QUICK)
        async with await Hub.open(folder, transports=lines, clock=clock, parts=parts) as hub:
            between = Between(hub, sap, pipedrive, clock, lines)
            await hub.add_connection("crm", "pipedrive", pipedrive.settings() | settings)
            zone = {"local_currency": "EUR", "time_zone": sap.company.settings.time_zone}
            await hub.add_connection("books", "sap-b1", sap.settings() | zone)
            await (await hub.open_connection("crm")).make_fields(ALL)
            for flow in (*TO_CRM, *FROM_CRM):
                ends = ("crm", "books") if flow in FROM_CRM else ("books", "crm")
                source, target = ends
                await hub.add_sync(flow, flow=flow, source=source, target=target, schedule=schedule)
            await hub.start_worker(schedule=schedule is not None)
            yield between


def _before_midnight(clock, zone):
    """Leave the evening out: at midnight invoices fall overdue, and that is news."""
    now = clock().astimezone(zone)
    if now.hour >= LATE:
        morning = datetime.combine(now.date() + timedelta(days=1), time(1), zone)
        clock.move((morning - now).total_seconds())


def _furnish(sap):
    people = [{"Name": "Bo Ek", "E_Mail": "bo@x.se"}]
    clerk.add_partner(sap.company, "C1", "Anna Ek AB", ContactEmployees=people)
    prices = [{"PriceList": 1, "Price": "10"}]
    clerk.add_item(sap.company, "TEA", "Earl Grey", stock="100", vat_group="A20", ItemPrices=prices)
