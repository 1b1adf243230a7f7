"""Orders become invoices or sales orders, once and to the cent."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import b1bridge.flows
from b1bridge.domain.documents import DocumentKind, Item, Totals
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.engine.flow import Did
from b1bridge.errors import Mismatch, NeedsOperator, OutcomeUnknown, Rejected
from b1bridge.flows import discover
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun, InMemoryRun, StrayedRun

pytestmark = pytest.mark.anyio

ORDER = Ref("shop", "order", "101")
FLOWS = discover()
INVOICE, SALES_ORDER = FLOWS["order-to-invoice"], FLOWS["order-to-sales-order"]
BOTH = pytest.mark.parametrize("flow", [INVOICE, SALES_ORDER], ids=lambda flow: flow.name)


def crashing(run, nth):
    return CrashingRun(
        run.ref, run.target, run.links, run.in_flight, run.crosswalks, run.clock, nth_step=nth
    )


@BOTH
async def test_an_order_is_posted_proved_linked_and_noted_in_the_shop(story, flow, posted_on):
    outcome = await story.tell(flow)

    document = story.books.documents[0]
    kind = document.kind.value
    assert (outcome.did, outcome.reason) == (Did.POSTED, "")
    assert kind == flow.name.removeprefix("order-to-").replace("-", " ")
    assert (document.reference, document.posted_on) == (str(ORDER), posted_on)
    assert document.business_partner in story.books.partners
    assert await story.run.links.linked(ORDER, kind) == Ref("books", kind, "0")
    assert story.run.links.numbers[Ref("books", kind, "0")] == "4700"
    assert story.shop.notes == [(ORDER, 4700)]
    assert await story.run.in_flight.quantities() == {}


@BOTH
@pytest.mark.parametrize("nth_step", range(1, 8))
async def test_a_crash_at_any_step_posts_once(story, flow, nth_step):
    run = crashing(story.run, nth_step)
    with pytest.raises(Crash):
        await story.tell(flow, run)
    await story.tell(flow, run.resumed())

    assert len(story.books.documents) == 1
    assert len(story.books.partners) == 1
    assert await story.run.in_flight.quantities() == {}
    assert story.shop.orders[ORDER].noted == "4700"


@pytest.mark.parametrize("nth_step", range(1, 8))
async def test_a_crash_followed_by_a_fresh_start_posts_once(story, nth_step):
    run = crashing(story.run, nth_step)
    with pytest.raises(Crash):
        await story.tell(INVOICE, run)
    await story.tell(INVOICE, run.restarted())

    assert len(story.books.documents) == 1
    assert story.shop.orders[ORDER].noted == "4700"


async def test_this_order_takes_seven_steps_so_that_every_crash_above_is_a_real_one(story):
    run = story.run.restarted()

    await story.tell(INVOICE, run)

    assert run.steps_taken == [
        "read order",
        "read company and items",
        "find business partner",
        "open business partner",
        "post invoice",
        "read back totals",
        "note number in shop",
    ]


@pytest.mark.parametrize("verb", ["open_partner", "post_document"])
async def test_a_lost_reply_to_any_write_posts_once(story, verb):
    story.books.losing = [verb]

    outcome = await story.tell(INVOICE)

    assert outcome.did is (Did.ALREADY_THERE if verb == "post_document" else Did.POSTED)
    assert (len(story.books.documents), len(story.books.partners)) == (1, 1)


async def test_a_second_notice_changes_nothing(story):
    await story.tell(INVOICE)

    outcome = await story.tell(INVOICE)

    assert outcome.did is Did.ALREADY_THERE
    assert [posted.number for posted in outcome.documents] == [4700]
    assert len(story.books.documents) == len(story.shop.notes) == 1


async def test_a_number_that_was_never_noted_is_noted_by_the_next_run(story):
    await story.tell(INVOICE, annotate=False)
    assert story.shop.notes == []

    await story.tell(INVOICE)

    assert story.shop.notes == [(ORDER, 4700)]


async def test_a_cent_of_rounding_is_explained_in_the_document_and_the_outcome(
    story, make_order, make_line
):
    euro = Money.of
    story.shop.orders[ORDER] = make_order(
        make_line("A", "35.71", rate="12"),
        make_line("B", "3.13", rate="12"),
        shipping="0.00",
        total=euro("43.50", "EUR"),
        tax_total=euro("4.66", "EUR"),
    )

    outcome = await story.tell(INVOICE)

    assert "what was charged stands" in outcome.reason
    assert outcome.reason in story.books.documents[0].comments
    assert "Order 101" in story.books.documents[0].comments


async def test_rounding_makes_the_books_agree_with_the_charged_cent(story, make_order, make_line):
    # Taxed line by line 0.70 + 0.53 + 0.53; SAP's tax on the sum is 1.75, a cent less.
    story.run.crosswalks["tax"]["17.5"] = "A17.5"
    lines = []
    for code, amount in zip("CDE", ("4.00", "3.00", "3.00"), strict=True):
        story.books.stock[code] = Item(code, code)
        lines.append(make_line(code, amount, rate="17.5"))
    story.shop.orders[ORDER] = make_order(*lines, shipping="0.00")

    outcome = await story.tell(INVOICE)

    assert str(story.books.documents[0].rounding) == "0.01 EUR"
    assert outcome.reason.startswith("0.01 EUR rounding: the shop charged 11.76 EUR")
    assert (await story.books.totals_of(outcome.documents[0])).total.amount == Decimal("11.76")


@pytest.mark.parametrize("state", [OrderState.UNPAID_CART, OrderState.CANCELLED])
async def test_what_is_no_sale_is_skipped_with_its_reason(story, state):
    story.shop.orders[ORDER] = replace(story.shop.orders[ORDER], state=state)
    await story.run.in_flight.hold(ORDER, {"A": Decimal(2)})

    outcome = await story.tell(INVOICE)

    assert outcome.did is Did.SKIPPED
    assert "order 101" in outcome.reason
    assert story.books.documents == []
    assert await story.run.in_flight.quantities() == {}


@pytest.mark.parametrize("forgotten", [False, True], ids=["linked", "link lost"])
@pytest.mark.parametrize("state", [OrderState.UNPAID_CART, OrderState.CANCELLED])
async def test_what_the_shop_takes_back_after_posting_is_a_case_where_people_decide(
    story, state, forgotten
):
    await story.tell(INVOICE)
    story.shop.orders[ORDER] = replace(story.shop.orders[ORDER], state=state)
    if forgotten:
        story.run.links.known.clear()

    with pytest.raises(NeedsOperator, match="after invoice 4700 was posted") as case:
        await story.tell(INVOICE, edits="case")

    assert case.value.reason == "EDIT_CONFLICT"


@pytest.mark.parametrize("forgotten", [False, True], ids=["linked", "link lost"])
async def test_an_edit_after_posting_shows_both_totals_where_people_decide(
    story, make_order, make_line, forgotten
):
    await story.tell(INVOICE)
    story.shop.orders[ORDER] = make_order(make_line("A", "10.00"))
    if forgotten:
        story.run.links.known.clear()

    with pytest.raises(
        NeedsOperator, match=r"charges 18\.00 EUR.*invoice 4700 is 72\.60 EUR"
    ) as case:
        await story.tell(INVOICE, edits="case")

    assert case.value.reason == "EDIT_AFTER_POSTING"
    assert len(story.books.documents) == 1


async def test_a_document_that_was_cancelled_by_hand_is_not_posted_again(story):
    await story.tell(INVOICE)
    story.books.cancelled.add(0)

    with pytest.raises(NeedsOperator, match="cancelled in the books") as case:
        await story.tell(INVOICE)

    assert case.value.reason == "EDIT_CONFLICT"
    assert len(story.books.documents) == 1


async def test_books_that_count_otherwise_are_found_out_after_posting(story):
    story.books.off_by = Decimal("0.01")

    with pytest.raises(Mismatch, match=r"72\.60 EUR.*72\.61 EUR"):
        await story.tell(INVOICE)

    assert story.shop.notes == []


async def test_a_missing_item_holds_stock_and_touches_nothing_in_the_books(story):
    del story.books.stock["B"]
    story.books.stock["b"] = Item("b", "")

    with pytest.raises(NeedsOperator, match="only the case differs") as case:
        await story.tell(INVOICE)

    assert case.value.reason == "MISSING_ITEM"
    assert story.books.partners == {}
    assert await story.run.in_flight.quantities() == {"A": 2, "B": 1}


async def test_a_retried_case_posts_what_was_missing(story):
    missing = story.books.stock.pop("B")
    with pytest.raises(NeedsOperator):
        await story.tell(INVOICE)
    story.books.stock["B"] = missing

    outcome = await story.tell(INVOICE)

    assert outcome.did is Did.POSTED
    assert await story.run.in_flight.quantities() == {}


async def test_an_order_that_cannot_be_proved_opens_no_partner(story):
    story.shop.orders[ORDER] = replace(story.shop.orders[ORDER], total=Money.of("99.00", "EUR"))

    with pytest.raises(Mismatch):
        await story.tell(INVOICE)

    assert story.books.partners == {}


async def test_batches_stop_an_invoice_but_no_sales_order_and_no_reserve_invoice(story):
    story.books.stock["A"] = Item("A", "", batch_managed=True)

    with pytest.raises(NeedsOperator) as case:
        await story.tell(INVOICE)
    await story.tell(SALES_ORDER)
    await story.tell(INVOICE, reserve=True)

    assert case.value.reason == "BATCH_NEEDED"
    order, invoice = story.books.documents
    assert (order.kind, invoice.kind) == (DocumentKind.SALES_ORDER, DocumentKind.INVOICE)
    assert (order.reserve, invoice.reserve) == (False, True)


async def test_a_free_order_is_posted_as_a_document_of_nothing(story, make_order, make_line):
    story.shop.orders[ORDER] = make_order(make_line("A", "0.00"), shipping="0.00")

    skipped = await story.tell(INVOICE, post_zero_orders=False)
    posted = await story.tell(INVOICE)

    assert (skipped.did, posted.did) == (Did.SKIPPED, Did.POSTED)
    assert await story.books.totals_of(posted.documents[0]) == Totals(
        *[Money.of("0.00", "EUR")] * 3
    )


async def test_a_shop_without_a_place_for_numbers_is_left_alone(story):
    story.shop = type(story.shop).__mro__[1](orders=story.shop.orders)

    outcome = await story.tell(INVOICE)

    assert outcome.did is Did.POSTED


async def test_a_refusal_of_the_books_reaches_the_operator_and_keeps_the_stock_held(story):
    story.books.refusing["post_document"] = Rejected("period closed", reason="PERIOD_LOCKED")

    with pytest.raises(NeedsOperator, match=r"2026-11-02 takes no postings \(period closed"):
        await story.tell(INVOICE)

    assert await story.run.in_flight.quantities() == {"A": 2, "B": 1}


async def test_an_order_linked_in_another_company_is_posted_in_this_one(story):
    await story.run.links.link(ORDER, Ref("other company", "invoice", "5"))

    outcome = await story.tell(INVOICE)

    assert outcome.did is Did.POSTED


def test_every_flow_is_named_after_its_file_and_invoices_bring_their_payments():
    files = sorted(Path(b1bridge.flows.__path__[0]).glob("[a-z]*.py"))

    assert list(FLOWS) == [file.stem.replace("_", "-") for file in files]
    assert INVOICE.then == ("payment-to-incoming-payment", "refund-to-credit-memo")


async def test_a_run_that_strays_from_its_recorded_steps_is_caught():
    clock = iter(range(9))
    run = InMemoryRun(ORDER, clock=lambda: timedelta(next(clock)))

    async def one():
        return 1

    await run.step("first", one)
    with pytest.raises(StrayedRun):
        await run.resumed().step("second", one)
    assert run.now() < run.now()


async def test_an_unknown_outcome_that_left_nothing_behind_stays_unknown(story):
    async def nothing():
        return None

    async def lost():
        msg = "no answer"
        raise OutcomeUnknown(msg)

    with pytest.raises(OutcomeUnknown):
        await story.run.write_once("post", find=nothing, write=lost)
