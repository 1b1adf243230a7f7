"""Orders keep their amounts to the cent, whatever the cart."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.domain.consistency import consistent
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import LineKind, OrderState, Tender
from b1bridge.domain.proof import Tolerance
from b1bridge.errors import Mismatch

prices = st.decimals("0.00", "2000.00", places=2)
rates = st.sampled_from(["0", "7", "8.25", "19", "21"])
lines = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.integers(1, 40), prices, rates),
    min_size=1,
    max_size=12,
)


def eur(amount):
    return Money.of(amount, "EUR")


def parts_of(order):
    return (*order.lines, *order.charges)


@settings(max_examples=150, deadline=None)
@given(
    cart=lines,
    inclusive=st.booleans(),
    shipping=prices,
    discount_percent=st.integers(0, 100),
    told=st.fixed_dictionaries(
        {
            "handling": st.sampled_from(["0", "2.50"]),
            "fees": st.sampled_from([(), (("Insurance", "1.99", "19"),)]),
            "discounts_on_lines": st.booleans(),
            "detailed_taxes": st.booleans(),
        }
    ),
)
def test_the_parts_of_any_cart_sum_to_the_total(
    translated, cart, inclusive, shipping, discount_percent, told
):
    world = Simulator(prices_include_tax=inclusive)
    goods = sum(quantity * price for _, quantity, price, _ in cart)
    discount = (goods * discount_percent / 100).quantize(Decimal("0.01"))
    number = world.shopper_orders(cart, shipping=shipping, discount=discount, **told)

    order = translated(world, number)

    assert Money.sum((p.gross for p in parts_of(order)), "EUR") == order.total
    assert Money.sum((p.tax.amount for p in parts_of(order)), "EUR") == order.tax_total
    assert all(p.net + p.tax.amount == p.gross for p in parts_of(order))
    assert Money.sum((c.net for c in order.charges), "EUR") == order.charge_total


def test_gross_prices_keep_the_line_that_the_shopper_saw(make_world, translated):
    world = make_world(prices_include_tax=True)
    number = world.shopper_orders(
        [("A", 1, "27.90", "19"), ("B", 1, "23.90", "19"), ("C", 1, "25.90", "19")]
    )

    order = translated(world, number)

    assert order.prices_include_tax
    assert [line.gross for line in order.lines] == [eur("27.90"), eur("23.90"), eur("25.90")]
    assert [line.net for line in order.lines] == [eur("23.45"), eur("20.08"), eur("21.76")]


def test_net_prices_keep_the_line_as_entered(make_world, translated):
    world = make_world(prices_include_tax=False)
    number = world.shopper_orders([("A", 2, "10.70", "21")])

    order = translated(world, number)

    assert order.lines[0].net == eur("21.40")
    assert order.lines[0].tax.amount == eur("4.49")
    assert order.total == eur("25.89")


@pytest.mark.parametrize("on_lines", [True, False])
def test_an_order_discount_is_spread_by_value(make_world, translated, on_lines):
    world = make_world()
    cart = [("A", 1, "19.99", "0"), ("B", 1, "19.99", "0"), ("C", 1, "9.99", "0")]
    number = world.shopper_orders(cart, discount="10.00", discounts_on_lines=on_lines)

    order = translated(world, number)

    assert [line.discount for line in order.lines] == [eur("4.00"), eur("4.00"), eur("2.00")]
    assert [line.gross for line in order.lines] == [eur("15.99"), eur("15.99"), eur("7.99")]
    assert order.total == eur("39.97")


def test_a_discount_of_everything_leaves_exactly_nothing(make_world, translated):
    world = make_world()
    number = world.shopper_orders([("A", 3, "19.99", "19")], discount="59.97")

    order = translated(world, number)

    assert order.total == eur("0.00")
    assert order.lines[0].gross == eur("0.00")


def test_a_discounted_line_does_not_lose_a_cent_to_its_unit_price(make_world, translated):
    world = make_world()
    number = world.shopper_orders([("A", 1000, "7.49", "19")], discount="333.33")

    assert translated(world, number).lines[0].gross == eur("7156.67")


def test_a_shipping_coupon_comes_off_shipping_only(make_world, translated):
    world = make_world()
    number = world.shopper_orders(
        [("A", 1, "20.00", "19")], shipping="5.00", coupon=("SHIP", "5.00", 4)
    )

    order = translated(world, number)

    assert order.total == eur("20.00")
    assert order.charges == ()
    assert order.lines[0].gross == eur("20.00")


def test_a_shipping_coupon_that_the_shipping_cost_still_holds_is_taken_off(make_world, translated):
    world = make_world(prices_include_tax=True)
    number = world.place_raw(
        {
            "shipping_cost_ex_tax": "5.0000",
            "shipping_cost_inc_tax": "5.0000",
            "shipping_cost_tax": "0.0000",
        },
        [("A", 1, "20.00", "0")],
        shipping="5.00",
        coupon=("SHIP", "3.00", 3),
    )

    order = translated(world, number)

    assert order.total == eur("22.00")
    assert [charge.gross for charge in order.charges] == [eur("2.00")]


def test_one_name_for_several_rates_becomes_several_codes(make_world, translated):
    world = make_world()
    number = world.shopper_orders([("A", 1, "10.00", "19"), ("B", 1, "10.00", "7")])

    codes = [line.tax.code for line in translated(world, number).lines]

    assert codes == ["VAT 19%", "VAT 7%"]


def test_tax_that_names_no_line_is_found_by_its_rate(make_world, translated):
    world = make_world()
    cart = [("A", 1, "10.00", "19"), ("B", 1, "30.00", "7")]
    number = world.shopper_orders(cart, detailed_taxes=False)

    order = translated(world, number)

    assert [line.tax.rate for line in order.lines] == [19, 7]
    assert [line.tax.amount for line in order.lines] == [eur("1.60"), eur("1.96")]


def test_gift_certificates_and_store_credit_are_tenders_and_leave_the_total(make_world, translated):
    world = make_world(prices_include_tax=False)
    number = world.shopper_orders(
        [("A", 1, "100.00", "19")], gift_certificate="50.00", store_credit="9.00"
    )

    order = translated(world, number)

    assert order.total == eur("119.00")
    assert order.tenders == (
        Tender("gift_certificate", eur("50.00")),
        Tender("store_credit", eur("9.00")),
    )


def test_a_gift_certificate_that_is_sold_is_no_goods(make_world, translated):
    world = make_world()
    cart = [{"sku": "", "price": "50.00", "name": "Gift", "kind": "giftcertificate"}]
    number = world.shopper_orders(cart, digital=True)

    order = translated(world, number)

    assert order.lines[0].kind is LineKind.GIFT_CERTIFICATE
    assert order.lines[0].tax.rate == 0
    assert order.shipping == order.billing


def test_shipping_handling_wrapping_and_fees_are_charges_with_their_tax(make_world, translated):
    world = make_world(prices_include_tax=False)
    number = world.shopper_orders(
        [("A", 1, "100.00", "19")],
        shipping="8.00",
        handling="2.00",
        wrapping="1.00",
        fees=[("Insurance", "3.00", "19")],
    )

    order = translated(world, number)

    found = [(charge.name, charge.net, charge.tax.amount) for charge in order.charges]
    assert found == [
        ("shipping", eur("8.00"), eur("1.52")),
        ("handling", eur("2.00"), eur("0.38")),
        ("wrapping", eur("1.00"), eur("0.19")),
        ("fee: Insurance", eur("3.00"), eur("0.57")),
    ]
    assert order.charge_total == eur("14.00")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, OrderState.UNPAID_CART),
        (4, OrderState.REFUNDED),
        (5, OrderState.CANCELLED),
        (6, OrderState.CANCELLED),
        (7, OrderState.OPEN),
        (10, OrderState.OPEN),
        (11, OrderState.OPEN),
        (14, OrderState.OPEN),
    ],
)
def test_a_status_is_read_by_its_id(make_world, translated, status, state):
    world = make_world()
    number = world.shopper_orders([("A", 1, "1.00", "0")], status=status)

    assert translated(world, number).state is state


def test_the_currency_is_the_one_that_was_charged(make_world, translated):
    world = make_world()
    number = world.shopper_orders(
        [("A", 1, "1150.00", "0")], currency="SEK", display_currency="EUR"
    )

    assert translated(world, number).total == Money.of("1150.00", "SEK")


def test_a_removed_line_is_left_out_and_a_negative_one_is_told(make_world, translated):
    world = make_world()
    cart = [("A", 0, "10.00", "0"), ("B", 2, "10.00", "0"), ("C", -1, "5.00", "0")]
    number = world.shopper_orders(cart)

    order = translated(world, number)

    assert [(line.sku, line.quantity) for line in order.lines] == [("B", 2), ("C", -1)]
    assert order.total == eur("15.00")


def test_text_of_any_kind_survives(make_world, translated):
    world = make_world()
    name = 'Zoë\'s "Größe" \u2013 100% 🎁 \\ <b>'
    number = world.shopper_orders([("A'B", 1, "1.00", "0", name)], customer_message=name)

    order = translated(world, number)

    assert order.lines[0].name == name
    assert order.lines[0].sku == "A'B"
    assert order.comment == name


def test_a_guest_has_no_customer_record_and_a_shopper_does(make_world, translated):
    world = make_world()
    guest = world.shopper_orders([("A", 1, "1.00", "0")], email="guest@example.com")
    shopper = world.shopper_orders([("A", 1, "1.00", "0")], customer=12)

    assert translated(world, guest).customer.ref is None
    assert translated(world, guest).customer.email == "guest@example.com"
    assert translated(world, shopper).customer.ref == Ref("shop", "customer", "12")


def test_prices_with_parts_of_a_cent_still_sum_to_what_was_charged(make_world, translated):
    world = make_world(prices_include_tax=False)
    cart = [
        {"sku": sku, "price": "0.333", "raw": {"total_ex_tax": "0.3333"}} for sku in "ABCDEFGHI"
    ]
    number = world.place_raw(
        {"total_ex_tax": "2.9997", "total_inc_tax": "2.9997", "total_tax": "0.0000"}, cart
    )

    order = translated(world, number)

    assert order.total == eur("3.00")
    assert Money.sum((line.gross for line in order.lines), "EUR") == order.total


def test_an_order_that_contradicts_itself_is_refused_with_both_totals(make_world, translated):
    world = make_world()
    number = world.place_raw({"total_inc_tax": "99.0000"}, [("A", 1, "10.00", "0")])

    order = translated(world, number)

    with pytest.raises(Mismatch, match=r"99\.00 EUR.*10\.00 EUR"):
        consistent(order, Tolerance())


def test_1114_lines_are_translated_in_their_order(make_world, translated):
    world = make_world()
    cart = [(f"SKU-{i}", 1, "1.07", "19") for i in range(1114)]
    number = world.shopper_orders(cart)

    order = translated(world, number)

    assert [line.sku for line in order.lines] == [row[0] for row in cart]
    assert order.total == eur("1191.98")


@pytest.mark.parametrize(
    ("total_ex_tax", "where"), [("90.0000", "already inside"), ("100.0000", "still to come off")]
)
def test_a_discount_on_the_product_is_taken_off_once(make_world, translated, total_ex_tax, where):
    world = make_world(prices_include_tax=False)
    discount = {"id": "x", "amount": "10.0000", "name": where, "code": None, "target": "product"}
    line = {
        "sku": "A",
        "price": "90.00",
        "tax_rate": "19",
        "raw": {
            "total_ex_tax": total_ex_tax,
            "applied_discounts": [discount],
            "discounted_total_inc_tax": "107.1000",
        },
    }
    number = world.shopper_orders([line, ("B", 1, "100.00", "19")])

    order = translated(world, number)

    assert [line.net for line in order.lines] == [eur("90.00"), eur("100.00")]
