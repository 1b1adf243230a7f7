"""Which pieces are in stock again: once, whether an edit or a refund took them off the order."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b1bridge.domain.credit_memos import Restock, ReturnPolicy
from b1bridge.domain.documents import DocumentKind, Totals
from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.domain.kits import Tree
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.domain.refunded_pieces import moves
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund, Refunded, RefundPart
from b1bridge.domain.standing import Standing, StandingRow

MOMENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
ORDER = Ref("shop", "order", "101")
INVOICE, MEMO = DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO
SKU = Crosswalk("sku")


def eur(amount):
    return Money.of(amount, "EUR")


def refunds(*told):
    """Tell refunds by the money that went back, and pieces of the only line."""
    found = []
    for number, (amount, pieces) in enumerate(told, start=1):
        ref = Ref("shop", "refund", f"101/{number}")
        goods = (RefundPart(Refunded.GOODS, "1", Decimal(pieces)),) if pieces else ()
        back = (MoneyBack("card", eur(amount), MoneyState.SETTLED),)
        found.append(Refund(ref, ORDER, MOMENT, goods, back, eur(amount)))
    return tuple(found)


def standing(kind, reference, total, pieces=0, **facts):
    known = {"moves_stock": True} | facts
    row = StandingRow(
        *(0, "A", "", Decimal(pieces), Decimal(pieces), True, eur(total), eur(0), "A0", 0, "01"),
        **known,
    )
    totals = Totals(eur(total), eur(0), eur(0))
    nothing = eur(0)
    return Standing(
        *(Posted(kind.value, 1, 4711), reference, "C1", date(2026, 11, 3), True, False),
        *(totals, nothing, nothing, (row,) if pieces else (), ()),
    )


def sale_of(net, quantity, given, received="50.00", state=OrderState.OPEN, **documents):
    """Sell so many pieces at 10.00; five were invoiced, before anything changed."""
    order = net.order(net.line("A", f"{10 * quantity}.00", "0", quantity=quantity), state=state)
    documents = {"invoices": (standing(INVOICE, str(ORDER), "50.00", 5),)} | documents
    return RefundedSale(order, eur(received), given, **documents)


def moved(sale, **policy):
    found = moves(sale, SKU, ReturnPolicy(**policy))
    assert all(not row.amount for row in (*found.back, *found.out))
    return sum(row.quantity for row in found.back) - sum(row.quantity for row in found.out)


def test_pieces_whose_memo_was_of_an_amount_come_back_for_nothing(net):
    amount = standing(MEMO, "shop/refund/101/1", "10.00")

    assert moved(sale_of(net, 5, refunds(("10.00", 1)), memos=(amount,))) == 1


def test_pieces_that_are_back_stay_where_they_are(net):
    memo = standing(MEMO, "shop/refund/101/1", "10.00", 1)

    assert moved(sale_of(net, 5, refunds(("10.00", 1)), memos=(memo,))) == 0


@pytest.mark.parametrize(
    "was_edited", [False, True], ids=["refund heard first", "edit heard first"]
)
def test_a_piece_that_was_edited_away_and_refunded_comes_back_once(net, was_edited):
    one = standing(MEMO, "shop/order/101+1" if was_edited else "shop/refund/101/1", "10.00", 1)
    held = {"changes": (one,)} if was_edited else {"memos": (one,)}

    assert moved(sale_of(net, 4, refunds(("10.00", 1)), **held)) == 0


def test_pieces_that_were_refunded_beside_an_edit_of_something_else_come_back(net):
    # Of 50.00 paid 6.00 were given back for an edit of other things: no price of a piece.
    amount = standing(MEMO, "shop/refund/101/1", "4.00")
    sale = sale_of(net, 5, refunds(("10.00", 1)), received="56.00", memos=(amount,))

    assert moved(sale) == 1


def test_goods_of_an_order_that_was_called_off_are_all_back(net):
    amount = standing(MEMO, "shop/refund/101/1", "50.00")
    called_off = sale_of(net, 5, refunds(("50.00", 0)), memos=(amount,), state=OrderState.CANCELLED)

    assert moved(called_off) == 5


def test_goods_that_a_refund_and_the_cancellation_brought_back_leave_once(net):
    held = {
        "changes": (standing(MEMO, "shop/order/101+1", "50.00", 5),),
        "memos": (standing(MEMO, "shop/refund/101/1", "10.00", 1),),
    }
    called_off = sale_of(net, 5, refunds(("50.00", 1)), state=OrderState.CANCELLED, **held)

    assert moved(called_off) == -1


def test_what_a_correction_brought_back_too_much_leaves_again(net):
    memos = (standing(MEMO, "shop/refund/101/1", "10.00", 1), standing(MEMO, "+1", "0", 1))
    memos = (memos[0], replace(memos[1], reference="shop/refund/101/1+1"))
    sale = sale_of(net, 5, refunds(("10.00", 1)), memos=memos)

    assert moved(sale) == -1
    again = standing(INVOICE, "shop/refund/101/1+2", "0", 1)
    assert moved(replace(sale, recharges=(again,))) == 0


def test_nothing_leaves_while_part_of_the_order_is_not_invoiced_yet(net):
    memos = (standing(MEMO, "shop/refund/101/1", "10.00", 2),)

    assert moved(sale_of(net, 9, refunds(("10.00", 1)), received="90.00", memos=memos)) == 0


@pytest.mark.parametrize("quantity", [5, 4, 0], ids=["as ordered", "edited away", "called off"])
def test_goods_that_are_not_put_into_stock_again_stay_away(net, quantity):
    memo = standing(MEMO, "shop/refund/101/1", "10.00", 1, moves_stock=False)
    state = OrderState.OPEN if quantity else OrderState.CANCELLED
    change = standing(MEMO, "shop/order/101+1", "40.00", 4)
    held = {"memos": (memo,), "changes": () if quantity else (change,)}
    sale = sale_of(net, quantity or 5, refunds(("10.00", 1)), state=state, **held)

    assert moved(sale, restock=Restock.NO_RESTOCK) == 0


def test_what_a_reserve_invoice_kept_and_a_refund_left_there_does_not_leave_again(net):
    memo = standing(MEMO, "shop/refund/101/1", "20.00", 2, moves_stock=False)

    assert moved(sale_of(net, 5, refunds(("10.00", 1)), memos=(memo,))) == 0


def test_kits_whose_parts_are_rows_are_left_alone(net):
    kit = standing(INVOICE, str(ORDER), "50.00", 5, tree=Tree.TEMPLATE)

    assert moved(sale_of(net, 4, refunds(("10.00", 0)), invoices=(kit,))) == 0


def test_a_warehouse_for_returns_takes_what_comes_back(net):
    amount = standing(MEMO, "shop/refund/101/1", "10.00")
    sale = sale_of(net, 5, refunds(("10.00", 1)), memos=(amount,))

    (row,) = moves(sale, SKU, ReturnPolicy(return_warehouse="R1")).back

    assert (row.item, row.quantity, row.warehouse) == ("A", 1, "R1")
