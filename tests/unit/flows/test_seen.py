"""An order that is as it was costs one request, and nothing that changed is overlooked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.orders import OrderState
from b1bridge.engine.flow import Did
from b1bridge.flows.customer_to_business_partner import FLOW as CUSTOMER
from b1bridge.flows.order_to_invoice import FLOW as INVOICE
from b1bridge.flows.payment_to_incoming_payment import FLOW as PAYMENT

pytestmark = pytest.mark.anyio

ANNA = Ref("shop", "customer", "7")


@pytest.fixture
def told(story):
    """Return how an order is told again by a run that knows what the last one has seen."""
    story.shop.orders = {
        ref: replace(order, content="c1") for ref, order in story.shop.orders.items()
    }

    async def tell(flow):
        run = story.run.restarted()
        run.seen = story.run.has_seen
        outcome = await story.tell(flow, run)
        story.run.has_seen = run.has_seen
        return outcome, run

    return tell


def change(story, **facts):
    (ref,) = story.shop.orders
    order = story.shop.orders[ref]
    later = order.modified_at + timedelta(seconds=7)
    story.shop.orders[ref] = replace(order, **{"modified_at": later} | facts)


async def test_the_echo_of_our_own_note_reads_nothing_but_the_version(told):
    await told(INVOICE)

    outcome, run = await told(INVOICE)

    assert outcome.did is Did.ALREADY_THERE
    assert run.steps_taken == ["read order"]


async def test_an_echo_of_an_echo_does_not_either(told):
    await told(INVOICE)
    await told(INVOICE)

    _, run = await told(INVOICE)

    assert run.steps_taken == ["read order"]


async def test_an_order_that_changed_while_it_was_noted_is_read_again(story, told):
    story.shop.meanwhile = lambda: change(story, content="c2")
    await told(INVOICE)

    _, run = await told(INVOICE)

    assert "read posted documents" in run.steps_taken


async def test_an_order_that_changed_after_it_was_posted_is_read_again(story, told):
    await told(INVOICE)
    change(story)

    _, run = await told(INVOICE)

    assert "read posted documents" in run.steps_taken


async def test_a_cart_that_was_paid_at_last_is_posted(story, told):
    change(story, state=OrderState.UNPAID_CART)
    skipped, _ = await told(INVOICE)
    again, _ = await told(INVOICE)
    change(story, state=OrderState.OPEN, content="c2")

    posted, _ = await told(INVOICE)

    assert (skipped.did, again.did, posted.did) == (Did.SKIPPED, Did.SKIPPED, Did.POSTED)


async def test_what_was_captured_before_is_not_looked_for_again(story, told):
    await story.tell(INVOICE)
    story.shop.pay("1", "50.00")
    await told(PAYMENT)

    outcome, run = await told(PAYMENT)

    assert outcome.did is Did.ALREADY_THERE
    assert run.steps_taken == ["read payments"]


async def test_what_was_captured_since_is_posted(story, told):
    await story.tell(INVOICE)
    story.shop.pay("1", "50.00")
    await told(PAYMENT)
    story.shop.pay("2", "20.00")

    outcome, _ = await told(PAYMENT)

    assert outcome.did is Did.POSTED
    assert len(story.books.incoming) == 2


async def test_a_payment_that_came_before_its_invoice_is_not_forgotten(story, told):
    story.shop.pay("1", "50.00")
    early, _ = await told(PAYMENT)
    await story.tell(INVOICE)

    late, _ = await told(PAYMENT)

    assert (early.did, late.did) == (Did.SKIPPED, Did.POSTED)


async def test_a_payment_whose_case_was_ignored_is_not_called_posted(story, told):
    story.shop.pay("1", "50.00")
    story.run.has_seen = "1 50.00 EUR"

    outcome, _ = await told(PAYMENT)

    assert outcome.did is Did.SKIPPED


async def test_a_shopper_who_has_not_changed_is_not_looked_for_again(story, told):
    story.run = story.run.about(ANNA)
    first, _ = await told(CUSTOMER)

    again, run = await told(CUSTOMER)

    assert (first.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert run.steps_taken == ["read customer"]
