"""A deal as an order comes to what the books will make of it, whatever is on it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.crm import Deal, DealLine, DealStatus, Glance, TaxMethod
from b1bridge.domain.crm_profiles import ItemTax
from b1bridge.domain.customers import Customer
from b1bridge.domain.deals import (
    DealPolicy,
    Sale,
    deal_version,
    gone_deal,
    is_known,
    order_from,
    sale_of,
    same_sale,
)
from b1bridge.domain.documents import CompanyRules, DocumentKind, Item
from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.sales_documents import Codes, Ledger, Terms, document_for
from b1bridge.domain.tax import predicted_totals

MOMENT = datetime(2026, 11, 21, 12, tzinfo=UTC)
REF = Ref("crm", "deal", "55")
POLICY = DealPolicy()
CODES = Codes(Crosswalk("tax", {"19": "A19", "0": "A0"}), Crosswalk("freight"), Crosswalk("sku"))
TAXES = {"A": ItemTax("A20", Decimal(20)), "B": ItemTax("A7", Decimal(7))}


def euro(amount):
    return Money.of(amount, "EUR")


cents = st.integers(0, 1_000_000).map(lambda n: Decimal(n) / 100)
quantities = st.integers(1, 5000).map(lambda n: Decimal(n) / 10)


@st.composite
def lines(draw):
    item = draw(st.sampled_from("AB"))
    quantity, price = draw(quantities), draw(cents)
    share = draw(st.integers(0, 100))
    off = (quantity * price * share / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
    rate = draw(st.sampled_from([TAXES[item].rate, Decimal(19), Decimal(0)]))
    method = draw(st.sampled_from(TaxMethod))
    return DealLine("1", "9", item, item, quantity, euro(price), euro(off), rate, method)


def a_deal(*sold, **facts):
    known = {
        "ref": REF,
        "title": "Big one",
        "status": DealStatus.WON,
        "stage": "Qualified",
        "currency": "EUR",
        "value": euro(0),
        "organization": "5",
        "organization_key": "C1",
        "organization_name": "Anna Ek AB",
        "person": "",
        "lines": sold,
        "updated_at": MOMENT,
        "digest": "d1",
    }
    return Deal(**(known | facts))


@given(st.lists(lines(), min_size=1, max_size=8), st.booleans())
def test_the_order_comes_to_what_its_document_will_to_the_cent(sold, by_row):
    rules = CompanyRules("EUR", "Europe/Berlin", tax_by_row=by_row)

    order = order_from(a_deal(*sold), POLICY, Customer(None, "", ""), TAXES, rules)

    items = {code: Item(code, code) for code in "AB"}
    kind = DocumentKind.SALES_ORDER
    document = document_for(order, kind, Ledger(rules, items), CODES, Terms())
    totals = predicted_totals(document)
    assert abs(totals.total - order.total).amount <= Decimal("0.01") * len(sold)
    assert order.total == Money.sum((line.gross for line in order.lines), "EUR")
    if order.prices_include_tax or not any(one.tax_method is TaxMethod.INCLUSIVE for one in sold):
        assert totals.total == order.total


@given(st.lists(lines(), max_size=4))
def test_a_deal_that_is_called_off_sells_nothing(sold):
    rules = CompanyRules("EUR", "Europe/Berlin")
    deal = a_deal(*sold, status=DealStatus.LOST)

    order = order_from(deal, POLICY, Customer(None, "", ""), TAXES, rules)

    assert (order.lines, order.total, order.state.value) == ((), euro(0), "cancelled")


@pytest.mark.parametrize(
    ("status", "stage", "on", "sale"),
    [
        (DealStatus.OPEN, "Qualified", "won", Sale.WAITS),
        (DealStatus.WON, "Qualified", "won", Sale.SOLD),
        (DealStatus.LOST, "Qualified", "won", Sale.CALLED_OFF),
        (DealStatus.DELETED, "Qualified", "won", Sale.CALLED_OFF),
        (DealStatus.OPEN, "Ready", "Ready", Sale.SOLD),
        (DealStatus.OPEN, "Qualified", "Ready", Sale.WAITS),
        (DealStatus.WON, "Qualified", "Ready", Sale.SOLD),
        (DealStatus.LOST, "Ready", "Ready", Sale.CALLED_OFF),
    ],
)
def test_which_deals_are_sales(status, stage, on, sale):
    assert sale_of(a_deal(status=status, stage=stage), DealPolicy(on=on)) is sale


def test_a_version_is_known_by_a_glance_and_by_what_it_sells():
    line = DealLine("1", "9", "A", "A", Decimal(1), euro(1), euro(0))
    seen = deal_version(a_deal(line), POLICY)
    later = MOMENT + timedelta(seconds=1)

    assert is_known(seen, Glance(MOMENT, "d1"))
    assert not is_known(seen, Glance(later, "d1"))
    assert not is_known(seen, Glance(MOMENT, "d2"))
    assert not is_known(seen, None)
    assert same_sale(seen, deal_version(a_deal(line, updated_at=later, title="B"), POLICY))
    assert not same_sale(seen, deal_version(a_deal(line, line), POLICY))
    assert not same_sale("", seen)
    assert not same_sale(seen, deal_version(gone_deal(REF, "EUR", later), POLICY))
