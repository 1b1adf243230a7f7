"""Whatever goes back in whatever parts: the parts sum to the whole, the memo to the money."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.credit_memos import (
    ReturnPolicy,
    check_explained,
    credited_totals,
    item_memo,
    service_memo,
)
from b1bridge.domain.documents import CompanyRules, Item
from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Charge
from b1bridge.domain.proof import Tolerance, proved
from b1bridge.domain.refunded_orders import refunded_order
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund, Refunded, RefundPart
from b1bridge.domain.sales_documents import Codes, Ledger
from b1bridge.domain.tax import predicted_totals
from b1bridge.errors import NeedsOperator

RULES = CompanyRules("EUR", "Europe/Berlin")
MOMENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
CODES = Codes(
    tax=Crosswalk("tax", {"20": "A20", "19": "A19", "7": "A7", "0": "A0"}),
    freight=Crosswalk("freight", dict.fromkeys(("shipping", "goodwill", "tax", "deduction"), "1")),
    sku=Crosswalk("sku"),
)
ACCOUNTS = Crosswalk("refund_account", dict.fromkeys(("shipping", "goodwill", "tax"), "400"))
RATES = st.sampled_from(["20", "19", "7", "0"])
AMOUNTS = st.decimals("0.05", "400", places=2)


def eur(amount):
    return Money.of(amount, "EUR")


def refund(number, amount, *parts, **facts):
    money = amount if isinstance(amount, Money) else eur(amount)
    ref = Ref("shop", "refund", f"101/{number}")
    back = MoneyBack("card", money, MoneyState.SETTLED)
    return Refund(ref, Ref("shop", "order", "101"), MOMENT, parts, (back,), money, **facts)


def goods(line, quantity, **facts):
    return RefundPart(Refunded.GOODS, line, Decimal(quantity), **facts)


def memo_of(part):
    """Write the memo as the flow does, without asking any books."""
    if part.lines:
        items = {line.sku: Item(line.sku, line.sku, default_warehouse="W1") for line in part.lines}
        sale = RefundedSale(part, part.total, ())
        ledger = Ledger(RULES, items)
        document = item_memo(part, ledger, CODES, sale, ReturnPolicy())
    else:
        document = service_memo(part, RULES, CODES, ACCOUNTS, ReturnPolicy())
    return proved(document, credited_totals(part, document, CODES), Tolerance()).document


def words_for(net, gross_words, *, gross):
    return gross_words if gross else net


@st.composite
def baskets(draw):
    """Draw lines as (amount, rate, quantity), shipping, and in how many pieces each goes back."""
    lines = draw(st.lists(st.tuples(AMOUNTS, RATES, st.integers(1, 7)), min_size=1, max_size=4))
    portions = [
        draw(st.lists(st.integers(1, 3), min_size=quantity, max_size=quantity))
        for _, _, quantity in lines
    ]
    return lines, draw(AMOUNTS), portions


def sold(words, lines, shipping):
    rows = [
        words.line(f"I{i}", amount, rate, quantity=quantity, id_=str(i))
        for i, (amount, rate, quantity) in enumerate(lines)
    ]
    return words.order(*rows, charges=(words.charge("shipping", shipping, lines[0][1]),))


def portions_of(quantity, sizes):
    """Cut a quantity into pieces of these sizes until nothing is left."""
    left = quantity
    for size in sizes:
        if left:
            yield min(size, left)
            left -= min(size, left)


@pytest.mark.parametrize("in_gross", [False, True])
@given(basket=baskets())
def test_pieces_given_back_one_after_another_sum_to_their_lines(net, gross, in_gross, basket):
    lines, shipping, sizes = basket
    order = sold(words_for(net, gross, gross=in_gross), lines, shipping)
    earlier = []
    for line, cut in zip(order.lines, sizes, strict=True):
        back = []
        for piece in portions_of(int(line.quantity), cut):
            part = refunded_order(
                order, refund(len(earlier), "0.01", goods(line.id, piece)), earlier
            )
            earlier.append(refund(len(earlier), part.lines[0].gross, goods(line.id, piece)))
            back.append(part.lines[0])
        assert Money.sum((one.gross for one in back), "EUR") == line.gross
        assert Money.sum((one.net for one in back), "EUR") == line.net
        assert sum(one.quantity for one in back) == line.quantity


@pytest.mark.parametrize("in_gross", [False, True])
@given(basket=baskets(), goodwill=AMOUNTS, which=st.sets(st.integers(0, 5), min_size=1))
def test_a_memo_comes_to_the_money_that_went_back(net, gross, in_gross, basket, goodwill, which):
    lines, shipping, _ = basket
    order = sold(words_for(net, gross, gross=in_gross), lines, shipping)
    every = [
        *(goods(line.id, 1) for line in order.lines),
        RefundPart(Refunded.CHARGE, "shipping"),
        RefundPart(Refunded.GOODWILL, amount=eur(goodwill)),
    ]
    parts = [part for i, part in enumerate(every) if i in which] or every[:1]
    first = refunded_order(order, refund(1, "0.01", *parts), ())
    amount = Money.sum((one.gross for one in (*first.lines, *first.charges)), "EUR")
    told = refund(1, amount, *parts)

    part = refunded_order(order, told, ())
    check_explained(part, told, Tolerance())

    assert predicted_totals(memo_of(part)).total == amount


@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=6), paid=AMOUNTS, total=AMOUNTS)
def test_refunds_never_credit_more_than_the_order_has_left(net, amounts, paid, total):
    order = net.order(net.line("A", "1.00"), total=eur(total))
    refunds = tuple(refund(i, amount) for i, amount in enumerate(amounts))
    sale = RefundedSale(order, eur(paid), refunds)

    left = sale.left_to_credit

    assert not left > sale.returned
    assert not left > max(
        eur(total), sale.returned - eur(paid) + eur(total), key=lambda m: m.amount
    )


def test_a_third_of_three_mugs(net):
    order = net.order(net.line("MUG", "60.00", "19", quantity="3"))

    thirds = [refunded_order(order, refund(1, "23.80", goods("1", 1)), ()) for _ in range(3)]

    assert {str(part.lines[0].gross) for part in thirds} == {"23.80 EUR"}
    assert predicted_totals(memo_of(thirds[0])).tax == eur("3.80")


def test_goodwill_of_ten_euros(net):
    order = net.order(net.line("MUG", "60.00", "19", quantity="3"))
    part = refunded_order(
        order, refund(1, "10.00", RefundPart(Refunded.GOODWILL, amount=eur("10.00"))), ()
    )

    (charge,) = part.charges

    assert (str(charge.net), str(charge.tax.amount)) == ("8.40 EUR", "1.60 EUR")


def test_a_deduction_is_a_part_of_its_own_and_bears_the_tax_of_its_goods(gross):
    order = gross.order(gross.line("A", "265.00", "19"), gross.line("B", "10.70", "7", id_="2"))
    kept = goods("1", 1, deducted=eur("4.00"), reason="damage")

    part = refunded_order(order, refund(1, "261.00", kept), ())

    assert [(c.name, str(c.gross), str(c.tax.amount)) for c in part.charges] == [
        ("deduction: damage", "-4.00 EUR", "-0.64 EUR")
    ]
    assert predicted_totals(memo_of(part)).total == eur("261.00")


@pytest.mark.parametrize(("stated", "kept_tax"), [("41.67", "-0.64"), ("42.31", "0.00")])
def test_the_shop_says_whether_what_it_kept_back_bears_tax(gross, stated, kept_tax):
    order = gross.order(gross.line("A", "265.00", "19"))
    kept = goods("1", 1, deducted=eur("4.00"), reason="damage")

    part = refunded_order(order, refund(1, "261.00", kept, tax=eur(stated)), ())

    assert [str(c.tax.amount) for c in part.charges] == [f"{kept_tax} EUR"]
    assert predicted_totals(memo_of(part)).tax == eur(stated)


def test_the_rest_of_a_charge_is_what_earlier_refunds_left_of_it(net):
    order = net.order(
        net.line("A", "100.00", "19"), charges=(net.charge("shipping", "10.00", "19"),)
    )
    earlier = refund(1, "5.00", RefundPart(Refunded.CHARGE, "shipping", amount=eur("5.00")))

    part = refunded_order(
        order, refund(2, "6.90", RefundPart(Refunded.CHARGE, "shipping")), [earlier]
    )

    assert str(part.charges[0].gross) == "6.90 EUR"


def test_a_charge_with_two_rates_is_given_back_at_both(net):
    charges = (net.charge("shipping", "6.00", "19"), net.charge("shipping", "3.00", "7"))
    order = net.order(net.line("A", "100.00", "19"), charges=charges)

    part = refunded_order(order, refund(1, "10.35", RefundPart(Refunded.CHARGE, "shipping")), ())

    assert [(str(c.gross), c.tax.rate) for c in part.charges] == [
        ("7.14 EUR", Decimal(19)),
        ("3.21 EUR", Decimal(7)),
    ]


def test_the_price_a_shop_states_outdoes_the_share_of_the_line(net):
    order = net.order(net.line("A", "60.00", "19", quantity="3"))

    part = refunded_order(order, refund(1, "20.00", goods("1", 1, amount=eur("20.00"))), ())

    assert (str(part.lines[0].gross), str(part.lines[0].net)) == ("20.00 EUR", "16.81 EUR")


def test_goods_of_nothing_and_tax_where_none_was_charged(net):
    order = net.order(net.line("A", "0.00", "0"))

    free = refunded_order(order, refund(1, "0.00", goods("1", 1, amount=eur("0.00"))), ())
    tax = refunded_order(order, refund(1, "1.00", RefundPart(Refunded.TAX, amount=eur("1.00"))), ())

    assert not free.lines[0].gross
    assert [(c.name, str(c.gross), c.tax.rate) for c in tax.charges] == [
        ("tax", "1.00 EUR", Decimal(0))
    ]


@pytest.mark.parametrize(
    "part",
    [
        goods("1", 4),
        goods("1", -1),
        goods("7", 1),
        RefundPart(Refunded.CHARGE, "handling", amount=eur("1.00")),
        RefundPart(Refunded.CHARGE, "shipping", amount=eur("11.91")),
    ],
)
def test_more_than_the_order_has_is_refused_by_name(net, part):
    shipping: tuple[Charge, ...] = (net.charge("shipping", "10.00", "19"),)
    order = net.order(net.line("A", "60.00", "19", quantity="3"), charges=shipping)

    with pytest.raises(NeedsOperator) as case:
        refunded_order(order, refund(1, "1.00", part), ())

    assert case.value.reason == "REFUND_TOO_LARGE"
    assert "shop/refund/101/1" in str(case.value)
