"""Gathers what both sides and the case list say, once everything has settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal

import httpx

from b1bridge.bootstrap import Hub
from b1bridge.demo.sap import trusting
from b1bridge.demo.sap_ledger import SapLedger
from b1bridge.demo.settings import Places
from b1bridge.demo.shop.books import Books
from b1bridge.demo.shop.carts import Cart
from b1bridge.demo.shop.configuring import Keys
from b1bridge.demo.shop.ledger import ShopLedger
from b1bridge.demo.shop.proof import Evidence, order_of
from b1bridge.demo.shop.settings import SHOP, WAREHOUSE
from b1bridge.engine.flow import Did
from b1bridge.engine.records import Case

_EVERY_RUN = 1_000_000


async def gather(
    hub: Hub, places: Places, keys: Keys, books: Books, placed: Mapping[int, Cart]
) -> tuple[Evidence, list[Case]]:
    """Read both ledgers and the open cases."""
    cases = await hub.cases()
    in_cases = _orders(case.ref for case in cases)
    with (
        httpx.Client(base_url=places.sap_url, verify=trusting(places), timeout=120) as sap_http,
        httpx.Client(base_url=places.front_url, timeout=120) as shop_http,
    ):
        sap = SapLedger(sap_http, keys.company, keys.user, keys.password)
        shop = ShopLedger(shop_http)
        documents = sap.documents("Invoices", f"{SHOP}/order/")
        booked = {order_of(document.reference) for document in documents}
        evidence = Evidence(
            orders=shop.orders(),
            documents=documents,
            payments=sap.payments("IncomingPayments", f"{SHOP}/payment/"),
            memos=sap.documents("CreditNotes", f"{SHOP}/"),
            paid_out=sap.payments("VendorPayments", f"{SHOP}/refund/"),
            in_cases=in_cases,
            explained=await _explained(hub),
            shop_stock=shop.stock(),
            sap_stock=_to_show(sap, books, placed, in_cases - booked),
        )
    return evidence, cases


async def _explained(hub: Hub) -> set[int]:
    """Return the orders whose run ended without a document, and said why."""
    runs = await hub.runs(state="finished", sync="orders", limit=_EVERY_RUN)
    return _orders(str(run.ref) for run in runs if run.outcome == Did.SKIPPED and run.reason)


def _to_show(
    sap: SapLedger, books: Books, placed: Mapping[int, Cart], waiting: set[int]
) -> dict[str, int]:
    """Return what the shop should show: what SAP can promise, less what still waits for SAP."""
    available = sap.available({WAREHOUSE})
    held: dict[str, Decimal] = {}
    for order in waiting:
        for line in placed[order].lines:
            held[line.sku] = held.get(line.sku, Decimal(0)) + max(line.quantity, 0)
    return {
        ware.sku: _shown(available[ware.sku] - held.get(ware.sku, Decimal(0)))
        for ware in books.wares
        if ware.sku in available
    }


def _shown(pieces: Decimal) -> int:
    return max(0, int(pieces.to_integral_value(ROUND_FLOOR)))


def _orders(references: Iterable[str]) -> set[int]:
    found = (order_of(reference) for reference in references if "/order/" in reference)
    return {id_ for id_ in found if id_ is not None}
