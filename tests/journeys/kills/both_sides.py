"""Both systems as they are, past the hub, and where they differ."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import httpx

from b1bridge.demo.sap_ledger import SapLedger
from b1bridge.demo.shop.configuring import Keys
from b1bridge.demo.shop.ledger import ShopLedger
from b1bridge.demo.shop.settings import SHOP, WAREHOUSE
from b1bridge.domain.claims import owed
from b1bridge.domain.money import Money

SHIPPED, CANCELLED = 2, 5
CURRENCY = "EUR"
KEYS = Keys(fingerprint="")
DOCUMENTS = ("Orders", "Returns", "DownPayments", "Invoices", "CreditNotes")
PAYMENTS = ("IncomingPayments", "VendorPayments")


@dataclass(frozen=True)
class Ordered:
    """An order as the shop says it is, and what its documents must come to."""

    id: int
    status: int
    total: Decimal
    captured: Decimal
    refunded: Decimal

    @property
    def is_standing(self):
        return self.status != CANCELLED

    @property
    def is_shipped(self):
        return self.status == SHIPPED

    @property
    def due(self):
        """Return what is still to be paid."""
        return self.total - self.captured if self.is_standing else Decimal(0)

    @property
    def owed(self):
        total = self.total if self.is_standing else Decimal(0)
        known = (Money.of(str(one), CURRENCY) for one in (total, self.captured, self.refunded))
        return owed(*known).amount


@dataclass(frozen=True)
class Sides:
    """What both hold; documents by kind with their amounts, all under the hub's references."""

    shop: dict
    documents: dict
    payments: dict
    partners: list
    stock: dict
    parcels: dict

    def doubled(self):
        """Return what two documents or payments of a kind are called."""
        named = [(kind, one.reference) for kind, all_ in self.documents.items() for one in all_]
        named += [(kind, one) for kind, all_ in self.payments.items() for one, _ in all_]
        return [name for name, times in Counter(named).items() if times > 1]

    def lost(self):
        """Return the orders that stand, and no invoice tells of them."""
        there = {number(one.reference) for one in self.documents["Invoices"]}
        return [one.id for one in self.shop.values() if one.is_standing and one.id not in there]

    def apart(self):
        """Return each order whose books differ from what the shop says, with both sides."""
        found = {}
        for order in self.shop.values():
            told = (order.owed, order.captured, order.refunded)
            held = (self._net(order.id), *(self._paid(kind, order.id) for kind in PAYMENTS))
            if not order.is_standing:
                # What was called off before the books knew of its money needs no booking at all.
                told, held = [(net, into - out) for net, into, out in (told, held)]
            if told != held:
                found[order.id] = (told, held)
        return found

    def owing(self):
        """Return who owes or is owed something: everybody has paid for what they kept."""
        return {
            one["CardCode"]: one["CurrentAccountBalance"]
            for one in self.partners
            if Decimal(one["CurrentAccountBalance"])
        }

    def addresses_twice(self):
        """Return the ship-to addresses that a card holds more than once."""
        held = Counter(
            (one["CardCode"], address["Street"], address["City"])
            for one in self.partners
            for address in one["BPAddresses"]
            if address["AddressType"] == "bo_ShipTo"
        )
        return [address for address, times in held.items() if times > 1]

    def stock_apart(self):
        return {sku: both for sku, both in self.stock.items() if both[0] != both[1]}

    def parcels_apart(self):
        return {order: both for order, both in self.parcels.items() if both[0] != both[1]}

    def _net(self, order):
        """Return what invoices less memos come to; an invoice counts what it drew as paid."""
        sums = {
            kind: sum(one.total for one in all_ if number(one.reference) == order)
            for kind, all_ in self.documents.items()
        }
        return sums["Invoices"] + sums["DownPayments"] - sums["CreditNotes"]

    def _paid(self, kind, order):
        return sum(amount for name, amount in self.payments[kind] if number(name) == order)


async def shop_orders(world):
    """Return every order as the shop says it is now, by its number."""
    return await asyncio.to_thread(_shop_orders, world.shop_http.base_url)


async def both_sides(world):
    """Read both systems."""
    return await asyncio.to_thread(_sides, world.sap.base_url, world.shop_http.base_url)


def _shop_orders(url):
    with httpx.Client(base_url=url, timeout=60) as http:
        return {
            one.id: Ordered(one.id, one.status, one.total, one.captured, one.refunded)
            for one in ShopLedger(http).orders()
        }


def _sides(sap_url, shop_url):
    with httpx.Client(base_url=shop_url, timeout=60) as http:
        shown = ShopLedger(http).stock()
        orders = _shop_orders(shop_url)
        parcels = {order: _shown_parcels(http, order) for order in orders}
    with httpx.Client(base_url=sap_url, timeout=60) as http:
        sap = SapLedger(http, KEYS.company, KEYS.user, KEYS.password)
        shelf = {code: int(many) for code, many in sap.available({WAREHOUSE}).items()}
        sent = _sent_parcels(http)
        partners = _all(http, "BusinessPartners", "endswith(EmailAddress,'@shopper.example')")
        return Sides(
            orders,
            {name: sap.documents(name, f"{SHOP}/") for name in DOCUMENTS},
            {name: sap.payments(name, f"{SHOP}/") for name in PAYMENTS},
            partners,
            {sku: (many, shelf[sku]) for sku, many in shown.items()},
            {order: (sent.get(order, []), there) for order, there in parcels.items()},
        )


def _shown_parcels(http, order):
    """Return tracking and pieces of each parcel that the shop shows."""
    path = f"/stores/{KEYS.store_hash}/v2/orders/{order}/shipments"
    reply = http.get(path, headers={"X-Auth-Token": KEYS.access_token})
    reply.raise_for_status()
    shown = json.loads(reply.content or b"[]")
    return sorted((one["tracking_number"], _pieces(one["items"], "quantity")) for one in shown)


def _sent_parcels(http):
    """Return tracking and pieces of each delivery that stands, by the order it was drawn from."""
    ordered = {
        one["DocEntry"]: number(one["NumAtCard"])
        for one in _all(http, "Orders", f"startswith(NumAtCard,'{SHOP}/')")
    }
    found = {}
    for one in _all(http, "DeliveryNotes", "CancelStatus eq 'csNo'"):
        rows = [row for row in one["DocumentLines"] if row["BaseEntry"] in ordered]
        for order in {ordered[row["BaseEntry"]] for row in rows}:
            parcel = (one["TrackingNumber"] or "", _pieces(rows, "Quantity"))
            found[order] = sorted([*found.get(order, []), parcel])
    return found


def _pieces(rows, name):
    return sum(int(row[name]) for row in rows)


def _all(http, entity_set, wanted):
    headers = {"Prefer": "odata.maxpagesize=0"}
    reply = http.get(f"/b1s/v2/{entity_set}", params={"$filter": wanted}, headers=headers)
    reply.raise_for_status()
    return json.loads(reply.content, parse_float=Decimal)["value"]


def number(reference):
    """Return the order in web/order/812, web/order/812+1, web/refund/812/5, web/payment/812/9."""
    return int(reference.split("/")[2].partition("+")[0])
