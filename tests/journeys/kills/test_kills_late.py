"""SAP may still be at work on a document when its sender is gone: nobody may post it again."""

import asyncio

import pytest

from b1bridge.testing.deaths import IN_WRITE, Doom

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WRITES = {
    "Invoices": "post invoice",
    "IncomingPayments": "post payment",
    "BusinessPartners": "open business partner",
}


@pytest.mark.parametrize("resource", WRITES)
async def test_what_sap_commits_after_the_hub_has_died_is_not_posted_again(new_world, resource):
    async with new_world(1) as world:
        await world.trouble("delay", method="POST", resource=resource, seconds=2.0)
        await world.orders(1)

        await world.dies(Doom(IN_WRITE, WRITES[resource]))
        await world.settles()

        assert sum(world.deaths.values()) == 1
        assert await the_one_order_is_booked_once(world)


@pytest.mark.parametrize("resource", ["Invoices", "IncomingPayments"])
async def test_what_sap_commits_after_the_hub_gave_up_waiting_is_not_posted_again(
    new_world, resource
):
    async with new_world(1) as world:
        await world.trouble("delay", method="POST", resource=resource, seconds=4.5)
        await world.orders(1)

        await world.settles()

        assert await the_one_order_is_booked_once(world)


async def test_a_notice_that_waits_behind_a_lost_reply_does_not_post_again(new_world):
    async with new_world(1) as world:
        await world.trouble("delay", method="POST", resource="Invoices", seconds=4.5)
        await world.orders(1)
        await world.starts()
        await world.post()
        await asyncio.sleep(1.5)
        await world.changes()
        await world.post()
        await world.settles()

        assert await the_one_order_is_booked_once(world)


async def the_one_order_is_booked_once(world):
    await asyncio.sleep(2.0)  # whatever SAP still has in hand is booked by then
    proof = await world.proof()
    assert proof.duplicates == ()
    assert (proof.documents_posted, proof.payments_posted) == (1, 1)
    assert await world.hub.cases() == []
    assert (await world.hub.verify_audit()).broken_at is None
    return proof.holds
