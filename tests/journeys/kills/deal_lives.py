"""Deals that are won, changed and lost, told of in both forms to a hub that may be dead."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

import httpx

from b1bridge.bootstrap import Hub
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.demo.processes import Family, free_port
from b1bridge.demo.sap import COMPANY, PASSWORD, USER
from b1bridge.demo.sap_ledger import SapLedger
from b1bridge.domain.crm_fields import ALL
from b1bridge.domain.standing import base_reference
from b1sim.company import clerk
from b1sim.company.company import Company

from .conftest import ONE_USE, SAP_TIMEOUT
from .lives import Lives

CRM, BOOKS = "crm", "books"
TWINS = "SELECT CardName, count(*) FROM OCRD GROUP BY 1 HAVING count(*) > 1"
WON, LOST, OPEN = "won", "lost", "open"
# What may happen to a deal: how it stands before, and afterwards.
MAY_HAPPEN = {
    "changed": ({WON}, WON),
    "lost": ({WON, OPEN}, LOST),
    "reopened": ({WON}, OPEN),
    "won_again": ({OPEN, LOST}, WON),
}
BEFORE = {"won_again": "lost"}
TAX = Decimal("1.2")


@dataclass
class Sold:
    """What a deal says now: one line, and where it stands."""

    line: int
    quantity: int
    price: Decimal
    status: str = WON

    @property
    def total(self):
        return (self.quantity * self.price * TAX).quantize(Decimal("0.01"))


@dataclass(kw_only=True)
class DealLives(Lives):
    """A Pipedrive company beside SAP, in which every deal comes with something for an older one."""

    crm: httpx.AsyncClient
    dice: Random
    wanted: str = ""
    deals: dict[int, Sold] = field(default_factory=dict)
    happened: Counter = field(default_factory=Counter)
    customer: int = 0
    product: int = 0

    async def switch_on(self):
        """Let won deals become sales orders; both forms of notices come in."""
        options = {"create_partner": True}
        flow = "deal-to-sales-order"
        await self.hub.add_sync("orders", flow=flow, source=CRM, target=BOOKS, options=options)
        await (await self.hub.open_connection(CRM)).make_fields(ALL)
        key = await self._field("organizationFields", "SAP customer code")
        self.customer, self.product = await self.acts(
            ("add_organization", {"name": "Anna Ek AB", "custom_fields": {key: "C1"}}),
            ("add_product", {"name": "Mug", "code": "MUG"}),
        )
        await self.registers_hooks()

    async def registers_hooks(self):
        """Register for deals in both forms, anew where Pipedrive has shut us out."""
        given = self.pipedrive.settings()
        for hook in (await self._asks("GET", "/v1/webhooks"))["data"]:
            await self._asks("DELETE", f"/v1/webhooks/{hook['id']}")
        for version in ("1.0", "2.0"):
            told = {
                "subscription_url": f"http://127.0.0.1:{self.port}/notices/{CRM}",
                "event_action": "*",
                "event_object": "deal",
                "name": f"b1bridge {version}",
                "version": version,
                "http_auth_user": given["webhook_user"],
                "http_auth_password": given["webhook_password"],
            }
            await self._asks("POST", "/v1/webhooks", json=told)

    @property
    def pipedrive(self):
        """Return a company like the one that is served, for the keys that open it."""
        return Simulator(base_url=str(self.crm.base_url))

    async def orders(self, count):
        """Let deals be won; let something happen to as many that were won before."""
        for _ in range(count):
            await self.happens()
            await self.wins()

    async def wins(self):
        """Win a deal for the known customer, or for somebody whom SAP has never seen."""
        buyer = self.customer
        if len(self.deals) % 2:
            (buyer,) = await self.acts(("add_organization", {"name": f"New {len(self.deals)}"}))
        sold = Sold(0, self.dice.randint(1, 5), Decimal(self.dice.randint(100, 9999)) / 100)
        (deal,) = await self.acts(("add_deal", {"title": "Mugs", "organization": buyer}))
        told = {"deal": deal, "product": self.product, "quantity": str(sold.quantity)}
        taxed = {"price": str(sold.price), "tax": "20", "tax_method": "exclusive"}
        sold.line, _ = await self.acts(
            ("add_product_to_deal", told | taxed), ("win_deal", {"deal": deal})
        )
        self.deals[deal] = sold

    async def happens(self):
        """Let one thing happen to a deal: the wanted one, or what it needs to have happened."""
        chosen = self.wanted or self.dice.choice(list(MAY_HAPPEN))
        if self._suited(chosen) is None:
            chosen = BEFORE.get(chosen, chosen)
        deal = self._suited(chosen)
        if deal is not None:
            await getattr(self, chosen)(deal)
            self.deals[deal].status = MAY_HAPPEN[chosen][1]
            self.happened[chosen] += 1

    def _suited(self, chosen):
        before, _ = MAY_HAPPEN[chosen]
        suited = [deal for deal, sold in self.deals.items() if sold.status in before]
        return self.dice.choice(suited) if suited else None

    async def changed(self, deal):
        sold = self.deals[deal]
        sold.quantity += 1
        await self.acts(("change_line", {"line": sold.line, "quantity": str(sold.quantity)}))

    async def lost(self, deal):
        await self.acts(("lose_deal", {"deal": deal}))

    async def reopened(self, deal):
        await self.acts(("reopen_deal", {"deal": deal}))

    async def won_again(self, deal):
        await self.acts(("win_deal", {"deal": deal}))

    async def post(self, copies=3):
        """Send what waits, each notice several times and out of order; a dead hub gets nothing."""
        told = {"copies": copies, "shuffle": len(self.deals)}
        reply = await self.crm.post("/control/deliver", json=told)
        reply.raise_for_status()
        if reply.json()["lost"]:
            await self.registers_hooks()

    async def acts(self, *acts):
        reply = await self.crm.post("/control/bulk", json=list(acts))
        reply.raise_for_status()
        return reply.json()["results"]

    async def sides(self):
        """Read both systems past the hub."""
        rows = (await self.crm.get("/control/state")).json()["deal"]
        code = await self._field("dealFields", "SAP order")
        noted = {row["id"]: row["custom_fields"].get(code) for row in rows}
        return Sides(self.deals, await asyncio.to_thread(self._orders), noted)

    def partners_opened_twice(self):
        """Return the names under which SAP keeps two customers."""
        with closing(sqlite3.connect(self.folder / "company.db")) as company:
            return company.execute(TWINS).fetchall()

    def _orders(self):
        with httpx.Client(base_url=self.sap.base_url, timeout=60) as http:
            sap = SapLedger(http, *KEYS)
            return sap.documents("Orders", f"{CRM}/deal/")

    async def _field(self, path, name):
        found = (await self._asks("GET", f"/api/v2/{path}"))["data"]
        return next(one["field_code"] for one in found if one["field_name"] == name)

    async def _asks(self, method, path, **told):
        headers = {"x-api-token": self.pipedrive.settings()["api_token"]}
        reply = await self.crm.request(method, path, headers=headers, **told)
        reply.raise_for_status()
        return reply.json()


@dataclass(frozen=True)
class Sides:
    """What every deal says, the orders that stand in SAP, and what is noted on the deals."""

    deals: dict
    orders: list
    noted: dict

    def doubled(self):
        """Return the deals for which two orders stand."""
        named = Counter(base_reference(one.reference) for one in self.orders)
        return [name for name, times in named.items() if times > 1]

    def apart(self):
        """Return each deal whose order is not what the deal says, with both sides."""
        held = {number_of(one.reference): one for one in self.orders}
        return {
            deal: (sold, held.get(deal))
            for deal, sold in self.deals.items()
            if not same(sold, held.get(deal))
        }

    def unnoted(self):
        """Return the orders whose number does not stand on their deal."""
        return [
            one.reference
            for one in self.orders
            if self.noted.get(number_of(one.reference)) != str(one.number)
        ]


def same(sold, order):
    """Tell whether a deal is booked as it stands; one that waits may be booked or not."""
    if sold.status == OPEN:
        return True
    return (order.total if order else None) == (sold.total if sold.status == WON else None)


def number_of(reference):
    return int(base_reference(reference).rpartition("/")[2])


KEYS = (COMPANY, USER, PASSWORD)


@asynccontextmanager
async def deals_in(mother, folder, url, dice):
    """Serve both systems in processes of their own, and connect a hub that is not alive yet."""
    furnish(folder / "company.db")
    sap_port, crm_port = free_port(), free_port()
    sap_url, crm_url = f"http://127.0.0.1:{sap_port}", f"http://127.0.0.1:{crm_port}"
    with Family(folder) as family:
        serve = ["serve", "--port", str(sap_port), "--data", str(folder / "company.db")]
        sap = family.start("sap", "b1sim", [*serve, "--control", "--tls", "none"])
        simulator = "b1bridge.connectors.pipedrive.simulator"
        crm = family.start("crm", simulator, ["--port", str(crm_port)])
        await sap.ready(sap_port)
        await crm.ready(crm_port)
        async with (
            await Hub.open(folder, database_url=url, executor="parent") as hub,
            httpx.AsyncClient(base_url=sap_url, timeout=60, limits=ONE_USE) as sap_http,
            httpx.AsyncClient(base_url=crm_url, timeout=60, limits=ONE_USE) as crm_http,
        ):
            ends = {"mother": mother, "folder": folder, "url": url, "hub": hub, "sap": sap_http}
            lives = DealLives(**ends, crm=crm_http, dice=dice)
            await hub.add_connection(CRM, "pipedrive", lives.pipedrive.settings())
            await hub.add_connection(BOOKS, "sap-b1", sap_settings(sap_url))
            await lives.switch_on()
            try:
                yield lives
            finally:
                lives.kill()


def furnish(path):
    """Make a company that sells mugs to somebody it knows."""
    company = Company.open(path, seed=False)
    clerk.add_partner(company, "C1", "Anna Ek AB")
    clerk.add_item(company, "MUG", stock="100000", cost="1.00", vat_group="A20")
    company.close()


def sap_settings(url):
    company, user, password = KEYS
    return {
        "url": url,
        "company_db": company,
        "user": user,
        "password": password,
        "time_zone": "Europe/Berlin",
        "local_currency": "EUR",
        "document_timeout": SAP_TIMEOUT,
    }
