"""An SAP company and a Pipedrive company, both simulated, and the flows between them."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from b1bridge.connectors.pipedrive import CONNECTOR
from b1bridge.connectors.pipedrive.settings import Settings as PipedriveSettings
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.settings import Settings as SapSettings
from b1bridge.domain.crm_fields import ALL
from b1bridge.domain.identity import Ref
from b1bridge.engine.looking import changes_since
from b1bridge.engine.options import options_of
from b1bridge.flows import (
    delivery_to_deal,
    invoice_to_note,
    item_to_product,
    partner_to_organization,
    sales_order_to_deal,
)
from b1bridge.ports.kept import Kept
from b1bridge.testing.runs import InMemoryRun
from b1bridge.testing.worlds import line_to
from b1sim.company import clerk
from b1sim.world import World

BANK = "_SYS00000000203"
KEYS = (("organization", "SAP customer code"), ("person", "SAP contact"))
TO_CRM = (
    partner_to_organization.FLOW,
    item_to_product.FLOW,
    invoice_to_note.FLOW,
    delivery_to_deal.FLOW,
    sales_order_to_deal.FLOW,
)


class Meter:
    """The tokens that were used, as the hub would keep them."""

    def __init__(self):
        self.used = {}

    async def add(self, _connection, hour, cost):
        self.used[hour] = self.used.get(hour, 0) + cost

    async def since(self, _connection, _hour):
        return dict(self.used)


@dataclass
class Bridge:
    """Both companies, the flows between them, and what the hub remembers."""

    sap: World
    pipedrive: Simulator
    books: SapBooks
    crm: object
    run: InMemoryRun
    seen: dict = field(default_factory=dict)

    async def tell(self, flow, ref, **options):
        """Run one flow for one record, as the engine would."""
        run = self.run.about(ref)
        to_crm = flow in TO_CRM
        run.target = "crm" if to_crm else "books"
        run.seen = self.seen.get((flow.name, ref), "")
        ends = (self.books, self.crm) if to_crm else (self.crm, self.books)
        outcome = await flow.body(run, *ends, options_of(flow, options))
        self.seen[flow.name, ref] = run.has_seen or run.seen
        return outcome

    async def look(self, flow, back=timedelta(days=2)):
        """Run a flow for every record that changed lately, each once."""
        source = self.books if flow in TO_CRM else self.crm
        since = changes_since(source, flow.on)
        refs = dict.fromkeys([ref async for ref, _ in since(datetime.now(UTC) - back)])
        return [await self.tell(flow, ref) for ref in refs]

    def rows(self, entity):
        return list(self.pipedrive.company.rows[entity].values())

    def custom(self, entity, name):
        """Return the values of a custom field of all records of a kind."""
        code = next(
            one.code for one in self.pipedrive.company.fields[entity].values() if one.name == name
        )
        return [row["custom_fields"].get(code) for row in self.rows(entity)]

    def post(self, kind, **header):
        rows = [{"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 10}]
        fields = {"CardCode": "C1", "DocDueDate": "2030-01-31", "DocumentLines": rows}
        return self.sap.company.create(kind, fields | header)

    def spent(self):
        """Return the tokens that all requests so far have cost."""
        return sum(self.pipedrive.ledger.spent.values())

    def mergers(self, version="2.0"):
        """Return what the notices of mergers name."""
        settings = PipedriveSettings(**self.pipedrive.settings())
        letters = [
            self.pipedrive.notice(number, version=version)
            for number in range(len(self.pipedrive.company.changes))
        ]
        told = [CONNECTOR.notices("crm", settings, *one, datetime.now(UTC)) for one in letters]
        return [notice.ref for found in told for notice in found if notice.ref.kind == "merge"]

    async def won_deal(self, **line):
        """Let a salesperson win a deal of two teas for the customer, who is shown already."""
        await self.look(TO_CRM[0])
        await self.look(TO_CRM[1])
        [organization] = self.rows("organization")
        product = next(row for row in self.rows("product") if row["code"] == "TEA")
        deal = self.pipedrive.add_deal("Two teas", organization["id"])
        given = {"quantity": "2", "price": "10", "tax": "20", "tax_method": "exclusive"} | line
        self.pipedrive.add_product_to_deal(deal, product["id"], **given)
        self.pipedrive.win_deal(deal)
        return Ref("crm", "deal", str(deal))


@pytest.fixture
async def bridge():
    async with _bridge() as opened:
        yield opened


@asynccontextmanager
async def _bridge():
    with World(seed=False) as sap:
        people = [{"Name": "Bo Ek", "E_Mail": "bo@x.se", "Phone1": "+46 8 123"}]
        clerk.add_partner(sap.company, "C1", "Anna Ek AB", ContactEmployees=people)
        prices = [{"PriceList": 1, "Price": "10"}]
        clerk.add_item(
            sap.company, "TEA", "Earl Grey", stock="100", vat_group="A20", ItemPrices=prices
        )
        pipedrive = Simulator()
        zone = sap.company.settings.time_zone
        settings = SapSettings(**sap.settings(), time_zone=zone)
        async with (
            httpx.AsyncClient(transport=sap.transport(), base_url=sap.base_url) as sap_line,
            httpx.AsyncClient(transport=line_to(pipedrive), base_url=pipedrive.base_url) as line,
        ):
            books = SapBooks("books", settings, sap_line)
            kept = Kept(None, Meter(), None)
            crm = CONNECTOR.build_kept("crm", PipedriveSettings(**pipedrive.settings()), line, kept)
            await crm.make_fields(ALL)
            yield Bridge(sap, pipedrive, books, crm, InMemoryRun(Ref("books", "all", "x")))
            await crm.aclose()
            await books.aclose()
