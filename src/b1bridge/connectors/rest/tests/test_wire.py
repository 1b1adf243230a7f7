"""What passes the door, what is refused there by its field, and the one form it is kept in."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from b1bridge.connectors.rest.settings import Settings
from b1bridge.connectors.rest.wire import SubmittedOrder, canonical, digest_of
from b1bridge.sdk import exact_json

LINE = {"item": "MUG", "quantity": 1, "price": "10.00", "tax_code": "A20"}
ORDER = {"reference": "W-1", "customer": {"email": "a@example.com"}, "lines": [LINE]}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def read(text, **settings):
    settings = Settings(books="books", **settings)
    return SubmittedOrder.model_validate(exact_json.loads(text), context=settings)


def order(**facts):
    return json.dumps(ORDER | facts)


def line(**facts):
    return order(lines=[LINE | facts])


def places(text, **settings):
    """Return where an order is wrong."""
    with pytest.raises(ValidationError) as refused:
        read(text, **settings)
    return ["/".join(map(str, one["loc"])) for one in refused.value.errors()]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (order(reference=""), "reference"),
        (order(reference="a b"), "reference"),
        (order(reference="x" * 65), "reference"),
        (order(reference="W+1"), "reference"),
        (order(reference="insert"), "reference"),
        (order(lines=[]), "lines"),
        (order(lines=[LINE] * 1001), "lines"),
        (order(customer={}), "customer"),
        (order(customer={"email": "nobody"}), "customer/email"),
        (order(customer={"account": "C" * 16}), "customer/account"),
        (order(customer={"account": "C1", "contact": "7"}), "customer/contact"),
        (line(item="  "), "lines/0/item"),
        (line(item="x" * 51), "lines/0/item"),
        (line(quantity=0), "lines/0/quantity"),
        (line(quantity=-1), "lines/0/quantity"),
        (line(quantity="1e3"), "lines/0/quantity"),
        (line(quantity="1_000"), "lines/0/quantity"),
        (line(quantity="\u0661"), "lines/0/quantity"),
        (line(quantity=True), "lines/0/quantity"),
        (line(quantity=None), "lines/0/quantity"),
        (line(price="1.0000001"), "lines/0/price"),
        (line(price=10**12), "lines/0/price"),
        (line(price=None), "lines/0"),
        (line(amount="10.00"), "lines/0"),
        (line(tax_code=""), "lines/0"),
        (line(tax_rate=101), "lines/0/tax_rate"),
        (order(charges=[{"name": "x", "amount": 1}]), "charges/0"),
        (order(payments=[{"id": "1", "method": "x", "amount": 0}]), "payments/0/amount"),
        (order(payments=[{"id": "1", "method": "x", "amount": 1}] * 2), "payments"),
        (order(placed_at="2026-11-21T09:00:00"), "placed_at"),
        (order(placed_at=1_700_000_000), "placed_at"),
        (order(placed_at="9999-12-31T23:59:59-12:00"), "placed_at"),
        (order(due_on="2026-02-30"), "due_on"),
        (order(currency="eur"), "currency"),
        (order(prices_include_tax="yes"), "prices_include_tax"),
        (order(comment="\x00"), "comment"),
        (order(comment="\ud800"), "comment"),
        (order(billing={"country": "DEU"}), "billing/country"),
        (order(discount_percent="100.01"), "discount_percent"),
        (order(unknown=1), "unknown"),
        (line(unknown=1), "lines/0/unknown"),
        (order(reference_field="U_Shop"), "reference_field"),
        (order(callback_url="https://example.com/x"), "callback_url"),
        ('{"total": 1e400,' + order()[1:], "total"),
        ('{"total": 1E+11,' + order(lines=None)[1:], "lines"),
    ],
)
def test_a_field_that_is_wrong_is_named(text, place):
    assert place in places(text)


def test_an_amount_finer_than_its_currency_is_refused_where_the_currency_is_known():
    assert places(line(amount="1.001", price=None), currency="EUR") == ["lines/0/amount"]
    assert places(order(total="1.5", currency="JPY")) == ["total"]
    assert read(line(price="0.0001"), currency="EUR").lines[0].price == Decimal("0.0001")


def test_what_the_operator_allows_passes():
    sent = order(callback_url="https://hooks.example/x", reference_field="U_Shop")
    hooks = {"callback_hosts": ["hooks.example"], "callback_secret": SECRET}

    read(sent, reference_fields=["U_Shop"], **hooks)


@pytest.mark.parametrize(
    "wrong",
    [
        {"callback_hosts": ["a b"], "callback_secret": SECRET},
        {"callback_hosts": ["hooks.example"]},
        {"callback_secret": "short"},
        {"reference_fields": ["NumAtCard"]},
        {"currency": "euro"},
        {"books": ""},
    ],
)
def test_settings_that_could_not_work_are_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(**({"books": "books"} | wrong))


def test_equal_orders_are_one_text():
    one = read(
        '{"reference":"W-1","customer":{"email":"a@example.com"},"lines":[{"item":"MUG",'
        '"quantity":2,"price":1.50,"tax_rate":19}],"placed_at":"2026-11-21T10:00:00+01:00"}'
    )
    other = read(
        '{"lines":[{"tax_rate":"19.0","price":"1.5","quantity":2.0,"item":" MUG "}],'
        '"customer":{"email":"a@example.com","name":""},"comment":"","total":null,'
        '"reference":"W-1","placed_at":"2026-11-21T09:00:00Z","charges":[]}'
    )

    assert canonical(one) == canonical(other)
    assert one.placed_at == datetime(2026, 11, 21, 9, tzinfo=UTC)


amounts = st.decimals(0, 10**9, places=2).map(lambda amount: f"{amount:f}")


@given(
    price=amounts,
    total=st.none() | amounts,
    comment=st.text(st.characters(exclude_categories=("Cs", "Cc"))),
    net=st.booleans(),
)
def test_what_is_kept_reads_as_the_same_order(price, total, comment, net):
    sent = order(
        lines=[LINE | {"price": price}],
        total=total,
        comment=comment[:2000],
        prices_include_tax=not net,
    )
    first = read(sent)

    again = SubmittedOrder.model_validate(exact_json.loads(canonical(first)))

    assert again == first
    assert digest_of(canonical(again)) == digest_of(canonical(first))
    assert first.lines[0].price == Decimal(price)
