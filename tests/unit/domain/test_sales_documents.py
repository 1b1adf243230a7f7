"""An order written as a document: whose amounts, whose codes, which day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.consistency import consistent
from b1bridge.domain.customers import Address
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.orders import LineKind, OrderState, Wishes, why_no_sale
from b1bridge.domain.proof import Tolerance, proved
from b1bridge.domain.sales_documents import Terms, charged_totals, document_for
from b1bridge.domain.tax import predicted_totals
from b1bridge.errors import NeedsOperator, Unmapped

INVOICE = DocumentKind.INVOICE
TERMS = Terms()


def test_an_order_becomes_a_document_in_the_books_own_codes(net, codes, ledger):
    order = net.order(
        net.line("A", "20.00", quantity="2"),
        charges=(net.charge("shipping", "5.00", "7"),),
        comment="please\nring twice",
    )

    document = document_for(order, INVOICE, ledger("A"), codes, TERMS)

    line, expense = document.lines[0], document.expenses[0]
    assert (line.item, line.quantity, line.amount.amount) == ("A", 2, Decimal("20.00"))
    assert (line.tax_code, line.warehouse) == ("A20", "W1")
    assert (expense.code, expense.amount.amount, expense.tax_code) == (1, Decimal("5.00"), "A7")
    assert (document.reference, document.currency) == ("shop/order/101", "EUR")
    assert document.comments == "Order 101. please ring twice"
    assert document.bill_to.country == "DE"


def test_a_gross_order_is_sent_gross(gross, codes, ledger):
    order = gross.order(gross.line("A", "27.90", "19"))

    document = document_for(order, INVOICE, ledger("A"), codes, TERMS)

    assert document.gross
    assert document.lines[0].amount.amount == Decimal("27.90")


def test_the_posting_day_is_the_companys_and_not_the_servers(net, codes, ledger):
    late = datetime(2026, 10, 31, 23, 40, tzinfo=ZoneInfo("America/New_York"))
    order = net.order(net.line("A", "1.00"), placed_at=late)

    document = document_for(order, INVOICE, ledger("A"), codes, Terms(due_days=14))

    assert (document.posted_on, document.due_on) == (date(2026, 11, 1), date(2026, 11, 15))


def test_the_shops_name_for_a_tax_wins_over_its_rate(net, codes, ledger):
    line = net.line("A", "1.00")
    named = replace(line, tax=replace(line.tax, code="VAT 20"))

    document = document_for(net.order(named), INVOICE, ledger("A"), codes, TERMS)

    assert document.lines[0].tax_code == "S20"


def test_a_code_of_the_books_needs_no_crosswalk(net, codes, ledger):
    line = net.line("A", "1.00", "5.50")
    own = replace(line, tax=replace(line.tax, code="A5", of_books=True))

    document = document_for(net.order(own), INVOICE, ledger("A"), codes, TERMS)

    assert document.lines[0].tax_code == "A5"


@pytest.mark.parametrize(("name", "expense"), [("shipping", 1), ("Parcel", 7)])
def test_an_expense_of_the_books_counts_where_the_crosswalk_has_none(
    net, codes, ledger, name, expense
):
    charge = replace(net.charge(name, "5.00"), expense=7)
    order = net.order(net.line("A", "1.00"), charges=(charge,))

    document = document_for(order, INVOICE, ledger("A"), codes, TERMS)

    assert document.expenses[0].code == expense


def test_what_an_order_asks_of_its_document_stands_in_its_head(net, codes, ledger):
    asked = Wishes(date(2026, 12, 24), 2, "WIRE", 7, "U_ShopNo")
    order = net.order(net.line("A", "1.00"), wishes=asked)

    document = document_for(order, INVOICE, ledger("A"), codes, Terms(due_days=14))

    assert (document.due_on, document.transport) == (date(2026, 12, 24), 2)
    assert (document.payment_method, document.contact) == ("WIRE", 7)
    assert document.also_carried == ("U_ShopNo", "101")


def test_a_rate_that_nobody_entered_names_the_line_and_the_way_out(net, codes, ledger):
    order = net.order(net.line("A", "1.00", "5.50"))

    with pytest.raises(Unmapped, match=r"shop/order/101 line 1: '5\.5' has no entry") as case:
        document_for(order, INVOICE, ledger("A"), codes, TERMS)

    assert case.value.reason == "TAX_MAP"


@pytest.mark.parametrize(("entry", "trouble"), [(None, "no entry"), ("one", "no expense code")])
def test_a_charge_without_a_usable_expense_code_is_unmapped(net, codes, ledger, entry, trouble):
    freight = Crosswalk("freight", {"fee": entry} if entry else {})
    order = net.order(net.line("A", "1.00"), charges=(net.charge("fee", "2.00"),))

    with pytest.raises(Unmapped, match=trouble) as case:
        document_for(order, INVOICE, ledger("A"), replace(codes, freight=freight), TERMS)

    assert case.value.reason == "FREIGHT_MAP"


@pytest.mark.parametrize(("own", "expense"), [({"fee: Tip": "7"}, 7), ({}, 4)])
def test_a_named_fee_has_its_own_expense_or_that_of_all_fees(net, codes, ledger, own, expense):
    freight = Crosswalk("freight", {"fee": "4", **own})
    order = net.order(net.line("A", "1.00"), charges=(net.charge("fee: Tip", "2.00"),))

    document = document_for(order, INVOICE, ledger("A"), replace(codes, freight=freight), TERMS)

    assert [one.code for one in document.expenses] == [expense]


def test_a_fee_that_nobody_knows_is_named(net, codes, ledger):
    freight = Crosswalk("freight", {"shipping": "1"})
    order = net.order(net.line("A", "1.00"), charges=(net.charge("fee: Tip", "2.00"),))

    with pytest.raises(Unmapped, match="'fee: Tip' has no entry"):
        document_for(order, INVOICE, ledger("A"), replace(codes, freight=freight), TERMS)


def test_free_shipping_is_left_out(net, codes, ledger):
    order = net.order(net.line("A", "1.00"), charges=(net.charge("no such", "0.00"),))

    assert document_for(order, INVOICE, ledger("A"), codes, TERMS).expenses == ()


def test_a_gift_certificate_is_a_liability_and_no_revenue(net, codes, ledger):
    order = net.order(
        net.line("A", "10.00"), net.line("", "50.00", "0", kind=LineKind.GIFT_CERTIFICATE)
    )

    document = document_for(order, INVOICE, ledger("A"), codes, TERMS)

    assert [expense.code for expense in document.expenses] == [5]
    assert charged_totals(order, codes).freight.amount == Decimal("50.00")
    assert predicted_totals(document) == charged_totals(order, codes)


def test_a_gift_certificate_with_an_item_of_its_own_is_a_line(net, codes, ledger):
    with_item = replace(codes, sku=Crosswalk("sku", {"gift certificate": "GIFT"}))
    order = net.order(net.line("", "50.00", "0", kind=LineKind.GIFT_CERTIFICATE))

    document = document_for(order, INVOICE, ledger("gift certificate"), with_item, TERMS)

    assert [line.item for line in document.lines] == ["gift certificate"]
    assert not charged_totals(order, with_item).freight


def test_an_order_of_nothing_but_gift_certificates_needs_an_item(net, codes, ledger):
    order = net.order(net.line("", "50.00", "0", kind=LineKind.GIFT_CERTIFICATE))

    with pytest.raises(NeedsOperator, match="nothing but gift certificates") as case:
        document_for(order, INVOICE, ledger(), codes, TERMS)

    assert "sku crosswalk" in case.value.fix


def test_a_removed_line_leaves_no_trace(net, codes, ledger):
    order = net.order(net.line("A", "1.00"), net.line("GONE", "0.00", quantity="0", id_="2"))

    document = document_for(order, INVOICE, ledger("A"), codes, TERMS)

    assert [line.item for line in document.lines] == ["A"]


@pytest.mark.parametrize(("quantity", "amount"), [("-1", "1.00"), ("0", "1.00")])
def test_a_quantity_that_cannot_be_delivered_names_its_line(net, codes, ledger, quantity, amount):
    order = net.order(net.line("A", amount, quantity=quantity, id_="77"))

    with pytest.raises(NeedsOperator, match="line 77") as case:
        document_for(order, INVOICE, ledger("A"), codes, TERMS)

    assert case.value.reason == "BAD_QUANTITY"


def test_an_order_without_lines_is_a_case(net, codes, ledger):
    with pytest.raises(NeedsOperator, match="sells nothing: all its lines") as case:
        document_for(net.order(), INVOICE, ledger(), codes, TERMS)

    assert case.value.reason == "NO_LINES"


def test_a_foreign_currency_is_allowed_only_by_name(net, codes, ledger):
    order = net.order(net.line("A", "1.00"), currency="SEK")

    with pytest.raises(NeedsOperator, match="is in SEK, the company counts in EUR") as case:
        document_for(order, INVOICE, ledger("A"), codes, TERMS)
    allowed = document_for(order, INVOICE, ledger("A"), codes, Terms(currencies=("SEK",)))

    assert case.value.reason == "CURRENCY"
    assert allowed.currency == "SEK"


def test_the_syncs_warehouse_overrides_the_items_own(net, codes, ledger):
    order = net.order(net.line("A", "1.00"))

    document = document_for(order, INVOICE, ledger("A"), codes, Terms(warehouse="W7"))

    assert document.lines[0].warehouse == "W7"


def test_the_documents_addresses_are_the_orders_own_in_clean_text(net, codes, ledger):
    ship = Address(
        first_name="Acme", last_name="Ltd", company="ACME LTD", street_1="1\tMain\x00 St"
    )
    order = net.order(net.line("A", "1.00"), shipping=ship)

    found = document_for(order, INVOICE, ledger("A"), codes, TERMS).ship_to

    assert (found.name, found.company, found.street_1) == ("", "ACME LTD", "1 Main St")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (OrderState.UNPAID_CART, "never paid"),
        (OrderState.CANCELLED, "cancelled before"),
        (OrderState.REFUNDED, ""),
        (OrderState.OPEN, ""),
    ],
)
def test_what_is_no_sale_says_why(net, state, said):
    why = why_no_sale(net.order(net.line("A", "1.00"), state=state), post_zero_orders=True)

    assert said in why
    assert bool(said) == bool(why)


def test_a_free_order_is_a_sale_unless_the_sync_says_otherwise(net):
    order = net.order(net.line("A", "0.00"))

    assert why_no_sale(order, post_zero_orders=True) == ""
    assert "comes to 0.00 EUR" in why_no_sale(order, post_zero_orders=False)


def test_an_order_knows_when_it_was_changed(net):
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)

    assert net.order(modified_at=early).version < net.order(modified_at=late).version


rates = st.sampled_from(["0", "7", "19", "20"])
rows = st.lists(st.tuples(st.integers(0, 200_000), rates), min_size=1, max_size=40)


@given(rows=rows, shipping=st.tuples(st.integers(0, 5_000), rates), with_tax=st.booleans())
def test_totals_survive_translation_to_the_cent(
    net, gross, codes, ledger, rows, shipping, with_tax
):
    words = gross if with_tax else net
    lines = [words.line(f"S{i}", Decimal(n).scaleb(-2), rate) for i, (n, rate) in enumerate(rows)]
    charge = words.charge("shipping", Decimal(shipping[0]).scaleb(-2), shipping[1])
    order = words.order(*lines, charges=(charge,))
    # Every row may round half a cent away from the sum of its code; beyond that it is an error.
    tolerance = Tolerance(tolerance_cap=Decimal(1))

    fitted = consistent(order, tolerance).order
    document = document_for(fitted, INVOICE, ledger(*(line.sku for line in lines)), codes, TERMS)
    proof = proved(document, charged_totals(order, codes), tolerance)

    assert predicted_totals(proof.document).total == order.total
    assert bool(proof.document.rounding) == bool(proof.note.count("rounding:"))
    assert not (with_tax and proof.document.rounding)
