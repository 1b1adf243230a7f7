"""Whatever is given back, what it is for comes to the money, in both tax modes."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b1bridge.connectors.bigcommerce.refund_amounts import refund_from
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.order_json import (
    order_json,
    product_json,
    transaction_json,
)
from b1bridge.connectors.bigcommerce.simulator.refund_prices import Refused
from b1bridge.connectors.bigcommerce.simulator.refunds_api import refund_json
from b1bridge.connectors.bigcommerce.wire import PRODUCTS, TRANSACTIONS, WireOrder, WireRefund
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.refunded_orders import refunded_order

CENT = Decimal("0.01")

amounts = st.integers(1, 5_000).map(lambda cents: f"{cents / 100:.2f}")
lines = st.tuples(st.integers(1, 6), amounts, st.sampled_from(["19", "7", "0"]))
acts = st.one_of(
    st.tuples(st.just("items"), st.integers(0, 2), st.integers(1, 6)),
    st.tuples(st.just("shipping"), amounts),
    st.tuples(st.just("amount"), amounts),
)


def refunds_of(world, number):
    """Read an order's refunds without the wire between."""
    order, root = world.store.orders[number], world.store.root
    wire = WireOrder.model_validate(order_json(order, root, with_fees=True))
    products = PRODUCTS.validate_python([product_json(order, line) for line in order.lines])
    events = TRANSACTIONS.validate_python([transaction_json(order, t) for t in order.transactions])
    ref = Ref("shop", "order", str(number))
    found = [WireRefund.model_validate(refund_json(refund)) for refund in order.refunds]
    return [refund_from(refund, wire, products, events, ref) for refund in found]


def refunded(world, number, act):
    """Refund as asked, as far as the store lets staff do it."""
    kind, *told = act
    lines = world.store.orders[number].lines
    asked = {"items": [(lines[told[0] % len(lines)].id, told[-1])]} if kind == "items" else {}
    with suppress(Refused):
        world.refunds(number, **(asked or {kind: told[0]}))


@pytest.mark.parametrize("typed_with_tax", [None, True, False])
@settings(max_examples=100, deadline=None)
@given(
    cart=st.lists(lines, min_size=1, max_size=3),
    shipping=amounts,
    inclusive=st.booleans(),
    wanted=st.lists(acts, max_size=6),
)
def test_parts_come_to_the_money(translated, typed_with_tax, cart, shipping, inclusive, wanted):
    world = Simulator(prices_include_tax=inclusive)
    world.store.refund_amounts_include_tax = typed_with_tax
    number = world.shopper_orders(
        [(f"S{at}", *line) for at, line in enumerate(cart)], shipping=shipping
    )
    world.pays(number)
    for act in wanted:
        refunded(world, number, act)

    order, refunds = translated(world, number), refunds_of(world, number)

    back = Money.zero("EUR")
    for at, refund in enumerate(refunds):
        back += refund.returned
        assert back.amount <= order.total.amount
        part = refunded_order(order, refund, refunds[:at])
        named = Money.sum((one.gross for one in (*part.lines, *part.charges)), "EUR")
        # The last money of an order may be less than what it is for: it went back before.
        if back != order.total:
            assert abs((named - refund.returned).amount) <= CENT
        assert named.amount >= refund.returned.amount - CENT
