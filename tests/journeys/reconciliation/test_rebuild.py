"""After the hub's database is lost, shop and books are enough to go on, and nothing is doubled."""

import pytest

from b1sim.world import World

pytestmark = pytest.mark.anyio


def held(sap: World):
    sets = ("Invoices", "CreditNotes", "IncomingPayments", "VendorPayments", "BusinessPartners")
    return {name: len(sap.company.query(name)) for name in sets}


async def lose_the_database(office):
    await office.hub.close()
    await office.open("another")


def restore(office, since):
    return office.hub.rebuilding.rebuild("shop", since, lambda *_: None, "anna")


async def a_day_of_trade(office):
    for _ in range(3):
        office.sells()
    refunded = office.sells()
    office.store.refunds(refunded, items=[("MUG", 1)])
    edited = office.sells([("MUG", 3, "10.00", "19")])
    await office.tell(*office.orders)
    office.store.changes_quantity(edited, "MUG", 2)
    await office.tell(edited)
    assert await office.hub.cases() == []


async def test_the_reconciliation_works_without_the_hub(office):
    await a_day_of_trade(office)
    await lose_the_database(office)

    found = await office.compare(books="books")

    assert not found.hub_known
    assert found.differences == ()


async def test_a_second_full_sync_after_a_rebuild_posts_nothing(office, sap, a_while_ago):
    await a_day_of_trade(office)
    before = held(sap)
    await lose_the_database(office)
    await office.configure()

    restored = await restore(office, a_while_ago.date())
    office.writes.clear()
    await office.hub.sync_now("order-to-invoice", a_while_ago)
    await office.hub.sync_now("payment-to-incoming-payment", a_while_ago)
    await office.hub.sync_now("refund-to-credit-memo", a_while_ago)
    await office.settled()

    assert (restored.orders, restored.unlinked) == (5, 0)
    assert held(sap) == before
    assert office.writes == []
    assert await office.hub.cases() == []
    assert (await office.compare()).differences == ()


async def test_what_was_never_posted_is_found_by_the_next_look(office, a_while_ago):
    await a_day_of_trade(office)
    left = office.sells()
    await lose_the_database(office)
    await office.configure()

    restored = await restore(office, a_while_ago.date())
    await office.hub.sync_now("order-to-invoice")
    await office.settled()

    assert restored.unlinked == 1
    assert office.invoice(left)
    assert (await office.compare()).differences == ()
