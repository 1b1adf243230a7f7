"""A BigCommerce store, an SAP company whose warehouse delivers, and a hub between them."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
from tests.journeys.conftest import connects

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.testing.faults import BadLine
from b1bridge.testing.patience import QUICK
from b1sim.world import World

CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "handling": "2"},
    "payment_method": {"stripe/credit_card": "transfer:_SYS00000000203"},
    "carrier": {"1": "ups", "2": "dhl"},
}


@dataclass
class Yard:
    """One store, one company and the hub; `sell` posts an order, `deliver` lets its goods go."""

    store: Simulator
    sap: World
    hub: Hub

    async def sell(self, *lines):
        """Take an order of (sku, quantity, price, rate), paid, and let the hub post it."""
        order = self.store.shopper_orders(list(lines))
        self.store.pays(order)
        await self.hears(order)
        return order

    async def hears(self, order):
        """Knock for an order, as the store does after each change, and let all runs end."""
        headers, body = self.store.notice(order)
        await self.hub.accept("shop", headers, body, datetime.now(UTC))
        await self.settle()

    async def settle(self, seconds=60.0):
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)

    async def look(self):
        """Look for changed deliveries at once."""
        await self.hub.sync_now("shipments", None, dry_run=False)
        await self.settle()

    def document(self, entity_set, order):
        """Read the document in SAP that carries the order."""
        found = self.sap.company.query(entity_set)
        return next(one for one in found if one["NumAtCard"] == f"shop/order/{order}")

    def deliver(self, order, *rows, base="Orders", **header):
        """Draw (row, quantity) of the order's document into a delivery; return its entry."""
        document = self.document(base, order)
        kind = {"Orders": 17, "Invoices": 13}[base]
        lines = [
            {"BaseType": kind, "BaseEntry": document["DocEntry"], "BaseLine": row, "Quantity": n}
            for row, n in rows
        ]
        fields = {"CardCode": document["CardCode"], "DocumentLines": lines} | header
        return self.sap.company.create("DeliveryNotes", fields)["DocEntry"]

    def relabel(self, delivery, **fields):
        self.sap.company.patch("DeliveryNotes", {"DocEntry": delivery}, fields)

    def cancel(self, delivery):
        self.sap.company.act("DeliveryNotes", {"DocEntry": delivery}, "Cancel")

    def stock(self, item):
        """Return (on hand, committed) in the main warehouse."""
        found = self.sap.company.read("Items", {"ItemCode": item})
        rows = found["ItemWarehouseInfoCollection"]
        row = next(row for row in rows if row["WarehouseCode"] == "01")
        return Decimal(str(row["InStock"])), Decimal(str(row["Committed"]))

    def shown(self, order):
        """Return what shoppers see: pieces by SKU, carrier, tracking number."""
        record = self.store.store.orders[order]
        skus = {line.id: line.sku for line in record.lines}
        return [
            (
                {skus[line]: quantity for line, quantity in one.items.items()},
                one.shipping_provider or one.tracking_carrier,
                one.tracking_number,
            )
            for one in record.shipments
        ]


@pytest.fixture
def store(plain_store):
    return plain_store


@pytest.fixture
def line_to_shop(store):
    """The line to the store, which a test may cut."""
    return BadLine(httpx.ASGITransport(store.app))


@pytest.fixture
async def hub(tmp_path, line_to_shop, store, sap):
    transports = {"shop": line_to_shop, "books": sap.transport()}
    async with await Hub.open(tmp_path, transports=transports, parts=Parts(patience=QUICK)) as hub:
        await connects(hub, store, sap, CROSSWALKS)
        await hub.add_sync(
            "shipments", flow="delivery-to-fulfillment", source="books", target="shop"
        )
        yield hub


@pytest.fixture
async def yard(store, sap, hub):
    """A hub that enters sales orders."""
    await hub.add_sync("orders", flow="order-to-sales-order", source="shop", target="books")
    await hub.start_worker(schedule=False)
    return Yard(store, sap, hub)


@pytest.fixture
async def reserving(store, sap, hub):
    """A hub that posts reserve invoices."""
    await hub.add_sync(
        "orders",
        flow="order-to-invoice",
        source="shop",
        target="books",
        options={"reserve": "true"},
    )
    await hub.start_worker(schedule=False)
    return Yard(store, sap, hub)
