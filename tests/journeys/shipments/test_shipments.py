"""Deliveries of SAP are shown in the store: once, as they are, and corrected when they are."""

import pytest

pytestmark = pytest.mark.anyio

TEN = ("MUG", 10, "10.00", "20")


async def test_six_and_three_of_ten_and_one_cancelled_are_two_fulfillments(yard):
    order = await yard.sell(TEN)

    yard.deliver(order, (0, 6), TrackingNumber="A", TransportationCode=1)
    await yard.look()
    yard.deliver(order, (0, 3), TrackingNumber="B", TransportationCode=1)
    yard.store.refunds(order, items=[("MUG", 1)])
    await yard.look()

    assert yard.shown(order) == [({"MUG": 6}, "ups", "A"), ({"MUG": 3}, "ups", "B")]
    assert await yard.hub.cases() == []


async def test_a_backorder_tells_the_shop_what_left_and_keeps_the_rest_open(yard):
    order = await yard.sell(TEN)

    yard.deliver(order, (0, 6), TrackingNumber="A")
    await yard.look()

    row = yard.document("Orders", order)["DocumentLines"][0]
    assert yard.shown(order) == [({"MUG": 6}, "", "A")]
    assert row["RemainingOpenQuantity"] == 4
    (run,) = [run for run in await yard.hub.runs() if run.flow == "delivery-to-fulfillment"]
    assert run.figures == {"parcels": 1, "open": 4}
    assert run.reason.startswith("4 still to come, expected by 20")


async def test_looking_again_and_the_shop_s_own_notice_change_nothing(yard):
    order = await yard.sell(TEN)
    yard.deliver(order, (0, 10), TrackingNumber="A")
    await yard.look()
    before = yard.shown(order)

    for _ in range(3):
        await yard.look()
        await yard.hears(order)

    assert yard.shown(order) == before == [({"MUG": 10}, "", "A")]
    assert len(yard.sap.company.query("Orders")) == 1
    assert await yard.hub.cases() == []


async def test_a_delivery_of_a_reserve_invoice_is_shown(reserving):
    order = await reserving.sell(TEN)

    reserving.deliver(order, (0, 10), base="Invoices", TrackingNumber="A; B", TransportationCode=2)
    await reserving.look()

    assert reserving.shown(order) == [({"MUG": 5}, "dhl", "A"), ({"MUG": 5}, "dhl", "B")]


async def test_a_corrected_tracking_number_updates_the_fulfillment(yard):
    order = await yard.sell(TEN)
    delivery = yard.deliver(order, (0, 10))
    await yard.look()
    untracked = yard.shown(order)

    yard.sap.clock.move(60)
    yard.relabel(delivery, TrackingNumber="A")
    await yard.look()

    assert untracked == [({"MUG": 10}, "", "")]
    assert yard.shown(order) == [({"MUG": 10}, "", "A")]


async def test_a_cancelled_delivery_is_taken_back_and_its_successor_shown(yard):
    order = await yard.sell(TEN)
    wrong = yard.deliver(order, (0, 10), TrackingNumber="A")
    await yard.look()

    yard.sap.clock.move(60)
    yard.cancel(wrong)
    yard.deliver(order, (0, 4), TrackingNumber="B")
    await yard.look()

    assert yard.shown(order) == [({"MUG": 4}, "", "B")]
    assert await yard.hub.cases() == []


async def test_every_order_gets_its_own_goods(yard):
    first = await yard.sell(("MUG", 2, "10.00", "20"), ("LAMP", 1, "5.00", "7"))
    second = await yard.sell(("MUG", 3, "10.00", "20"))
    yard.deliver(first, (0, 2), (1, 1), TrackingNumber="A")
    yard.deliver(second, (0, 3), TrackingNumber="B")

    await yard.look()

    assert yard.shown(first) == [({"MUG": 2, "LAMP": 1}, "", "A")]
    assert yard.shown(second) == [({"MUG": 3}, "", "B")]


async def test_more_than_was_sold_is_a_case_and_later_deliveries_go_on(yard):
    order = await yard.sell(TEN)
    other = await yard.sell(("LAMP", 1, "5.00", "7"))
    yard.store.changes_quantity(order, "MUG", 4)
    yard.deliver(order, (0, 6), TrackingNumber="A")
    yard.deliver(other, (0, 1), TrackingNumber="B")

    await yard.look()

    (case,) = await yard.hub.cases()
    assert case.reason == "SHIPPED_TOO_MUCH"
    assert "2 of MUG more" in case.message
    assert yard.shown(order) == []
    assert yard.shown(other) == [({"LAMP": 1}, "", "B")]


async def test_what_was_delivered_while_nobody_looked_is_found(yard):
    order = await yard.sell(TEN)
    await yard.look()
    yard.sap.clock.move(3600)
    for number in range(5):
        yard.deliver(order, (0, 2), TrackingNumber=f"T{number}")
        yard.sap.clock.move(1800)

    await yard.look()

    assert sorted(tracking for _, _, tracking in yard.shown(order)) == [f"T{n}" for n in range(5)]
    assert sum(pieces["MUG"] for pieces, _, _ in yard.shown(order)) == 10


async def test_an_answer_of_the_shop_that_is_lost_ships_nothing_twice(yard, line_to_shop):
    order = await yard.sell(TEN)
    yard.deliver(order, (0, 10), TrackingNumber="A, B")
    line_to_shop.only = lambda it: it.method == "POST" and it.url.path.endswith("/shipments")
    line_to_shop.lose_reply(times=2)

    await yard.look()

    assert not line_to_shop.faults
    assert yard.shown(order) == [({"MUG": 5}, "", "A"), ({"MUG": 5}, "", "B")]
