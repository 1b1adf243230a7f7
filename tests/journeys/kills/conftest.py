"""SAP and the shop in processes that survive, and a hub beside them that is killed."""

import asyncio
import random
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from functools import partial

import httpx
import pytest

from b1bridge.bootstrap import Hub
from b1bridge.demo.processes import Family, free_port
from b1bridge.demo.sap_ledger import SapLedger
from b1bridge.demo.settings import BOOKS
from b1bridge.demo.shop.books import Books, Chart, open_books
from b1bridge.demo.shop.configuring import Keys
from b1bridge.demo.shop.ledger import ShopLedger
from b1bridge.demo.shop.proof import Evidence, order_of, prove
from b1bridge.demo.shop.settings import SHOP, WAREHOUSE, ShopDemo
from b1bridge.demo.shop.shoppers import Shop
from b1bridge.engine.flow import Did

from .lives import Lives
from .mothers import Mother

TWINS = (
    "SELECT lower(E_Mail), count(*) FROM OCRD WHERE E_Mail LIKE '%@shopper.example' "
    "GROUP BY 1 HAVING count(*) > 1"
)
# Both servers close idle lines; a line that is closed just when it is used again is no finding.
ONE_USE = httpx.Limits(max_keepalive_connections=0)
# A run under way at more than ten deaths in a row is taken for their cause, and left to a person.
LIVES_TILL_REST = 8
SAP_TIMEOUT = 3.0
"""How long a write may take: b1sim is told to take less, and the hub waits as long in doubt."""


@dataclass(kw_only=True)
class World(Lives):
    """A shop beside SAP, and what was ordered there."""

    books: Books
    shop: Shop
    shop_http: httpx.AsyncClient
    placed: dict = field(default_factory=dict)

    async def switch_on(self):
        """Let orders become invoices, and their payments follow."""
        both = {"source": SHOP, "target": BOOKS}
        first = {"flow": "order-to-invoice", "options": {"warehouse": WAREHOUSE}}
        await self.hub.add_sync("orders", **both, **first)
        await self.hub.add_sync("payments", flow="payment-to-incoming-payment", **both)

    async def orders(self, count):
        """Let shoppers order and pay; their notices wait in the shop's outbox."""
        first = len(self.placed)
        self.placed |= await self.shop.take_orders(self.books.carts[first : first + count])

    async def post(self, copies=3):
        """Send what waits, each notice several times and out of order; a dead hub gets nothing."""
        await self.shop.post_notices(
            f"http://127.0.0.1:{self.port}/notices/{SHOP}",
            copies=copies,
            shuffle=len(self.placed),
            drop=0.0,
        )

    async def changes(self):
        """Let something happen to every order, so that new notices come."""
        for order in self.placed:
            moved = {"order": order, "status": 11}
            (await self.shop_http.post("/control/moves_to", json=moved)).raise_for_status()

    async def evidence(self):
        """Read both ledgers past the hub; ask the hub only which orders it left out, and why."""
        return await asyncio.to_thread(self._ledgers, await self._explained(), await self._cases())

    def partners_opened_twice(self):
        """Return the e-mail addresses under which SAP keeps two customers."""
        with closing(sqlite3.connect(self.folder / "company.db")) as company:
            return company.execute(TWINS).fetchall()

    async def proof(self):
        return prove(await self.evidence())

    def _ledgers(self, explained, in_cases):
        keys = Keys(fingerprint="")
        with (
            httpx.Client(base_url=self.sap.base_url, timeout=60) as sap_http,
            httpx.Client(base_url=self.shop_http.base_url, timeout=60) as shop_http,
        ):
            sap = SapLedger(sap_http, keys.company, keys.user, keys.password)
            documents = sap.documents("Invoices", f"{SHOP}/order/")
            return Evidence(
                orders=ShopLedger(shop_http).orders(),
                documents=documents,
                payments=sap.payments("IncomingPayments", f"{SHOP}/payment/"),
                in_cases=in_cases,
                explained=explained - {order_of(one.reference) for one in documents},
            )

    async def _explained(self):
        """Return the orders whose last word is that they are no sale; older runs have no say."""
        newest = {}
        for run in await self.hub.runs(sync="orders", limit=1_000_000):
            newest.setdefault(run.ref, run)
        return {
            int(run.ref.id)
            for run in newest.values()
            if run.state == "finished" and run.outcome == Did.SKIPPED and run.reason
        }

    async def _cases(self):
        return {order_of(case.ref) for case in await self.hub.cases()}


@asynccontextmanager
async def world_in(mother, folder, url, carts, kind=World):
    settings = ShopDemo(folder=folder, count=carts)
    books = open_books(settings, folder / "company.db")
    books = replace(books, carts=[_of_somebody_new(cart) for cart in books.carts])
    sap_port, shop_port = free_port(), free_port()
    sap_url, shop_url = f"http://127.0.0.1:{sap_port}", f"http://127.0.0.1:{shop_port}"
    with Family(folder) as family:
        serve = ["serve", "--port", str(sap_port), "--data", str(folder / "company.db")]
        sap = family.start("sap", "b1sim", [*serve, "--control", "--tls", "none"])
        simulator = "b1bridge.connectors.bigcommerce.simulator"
        shop = family.start("shop", simulator, ["--port", str(shop_port)])
        await sap.ready(sap_port)
        await shop.ready(shop_port)
        async with (
            await Hub.open(folder, database_url=url, executor="parent") as hub,
            httpx.AsyncClient(base_url=sap_url, timeout=60, limits=ONE_USE) as sap_http,
            httpx.AsyncClient(base_url=shop_url, timeout=60, limits=ONE_USE) as shop_http,
        ):
            await configure(hub, books.chart, sap_url, shop_url)
            world = kind(
                mother=mother,
                folder=folder,
                url=url,
                hub=hub,
                sap=sap_http,
                books=books,
                shop=Shop(shop_http),
                shop_http=shop_http,
            )
            await world.switch_on()
            await world.shop.offer(books.wares)
            try:
                yield world
            finally:
                world.kill()


def _of_somebody_new(cart):
    """Let every second shopper be one whom SAP has never seen."""
    number = int(cart.number)
    return cart if number % 2 else replace(cart, email=f"shopper.{number}@shopper.example")


async def configure(hub: Hub, chart: Chart, sap_url, shop_url):
    keys = Keys(fingerprint="")
    store = {
        "store_hash": keys.store_hash,
        "access_token": keys.access_token,
        "client_secret": keys.client_secret,
        "api_url": shop_url,
    }
    company = {
        "url": sap_url,
        "company_db": keys.company,
        "user": keys.user,
        "password": keys.password,
        "time_zone": "Europe/Berlin",
        "local_currency": "EUR",
        "document_timeout": SAP_TIMEOUT,
    }
    await hub.add_connection(SHOP, "bigcommerce", store)
    await hub.add_connection(BOOKS, "sap-b1", company)
    crosswalks = {
        "tax": chart.tax_codes,
        "freight": chart.freight,
        "payment_method": chart.payment_methods,
        "refund_account": chart.refund_accounts,
    }
    for name, codes in crosswalks.items():
        for code, other in codes.items():
            await hub.set_crosswalk(name, code, other)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request):
    """Return the URL of a database to run on; None stands for SQLite."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgres_url")


@pytest.fixture(scope="session")
def mother():
    """Return what bears hubs; it has imported all that they need, and opened nothing."""
    one = Mother()
    yield one
    one.close()


@pytest.fixture
def new_world(mother, tmp_path, url):
    """Return a function that opens a world for so many carts, as another kind when asked."""
    return partial(world_in, mother, tmp_path, url)


@pytest.fixture
def dice():
    """Return the same chances in every run."""
    return random.Random(20261121)  # noqa: S311 - moments of death, no secret
