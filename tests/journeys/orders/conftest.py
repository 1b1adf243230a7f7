"""A BigCommerce store, an SAP company, and runs between them over the real connectors."""

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR as BIGCOMMERCE
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.pricing import totals_of
from b1bridge.domain.identity import Ref
from b1bridge.engine.dry_run import Trial
from b1bridge.engine.options import options_of
from b1bridge.flows import discover
from b1bridge.testing.runs import InMemoryRun
from b1bridge.testing.worlds import connect
from b1sim.world import World

FLOWS = discover()
CARD = "_SYS00000000203"
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "handling": "2", "wrapping": "2", "fee": "4"}
    | {"gift certificate": "5"},
    "payment_method": {
        "stripe/credit_card": f"transfer:{CARD}",
        "gift_certificate": "transfer:_SYS00000000210",
        "Bank Deposit": "transfer:_SYS00000000201",
    },
}


@dataclass
class Journey:
    """One store and one company; `tell` runs a flow from one to the other."""

    store: Simulator
    sap: World
    shop: object
    books: object
    run: InMemoryRun

    def about(self, order):
        return self.run.about(Ref("shop", "order", str(order)))

    async def tell(self, name, run, **options):
        flow = FLOWS[name]
        ends = (self.shop, self.books)
        source, target = reversed(ends) if flow.on == "schedule" else ends
        return await flow.body(run, source, target, options_of(flow, options))

    def trial_of(self, name, options):
        """Return a dry run of one flow."""
        ends = (self.shop, self.books)
        reads, writes = reversed(ends) if FLOWS[name].on == "schedule" else ends
        memory = SimpleNamespace(
            links=self.run.links, in_flight=self.run.in_flight, crosswalks=self.run
        )
        return Trial(FLOWS[name], options, "there", reads, writes, memory, self.run.now)

    def invoices(self):
        return self.sap.company.query("Invoices")

    def payments(self):
        return self.sap.company.query("IncomingPayments")

    def partners(self):
        return self.sap.company.query("BusinessPartners")

    def charged(self, order):
        """Return total and tax as the store shows them, not as we read them."""
        found = totals_of(self.store.store.orders[order])
        return Decimal(found.total.inc_tax), Decimal(found.total.tax)


@pytest.fixture
def journey(store, sap, books):
    shop = connect(BIGCOMMERCE, store, name="shop")
    crosswalks = {name: dict(codes) for name, codes in CROSSWALKS.items()}
    run = InMemoryRun(Ref("shop", "order", "0"), crosswalks=crosswalks)
    return Journey(store, sap, shop, books, run)
