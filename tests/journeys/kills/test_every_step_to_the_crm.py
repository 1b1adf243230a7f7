"""Whatever step of a flow to the CRM dies, and whatever answer is lost: both end as if not.

Each step, or each write, goes wrong once in one life; the process that goes on knows nothing.
"""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from b1bridge.connectors.pipedrive import CONNECTOR
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.connectors.sap_b1 import CONNECTOR as SAP
from b1bridge.domain.crm_fields import ALL
from b1bridge.domain.identity import Ref
from b1bridge.engine.options import options_of
from b1bridge.errors import OutcomeUnknown, Transient
from b1bridge.flows import discover
from b1bridge.testing.crashes import Crash
from b1bridge.testing.kept import kept_in_memory
from b1bridge.testing.runs import InMemoryLinks
from b1bridge.testing.worlds import client_for, line_to
from b1sim.company import clerk
from b1sim.world import World

from .dying_runs import CUT, LATE, LOST, REMEMBERED, UNREMEMBERED, Fate, FatedLine, MortalRun

pytestmark = pytest.mark.anyio
FLOWS = discover()
ENDS = {"books": "crm", "crm": "books"}


@dataclass
class Town:
    """SAP, Pipedrive, and the flows between them, which die with their process."""

    sap: World
    crm: Simulator
    fate: Fate
    books: object = None
    line: FatedLine = None
    http: httpx.AsyncClient = None
    links: InMemoryLinks = field(default_factory=InMemoryLinks)
    seen: dict = field(default_factory=dict)

    def process(self):
        """Begin a process, which has read nothing yet."""
        settings = Settings(**self.crm.settings())
        return CONNECTOR.opened("crm", settings, self.http, kept_in_memory())

    async def runs(self, name, kind, id_):
        """Run one flow to its end, as the engine would after a death or a broken line."""
        flow, ref = FLOWS[name], Ref("crm" if kind == "deal" else "books", kind, id_)
        self.fate.life += 1
        crm, run = self.process(), self._run(name, ref, [])
        while True:
            ends = (crm, self.books) if kind == "deal" else (self.books, crm)
            try:
                await flow.body(run, *ends, options_of(flow, {}))
            except (Crash, Transient, OutcomeUnknown):
                assert self.fate.met, "nothing went wrong, and it stopped"
                await self.line.arrives()
                crm, run = self.process(), self._run(name, ref, list(run.done))
            else:
                self.seen[name, ref] = run.has_seen or run.seen
                return

    def _run(self, name, ref, done):
        seen = self.seen.get((name, ref), "")
        return MortalRun(
            ref, ENDS[ref.connection], self.links, done=done, seen=seen, fate=self.fate
        )

    def held(self):
        """Return all that both sides hold, without times."""
        company = self.crm.company
        rows = {
            entity: [
                {k: v for k, v in row.items() if not k.endswith("_time")}
                for row in company.rows[entity].values()
            ]
            for entity in ("organization", "person", "product", "deal")
        }
        notes = [(one["org_id"], one["content"]) for one in company.notes.values()]
        orders = [(one["NumAtCard"], one["DocTotal"]) for one in self.sap.company.query("Orders")]
        return {**rows, "notes": notes, "orders": orders}


@asynccontextmanager
async def town_with(fate):
    """Open both companies and the line between the hub and Pipedrive."""
    with World(seed=False) as sap:
        people = [{"Name": "Bo Ek", "E_Mail": "bo@x.se"}, {"Name": "Cy Ek", "E_Mail": "cy@x.se"}]
        clerk.add_partner(sap.company, "C1", "Anna Ek AB", ContactEmployees=people)
        prices = [{"PriceList": 1, "Price": "10"}]
        clerk.add_item(sap.company, "TEA", stock="9", vat_group="A20", ItemPrices=prices)
        settings = SAP.settings(
            **sap.settings(), local_currency="EUR", time_zone=sap.company.settings.time_zone
        )
        town = Town(sap, Simulator(), fate)
        line = httpx.AsyncClient(transport=sap.transport(), base_url=settings.service_root)
        async with line, client_for(town.crm) as provisioning:
            given = Settings(**town.crm.settings())
            await CONNECTOR.opened("crm", given, provisioning, kept_in_memory()).make_fields(ALL)
            town.line = FatedLine(line_to(town.crm), fate)
            town.http = client_for(town.crm, town.line)
            town.books = SAP.build("books", settings, line)
            async with town.http:
                yield town
            await town.books.aclose()


async def story(town):
    """Show a customer and an item, sell, invoice, and show what became of them."""
    await town.runs("partner-to-organization", "business partner", "C1")
    await town.runs("item-to-product", "item", "TEA")
    deal = town.crm.add_deal("Two teas", 1)
    taxed = {"tax": "20", "tax_method": "exclusive"}
    town.crm.add_product_to_deal(deal, 1, "2", "10", **taxed)
    town.crm.win_deal(deal)
    await town.runs("deal-to-sales-order", "deal", str(deal))
    (order,) = town.sap.company.query("Orders")
    drawn = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0}
    invoice = town.sap.company.create(
        "Invoices",
        {"CardCode": "C1", "NumAtCard": order["NumAtCard"], "DocumentLines": [drawn]},
    )
    await town.runs("invoice-to-note", "invoice", str(invoice["DocEntry"]))
    await town.runs("partner-to-organization", "business partner", "C1")
    await town.runs("item-to-product", "item", "TEA")


@pytest.mark.parametrize("what", [UNREMEMBERED, REMEMBERED, LOST, CUT, LATE])
async def test_a_death_or_a_lost_answer_changes_nothing(what):
    async with town_with(Fate()) as peaceful:
        await story(peaceful)
        wanted = peaceful.held()
    async with town_with(Fate(what)) as struck:
        await story(struck)

        assert len(struck.fate.met) > 5
        assert struck.held() == wanted
