"""The oddities of BigCommerce's refunds."""

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.refunds import MoneyState, Refunded
from b1bridge.errors import ContractBroken
from b1bridge.testing.worlds import connect

pytestmark = pytest.mark.anyio

CART = [("A", 3, "20.00", "19"), ("B", 1, "10.00", "7")]


def order_ref(number):
    return Ref("shop", "order", str(number))


def eur(amount):
    return Money.of(amount, "EUR")


@pytest.fixture
def paid(world):
    def place(**told):
        number = world.shopper_orders(CART, **told)
        world.pays(number)
        return number

    return place


@pytest.fixture
def refund_of(store):
    async def read(number):
        return (await store.refunds(order_ref(number)))[-1]

    return read


@pytest.mark.parametrize("with_tax", [True, False])
async def test_a_charge_is_told_with_tax_however_staff_typed_it(make_world, with_tax):
    world = make_world(prices_include_tax=False)
    world.store.refund_amounts_include_tax = with_tax
    number = world.shopper_orders(
        CART, shipping="10.00", handling="5.00", fees=[("Insurance", "2.00", "19")]
    )
    world.pays(number)
    typed = ("11.90", "5.95", "2.38") if with_tax else ("10.00", "5.00", "2.00")
    world.refunds(number, items=[("A", 1)], shipping=typed[0], handling=typed[1], fee=(1, typed[2]))

    refund = (await connect(CONNECTOR, world, name="shop").refunds(order_ref(number)))[0]

    charges = {p.name: p.amount for p in refund.parts if p.what is Refunded.CHARGE}
    assert charges == {
        "shipping": eur("11.90"),
        "handling": eur("5.95"),
        "fee: Insurance": eur("2.38"),
    }
    assert refund.total == eur("44.03")
    assert refund.tax == eur("7.03")


async def test_what_was_kept_back_has_its_reason(world, paid, refund_of):
    number = paid()
    world.refunds(number, items=[("A", 1)], adjustments=[("4.00", "restocking")])

    refund = await refund_of(number)

    assert refund.parts[0].deducted == eur("4.00")
    assert refund.parts[0].reason == "restocking"
    assert refund.returned == eur("16.00")


@pytest.mark.parametrize("pieces", [1, 2, 3])
async def test_gift_wrapping_comes_to_what_the_other_items_leave(world, paid, refund_of, pieces):
    number = paid(wrapping="3.00", handling="2.00")
    world.refunds(number, items=[("A", 1)], wrapping=[("A", pieces)], handling="2.00")

    refund = await refund_of(number)

    (part,) = [part for part in refund.parts if part.name == "wrapping"]
    assert (part.what, part.quantity) == (Refunded.CHARGE, pieces)
    assert part.amount == eur(f"{pieces}.00")


async def test_a_refund_of_nothing_corrects_the_tax(world, paid, refund_of):
    number = paid()
    world.refunds(number, tax_adjustment="1.60")

    refund = await refund_of(number)

    assert [(p.what, p.amount) for p in refund.parts] == [(Refunded.TAX, eur("1.60"))]
    assert refund.tax == eur("1.60")


async def test_the_merchants_own_figure_is_what_the_one_item_comes_to(world, paid, refund_of):
    number = paid()
    world.refunds(number, items=[("A", 1)], override=("12.34", "0.00"))

    refund = await refund_of(number)

    assert refund.parts[0].amount == refund.total == eur("12.34")
    assert refund.tax == eur("0.00")


async def test_money_given_back_by_hand_is_back_at_once(world, refund_of, store):
    number = world.shopper_orders(CART)
    world.marks_paid(number, "Bank Deposit")
    world.refunds(number, items=[("B", 1)])

    refund = await refund_of(number)

    assert [(b.method, b.state) for b in refund.payments] == [("Bank Deposit", MoneyState.SETTLED)]
    payments = await store.payments(order_ref(number))
    assert [p.amount for p in payments] == [eur("70.00")]


async def test_a_gateway_spelled_with_a_prefix_is_the_same_gateway(world, refund_of):
    number = world.shopper_orders(CART)
    world.pays(number, method="electronic_wallet")
    world.refund_pends(number, items=[("B", 1)])

    refund = await refund_of(number)

    assert [b.method for b in refund.payments] == ["paypalexpress/electronic_wallet"]


async def test_other_means_keep_their_own_name(world, paid, refund_of):
    number = paid()
    world.refunds(number, items=[("B", 1)], method="custom")

    assert [b.method for b in (await refund_of(number)).payments] == ["custom"]


async def test_store_credit_is_given_without_any_gateway(world, paid, refund_of):
    number = paid(customer=world.registers_customer("ada@example.com"))
    world.refund_pends(number, items=[("B", 1)], method="storecredit")

    backs = (await refund_of(number)).payments

    assert [(b.method, b.state) for b in backs] == [("store_credit", MoneyState.SETTLED)]


async def test_a_refund_that_names_the_purchase_finds_its_own_event(world, paid, refund_of):
    number = paid()
    purchase = world.store.orders[number].transactions[0]
    refund = world.refunds(number, items=[("B", 1)])
    found = world.store.orders[number].refunds[0]
    found.raw = {
        "payments": [
            {
                "id": 1,
                "provider_id": "stripe",
                "amount": 10.0,
                "offline": False,
                "is_declined": False,
                "transaction_id": str(purchase.id),
            }
        ]
    }

    back = (await refund_of(number)).payments[0]

    assert refund == 1
    assert back.state is MoneyState.SETTLED
    assert back.gateway_reference.startswith("re_")


async def test_an_unreadable_refund_is_named(world, paid, refund_of, monkeypatch):
    number = paid()
    world.refunds(number, items=[("B", 1)], raw={"total_amount": 1e30})
    monkeypatch.setattr(world, "violations", [])

    with pytest.raises(ContractBroken, match="total_amount"):
        await refund_of(number)


async def test_an_order_that_was_refunded_reads_as_refunded(world, paid, store):
    number = paid()
    before = await store.version(order_ref(number))

    world.refunds(number, items=[("A", 3), ("B", 1)])

    order = await store.order(order_ref(number))
    assert order.state.value == "refunded"
    assert order.version != before
