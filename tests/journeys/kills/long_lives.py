"""What happens to orders after they were placed, told to a hub that may be dead at the time."""

from collections import Counter
from dataclasses import dataclass, field

from b1bridge.demo.settings import BOOKS
from b1bridge.demo.shop.settings import SHOP, WAREHOUSE
from b1bridge.domain.identity import Ref
from b1bridge.engine.records import Schedule

from .both_sides import both_sides, shop_orders
from .conftest import World
from .warehouse import Warehouse

SHELF = Ref(BOOKS, "all", "stock-to-shop")
OFTEN, BY_HAND = Schedule(every=2.0), Schedule(every=36_000.0)
INTO_BOOKS = {"source": SHOP, "target": BOOKS}
INTO_SHOP = {"source": BOOKS, "target": SHOP}
ORDERS = {"warehouse": WAREHOUSE, "ship_to": "upsert"}
STOCK = {
    "name": "stock",
    "flow": "stock-to-shop",
    "options": {"warehouses": [WAREHOUSE], "moved_only": True},
    "schedule": BY_HAND,
    **INTO_SHOP,
}
SHIPMENTS = {"name": "shipments", "flow": "delivery-to-fulfillment", "schedule": OFTEN, **INTO_SHOP}
SHIPPING = "4.95"
CUSTOMERS = "customer-to-business-partner"
MONEY = ("payment-to-incoming-payment", "refund-to-credit-memo")
INVOICED = ("order-to-invoice", *MONEY, CUSTOMERS)
ORDERED = ("order-to-sales-order", "payment-to-down-payment", "sales-order-to-invoice", *MONEY)
# How an order stands that something may still happen to.
UNPAID, IN_PART, PAID, SENT, ALL_SENT, DONE = "unpaid", "in part", "paid", "sent", "all sent", ""
# What may happen: to which orders, and how they stand afterwards.
OF_INVOICES = {
    "edited": ({UNPAID, IN_PART, PAID}, DONE),
    "given_back": ({UNPAID, IN_PART, PAID}, DONE),
    "goodwill": ({UNPAID, IN_PART, PAID}, DONE),
    "called_off": ({PAID}, DONE),
}
OF_SALES_ORDERS = {
    "given_back": ({PAID}, DONE),
    "goodwill": ({PAID}, DONE),
    "changed": ({UNPAID}, DONE),
    "dropped": ({UNPAID}, DONE),
    "called_off": ({IN_PART}, DONE),
    "sent": ({UNPAID}, SENT),
    "relabelled": ({SENT}, SENT),
    "came_back": ({SENT}, DONE),
    "all_sent": ({UNPAID}, ALL_SENT),
    "taken_back": ({ALL_SENT}, DONE),
}
BEFORE = {"relabelled": "sent", "came_back": "sent", "taken_back": "all_sent"}


@dataclass(kw_only=True)
class LongLives(World):
    """A world in which every new order comes with something that happens to an older one."""

    flows: tuple = INVOICED
    dice: object = None
    wanted: str = ""
    lines: dict = field(default_factory=dict)
    young: dict = field(default_factory=dict)
    deliveries: dict = field(default_factory=dict)
    regulars: list = field(default_factory=list)
    happened: Counter = field(default_factory=Counter)

    async def switch_on(self):
        """Let all of an order's life reach the books, and goods and stock the shop."""
        self.warehouse = Warehouse(str(self.sap.base_url))
        for flow in self.flows:
            first = flow == self.flows[0]
            name, options = ("orders", ORDERS) if first else (flow, {})
            await self.hub.add_sync(name, flow=flow, **INTO_BOOKS, options=options)
        await self.hub.add_sync(**STOCK)
        if self.flows is ORDERED:
            await self.hub.add_sync(**SHIPMENTS)

    async def orders(self, count):
        """Let shoppers order; let something happen to as many who ordered before."""
        for _ in range(count):
            await self.happens()
            order = await self.places(await self.shopper())
            self.placed[order] = self.young[order] = await self.pays_as_it_falls(order)
        await self.hub.start("stock", SHELF, "")

    async def shopper(self):
        """Return who orders: one who comes back and moves every now and then, or a guest."""
        if self.flows is INVOICED and self.dice.random() < 0.5:
            if len(self.regulars) < 4:
                email = f"regular.{len(self.regulars)}@shopper.example"
                told = {"email": email, "address": {"street_1": "Weg 1"}}
                (number,) = await self.acts(("registers_customer", told))
                self.regulars.append({"customer": number, "email": email})
            street = self.dice.choice(["Weg 1", "Allee 9", "Kai 30"])
            return self.dice.choice(self.regulars) | {"address": {"street_1": street}}
        return {"email": f"shopper.{len(self.placed)}@shopper.example"}

    async def places(self, shopper):
        """Order a few of two things."""
        wares = self.dice.sample(list(self.books.wares)[:12], k=2)
        lines = [
            {"sku": one.sku, "name": one.name, "quantity": self.dice.randint(2, 4)}
            | {"price": str(one.price), "tax_rate": str(one.rate)}
            for one in wares
        ]
        told = {"lines": lines, "shipping": SHIPPING, "shipping_rate": "19", **shopper}
        (order,) = await self.acts(("shopper_orders", told | {"payment_method": "stripe"}))
        self.lines[order] = {one["sku"]: one["quantity"] for one in lines}
        return order

    async def pays_as_it_falls(self, order):
        chosen = BEFORE.get(self.wanted, self.wanted)
        suited, _ = self.may_happen.get(chosen, ({UNPAID, IN_PART, PAID}, DONE))
        paid = self.dice.choice(sorted(suited))
        if paid is not UNPAID:
            await self.pays(order, "3.00")
        if paid is PAID:
            await self.pays(order)
        return paid

    async def pays(self, order, amount=None):
        await self.acts(("pays", {"order": order, "method": "credit_card", "amount": amount}))

    async def acts(self, *acts):
        reply = await self.shop_http.post("/control/bulk", json=list(acts))
        reply.raise_for_status()
        return reply.json()["results"]

    async def happens(self):
        """Let one thing happen that ends without a person: the wanted one, or what it needs."""
        chosen = self.wanted or self.dice.choice(list(self.may_happen))
        while (order := self._suited(chosen)) is None and chosen in BEFORE:
            chosen = BEFORE[chosen]
        if order and await getattr(self, chosen)(order) is not False:
            self.happened[chosen] += 1
            _, self.young[order] = self.may_happen[chosen]

    @property
    def may_happen(self):
        return OF_INVOICES if self.flows is INVOICED else OF_SALES_ORDERS

    def _suited(self, chosen):
        suited, _ = self.may_happen[chosen]
        return next((order for order, stands in self.young.items() if stands in suited), None)

    async def edited(self, order):
        """One piece less of the cheaper thing, one more of the dearer: what is paid stays due."""
        prices = {ware.sku: ware.price for ware in self.books.wares}
        one, other = sorted(self.lines[order], key=prices.get)
        await self.changes(order, other, 1)
        await self.changes(order, one, -1)

    async def given_back(self, order):
        """A piece comes back, and its money; the rest of the order is paid before."""
        await self.pays_up(order)
        await self.acts(
            ("refunds", {"order": order, "items": [[next(iter(self.lines[order])), 1]]})
        )

    async def goodwill(self, order):
        await self.pays_up(order)
        await self.acts(("refunds", {"order": order, "amount": "1.50"}))

    async def called_off(self, order):
        """All money goes back, with the goods or before they left."""
        back = {"amount": "3.00"}
        if self.young[order] is PAID:
            lines = [list(line) for line in self.lines[order].items()]
            back = {"items": lines, "shipping": SHIPPING}
        await self.acts(("refunds", {"order": order, **back}), ("cancels", {"order": order}))

    async def changed(self, order):
        await self.changes(order, next(iter(self.lines[order])), -1)

    async def dropped(self, order):
        await self.acts(("cancels", {"order": order}))

    async def sent(self, order):
        """The warehouse sends a piece of each thing."""
        return await self._sends(order, lambda _: 1)

    async def all_sent(self, order):
        return await self._sends(order, lambda row: row["RemainingOpenQuantity"])

    async def taken_back(self, order):
        """A piece comes back before anybody paid; the shop shows all of it as sent."""
        if (await shop_orders(self))[order].is_shipped:
            await self.changed(order)
            return True
        return False

    async def relabelled(self, order):
        tracking = f"1Z{order}-{self.dice.randint(0, 99)}"
        return await self.warehouse.relabels(self.deliveries[order], tracking)

    async def came_back(self, order):
        return await self.warehouse.cancels(self.deliveries[order])

    async def _sends(self, order, quantity_of):
        self.deliveries[order] = await self.warehouse.sends(order, quantity_of, f"1Z{order}")
        return bool(self.deliveries[order])

    async def changes(self, order, sku, by):
        self.lines[order][sku] += by
        told = {"order": order, "which": sku, "quantity": self.lines[order][sku]}
        await self.acts(("changes_quantity", told))

    async def pays_up(self, *orders):
        """Pay what is still due."""
        known = await shop_orders(self)
        for order in orders or known:
            if known[order].due > 0:
                await self.pays(order)

    async def all_is_told(self):
        """Let everybody pay, and live in peace until both sides have said everything."""
        await self.pays_up()
        await self.settles()
        if self.flows is ORDERED:
            await self.hub.sync_now("shipments")
        await self.settles()
        await self.hub.start("stock", SHELF, "")
        await self.settles()

    async def sides(self):
        return await both_sides(self)
