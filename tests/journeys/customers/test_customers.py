"""Shoppers through the whole hub: one account each, found again, moved, and no echo."""

import pytest

from b1bridge.errors import NeedsOperator
from b1sim.company import clerk

pytestmark = pytest.mark.anyio


async def test_three_first_orders_at_once_open_one_account_and_a_tag_is_another_person(town):
    same = [town.orders(email) for email in ("Anna@X.com", "anna@x.com ", "ANNA@x.com")]
    other = town.orders("anna+1@x.com")

    await town.look("orders", "order", *same, other)

    assert len({town.posted_to(order) for order in same}) == 1
    assert town.posted_to(other) != town.posted_to(same[0])
    assert len([c for c in town.partners() if c.startswith("W")]) == 2


async def test_another_email_with_the_same_phone_and_name_finds_the_account(town):
    address = {"first_name": "Anna", "last_name": "Müller", "phone": "030 1234567"}
    first = town.orders("anna@x.com", address=address)
    await town.look("orders", "order", first)
    spelled = {"first_name": "ANNA", "last_name": "Mueller", "phone": "+49 (30) 123 45 67"}

    second = town.orders("a.mueller@work.example", address=address | spelled)
    await town.look("orders", "order", second)

    assert town.posted_to(second) == town.posted_to(first)


async def test_a_firm_is_known_by_its_tax_id(town):
    clerk.add_partner(town.sap.company, "FIRM", FederalTaxID="DE 123 456 789", Country="DE")
    entered = [{"name": "VAT Number", "value": "de123456789"}]

    order = town.orders("buyer@firm.example", address={"form_fields": entered})
    await town.look("orders", "order", order)

    assert town.posted_to(order) == "FIRM"


async def test_a_relinked_shopper_orders_under_the_other_account_and_what_is_posted_stays(town):
    clerk.add_partner(town.sap.company, "RIGHT", CardName="Anna Ek AB")
    anna = town.store.registers_customer("anna@x.com")
    first = town.orders("anna@x.com", customer=anna)
    await town.look("orders", "order", first)
    shopper = f"shop/customer/{anna}"
    before = await town.hub.customers.show(shopper)

    await town.hub.customers.relink(shopper, "RIGHT", "clerk")
    after = await town.hub.customers.show(shopper)
    second = town.orders("anna@x.com", customer=anna)
    await town.look("orders", "order", second)

    assert [one.code for one in before.partners] == [town.posted_to(first)]
    assert (after.known, [one.code for one in after.partners]) == ("link", ["RIGHT"])
    assert town.posted_to(second) == "RIGHT"
    assert town.posted_to(first) != "RIGHT"
    story = await town.hub.trail(shopper)
    (entry,) = [entry for entry in story.entries if entry.did == "relink"]
    assert (entry.actor, "RIGHT" in entry.detail) == ("clerk", True)


async def test_a_guest_is_relinked_by_email(town):
    clerk.add_partner(town.sap.company, "RIGHT")
    first = town.orders("guest@x.com")
    await town.look("orders", "order", first)

    await town.hub.customers.relink("Guest@X.com", "RIGHT", "clerk")
    second = town.orders("guest@x.com")
    await town.look("orders", "order", second)

    assert town.posted_to(second) == "RIGHT"
    assert (await town.hub.customers.show("guest@x.com")).known == "customer crosswalk"


@pytest.mark.parametrize(
    ("shopper", "code", "told"),
    [("a@b.c", "GONE", "no customer GONE"), ("whoever", "C1", "names no shopper")],
)
async def test_nobody_is_moved_to_an_account_that_is_not_there(town, shopper, code, told):
    clerk.add_partner(town.sap.company, "C1")

    with pytest.raises(NeedsOperator, match=told):
        await town.hub.customers.relink(shopper, code, "clerk")

    assert await town.hub.crosswalk("customer") == {}


async def test_accounts_that_may_be_one_customer_are_listed_together(town):
    company = town.sap.company
    clerk.add_partner(company, "D1", CardName="Anna Ek", EmailAddress="anna@x.com")
    clerk.add_partner(
        company, "D2", CardName="Ek, Anna", EmailAddress=" ANNA@X.com ", Frozen="tYES"
    )
    phone = {"Phone1": "+46 70 123 45 67", "CardName": "Bo Berg"}
    clerk.add_partner(company, "D3", **phone)
    clerk.add_partner(
        company, "D4", **(phone | {"CardName": "BERG Bo", "FederalTaxID": "SE1234567"})
    )
    clerk.add_partner(company, "D5", CardName="Else", FederalTaxID="SE 1234567")
    clerk.add_partner(company, "D6", **(phone | {"CardName": "Somebody else"}))

    found = await town.hub.customers.duplicates("books")

    together = [[partner.code for partner in one.partners] for one in found]
    assert together == [["D3", "D4", "D5"], ["D1", "D2"]]
    assert found[1].keep == "D1"
    assert found[1].shared == ("e-mail anna@x.com",)


async def test_when_nothing_changes_nothing_is_written(town):
    """Our own writes come back as changes (annotated orders, webhooks), and must end there."""
    customer = town.store.registers_customer("anna@x.com")
    orders = [town.orders("anna@x.com", customer=customer), town.orders("bo@x.com")]
    for order in orders:
        town.store.pays(order)
    await town.look("customers", "customer", customer)
    await town.look("orders", "order", *orders)
    before = town.written()

    for _ in range(2):
        for sync in ("orders", "payments"):
            await town.hub.sync_now(sync, town.sap.clock().replace(year=2020))
            await town.settled()
        await town.look("customers", "customer", customer)
        await town.look("orders", "order", *orders)
        await town.look("payments", "order", *orders)

    assert before
    assert town.written() - before == {}
