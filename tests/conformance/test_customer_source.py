"""What every shop must tell of its shoppers."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.errors import NeedsOperator
from b1bridge.ports.shop import CustomerSource

CAPABILITY = CustomerSource

pytestmark = pytest.mark.anyio


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, CustomerSource)


async def test_a_shopper_is_read_with_name_and_address(world, shop):
    number = world.registers_customer("ada@example.com")
    ref = Ref("c1", "customer", str(number))

    customer = await shop.customer(ref)

    assert customer.ref == ref
    assert customer.email == "ada@example.com"
    assert customer.name
    assert len(customer.billing.country) == 2


async def test_a_shopper_who_is_not_there_asks_for_a_person(shop):
    with pytest.raises(NeedsOperator):
        await shop.customer(Ref("c1", "customer", "987654"))
