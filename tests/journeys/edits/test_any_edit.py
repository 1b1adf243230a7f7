"""Whatever an order becomes, its documents come to it: to the cent, and piece by piece."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio

WIDE = {"tolerance_cap": "1.00", "tolerance_per_line": "0.02"}
FOLLOWED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
carts = st.lists(
    st.tuples(
        st.sampled_from(["MUG", "LAMP", "BAG", "PEN"]),
        st.integers(1, 6),
        st.sampled_from(["0.99", "4.00", "19.99", "23.90", "35.71"]),
        st.sampled_from(["0", "7", "19", "20"]),
    ),
    min_size=1,
    max_size=4,
)
versions = st.lists(
    st.tuples(carts, st.sampled_from(["0.00", "3.13", "9.95"])), min_size=2, max_size=4
)

discounts = st.sampled_from(["0.00", "0.37", "0.50"])


def change(journey, order, cart, shipping, discount="0.00"):
    found = journey.store.store.orders[order]
    cost = type(found.shipping)
    fields = {name: getattr(found.shipping, name) for name in cost.__dataclass_fields__}
    fields |= {"cost": Decimal(shipping), "rate": Decimal(19)}
    journey.store.edits(order, cart, shipping=cost(**fields), manual_discount=Decimal(discount))


def pieces_of(cart):
    found = {}
    for item, quantity, *_ in cart:
        found[item] = found.get(item, 0) + quantity
    return found


@FOLLOWED
@given(
    story=versions,
    discount=discounts,
    paid=st.booleans(),
    ends=st.sampled_from(["stands", "cancelled"]),
)
async def test_the_documents_of_an_invoiced_order_come_to_what_it_comes_to(
    journey, story, discount, paid, ends
):
    before, gone = journey.net(), journey.gone()
    (cart, shipping), *edits = story
    order = journey.store.shopper_orders(cart, shipping=shipping, shipping_rate="19")
    if paid:
        journey.store.pays(order)
    await journey.tell(order, "order-to-invoice", **WIDE)
    for cart, shipping in edits:
        change(journey, order, cart, shipping, discount)
        await journey.tell(order, "order-to-invoice", **WIDE)
        assert journey.net() - before == journey.charged(order)
    if ends == "cancelled":
        journey.store.cancels(order)
        await journey.tell(order, "order-to-invoice", **WIDE)

    now = journey.charged(order) if ends == "stands" else 0
    assert journey.net() - before == now
    left = journey.gone()
    moved = {code: left.get(code, 0) - gone.get(code, 0) for code in {*left, *gone}}
    kept = pieces_of(cart) if ends == "stands" else {}
    assert {code: n for code, n in moved.items() if n} == kept


@FOLLOWED
@given(story=versions, discount=discounts)
async def test_a_sales_order_is_what_the_order_is(journey, story, discount):
    (cart, shipping), *edits = story
    order = journey.store.shopper_orders(cart, shipping=shipping, shipping_rate="19")
    reference = f"shop/order/{order}"
    await journey.tell(order, "order-to-sales-order", **WIDE)
    for cart, shipping in edits:
        change(journey, order, cart, shipping, discount)
        await journey.tell(order, "order-to-sales-order", **WIDE)

        (found,) = [d for d in journey.standing("Orders") if d["NumAtCard"] == reference]
        assert Decimal(str(found["DocTotal"])) == journey.charged(order)
        rows = [(line["ItemCode"], int(line["Quantity"])) for line in found["DocumentLines"]]
        assert pieces_of(rows) == pieces_of(cart)
