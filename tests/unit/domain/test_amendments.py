"""What an invoiced order that changed still owes its documents: worked numbers and properties."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.amendments import Invoiced, amendments
from b1bridge.domain.customers import Address
from b1bridge.domain.documents import (
    BaseRow,
    DocumentKind,
    DocumentLine,
    Expense,
    SalesDocument,
)
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.domain.proof import Tolerance
from b1bridge.domain.standing import Standing, StandingExpense, StandingRow, revision
from b1bridge.domain.tax import net_of, predicted_totals
from b1bridge.errors import NeedsOperator

DAY = date(2026, 11, 2)
WIDE = Tolerance(tolerance_per_line=Decimal("0.05"), tolerance_cap=Decimal("2.00"))


def eur(amount):
    return Money.of(amount, "EUR")


def line(item, quantity, price, rate="19"):
    amount = eur(Decimal(price) * Decimal(quantity))
    return DocumentLine(item, "", Decimal(quantity), amount, f"A{rate}", Decimal(rate), "01")


def freight(amount, rate="19"):
    return Expense(1, eur(amount), f"A{rate}", Decimal(rate), "shipping")


def document(*lines, expenses=(), gross=False, **facts):
    known = {
        "kind": DocumentKind.INVOICE,
        "reference": revision("shop/order/812", 1),
        "business_partner": "C1",
        "posted_on": DAY,
        "due_on": DAY,
        "currency": "EUR",
        "gross": gross,
        "lines": lines,
        "expenses": tuple(expenses),
        "rounding": eur(0),
        "ship_to": Address(),
        "bill_to": Address(),
    }
    return SalesDocument(**(known | facts))


def sides(amount, rate, gross):
    if gross:
        net = Money(net_of(amount.amount, rate, 2), "EUR")
        return net, amount - net
    return amount, Money(amount.amount * rate / 100, "EUR").rounded()


def standing(sent, entry=1, *, reserve=False, is_open=True, undelivered=True):
    """Return how the books hold a document that was sent to them."""
    rows = []
    for number, row in enumerate(sent.lines):
        net, tax = sides(row.amount, row.tax_rate, sent.gross)
        left = row.quantity if undelivered else Decimal(0)
        facts = (row.tax_code, row.tax_rate, row.warehouse, "", row.base, row.moves_stock)
        rows.append(StandingRow(number, row.item, "", row.quantity, left, True, net, tax, *facts))  # noqa: FBT003 - is_open
    expenses = []
    for number, one in enumerate(sent.expenses):
        net, tax = sides(one.amount, one.tax_rate, sent.gross)
        expenses.append(StandingExpense(number, one.code, net, tax, one.tax_code, one.tax_rate))
    return Standing(
        posted=Posted(sent.kind.value, entry, 4700 + entry),
        reference=sent.reference,
        business_partner="C1",
        posted_on=DAY,
        is_open=is_open,
        gross=sent.gross,
        totals=predicted_totals(sent),
        paid=eur(0),
        rounding=sent.rounding,
        rows=tuple(rows),
        expenses=tuple(expenses),
        reserve=reserve,
    )


FIVE = document(line("MUG", 5, "20.00"))


def changed(wanted, invoiced, tolerance=WIDE):
    return amendments(wanted, predicted_totals(wanted), invoiced, tolerance)


def invoiced(*invoices, memos=(), **facts):
    return Invoiced(tuple(standing(one, i) for i, one in enumerate(invoices)), memos, **facts)


def test_one_mug_less_of_five_is_a_memo_of_23_80():
    (found,) = changed(document(line("MUG", 4, "20.00")), invoiced(FIVE))

    assert found.document.kind is DocumentKind.CREDIT_MEMO
    assert [(row.item, row.quantity, row.base) for row in found.document.lines] == [
        ("MUG", 1, None)
    ]
    assert found.charged.total == predicted_totals(found.document).total == eur("23.80")


def test_what_nobody_paid_is_credited_by_the_rows_of_its_open_invoices_oldest_first():
    two = (document(line("MUG", 2, "20.00")), document(line("MUG", 3, "20.00")))
    unpaid = invoiced(*two, received=eur(0))

    (found,) = changed(document(line("MUG", 1, "20.00")), unpaid)

    assert [(row.quantity, row.base) for row in found.document.lines] == [
        (2, BaseRow(DocumentKind.INVOICE, 0, 0)),
        (2, BaseRow(DocumentKind.INVOICE, 1, 0)),
    ]


def test_a_closed_invoice_is_credited_alone():
    closed = Invoiced((standing(FIVE, is_open=False),), (), received=eur(0))

    (found,) = changed(document(), closed)

    assert found.document.lines[0].base is None


def test_what_a_reserve_invoice_keeps_moves_no_stock_and_what_it_delivered_does():
    kept = standing(FIVE, reserve=True)
    delivered = replace(kept.rows[0], open_quantity=Decimal(2))
    invoice = replace(kept, rows=(delivered,))

    (found,) = changed(document(), Invoiced((invoice,), (), received=eur("119.00")))

    assert [(row.quantity, row.moves_stock) for row in found.document.lines] == [
        (2, False),
        (3, True),
    ]
    memo = standing(replace(found.document, lines=found.document.lines[:1]), 9)
    rest = changed(document(), Invoiced((invoice,), (memo,), received=eur("119.00")))
    assert [(row.quantity, row.moves_stock) for row in rest[0].document.lines] == [(3, True)]


def test_another_price_is_a_memo_and_an_invoice_whose_difference_is_exact():
    memo, invoice = changed(document(line("MUG", 5, "17.50")), invoiced(FIVE))

    assert memo.charged.total == eur("119.00")
    assert invoice.charged.total == eur("104.13")
    assert memo.document.reference == invoice.document.reference == "shop/order/812+1"


def test_freight_alone_takes_the_cheapest_thing_back_and_sells_it_again():
    sold = (line("MUG", 5, "20.00"), line("PEN", 1, "1.00"))
    before = document(*sold, expenses=[freight("5.00")])
    after = document(*sold, expenses=[freight("8.00")])

    memo, invoice = changed(after, invoiced(before))

    assert [row.item for row in memo.document.lines] == ["PEN"]
    assert [row.item for row in invoice.document.lines] == ["PEN"]
    assert invoice.document.expenses[0].amount == eur("3.00")
    assert invoice.charged.total - memo.charged.total == eur("3.57")


def test_less_freight_goes_with_the_goods_that_go_back():
    before = document(line("MUG", 5, "20.00"), expenses=[freight("5.00")])

    (found,) = changed(document(line("MUG", 4, "20.00")), invoiced(before))

    assert found.document.expenses[0].amount == eur("5.00")
    assert found.charged.total == eur("29.75")


def test_an_edit_back_is_not_a_change_any_more():
    memo = standing(replace(document(line("MUG", 1, "20.00")), kind=DocumentKind.CREDIT_MEMO))

    assert changed(document(line("MUG", 4, "20.00")), invoiced(FIVE, memos=(memo,))) == ()
    (again,) = changed(FIVE, invoiced(FIVE, memos=(memo,)))
    assert again.document.kind is DocumentKind.INVOICE
    assert again.charged.total == eur("23.80")


def refunded(*lines, back, **facts):
    memo = replace(document(*lines), kind=DocumentKind.CREDIT_MEMO)
    money = {"received": eur("119.00"), "returned": eur(back)} | facts
    return invoiced(FIVE, refund_memos=(standing(memo, 7),), **money)


def test_pieces_that_a_refund_has_credited_are_not_credited_again():
    after = refunded(line("MUG", 1, "20.00"), back="23.80")

    assert changed(document(line("MUG", 4, "20.00")), after) == ()
    (rest,) = changed(document(line("MUG", 3, "20.00")), after)
    assert [(row.item, row.quantity) for row in rest.document.lines] == [("MUG", 1)]
    assert rest.charged.total == eur("23.80")


@pytest.mark.parametrize(
    ("back", "memo"),
    [
        ("10.00", DocumentLine("", "sorry", Decimal(1), eur("8.40"), "A19", Decimal(19), "")),
        ("20.00", line("MUG", 1, "16.81")),
    ],
    ids=["goodwill", "the piece for less than its price"],
)
def test_a_change_that_refunds_have_credited_in_part_is_credited_whole(back, memo):
    # What the refund's memo credits too much by then is charged again by the refund's flow.
    (found,) = changed(document(line("MUG", 4, "20.00")), refunded(memo, back=back))

    assert found.charged.total == eur("23.80")
    assert [(row.item, row.quantity) for row in found.document.lines] == [("MUG", 1)]


def test_an_order_called_off_after_all_was_refunded_owes_nothing_more():
    assert changed(document(), refunded(line("MUG", 5, "20.00"), back="119.00")) == ()


def test_a_refund_that_is_still_owed_is_left_to_the_refund():
    paid = invoiced(FIVE, received=eur("119.00"), returned=eur("23.80"))

    assert changed(FIVE, paid) == ()


def test_value_that_was_left_without_a_piece_is_shown_and_not_a_crash():
    cheaper = replace(document(line("MUG", 5, "18.00")), kind=DocumentKind.CREDIT_MEMO)

    with pytest.raises(NeedsOperator, match=r"0\.00 EUR.*11\.90 EUR") as case:
        changed(document(), invoiced(FIVE, memos=(standing(cheaper, 2),)))

    assert case.value.reason == "EDIT_CONFLICT"


def test_an_amount_that_is_more_than_rounding_is_refused():
    charged = predicted_totals(FIVE)
    more = replace(charged, total=charged.total + eur("3.00"))

    with pytest.raises(NeedsOperator) as case:
        amendments(FIVE, more, invoiced(FIVE), Tolerance())

    assert case.value.reason == "TOTAL_MISMATCH"


carts = st.lists(
    st.builds(
        line,
        st.sampled_from(["MUG", "LAMP", "PEN"]),
        st.integers(1, 9),
        st.integers(1, 9_999).map(lambda cents: Decimal(cents).scaleb(-2)),
        st.sampled_from(["0", "7", "19"]),
    ),
    min_size=1,
    max_size=5,
)
costs = st.sampled_from(["0.00", "3.13", "9.95"])


def whole(lines, cost, *, gross):
    expenses = [freight(cost)] if Decimal(cost) else []
    return document(*lines, expenses=expenses, gross=gross)


@given(
    story=st.lists(st.tuples(carts, costs), min_size=2, max_size=4),
    gross=st.booleans(),
    received=st.sampled_from([None, "0", "50.00"]),
)
def test_all_documents_together_come_to_the_order_and_hold_its_pieces(story, gross, received):
    money = None if received is None else eur(received)
    (cart, cost), *edits = story
    posted = Invoiced((standing(whole(cart, cost, gross=gross)),), (), received=money)
    for lines, shipping in edits:
        wanted = whole(lines, shipping, gross=gross)
        for one in changed(wanted, posted):
            assert predicted_totals(one.document).total == one.charged.total
            kept = standing(one.document, len(posted.invoices) + len(posted.memos))
            if one.document.kind is DocumentKind.INVOICE:
                posted = replace(posted, invoices=(*posted.invoices, kept))
            else:
                posted = replace(posted, memos=(*posted.memos, kept))
        ours, theirs = posted.totals, predicted_totals(wanted)
        assert ours.total == theirs.total
        assert abs(ours.tax - theirs.tax).amount <= Decimal("0.05") * 4
        assert changed(wanted, posted) == ()
