"""From a shopper's cart to a paid invoice in SAP: once, to the cent, whatever breaks."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun
from b1sim.company import clerk

pytestmark = pytest.mark.anyio

INVOICE, PAYMENT = "order-to-invoice", "payment-to-incoming-payment"


def crashing(run, nth):
    return CrashingRun(
        run.ref, run.target, run.links, run.in_flight, run.crosswalks, run.clock, nth_step=nth
    )


def mixed_cart(store):
    return store.shopper_orders(
        [("MUG", 3, "4.00", "19"), ("LAMP", 1, "35.71", "20"), ("BAG", 2, "23.90", "7")],
        shipping="9.95",
        shipping_rate="19",
        email="Anna@Example.com",
        customer_message="please\nring twice",
    )


async def test_an_order_becomes_a_paid_invoice_that_agrees_with_the_store(journey):
    order = mixed_cart(journey.store)
    journey.store.pays(order)
    total, tax = journey.charged(order)

    invoiced = await journey.tell(INVOICE, journey.about(order))
    paid = await journey.tell(PAYMENT, journey.about(order))

    (invoice,), (payment,) = journey.invoices(), journey.payments()
    assert (invoiced.did, paid.did) == (Did.POSTED, Did.POSTED)
    assert Decimal(str(invoice["DocTotal"])) == total
    assert abs(Decimal(str(invoice["VatSum"])) - tax) <= Decimal("0.04")
    assert invoice["NumAtCard"] == f"shop/order/{order}"
    assert payment["TransferSum"] == invoice["DocTotal"]
    assert invoice["DocumentStatus"] == "bost_Close"
    assert journey.store.store.orders[order].external_order_id == str(invoice["DocNum"])


@pytest.mark.parametrize("nth_step", range(1, 8))
@pytest.mark.parametrize("again", ["resumed", "restarted"])
async def test_a_crash_at_any_step_leaves_one_invoice(journey, nth_step, again):
    order = mixed_cart(journey.store)
    run = crashing(journey.about(order), nth_step)

    with pytest.raises(Crash):
        await journey.tell(INVOICE, run)
    await journey.tell(INVOICE, getattr(run, again)())

    assert len(journey.invoices()) == len(journey.partners()) == 1
    assert await journey.run.in_flight.quantities() == {}


@pytest.mark.parametrize("nth_step", range(1, 5))
@pytest.mark.parametrize("again", ["resumed", "restarted"])
async def test_a_crash_at_any_step_leaves_one_payment_of_each_tender(journey, nth_step, again):
    order = journey.store.shopper_orders(
        [("MUG", 2, "60.00", "20")], gift_certificate="50.00", status=7
    )
    journey.store.pays(order)
    await journey.tell(INVOICE, journey.about(order))
    run = crashing(journey.about(order), nth_step)

    with pytest.raises(Crash):
        await journey.tell(PAYMENT, run)
    await journey.tell(PAYMENT, getattr(run, again)())

    sums = sorted(Decimal(str(payment["TransferSum"])) for payment in journey.payments())
    assert len(sums) == 2
    assert sums[0] == Decimal("50.00")
    assert sum(sums) == journey.charged(order)[0]


@pytest.mark.parametrize("lost", ["BusinessPartners", "Invoices", "IncomingPayments"])
async def test_a_lost_reply_to_any_write_leaves_one_of_each(journey, lost):
    order = mixed_cart(journey.store)
    journey.store.pays(order)
    journey.sap.lose_reply(lost)

    await journey.tell(INVOICE, journey.about(order))
    await journey.tell(PAYMENT, journey.about(order))

    assert [len(journey.invoices()), len(journey.payments()), len(journey.partners())] == [1, 1, 1]


async def test_a_repeated_notice_leaves_books_and_store_alone(journey):
    order = mixed_cart(journey.store)
    await journey.tell(INVOICE, journey.about(order))
    noted = journey.store.store.orders[order].modified

    again = await journey.tell(INVOICE, journey.about(order))

    assert again.did is Did.ALREADY_THERE
    assert len(journey.invoices()) == 1
    assert journey.store.store.orders[order].modified == noted


async def test_a_number_that_was_not_noted_is_noted_by_the_next_run(journey):
    order = mixed_cart(journey.store)
    await journey.tell(INVOICE, journey.about(order), annotate=False)
    assert journey.store.store.orders[order].external_order_id == ""

    await journey.tell(INVOICE, journey.about(order))

    number = journey.invoices()[0]["DocNum"]
    assert journey.store.store.orders[order].external_order_id == str(number)


async def test_an_edit_after_posting_shows_both_totals_where_people_decide(journey):
    order = mixed_cart(journey.store)
    await journey.tell(INVOICE, journey.about(order))
    posted, _ = journey.charged(order)
    journey.store.edits(order, [("MUG", 1, "4.00", "19")])
    edited, _ = journey.charged(order)

    with pytest.raises(NeedsOperator) as case:
        await journey.tell(INVOICE, journey.about(order), edits="case")

    assert case.value.reason == "EDIT_AFTER_POSTING"
    assert f"{edited} EUR" in str(case.value)
    assert f"{posted} EUR" in str(case.value)


async def test_a_cancelled_order_is_skipped_before_and_a_case_after_posting_where_people_decide(
    journey,
):
    early, late = mixed_cart(journey.store), mixed_cart(journey.store)
    journey.store.cancels(early)
    await journey.tell(INVOICE, journey.about(late))
    journey.store.cancels(late)

    skipped = await journey.tell(INVOICE, journey.about(early))
    with pytest.raises(NeedsOperator) as case:
        await journey.tell(INVOICE, journey.about(late), edits="case")

    assert skipped.did is Did.SKIPPED
    assert case.value.reason == "EDIT_CONFLICT"


async def test_a_missing_item_is_a_case_and_posts_once_it_is_there(journey):
    order = journey.store.shopper_orders([("mug", 1, "4.00", "19"), ("NEW", 1, "1.00", "19")])

    with pytest.raises(NeedsOperator, match="MUG: only the case differs") as case:
        await journey.tell(INVOICE, journey.about(order))
    clerk.add_item(journey.sap.company, "NEW", stock="5")
    journey.run.crosswalks["sku"] = {"mug": "MUG"}
    outcome = await journey.tell(INVOICE, journey.about(order))

    assert case.value.reason == "MISSING_ITEM"
    assert outcome.did is Did.POSTED


async def test_a_batch_item_is_entered_as_a_sales_order(journey):
    clerk.add_item(journey.sap.company, "CREAM", batches=True)
    order = journey.store.shopper_orders([("CREAM", 1, "4.00", "20")])

    with pytest.raises(NeedsOperator) as case:
        await journey.tell(INVOICE, journey.about(order))
    outcome = await journey.tell("order-to-sales-order", journey.about(order))

    assert case.value.reason == "BATCH_NEEDED"
    assert outcome.did is Did.POSTED
    assert len(journey.sap.company.query("Orders")) == 1


async def test_stock_that_sap_counts_reaches_the_store(journey):
    clerk.set_stock(journey.sap.company, "MUG", "50")
    order = journey.store.shopper_orders([("MUG", 3, "4.00", "19"), ("GONE", 1, "1.00", "19")])
    with pytest.raises(NeedsOperator):
        await journey.tell(INVOICE, journey.about(order))

    outcome = await journey.tell(
        "stock-to-shop", journey.run.about(order), warehouses=["01"], buffers={"01": 5}
    )

    # 50 on hand, 5 kept back, 3 sold in an order that SAP does not know yet.
    assert outcome.figures["pushed"] > 0
    shown = {level.sku: level.quantity async for level in journey.shop.stock()}
    assert shown["MUG"] == 42


rows = st.lists(
    st.tuples(
        st.sampled_from(["MUG", "LAMP", "BAG", "PEN"]),
        st.integers(1, 9),
        st.integers(1, 9_999).map(lambda n: f"{Decimal(n).scaleb(-2)}"),
        st.sampled_from(["0", "7", "19", "20"]),
    ),
    min_size=1,
    max_size=12,
)


@given(
    cart=rows,
    shipping=st.integers(0, 2_000).map(lambda n: f"{Decimal(n).scaleb(-2)}"),
    discount=st.integers(0, 100).map(lambda n: f"{Decimal(n).scaleb(-2)}"),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_cart_comes_to_the_charged_cent_in_sap(journey, cart, shipping, discount):
    order = journey.store.shopper_orders(cart, shipping=shipping, discount=discount)
    total, _ = journey.charged(order)

    outcome = await journey.tell(
        INVOICE, journey.about(order), tolerance_cap="1.00", tolerance_per_line="0.02"
    )

    booked = await journey.books.totals_of(outcome.documents[0])
    assert booked.total.amount == total
    again = await journey.books.find_document(DocumentKind.INVOICE, f"shop/order/{order}")
    assert isinstance(again, Posted)
    assert again == outcome.documents[0]


@pytest.mark.parametrize(
    "flow", [INVOICE, PAYMENT, "customer-to-business-partner", "stock-to-shop"]
)
async def test_a_dry_run_says_what_it_would_write_and_writes_nothing(journey, flow):
    shopper = journey.store.registers_customer("ada@example.com")
    order = mixed_cart(journey.store)
    journey.store.pays(order)
    if flow == PAYMENT:
        await journey.tell(INVOICE, journey.about(order))
    before = journey.sap.requests()
    trial = journey.trial_of(flow, {"warehouses": ["01"]} if flow == "stock-to-shop" else {})
    about = (
        Ref("shop", "customer", str(shopper)) if "customer" in flow else journey.about(order).ref
    )

    preview = await trial.preview(about)

    assert preview.would
    written = {name for name in journey.sap.requests() if name.startswith("POST")}
    assert written - {"POST Login", *before} <= {"POST SQLQueries", "POST List"}
