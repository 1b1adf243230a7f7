"""Shoppers become business partners, each once."""

from dataclasses import replace

import anyio
import pytest

from b1bridge.domain.customers import Address, BusinessPartner
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.flows.customer_to_business_partner import FLOW
from b1bridge.flows.order_to_invoice import FLOW as ORDER_FLOW

pytestmark = pytest.mark.anyio

ANNA = Ref("shop", "customer", "7")
ORDER = Ref("shop", "order", "101")


@pytest.fixture
def customer_run(story):
    return story.run.about(ANNA)


async def test_a_new_shopper_gets_one_account_and_a_repeat_finds_it(story, customer_run):
    first = await story.tell(FLOW, customer_run)
    again = await story.tell(FLOW, customer_run.restarted())

    assert (first.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert first.reason == again.reason == f"business partner {next(iter(story.books.partners))}"
    assert [p.email for p in story.books.partners.values()] == ["anna@example.com"]


async def test_an_existing_account_is_linked_and_not_touched(story, customer_run):
    known = BusinessPartner("C1", "Anna (do not touch)", " ANNA@example.com")
    story.books.partners["C1"] = known

    outcome = await story.tell(FLOW, customer_run)

    assert outcome.did is Did.ALREADY_THERE
    assert story.books.partners == {"C1": known}
    assert await story.run.links.linked(ANNA, "business partner") == Ref(
        "books", "business partner", "C1"
    )


async def test_a_linked_account_stays_the_shoppers_when_its_email_changes(story, customer_run):
    await story.run.links.link(ANNA, Ref("books", "business partner", "C1"))
    story.books.partners["C1"] = BusinessPartner("C1", "Anna", "old@example.com")

    outcome = await story.tell(FLOW, customer_run)

    assert outcome.reason == "business partner C1"
    assert list(story.books.partners) == ["C1"]


async def test_a_link_to_an_account_that_is_gone_falls_back_to_the_email(story, customer_run):
    await story.run.links.link(ANNA, Ref("books", "business partner", "GONE"))
    story.books.partners["C2"] = BusinessPartner("C2", "Anna", "anna@example.com")

    outcome = await story.tell(FLOW, customer_run)

    assert outcome.reason == "business partner C2"


async def test_several_accounts_with_one_email_are_a_case(story, customer_run):
    for code in ("C1", "C2"):
        story.books.partners[code] = BusinessPartner(code, code, "anna@example.com")

    with pytest.raises(NeedsOperator) as case:
        await story.tell(FLOW, customer_run)
    story.run.crosswalks["customer"] = {"anna@example.com": "C2"}
    decided = await story.tell(FLOW, customer_run.restarted())

    assert case.value.reason == "AMBIGUOUS_CUSTOMER"
    assert decided.reason == "business partner C2"


async def test_under_a_collective_account_nobody_is_opened(story, customer_run):
    outcome = await story.tell(FLOW, customer_run, partners="collective", collective_partner="WEB")

    assert (outcome.did, story.books.partners) == (Did.SKIPPED, {})
    assert "WEB" in outcome.reason


async def test_an_order_under_a_collective_account_is_posted_to_it(story):
    await story.tell(ORDER_FLOW, partners="collective", collective_partner="WEB")

    assert story.books.documents[0].business_partner == "WEB"


async def test_three_first_orders_of_one_guest_at_once_open_one_account(story):
    guest = replace(story.shop.orders[ORDER].customer, ref=None)
    runs = []
    for id_ in ("1", "2", "3"):
        ref = Ref("shop", "order", id_)
        story.shop.orders[ref] = replace(
            story.shop.orders[ORDER], ref=ref, number=id_, customer=guest
        )
        runs.append(story.run.about(ref))
    together = story.books.partners_by_email
    waiting = anyio.Event()

    async def asked_together(email):
        found = await together(email)
        asked.append(email)
        if len(asked) == len(runs):
            waiting.set()
        await waiting.wait()
        return found

    asked = []
    story.books.partners_by_email = asked_together
    async with anyio.create_task_group() as group:
        for run in runs:
            group.start_soon(story.tell, ORDER_FLOW, run)

    assert len(story.books.partners) == 1
    assert {d.business_partner for d in story.books.documents} == set(story.books.partners)
    assert len(story.books.documents) == 3


async def test_the_same_email_in_another_order_finds_the_account(story):
    guest = replace(story.shop.orders[ORDER].customer, ref=None, email=" ANNA@EXAMPLE.COM ")
    other = Ref("shop", "order", "102")
    story.shop.orders[other] = replace(story.shop.orders[ORDER], ref=other, customer=guest)

    await story.tell(ORDER_FLOW)
    await story.tell(ORDER_FLOW, story.run.about(other))

    assert len(story.books.partners) == 1


async def test_another_email_of_the_same_phone_and_name_finds_the_account(story):
    billing = Address(phone="030 1234567", country="DE")
    known = BusinessPartner("C1", "BERG, Anna", "old@x.com", phones=("+49301234567",))
    story.books.partners["C1"] = known
    order = story.shop.orders[ORDER]
    story.shop.orders[ORDER] = replace(order, customer=replace(order.customer, billing=billing))

    await story.tell(ORDER_FLOW)

    assert story.books.partners == {"C1": known}


async def test_a_tax_id_goes_before_an_email(story, customer_run):
    story.books.partners["C1"] = BusinessPartner("C1", "Anna", "anna@example.com")
    story.books.partners["C2"] = BusinessPartner("C2", "Berg AB", tax_id="SE556677889901")
    story.shop.customers[ANNA] = replace(story.shop.customers[ANNA], tax_id="SE 5566778899 01")

    outcome = await story.tell(FLOW, customer_run)

    assert outcome.reason == "business partner C2"


async def test_what_a_person_entered_goes_before_all_but_the_link(story, customer_run):
    story.books.partners["C1"] = BusinessPartner("C1", "Anna", "anna@example.com")
    story.books.partners["C2"] = BusinessPartner("C2", "Somebody else")
    story.run.crosswalks["customer"] = {"anna@example.com": "C2"}

    outcome = await story.tell(FLOW, customer_run)

    assert outcome.reason == "business partner C2"


async def test_an_entry_for_an_account_that_is_not_there_is_a_case(story, customer_run):
    story.run.crosswalks["customer"] = {"anna@example.com": "C9"}

    with pytest.raises(NeedsOperator, match="C9") as case:
        await story.tell(FLOW, customer_run)

    assert (case.value.reason, story.books.partners) == ("MISSING_CUSTOMER", {})


async def test_each_order_gets_an_account_of_its_own_where_the_store_wants_that(
    story, customer_run
):
    other = Ref("shop", "order", "102")
    story.shop.orders[other] = replace(story.shop.orders[ORDER], ref=other)

    skipped = await story.tell(FLOW, customer_run, partners="per_order")
    await story.tell(ORDER_FLOW, partners="per_order")
    await story.tell(ORDER_FLOW, partners="per_order")
    await story.tell(ORDER_FLOW, story.run.about(other), partners="per_order")

    assert skipped.did is Did.SKIPPED
    assert len(story.books.partners) == 2
    assert {d.business_partner for d in story.books.documents} == set(story.books.partners)
