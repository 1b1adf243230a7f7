"""The reconciliation of a recent day tells of stock that somebody changed by hand."""

import asyncio

import pytest

from b1bridge.domain.identity import Ref
from b1sim.company import clerk

pytestmark = pytest.mark.anyio


async def test_stock_that_was_edited_by_hand_is_named_and_what_mends_itself_is_explained(
    office, store, sap
):
    clerk.set_stock(sap.company, "MUG", "500")
    clerk.set_stock(sap.company, "PEN", "500")
    stock = {"source": "books", "target": "shop", "options": {"warehouses": ["01"]}}
    await office.tell(office.sells())
    await office.hub.add_sync("stock", flow="stock-to-shop", **stock)
    await office.hub.start("stock", Ref("books", "all", "stock-to-shop"), "clerk")
    await office.settled()
    assert (await office.compare()).differences == ()

    store.store.products["PEN"].on_hand[1] = 7
    await asyncio.sleep(1.1)  # the shop tells whole seconds
    office.sells([("MUG", 2, "10.00", "19")])
    found = await office.compare()

    stock = {one.order.id: one for one in found.differences if one.order.kind == "sku"}
    assert {sku.partition("@")[0] for sku in stock} == {"MUG", "PEN"}
    assert [(one.kind.value, one.order.id.partition("@")[0]) for one in found.unexplained] == [
        ("stock off", "PEN")
    ]
