"""What every shop must tell of the money it gave back."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.refunds import MoneyState, Refunded
from b1bridge.ports.shop import PaymentSource, RefundSource

CAPABILITY = RefundSource
CART = [("A-1", 3, "23.80", "19"), ("B-2", 1, "10.70", "7")]

pytestmark = pytest.mark.anyio


def ref(number):
    return Ref("c1", "order", str(number))


def eur(amount):
    return Money.of(amount, "EUR")


@pytest.fixture
def paid(world):
    """Return a maker of orders that were paid in full."""

    def place(**told):
        number = world.shopper_orders(CART, **told)
        world.pays(number)
        return number

    return place


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, RefundSource)


async def test_an_order_that_kept_its_money_has_no_refund(shop, paid):
    assert await shop.refunds(ref(paid())) == ()


async def test_refunded_pieces_are_told_by_line_and_to_the_cent(world, shop, paid):
    number = paid()
    world.refunds(number, items=[("A-1", 1)])

    refund = (await shop.refunds(ref(number)))[0]

    order = await shop.order(ref(number))
    assert refund.order == ref(number)
    assert refund.ref == Ref("c1", "refund", f"{number}/{refund.ref.id.split('/')[1]}")
    assert refund.made_at.utcoffset() is not None
    assert [(part.what, part.name, part.quantity) for part in refund.parts] == [
        (Refunded.GOODS, order.lines[0].id, 1)
    ]
    assert refund.total == refund.returned == eur("23.80")


async def test_the_methods_are_named_as_those_of_the_payments(world, shop, paid):
    number = paid(gift_certificate="20.00")
    world.refunds(number, amount="75.00")

    refund = (await shop.refunds(ref(number)))[0]

    assert isinstance(shop, PaymentSource)
    methods = {payment.method for payment in await shop.payments(ref(number))}
    assert {back.method for back in refund.payments} == methods
    assert refund.returned == eur("75.00")


async def test_an_amount_of_the_order_as_a_whole_is_goodwill(world, shop, paid):
    number = paid()
    world.refunds(number, amount="10.00", reason="late")

    refund = (await shop.refunds(ref(number)))[0]

    assert [(part.what, part.amount) for part in refund.parts] == [
        (Refunded.GOODWILL, eur("10.00"))
    ]
    assert refund.reason == "late"


async def test_shipping_goes_back_with_its_tax(world, shop, paid):
    number = paid(shipping="4.90")
    world.refunds(number, items=[("B-2", 1)], shipping="4.90")

    refund = (await shop.refunds(ref(number)))[0]

    charge = next(part for part in refund.parts if part.what is Refunded.CHARGE)
    shipping = next(c for c in (await shop.order(ref(number))).charges if c.name == charge.name)
    assert charge.amount == shipping.gross == eur("4.90")
    assert refund.returned == eur("15.60")


async def test_money_is_back_only_when_the_gateway_says_so(world, shop, paid):
    number = paid()
    refund = world.refund_pends(number, items=[("A-1", 1)])
    waiting = (await shop.refunds(ref(number)))[0]
    world.refund_settles(refund)
    settled = (await shop.refunds(ref(number)))[0]

    assert (waiting.returned, waiting.pending) == (eur("0"), eur("23.80"))
    assert (settled.returned, settled.pending) == (eur("23.80"), eur("0"))
    assert waiting.ref == settled.ref


async def test_declined_money_never_went_back(world, shop, paid):
    number = paid()
    world.refund_fails(world.refund_pends(number, items=[("A-1", 1)]))

    refund = (await shop.refunds(ref(number)))[0]

    assert [back.state for back in refund.payments] == [MoneyState.DECLINED]
    assert refund.returned == refund.pending == eur("0")


async def test_several_refunds_come_oldest_first_and_sum_to_the_whole(world, shop, paid):
    number = paid()
    for _ in range(3):
        world.refunds(number, items=[("A-1", 1)])
    world.refunds(number, items=[("B-2", 1)])

    found = await shop.refunds(ref(number))

    order = await shop.order(ref(number))
    assert len({refund.ref for refund in found}) == 4
    assert found[-1].parts[0].name == order.lines[1].id
    assert Money.sum((refund.returned for refund in found), "EUR") == order.total
    assert await shop.refunds(ref(number)) == found


async def test_a_refund_changes_nothing_about_what_was_paid(world, shop, paid):
    number = paid()
    before = await shop.payments(ref(number))

    world.refunds(number, items=[("A-1", 3), ("B-2", 1)])

    assert await shop.payments(ref(number)) == before
