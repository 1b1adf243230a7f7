"""Ways in which a hub hears of a story: each act at once, all at the end, or as notices fall."""

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import httpx

from b1bridge.connectors.bigcommerce import CONNECTOR as BIGCOMMERCE
from b1bridge.connectors.sap_b1 import CONNECTOR as SAP
from b1bridge.domain.claims import owed
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.engine.flow import Did
from b1bridge.engine.options import options_of
from b1bridge.errors import NeedsOperator
from b1bridge.flows import discover
from b1bridge.testing.runs import InMemoryRun
from b1bridge.testing.worlds import connect
from b1sim.company import clerk
from b1sim.world import World

from .stories import GOODS, Shop

FLOWS = discover()
FIRST, THEN = "order-to-invoice", ("payment-to-incoming-payment", "refund-to-credit-memo")
OPTIONS = {FIRST: {"tolerance_cap": "1.00", "tolerance_per_line": "0.02"}, THEN[1]: {}}
CARD, REVENUE, RECEIVABLES = "_SYS00000000203", "_SYS00000000401", "_SYS00000000101"
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "goodwill": "4", "deduction": "4", "tax": "4"},
    "payment_method": {"stripe/credit_card": f"transfer:{CARD}"},
    "refund_account": dict.fromkeys(("goodwill", "deduction", "shipping", "tax"), REVENUE),
}


@dataclass
class Hub:
    """Runs flows as the engine does, without its database: what was seen, what comes next."""

    shop: Shop
    sap: World
    source: object
    books: object
    run: InMemoryRun
    seen: dict = field(default_factory=dict)
    cases: dict = field(default_factory=dict)
    runs: int = 0

    async def hears(self):
        """Look at the order, and let follow what follows."""
        outcome = await self.runs_flow(FIRST)
        if outcome is None or outcome.did is Did.SKIPPED:
            return
        for name in THEN:
            await self.runs_flow(name)

    async def runs_flow(self, name):
        """Run one flow; None when it ended in a case."""
        self.runs += 1
        flow, run = FLOWS[name], self.run.about(Ref("shop", "order", str(self.shop.number)))
        run.seen = "" if name in self.cases else self.seen.get(name, "")
        self.cases.pop(name, None)
        try:
            outcome = await flow.body(
                run, self.source, self.books, options_of(flow, OPTIONS.get(name, {}))
            )
        except NeedsOperator as case:
            self.cases[name] = case
            return None
        if run.has_seen:
            news = run.has_seen != self.seen.get(name)
            self.seen[name] = run.has_seen
            if name == FIRST and news and outcome.did is not Did.SKIPPED:
                for follower in THEN:
                    self.seen.pop(follower, None)
        return outcome


@dataclass
class Books:
    """Balances by account, what all partners owe, and stock by item and warehouse."""

    accounts: dict
    partners: Decimal
    stock: dict


def books_of(sap):
    """Return what two ways must agree on; see test_any_permutation."""
    query = sap.company.query
    accounts = {a["Code"]: Decimal(a["Balance"]) for a in query("ChartOfAccounts")}
    partners = sum((Decimal(p["CurrentAccountBalance"]) for p in query("BusinessPartners")), 0)
    stock = {
        (item["ItemCode"], shelf["WarehouseCode"]): Decimal(shelf["InStock"])
        for item in query("Items")
        for shelf in item["ItemWarehouseInfoCollection"]
        if Decimal(shelf["InStock"])
    }
    return Books(accounts, Decimal(partners), stock)


def net_of(sap, connection, number):
    """Return what invoices less memos of an order come to."""
    sums = [
        sum(
            (
                Decimal(d["DocTotal"])
                for d in sap.company.query(kind)
                if re.match(rf"{connection}/(order|refund)/{number}\b", d["NumAtCard"])
            ),
            Decimal(0),
        )
        for kind in ("Invoices", "CreditNotes")
    ]
    return sums[0] - sums[1]


def owed_for(shop):
    """Return what an order's documents must come to, by the shop's own truth."""
    known = (shop.total, shop.received, shop.returned)
    return owed(*(Money.of(amount, "EUR") for amount in known)).amount


def stocks_up(sap):
    """Put a thousand pieces of all goods into stock."""
    for code in GOODS:
        clerk.add_item(sap.company, code, stock="1000", cost="1.00")


@asynccontextmanager
async def hub_for(told):
    """Open a fresh store and a fresh company, and a hub between them."""
    shop = Shop(told)
    with World(seed=False) as sap:
        stocks_up(sap)
        settings = SAP.settings(
            **sap.settings(), local_currency="EUR", time_zone="Europe/Berlin", language=None
        )
        line = httpx.AsyncClient(transport=sap.transport(), base_url=settings.service_root)
        books = SAP.build("books", settings, line)
        crosswalks = {name: dict(codes) for name, codes in CROSSWALKS.items()}
        run = InMemoryRun(Ref("shop", "order", "0"), crosswalks=crosswalks)
        async with line:
            yield Hub(shop, sap, connect(BIGCOMMERCE, shop.store, name="shop"), books, run)
            await books.aclose()


async def late(hub, acts, _dice):
    """Hear of everything once, when all is over."""
    for act in acts:
        hub.shop.tell(act)


async def at_once(hub, acts, _dice):
    """Hear of every act as it happens."""
    await hub.hears()
    for act in acts:
        hub.shop.tell(act)
        await hub.hears()


async def at_random(hub, acts, dice):
    """Lose some notices, hear others twice, and let single flows run out of turn."""
    for act in acts:
        for _ in range(dice.choice([0, 0, 1, 1, 2])):
            await hub.hears()
        if dice.random() < 0.25:
            await hub.runs_flow(dice.choice((FIRST, *THEN)))
        hub.shop.tell(act)


async def swept(hub):
    """Hear of the order until nothing moves, and try each case again, as a sweep does."""
    for _ in range(4):
        before = len(hub.sap.company.query("JournalEntries"))
        await hub.hears()
        if hub.cases:
            for name in (FIRST, *THEN):
                await hub.runs_flow(name)
        if len(hub.sap.company.query("JournalEntries")) == before and not hub.cases:
            return
