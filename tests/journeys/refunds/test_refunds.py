"""Refunds in SAP's books: the worked numbers of correctness-rules.md 3.5, and what goes wrong."""

from decimal import Decimal

import pytest

from b1bridge.domain.orders import OrderState
from b1bridge.domain.refunds import MoneyState, Refunded, RefundPart
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator

from .conftest import CARD, RECEIVABLES, VOUCHERS, euro, goods, goodwill

pytestmark = pytest.mark.anyio


async def test_one_mug_back_without_restock_credits_its_value_and_leaves_the_stock(mugs, shop):
    shop.gives_back("23.80", goods(1), tax=euro("3.80"))

    outcome = await mugs.tell(restock="no_restock")

    (memo,) = mugs.memos()
    assert outcome.did is Did.POSTED
    assert (memo["NumAtCard"], memo["DocTotal"], memo["VatSum"]) == (
        "shop/refund/812/1",
        Decimal("23.8"),
        Decimal("3.8"),
    )
    assert mugs.stock("MUG") == 97
    assert mugs.account(RECEIVABLES) == 0
    assert mugs.account(CARD) == Decimal("47.60")


async def test_one_mug_back_returns_to_stock(mugs, shop):
    shop.gives_back("23.80", goods(1))

    await mugs.tell()

    assert mugs.stock("MUG") == 98
    assert mugs.memos()[0]["DocumentStatus"] == "bost_Close"
    (paid,) = mugs.paid_out()
    assert paid["Remarks"].startswith("shop/refund/812/1 Refund of order 812")


async def test_what_the_shop_says_of_restocking_outdoes_the_option(mugs, shop):
    shop.gives_back("23.80", goods(1), restocked=False)

    await mugs.tell(restock="return")

    assert mugs.stock("MUG") == 97


async def test_goods_go_into_the_warehouse_for_returns(mugs, shop):
    shop.gives_back("23.80", goods(1))

    await mugs.tell(return_warehouse="02")

    assert mugs.memos()[0]["DocumentLines"][0]["WarehouseCode"] == "02"


async def test_three_thirds_are_the_whole(mugs, shop):
    for _ in range(3):
        shop.gives_back("23.80", goods(1))
        await mugs.tell()

    assert mugs.totals() == ["23.80", "23.80", "23.80"]
    assert mugs.account(RECEIVABLES) == mugs.account(CARD) == 0
    assert mugs.stock("MUG") == 100


async def test_goodwill_bears_the_tax_of_the_order_though_the_shop_states_none(mugs, shop):
    shop.gives_back("10.00", goodwill("10.00"), tax=euro("0.00"))

    outcome = await mugs.tell()

    (memo,) = mugs.memos()
    assert (memo["DocTotal"], memo["VatSum"], memo["DocType"]) == (
        Decimal("10.0"),
        Decimal("1.6"),
        "dDocument_Service",
    )
    assert "1.60 EUR by the rates of the order" in outcome.reason
    assert mugs.stock("MUG") == 97
    assert mugs.account(RECEIVABLES) == 0


async def test_a_refund_without_any_parts_is_an_amount_only(mugs, shop):
    shop.gives_back("10.00")

    await mugs.tell()

    assert mugs.totals() == ["10.00"]
    assert mugs.memos()[0]["VatSum"] == Decimal("1.60")


async def test_goodwill_of_a_mixed_order_is_split_by_its_rates(story, shop):
    amounts = ("119.00", "53.50") if shop.gross else ("100.00", "50.00")
    shop.sells(("MUG", 1, amounts[0], "19"), ("LAMP", 1, amounts[1], "7"))
    shop.pays("172.50")
    shop.gives_back("17.25", goodwill("17.25"))

    await story.catch_up()

    (memo,) = story.memos()
    rows = [(row["VatGroup"], row["LineTotal"]) for row in memo["DocumentLines"]]
    assert (memo["DocTotal"], memo["VatSum"], rows) == (
        Decimal("17.25"),
        Decimal("2.25"),
        [("A19", Decimal("10.0")), ("A7", Decimal("5.0"))],
    )


async def test_restocking_keeps_its_revenue_and_the_memo_is_what_went_back(story, shop):
    shop.sells(("MUG", 1, "265.00" if shop.gross else "222.69", "19"))
    shop.pays("265.00")
    kept = euro("4.00")
    shop.gives_back("261.00", goods(1, deducted=kept, reason="restocking"))

    await story.catch_up()

    (memo,) = story.memos()
    (freight,) = memo["DocumentAdditionalExpenses"]
    assert memo["DocTotal"] == Decimal("261.0")
    assert (freight["Remarks"], freight["LineGross"]) == ("deduction: restocking", Decimal("-4.0"))
    assert story.account(RECEIVABLES) == 0
    assert story.account(CARD) == 4


async def test_shipping_alone_and_a_correction_of_tax_alone(story, shop):
    shop.sells(("MUG", 1, "119.00" if shop.gross else "100.00", "19"), shipping="9.95")
    shop.pays(str(shop.orders[next(iter(shop.orders))].total.amount))
    shipped = shop.orders[next(iter(shop.orders))].charges[0].gross
    shop.gives_back(str(shipped.amount), RefundPart(Refunded.CHARGE, "shipping", amount=shipped))
    shop.gives_back("3.80", RefundPart(Refunded.TAX, amount=euro("3.80")))

    await story.catch_up()

    shipping, tax = story.memos()
    assert Decimal(str(shipping["DocTotal"])) == shipped.amount
    assert (tax["DocTotal"], tax["VatSum"]) == (Decimal("3.8"), Decimal("3.8"))
    assert story.account(RECEIVABLES) == 0


async def test_goods_with_their_shipping_and_goodwill_are_one_memo(story, shop):
    shop.sells(("MUG", 2, "47.60" if shop.gross else "40.00", "19"), shipping="5.00")
    order = next(iter(shop.orders.values()))
    shop.pays(str(order.total.amount))
    back = euro("23.80") + order.charges[0].gross + euro("2.00")
    parts = (goods(1), RefundPart(Refunded.CHARGE, "shipping"), goodwill("2.00"))
    shop.gives_back(str(back.amount), *parts)

    await story.catch_up()

    (memo,) = story.memos()
    assert Decimal(str(memo["DocTotal"])) == back.amount
    assert len(memo["DocumentAdditionalExpenses"]) == 2
    assert story.account(RECEIVABLES) == 0


async def test_goods_after_goodwill_come_back_for_the_money_that_is_left(mugs, shop):
    shop.gives_back("10.00", goodwill("10.00"))
    shop.gives_back("61.40", goods(1, 3))

    outcome = await mugs.tell()

    assert "10.00 EUR of 812/2 was given back before" in outcome.reason
    assert sorted(mugs.totals()) == ["10.00", "61.40"]
    assert mugs.account(RECEIVABLES) == mugs.account(CARD) == 0
    assert mugs.stock("MUG") == 100


async def test_value_back_onto_a_gift_card_raises_the_liability(mugs, shop):
    card, voucher = ("card", "13.80", MoneyState.SETTLED), ("gift_certificate", "10.00")
    shop.refunds_to(card, (*voucher, MoneyState.SETTLED), parts=[goods(1)])

    await mugs.tell()

    references = [paid["Remarks"].split()[0] for paid in mugs.paid_out()]
    assert references == ["shop/refund/812/1", "shop/refund/812/1/2"]
    assert mugs.account(VOUCHERS) == -10
    assert mugs.account(CARD) == Decimal("57.60")
    assert mugs.account(RECEIVABLES) == 0


async def test_the_credit_stays_open_where_money_is_not_paid_out_by_us(mugs, shop):
    shop.gives_back("23.80", goods(1))

    await mugs.tell(pay_out=False)

    assert mugs.paid_out() == []
    assert mugs.memos()[0]["DocumentStatus"] == "bost_Open"
    assert mugs.account(RECEIVABLES) == Decimal("-23.80")


async def test_a_refund_before_its_invoice_parks_and_frees_itself(story, shop):
    shop.sells(("MUG", 1, "23.80" if shop.gross else "20.00", "19"))
    shop.pays("23.80")
    shop.changes(state=OrderState.REFUNDED)
    shop.gives_back("23.80", goods(1))

    early = await story.tell()
    late = await story.catch_up()

    assert (early.did, late.did) == (Did.SKIPPED, Did.POSTED)
    assert "no invoice carries this order yet" in early.reason
    assert story.account(RECEIVABLES) == story.account(CARD) == 0


async def test_pending_money_is_not_booked_and_declined_money_never(mugs, shop):
    shop.gives_back("23.80", goods(1), state=MoneyState.PENDING)
    shop.gives_back("10.00", goodwill("10.00"), state=MoneyState.DECLINED)

    outcome = await mugs.tell()
    assert (outcome.did, mugs.memos()) == (Did.SKIPPED, [])
    assert "waits for the gateway" in outcome.reason

    shop.settles(0)
    await mugs.tell()
    assert mugs.totals() == ["23.80"]
    assert mugs.account(RECEIVABLES) == 0


async def test_money_that_was_partly_declined_credits_what_went_back(mugs, shop):
    sent, refused = MoneyState.SETTLED, MoneyState.DECLINED
    parts = [goods(1)]
    shop.refunds_to(("card", "13.80", sent), ("gift_certificate", "10.00", refused), parts=parts)

    await mugs.tell()

    assert mugs.totals() == ["13.80"]
    assert mugs.account(RECEIVABLES) == 0


async def test_repeating_changes_nothing(mugs, shop):
    shop.gives_back("23.80", goods(1))
    await mugs.tell()

    again = await mugs.tell()

    assert again.did is Did.ALREADY_THERE
    assert len(mugs.memos()) == len(mugs.paid_out()) == 1


@pytest.mark.parametrize(
    ("back", "parts", "reason"),
    [
        ("23.80", [goods(1, 4)], "REFUND_TOO_LARGE"),
        ("23.80", [goods(9)], "REFUND_TOO_LARGE"),
        ("71.41", [goods(1, 3)], "REFUND_TOO_LARGE"),
        ("5.00", [RefundPart(Refunded.CHARGE, "shipping", amount=euro("5.00"))],
         "REFUND_TOO_LARGE"),
        ("20.00", [goods(1)], "TOTAL_MISMATCH"),
    ],
)  # fmt: skip
async def test_a_refund_that_cannot_be_right_is_a_case_and_posts_nothing(
    mugs, shop, back, parts, reason
):
    shop.gives_back(back, *parts)

    with pytest.raises(NeedsOperator) as case:
        await mugs.tell()

    assert case.value.reason == reason
    assert case.value.fix
    assert mugs.memos() == mugs.paid_out() == []


async def test_tax_that_contradicts_the_parts_is_a_case(mugs, shop):
    shop.gives_back("23.80", goods(1), tax=euro("11.40"))  # the tax of the whole order

    with pytest.raises(NeedsOperator) as case:
        await mugs.tell()

    assert "11.40 EUR" in str(case.value)
    assert "3.80 EUR" in str(case.value)


async def test_a_memo_of_money_that_never_went_back_is_a_case(mugs, shop):
    shop.gives_back("23.80", goods(1))
    await mugs.tell(pay_out=False)
    shop.settles(0, MoneyState.DECLINED)

    with pytest.raises(NeedsOperator) as case:
        await mugs.tell()

    assert case.value.reason == "REFUND_CHANGED"


async def test_a_method_nobody_entered_posts_neither_memo_nor_payment(mugs, shop):
    shop.gives_back("23.80", goods(1), method="wallet")

    with pytest.raises(NeedsOperator) as case:
        await mugs.tell()

    assert case.value.reason == "PAYMENT_METHOD_MAP"
    assert mugs.memos() == []


async def test_an_uncaptured_order_owes_less_and_nothing_is_paid_out(story, shop):
    shop.sells(("MUG", 3, "71.40" if shop.gross else "60.00", "19"))
    shop.gives_back("23.80", goods(1))

    outcome = await story.catch_up()

    (invoice,) = story.sap.company.query("Invoices")
    (memo,) = story.memos()
    assert "nothing was captured" in outcome.reason
    assert memo["DocumentLines"][0]["BaseEntry"] == invoice["DocEntry"]
    assert invoice["PaidToDate"] == memo["DocTotal"] == Decimal("23.80")
    assert story.paid_out() == []
    assert story.account(RECEIVABLES) == Decimal("47.60")


async def test_goods_of_a_reserve_invoice_that_never_left_do_not_come_back(story, shop):
    shop.sells(("MUG", 3, "71.40" if shop.gross else "60.00", "19"))
    shop.pays("71.40")
    await story.tell("order-to-invoice", reserve=True)
    await story.tell("payment-to-incoming-payment")
    shop.gives_back("23.80", goods(1))

    await story.tell()

    assert story.totals() == ["23.80"]
    assert story.stock("MUG") == 100
