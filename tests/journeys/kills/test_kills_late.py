"""SAP may still be at work on a document when its sender is gone: nobody may post it again."""

import asyncio

import pytest

from b1bridge.testing.deaths import IN_WRITE, Doom

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WRITES = {
    "BusinessPartners": "open business partner",
    "Invoices": "post invoice",
    "IncomingPayments": "post payment",
}
# The hub waits three seconds for an answer, and as long again in doubt (SAP_TIMEOUT).
SLOW, TOO_SLOW = 1.5, 4.5


async def test_what_sap_commits_after_the_hub_has_died_is_not_posted_again(new_world):
    async with new_world(1) as world:
        for resource in WRITES:
            await world.trouble("delay", method="POST", resource=resource, seconds=SLOW)
        await world.orders(1)

        for step in WRITES.values():
            await world.dies(Doom(IN_WRITE, step))
        await world.settles()

        assert world.deaths.total() == len(WRITES)
        await the_one_order_is_booked_once(world)


async def test_what_sap_commits_after_the_hub_gave_up_waiting_is_not_posted_again(new_world):
    async with new_world(1) as world:
        for resource in ("Invoices", "IncomingPayments"):
            await world.trouble("delay", method="POST", resource=resource, seconds=TOO_SLOW)
        await world.orders(1)

        await world.settles()

        await the_one_order_is_booked_once(world)


async def test_a_notice_that_waits_behind_a_lost_reply_does_not_post_again(new_world):
    async with new_world(1) as world:
        await world.trouble("delay", method="POST", resource="Invoices", seconds=TOO_SLOW)
        await world.orders(1)
        await world.starts()
        await world.post()
        await world.reached("POST Invoices")

        await world.changes()
        await world.post()
        await world.settles()

        await the_one_order_is_booked_once(world)


async def the_one_order_is_booked_once(world):
    await asyncio.sleep(SLOW)  # whatever SAP still had in hand is booked by then
    proof = await world.proof()
    assert proof.duplicates == ()
    assert (proof.documents_posted, proof.payments_posted) == (1, 1)
    assert proof.holds
    assert world.partners_opened_twice() == []
    assert await world.hub.cases() == []
    assert (await world.hub.verify_audit()).broken_at is None
