"""A death after any step of the prepaid scheme leaves each document there once."""

import httpx
import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR as BIGCOMMERCE
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.sap_b1 import CONNECTOR as SAP
from b1bridge.domain.identity import Ref
from b1bridge.engine.options import options_of
from b1bridge.flows import discover
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun
from b1bridge.testing.worlds import connect

from .conftest import CROSSWALKS

pytestmark = pytest.mark.anyio

FLOWS = discover()
CHAIN = ("order-to-sales-order", "payment-to-down-payment", "sales-order-to-invoice")
CHAIN += ("payment-to-incoming-payment",)


@pytest.mark.parametrize("nth_step", range(1, 7))
@pytest.mark.parametrize("dying", CHAIN[1:3])
async def test_a_death_after_any_step_posts_everything_once(sap, dying, nth_step):
    store = Simulator(prices_include_tax=False)
    store.adds_product("MUG", 10)
    order = store.shopper_orders([("MUG", 2, "50.00", "19")])
    store.pays(order, "60.00")
    store.pays(order, "59.00")
    shop = connect(BIGCOMMERCE, store, name="shop")
    settings = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
    known = SAP.settings(**settings)
    line = httpx.AsyncClient(transport=sap.transport(), base_url=known.service_root)
    books = SAP.build("books", known, line)
    run = CrashingRun(Ref("shop", "order", str(order)), crosswalks=CROSSWALKS)
    for name in CHAIN:
        flow = FLOWS[name]
        told = run.about(run.ref)
        if name == dying:
            told = CrashingRun(run.ref, "books", run.links, run.in_flight, CROSSWALKS)
            told.nth_step = nth_step
            with pytest.raises(Crash):
                await flow.body(told, shop, books, options_of(flow, {}))
            told = told.resumed()
        await flow.body(told, shop, books, options_of(flow, {}))
    await books.aclose()
    await line.aclose()

    counts = {kind: len(sap.company.query(kind)) for kind in ("Invoices", "DownPayments")}
    assert counts == {"Invoices": 1, "DownPayments": 2}
    assert len(sap.company.query("IncomingPayments")) == 2
    assert [p["CurrentAccountBalance"] for p in sap.company.query("BusinessPartners")] == [0]
