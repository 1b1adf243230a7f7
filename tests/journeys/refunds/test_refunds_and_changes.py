"""Refunds beside deaths, edits, cancellations, overpayments and work done by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from b1bridge.domain.orders import OrderLine, OrderState, Tax
from b1bridge.domain.refunds import MoneyState
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun

from .conftest import CARD, MOMENT, ORDER, RECEIVABLES, euro, goods, goodwill

pytestmark = pytest.mark.anyio

LATER = MOMENT + timedelta(hours=1)
VAT = Tax("", Decimal(19), euro("7.60"))


@pytest.mark.parametrize("shop", [False], ids=["net prices"], indirect=True)
@pytest.mark.parametrize("nth_step", range(1, 18))
@pytest.mark.parametrize("again", ["resumed", "restarted"])
async def test_a_death_at_any_step_credits_and_pays_out_once(mugs, shop, nth_step, again):
    shop.gives_back("23.80", goods(1))
    settled = MoneyState.SETTLED
    parts = [goods(1), goodwill("2.20")]
    shop.refunds_to(("card", "16", settled), ("gift_certificate", "10", settled), parts=parts)
    links, in_flight = mugs.run.links, mugs.run.in_flight
    run = CrashingRun(
        ORDER, links=links, in_flight=in_flight, crosswalks=mugs.run.crosswalks, nth_step=nth_step
    )

    with pytest.raises(Crash):
        await mugs.tell(run=run)
    await mugs.tell(run=getattr(run, again)())

    assert mugs.totals() == ["23.80", "26.00"]
    references = [paid["Remarks"].split()[0] for paid in mugs.paid_out()]
    assert references == ["shop/refund/812/1", "shop/refund/812/2", "shop/refund/812/2/2"]
    assert mugs.account(RECEIVABLES) == 0


async def test_an_edit_with_goodwill_besides_is_credited_once_and_paid_out_whole(mugs, shop):
    mugs_left = OrderLine("1", "MUG", "A MUG", Decimal(2), euro("40.00"), VAT, euro("47.60"))
    shop.changes(lines=(mugs_left,), total=euro("47.60"), tax_total=euro("7.60"), modified_at=LATER)
    shop.gives_back("33.80", goods(1), goodwill("10.00"))

    outcome = await mugs.catch_up()

    assert "23.80 EUR of 812/1 is credited already, by a change of the order" in outcome.reason
    assert sorted(mugs.totals()) == ["10.00", "23.80"]
    assert mugs.stock("MUG") == 98
    assert mugs.account(RECEIVABLES) == 0
    assert mugs.account(CARD) == Decimal("37.60")


async def test_goodwill_and_then_an_edit_credit_whole_pieces_and_charge_the_goodwill_again(
    mugs, shop
):
    shop.gives_back("10.00", goodwill("10.00"))
    await mugs.catch_up()
    mugs_left = OrderLine("1", "MUG", "A MUG", Decimal(2), euro("40.00"), VAT, euro("47.60"))
    shop.changes(lines=(mugs_left,), total=euro("47.60"), tax_total=euro("7.60"), modified_at=LATER)

    outcome = await mugs.catch_up()

    assert "10.00 EUR credited by refunds are charged again" in outcome.reason
    assert sorted(mugs.totals()) == ["10.00", "23.80"]
    assert mugs.stock("MUG") == 98
    assert mugs.account(RECEIVABLES) == euro("-13.80").amount  # paid 61.40 for mugs of 47.60

    shop.gives_back("13.80", goodwill("13.80"))
    await mugs.catch_up()
    assert sorted(mugs.totals()) == ["10.00", "23.80"]
    assert (mugs.account(RECEIVABLES), mugs.stock("MUG")) == (0, 98)


async def test_goods_given_back_while_money_for_another_edit_is_due_are_in_stock_again(story, shop):
    price = "71.40" if shop.gross else "60.00"
    shop.sells(("MUG", 3, price, "19"), shipping="5.95" if shop.gross else "5.00")
    shop.pays("77.35")
    order = shop.orders[ORDER]
    (shipping,) = order.charges
    await story.catch_up()
    shop.changes(
        charges=(),
        total=order.total - shipping.gross,
        tax_total=order.tax_total - shipping.tax.amount,
        charge_total=euro(0),
        modified_at=LATER,
    )
    shop.gives_back("71.40", goods(1, 3))

    await story.catch_up()
    await story.catch_up()

    assert story.stock("MUG") == 100
    assert story.account(RECEIVABLES) == 0
    assert [total for total in story.totals() if total == "0.00"] == ["0.00"]


@pytest.mark.parametrize("refunded_first", [False, True])
async def test_a_cancelled_order_whose_money_went_back_ends_at_nothing(mugs, shop, refunded_first):
    if refunded_first:
        shop.gives_back("23.80", goods(1))
        await mugs.tell()
    shop.changes(state=OrderState.CANCELLED, modified_at=LATER)
    left = "47.60" if refunded_first else "71.40"
    shop.gives_back(left, goods(1, 2 if refunded_first else 3))

    await mugs.catch_up()

    assert mugs.account(RECEIVABLES) == mugs.account(CARD) == 0
    assert mugs.stock("MUG") == 100
    assert all(memo["DocumentStatus"] == "bost_Close" for memo in mugs.memos())


async def test_goodwill_then_a_cancellation_is_settled_once_however_often_one_looks(story, shop):
    shop.sells(("MUG", 3, "71.40" if shop.gross else "60.00", "19"), shipping="4.90")
    total = shop.orders[ORDER].total
    shop.pays(str(total.amount))
    shop.gives_back("1.74", goodwill("1.74"))
    await story.catch_up()
    shop.changes(state=OrderState.CANCELLED, modified_at=LATER)
    await story.catch_up()
    rest = str((total - euro("1.74")).amount)
    shop.gives_back(rest, goodwill(rest))

    for _ in range(3):
        await story.catch_up()

    assert len(story.memos()) == 2
    assert story.account(RECEIVABLES) == story.account(CARD) == 0
    assert story.stock("MUG") == 100


async def test_money_for_an_edit_that_is_not_posted_yet_waits_for_it(mugs, shop):
    mugs_left = OrderLine("1", "MUG", "A MUG", Decimal(2), euro("40.00"), VAT, euro("47.60"))
    shop.changes(lines=(mugs_left,), total=euro("47.60"), tax_total=euro("7.60"), modified_at=LATER)
    shop.gives_back("23.80", goods(1))
    run = mugs.run.about(ORDER)

    early = await mugs.tell(run=run)
    late = await mugs.catch_up()

    assert "waits for the credit memo of the order's change" in early.reason
    assert (early.did, run.has_seen) == (Did.SKIPPED, "")
    assert late.did is Did.POSTED
    assert mugs.account(RECEIVABLES) == 0


async def test_what_was_captured_too_much_goes_back_without_a_memo(story, shop):
    shop.sells(("MUG", 3, "71.40" if shop.gross else "60.00", "19"))
    shop.pays("71.40")
    shop.pays("10.00")
    shop.gives_back("10.00", goodwill("10.00"))

    await story.catch_up()

    assert story.memos() == []
    assert story.account(RECEIVABLES) == 0
    assert story.account(CARD) == Decimal("71.40")


async def test_a_memo_that_somebody_else_paid_out_is_a_case(mugs, shop, sap):
    shop.gives_back("23.80", goods(1))
    await mugs.tell(pay_out=False)
    (memo,) = mugs.memos()
    settled = {"DocEntry": memo["DocEntry"], "InvoiceType": "it_CredItnote", "SumApplied": 23.8}
    by_hand = {"CardCode": memo["CardCode"], "DocType": "rCustomer", "PaymentInvoices": [settled]}
    by_hand |= {"TransferAccount": CARD, "TransferSum": 23.8, "TransferDate": "2026-11-02"}
    sap.company.create("VendorPayments", by_hand)

    with pytest.raises(NeedsOperator) as case:
        await mugs.tell()

    assert case.value.reason == "ALREADY_PAID"
    assert "leave 0.00 EUR" in str(case.value)
    assert len(mugs.paid_out()) == 1
