"""An order that is cancelled first and refunded afterwards, which the shop then calls refunded."""

import pytest

from b1bridge.engine.flow import Did

pytestmark = pytest.mark.anyio

MUGS = ("MUG", 5, "20.00", "19")
REFUNDED = 4


async def test_a_cancelled_order_that_becomes_refunded_needs_no_further_documents(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    await journey.tell(order)
    journey.store.cancels(order)
    await journey.tell(order)
    paid = journey.charged(order)
    assert (journey.net(), journey.owing()) == (0, -paid)

    journey.store.refunds(order, amount=f"{paid}")
    journey.store.moves_to(order, REFUNDED)
    outcome = await journey.tell(order)
    await journey.tell(order)

    assert outcome.did is Did.ALREADY_THERE
    counts = {kind: len(journey.standing(kind)) for kind in ("Invoices", "CreditNotes")}
    assert counts == {"Invoices": 1, "CreditNotes": 1}
    assert (journey.net(), journey.owing(), journey.gone()) == (0, 0, {})
    assert len(journey.sap.company.query("VendorPayments")) == 1


async def test_goods_of_an_order_refunded_as_an_amount_come_back_when_it_is_cancelled(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    await journey.tell(order)
    journey.store.refunds(order, amount=f"{journey.charged(order)}")
    await journey.tell(order)
    assert journey.gone() == {"MUG": 5}

    journey.store.cancels(order)
    await journey.tell(order)
    await journey.tell(order)

    assert (journey.net(), journey.owing(), journey.gone()) == (0, 0, {})
    memos = [memo["DocTotal"] for memo in journey.standing("CreditNotes")]
    assert sorted(memos) == [0, journey.charged(order)]
