"""Whatever dies, repeats or gets lost, in whatever order: never a second document."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.orders import OrderState
from b1bridge.domain.tax import predicted_totals
from b1bridge.errors import BridgeError
from b1bridge.flows import discover
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun

pytestmark = pytest.mark.anyio

ORDER = Ref("shop", "order", "101")
FLOWS = discover()
attempts = st.lists(
    st.fixed_dictionaries(
        {
            "flow": st.sampled_from(["order-to-invoice", "payment-to-incoming-payment"]),
            "dies_at": st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7]),
            "then": st.sampled_from(["resumed", "restarted"]),
            "loses": st.lists(
                st.sampled_from(["open_partner", "post_document", "post_payment"]), max_size=2
            ),
            "meanwhile": st.sampled_from(["nothing", "cancelled", "reopened", "link lost", "paid"]),
        }
    ),
    min_size=1,
    max_size=6,
)


def happens(story, what):
    found = story.shop.orders[ORDER]
    if what == "cancelled":
        story.shop.orders[ORDER] = replace(found, state=OrderState.CANCELLED)
    if what == "reopened":
        story.shop.orders[ORDER] = replace(found, state=OrderState.OPEN)
    if what == "link lost":
        story.run.links.known.clear()
    if what == "paid" and not story.shop.paid:
        story.shop.pay("1", "50.00", "gift_certificate")
        story.shop.pay("2", "22.60")


async def attempt(story, told):
    """Run once, and once more after a death; refusals wait for people, as they would."""
    again = story.run.restarted()
    run = CrashingRun(
        again.ref, again.target, again.links, again.in_flight, again.crosswalks, again.clock,
        nth_step=told["dies_at"],
    )  # fmt: skip
    story.books.losing = list(told["loses"])
    flow = FLOWS[told["flow"]]
    try:
        try:
            await story.tell(flow, run)
        except Crash:
            happens(story, told["meanwhile"])
            await story.tell(flow, getattr(run, told["then"])())
    except BridgeError:
        return


def comes_to(story):
    """Return what invoices less credit memos come to; a cancelled order is credited as a whole."""
    signs = {DocumentKind.INVOICE: 1, DocumentKind.CREDIT_MEMO: -1}
    found = story.books.documents
    return sum((signs[one.kind] * predicted_totals(one).total.amount for one in found), Decimal(0))


@given(attempts=attempts)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_never_a_second_document(new_story, attempts):
    story = new_story()
    for told in attempts:
        happens(story, told["meanwhile"])
        await attempt(story, told)

    references = [payment.reference for payment in story.books.incoming]
    named = [(document.kind, document.reference) for document in story.books.documents]
    assert len(named) == len(set(named))
    assert comes_to(story) in {Decimal(0), Decimal("72.60")}
    assert len(story.books.partners) <= 1
    assert len(references) == len(set(references))


@given(attempts=attempts)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_when_the_trouble_is_over_everything_is_there(new_story, attempts):
    story = new_story()
    for told in attempts:
        await attempt(story, told | {"meanwhile": "nothing"})
    happens(story, "paid")

    for name in ("order-to-invoice", "payment-to-incoming-payment"):
        await story.tell(FLOWS[name])

    assert len(story.books.documents) == 1
    assert len(story.books.incoming) == 2
    assert await story.run.in_flight.quantities() == {}
