"""A store whose orders change after posting, and a warehouse that delivers meanwhile."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR as BIGCOMMERCE
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.pricing import totals_of
from b1bridge.domain.identity import Ref
from b1bridge.engine.options import options_of
from b1bridge.flows import discover
from b1bridge.testing.runs import CrashingRun, InMemoryRun
from b1bridge.testing.worlds import connect
from b1sim.world import World

FLOWS = discover()
CARD = "_SYS00000000203"
GOODS = ("MUG", "LAMP", "BAG", "PEN")
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "handling": "2", "wrapping": "2", "fee": "4"}
    | {"gift certificate": "5", "goodwill": "4", "restocking": "4"},
    "payment_method": {"stripe/credit_card": f"transfer:{CARD}"},
    "refund_account": {"goodwill": "_SYS00000000401", "shipping": "_SYS00000000401"},
}
INVOICED = ("order-to-invoice", "payment-to-incoming-payment", "refund-to-credit-memo")


def money(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


@dataclass
class Journey:
    """One store and one company; `tell` runs flows of an order in a row, as their chain does."""

    store: Simulator
    sap: World
    shop: object
    books: object
    run: InMemoryRun

    async def tell(self, order, *flows, **options):
        """Run the flows; return what the first came to."""
        outcomes = [await self.once(order, name, **options) for name in flows or INVOICED]
        return outcomes[0]

    async def once(self, order, name, run=None, **options):
        flow = FLOWS[name]
        chosen = options_of(flow, options if name.startswith(("order-", "sales-")) else {})
        about = run or self.run.about(Ref("shop", "order", str(order)))
        return await flow.body(about, self.shop, self.books, chosen)

    def dying(self, order, nth):
        """Return a run that dies after its nth step."""
        ref, run = Ref("shop", "order", str(order)), self.run
        world = (run.target, run.links, run.in_flight, run.crosswalks, run.clock)
        return CrashingRun(ref, *world, nth_step=nth)

    def charged(self, order):
        return money(totals_of(self.store.store.orders[order]).total.inc_tax)

    def standing(self, kind):
        """Return what stands of one kind: what is cancelled, and its mirror, left out."""
        return [d for d in self.sap.company.query(kind) if d["CancelStatus"] == "csNo"]

    def net(self):
        """Return what all invoices less all memos come to."""
        sold = sum((money(d["DocTotal"]) for d in self.standing("Invoices")), Decimal(0))
        return sold - sum((money(d["DocTotal"]) for d in self.standing("CreditNotes")), Decimal(0))

    def owing(self):
        """Return what all partners owe."""
        partners = self.sap.company.query("BusinessPartners")
        return sum((money(p["CurrentAccountBalance"]) for p in partners), Decimal(0))

    def gone(self):
        """Return how many pieces of each item left the warehouse."""
        found = Counter({item["ItemCode"]: item["QuantityOnStock"] for item in self._items()})
        return {code: int(1000 - found[code]) for code in GOODS if found[code] != 1000}

    def kept(self):
        """Return how many pieces of each item are promised to orders."""
        found = {item["ItemCode"]: item["QuantityOrderedByCustomers"] for item in self._items()}
        return {code: int(n) for code, n in found.items() if n}

    def _items(self):
        return self.sap.company.query("Items")

    def order(self):
        (found,) = self.sap.company.query("Orders")
        return found

    def delivers(self, quantity=None, row=0):
        """Let the warehouse deliver of the only sales order: so much of a row, or all rows."""
        order = self.order()
        rows = [row] if quantity else [line["LineNum"] for line in order["DocumentLines"]]
        lines = [
            {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": number}
            | ({"Quantity": quantity} if quantity else {})
            for number in rows
        ]
        heading = {"CardCode": order["CardCode"], "DocDate": order["DocDate"]}
        return self.sap.company.create("DeliveryNotes", heading | {"DocumentLines": lines})


@pytest.fixture
def journey(store, sap, books):
    shop = connect(BIGCOMMERCE, store, name="shop")
    crosswalks = {name: dict(codes) for name, codes in CROSSWALKS.items()}
    run = InMemoryRun(Ref("shop", "order", "0"), crosswalks=crosswalks)
    return Journey(store, sap, shop, books, run)
