"""Captured payments settle the invoice, each once, on its own account."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.flows.order_to_invoice import FLOW as ORDER_FLOW
from b1bridge.flows.payment_to_incoming_payment import FLOW
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun

pytestmark = pytest.mark.anyio


@pytest.fixture
async def invoiced(story):
    await story.tell(ORDER_FLOW)
    return story


async def test_split_tender_is_posted_each_part_on_its_own_account(invoiced):
    invoiced.shop.pay("1", "50.00", "gift_certificate")
    invoiced.shop.pay("2", "22.60")

    outcome = await invoiced.tell(FLOW)

    assert outcome.did is Did.POSTED
    assert [(p.reference, p.account, str(p.amount)) for p in invoiced.books.incoming] == [
        ("shop/payment/1", "2170", "50.00 EUR"),
        ("shop/payment/2", "1020", "22.60 EUR"),
    ]
    assert {s.entry for p in invoiced.books.incoming for s in p.settles} == {0}
    assert await invoiced.run.links.linked(Ref("shop", "payment", "2"), "incoming payment")


async def test_an_order_without_captured_money_is_skipped(invoiced):
    outcome = await invoiced.tell(FLOW)

    assert outcome.did is Did.SKIPPED
    assert "captured no payment" in outcome.reason


async def test_a_payment_before_its_invoice_is_left_to_the_orders_run(story):
    story.shop.pay("1", "10.00")

    outcome = await story.tell(FLOW)

    assert outcome.did is Did.SKIPPED
    assert "no invoice carries this order yet" in outcome.reason
    assert story.books.incoming == []


@pytest.mark.parametrize("nth_step", [1, 2, 3, 4])
@pytest.mark.parametrize("again", ["resumed", "restarted"])
async def test_a_crash_at_any_step_posts_each_payment_once(invoiced, nth_step, again):
    invoiced.shop.pay("1", "50.00")
    invoiced.shop.pay("2", "22.60")
    run = CrashingRun(
        invoiced.run.ref, crosswalks=invoiced.run.crosswalks, links=invoiced.run.links,
        nth_step=nth_step,
    )  # fmt: skip

    with pytest.raises(Crash):
        await invoiced.tell(FLOW, run)
    await invoiced.tell(FLOW, getattr(run, again)())

    assert [p.reference for p in invoiced.books.incoming] == ["shop/payment/1", "shop/payment/2"]


async def test_a_lost_reply_posts_the_payment_once(invoiced):
    invoiced.shop.pay("1", "72.60")
    invoiced.books.losing = ["post_payment"]

    first = await invoiced.tell(FLOW)
    again = await invoiced.tell(FLOW)

    assert (first.did, again.did) == (Did.ALREADY_THERE, Did.ALREADY_THERE)
    assert len(invoiced.books.incoming) == 1


async def test_a_later_capture_is_added_to_the_earlier_one(invoiced):
    invoiced.shop.pay("1", "50.00")
    await invoiced.tell(FLOW)
    invoiced.shop.pay("2", "22.60")

    outcome = await invoiced.tell(FLOW)

    assert outcome.did is Did.POSTED
    assert len(invoiced.books.incoming) == 2


async def test_more_money_than_the_invoice_posts_nothing(invoiced):
    invoiced.shop.pay("1", "72.60")
    invoiced.shop.pay("2", "0.01")

    with pytest.raises(NeedsOperator) as case:
        await invoiced.tell(FLOW)

    assert case.value.reason == "OVERPAID"
    assert invoiced.books.incoming == []


async def test_one_method_nobody_entered_posts_none_of_the_tenders(invoiced):
    invoiced.shop.pay("1", "50.00")
    invoiced.shop.pay("2", "22.60", "wallet")

    with pytest.raises(NeedsOperator) as case:
        await invoiced.tell(FLOW)

    assert case.value.reason == "PAYMENT_METHOD_MAP"
    assert invoiced.books.incoming == []
