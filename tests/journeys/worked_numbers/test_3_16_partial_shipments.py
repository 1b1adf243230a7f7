"""Ten ordered, six and three sent, one cancelled (correctness-rules 3.16), on both sides."""

from decimal import Decimal

import pytest
from tests.journeys.schemes.conftest import CARD, RECEIVABLES

from .conftest import INVOICED, money

pytestmark = pytest.mark.anyio

FLOWS = INVOICED
OPTIONS = {"order-to-invoice": {"reserve": "yes"}}


async def delivers(desk, invoice, quantity, tracking):
    """Let the warehouse deliver so much of a reserve invoice, and the hub look."""
    base = {"BaseType": 13, "BaseEntry": invoice["DocEntry"], "BaseLine": 0, "Quantity": quantity}
    delivery = {"CardCode": invoice["CardCode"], "DocumentLines": [base]}
    desk.company.create("DeliveryNotes", delivery | {"TrackingNumber": tracking})
    await desk.hub.sync_now("shipments", None, dry_run=False)
    await desk.settled()


async def test_six_and_three_of_ten_are_two_fulfillments_and_one_is_refunded(desk):
    await desk.hub.add_sync(
        "shipments", flow="delivery-to-fulfillment", source="books", target="shop"
    )
    order = desk.store.shopper_orders([("MUG", 10, "10.00", "20")])
    desk.store.pays(order)
    await desk.knock(order)
    invoice = desk.invoice(order)

    await delivers(desk, invoice, 6, "A")
    await delivers(desk, invoice, 3, "B")
    desk.store.refunds(order, items=[("MUG", 1)])
    await desk.knock(order)

    assert await desk.cases_of(order) == []
    sent = desk.store.store.orders[order].shipments
    parcels = [(list(one.items.values()), one.tracking_number) for one in sent]
    assert parcels == [([6], "A"), ([3], "B")]
    assert [money(memo["DocTotal"]) for memo in desk.company.query("CreditNotes")] == [Decimal(12)]
    assert desk.company.read("Items", {"ItemCode": "MUG"})["QuantityOnStock"] == 10000 - 9
    assert (desk.balance(RECEIVABLES), desk.balance(CARD)) == (0, 108)
