"""Where sales come from: a store or a CRM, told apart by nothing but what people do there.

Both are driven with the same verbs, so that one suite asks the same of every connector.
"""

import base64
import json
from datetime import UTC, datetime
from typing import ClassVar

import httpx

from b1bridge.connectors.bigcommerce.simulator import Simulator as BigCommerce
from b1bridge.connectors.bigcommerce.simulator.notices import signature_of
from b1bridge.connectors.pipedrive.simulator import Simulator as Pipedrive
from b1bridge.domain.crm_fields import ALL
from b1bridge.domain.identity import Ref
from b1sim.company import clerk

DOOR = "https://hub.example/notices/{}"


class Seller:
    """What both have: a connection to the hub, and the documents that sales become."""

    name: str
    connector: str
    kind: str
    document: str
    syncs: ClassVar[dict[str, str]]
    crosswalks: ClassVar[dict[str, dict[str, str]]]

    def sells_to(self, sap):
        """Choose the company that sales go to, and let it have what no sale brings along."""
        self.sap = sap

    async def connects(self, hub):
        """Open both connections and the syncs between them, as an operator would."""
        door = {"webhook_url": DOOR.format(self.name)}
        await hub.add_connection(self.name, self.connector, self.world.settings() | door)
        books = self.sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
        await hub.add_connection("books", "sap-b1", books)
        for name, codes in self.crosswalks.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        for name, flow in self.syncs.items():
            await hub.add_sync(name, flow=flow, source=self.name, target="books")

    def transport(self):
        return httpx.ASGITransport(self.world.app)

    async def sweeps(self, hub, schedules):
        """Add a sync for each schedule where there is a flow that looks at everything."""
        del hub, schedules
        return []

    def ref(self, number):
        return Ref(self.name, self.kind, str(number))

    def booked(self):
        """Return the numbers of the sales that stand in the books, doubles included."""
        references = [one["NumAtCard"] for one in self.sap.company.query(self.document)]
        return sorted(int(reference.rpartition("/")[2]) for reference in references)


class Store(Seller):
    """A BigCommerce store: an order that is paid is a sale."""

    name, connector, kind, document = "shop", "bigcommerce", "order", "Invoices"
    syncs: ClassVar = {"sales": "order-to-invoice", "payments": "payment-to-incoming-payment"}
    crosswalks: ClassVar = {
        "tax": {"20": "A20"},
        "freight": {"shipping": "1"},
        "payment_method": {"stripe/credit_card": "transfer:_SYS00000000203"},
    }

    def __init__(self, clock):
        self.world = BigCommerce(prices_include_tax=False, clock=clock)
        self.world.adds_product("MUG", 5000)

    def sells(self, item="MUG"):
        number = self.world.shopper_orders([(item, 1, "10.00", "20")], email="a@example.com")
        self.world.pays(number)
        return number

    def offers(self):
        """Make what is no sale yet."""
        return self.world.shopper_orders([("MUG", 1, "9.00", "20")], status_id=0)

    def edits(self, number):
        """Change what the books do not care for."""
        self.world.edits(number, staff_notes="call before delivery")

    def noted(self, number):
        """Tell whether the document's number stands beside the sale."""
        return bool(self.world.store.orders[number].external_order_id)

    def puts_away(self, number):
        """Let it leave the list of what there is."""
        self.world.archives(number)

    def letters(self, number):
        """Return a signed notice of it in every form there is."""
        return [self.world.notice(number)]

    def posted(self, body, secret=None):
        """Return the headers that the sender of notices gives a body."""
        stamp = str(int(self.world.store.clock().timestamp()))
        number = f"msg_{len(body)}_{stamp}"
        signature = signature_of(secret or self.world.store.client_secret, number, stamp, body)
        return {
            "webhook-id": number,
            "webhook-timestamp": stamp,
            "webhook-signature": signature,
        }

    def forged(self, body):
        """Return headers that nobody may believe."""
        good = self.posted(body)
        return [{}, self.posted(body, "another"), good | {"webhook-timestamp": "1"}]

    def idle_talk(self):
        """Return a notice of what concerns nothing that we do."""
        producer = f"stores/{self.world.store.store_hash}"
        told = {"scope": "store/cart/created", "producer": producer, "data": {"id": "a-b"}}
        return json.dumps(told).encode()

    def cryptic(self):
        """Return notices that say what they are of and cannot be read."""
        told = {"scope": "store/order/updated", "producer": "stores/simstore", "data": {"id": "x"}}
        return [json.dumps(told).encode()]

    def hooks(self):
        return self.world.store.hooks

    def switches_off(self, hook):
        self.hooks()[hook].is_active = False

    async def sweeps(self, hub, schedules):
        ends = {"source": "books", "target": self.name, "options": {"warehouses": ["01"]}}
        names = [f"stock {number}" for number in range(len(schedules))]
        for name, schedule in zip(names, schedules, strict=True):
            await hub.add_sync(name, flow="stock-to-shop", schedule=schedule, **ends)
        return names


class Crm(Seller):
    """A Pipedrive company: a deal that is won is a sale."""

    name, connector, kind, document = "crm", "pipedrive", "deal", "Orders"
    syncs: ClassVar = {"sales": "deal-to-sales-order"}
    crosswalks: ClassVar = {"tax": {"20": "A20"}}

    def __init__(self, clock):
        self.world = Pipedrive(clock=clock, https_only=True)
        # The connector waits for bursts to pass in real time, whatever the test's clock says.
        self.world.ledger.clock = lambda: datetime.now(UTC)
        self.products = {code: self.world.add_product(code, code) for code in ("MUG", "GONE")}
        self.customer = self.world.add_organization("Anna Ek AB")

    def sells_to(self, sap):
        super().sells_to(sap)
        clerk.add_partner(sap.company, "C1", "Anna Ek AB")

    async def connects(self, hub):
        await super().connects(hub)
        await (await hub.open_connection(self.name)).make_fields(ALL)
        fields = self.world.company.custom_fields("organization")
        key = next(code for code, one in fields.items() if one.name == "SAP customer code")
        self.world.change_organization(self.customer, custom_fields={key: "C1"})

    def sells(self, item="MUG"):
        return self.world.win_deal(self._deal(item))

    def offers(self):
        return self._deal("MUG")

    def edits(self, number):
        self.world.change_deal(number, title="call before delivery")

    def noted(self, number):
        fields = self.world.company.custom_fields("deal")
        code = next(code for code, one in fields.items() if one.name == "SAP order")
        return bool(self.world.company.rows["deal"][number]["custom_fields"].get(code))

    def puts_away(self, number):
        self.world.change_deal(number, is_archived=True)

    def letters(self, number):
        changes = enumerate(self.world.company.changes)
        by_hand = [
            nth
            for nth, one in changes
            if (one.entity, one.record, one.actor.source) == ("deal", number, "app")
        ]
        return [self.world.notice(by_hand[-1], version=form) for form in ("2.0", "1.0")]

    def posted(self, body):
        del body  # nothing is signed: the user and the password stand for it
        return self.world.notice()[0]

    def forged(self, body):
        good = self.posted(body)
        pair = base64.b64encode(b"pipedrive:" + b"q" * 40).decode()
        return [
            {name: text for name, text in good.items() if name != "authorization"},
            good | {"authorization": f"Basic {pair}"},
            good | {"authorization": "Bearer " + "p" * 40},
        ]

    def idle_talk(self):
        return json.dumps({"meta": {"entity": "activity", "entity_id": "1"}}).encode()

    def cryptic(self):
        return [
            json.dumps({"meta": meta}).encode()
            for meta in ({"entity": "deal", "entity_id": "x"}, {"object": "deal", "id": None}, 7)
        ]

    def hooks(self):
        return self.world.company.hooks

    def switches_off(self, hook):
        self.hooks()[hook].active = False

    def _deal(self, item):
        number = self.world.add_deal("One of it", self.customer)
        taxed = {"tax": "20", "tax_method": "exclusive"}
        self.world.add_product_to_deal(number, self.products[item], "1", "10", **taxed)
        return number


SELLERS = (Store, Crm)
