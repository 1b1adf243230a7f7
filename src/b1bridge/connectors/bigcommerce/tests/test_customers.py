"""Registered shoppers."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.errors import Rejected

pytestmark = pytest.mark.anyio


async def test_a_shopper_comes_with_the_first_address_of_their_book(world, store):
    number = world.registers_customer(
        "anna@example.com", address={"first_name": "Anna", "last_name": "Berg", "city": "Köln"}
    )

    customer = await store.customer(Ref("shop", "customer", str(number)))

    assert (customer.name, customer.email) == ("Anna Berg", "anna@example.com")
    assert (customer.billing.city, customer.billing.country) == ("Köln", "DE")


async def test_a_shopper_without_an_address_is_still_a_shopper(world, store):
    number = world.registers_customer("anna@example.com")
    world.store.addresses.clear()

    customer = await store.customer(Ref("shop", "customer", str(number)))

    assert customer.billing.street_1 == ""
    assert customer.billing.email == "anna@example.com"


async def test_a_shopper_who_is_gone_is_told_with_a_way_out(store):
    with pytest.raises(Rejected, match="not in the store") as caught:
        await store.customer(Ref("shop", "customer", "4"))

    assert caught.value.fix


async def test_a_tax_id_is_read_from_the_field_that_asks_for_it(world, store):
    fields = [{"name": "Shoe size", "value": 43}, {"name": "VAT Number", "value": "DE 123456789"}]
    number = world.registers_customer("anna@example.com", form_fields=fields)
    order = world.shopper_orders([("MUG", 1, "4.00", "20")], address={"form_fields": fields})

    customer = await store.customer(Ref("shop", "customer", str(number)))
    buyer = (await store.order(Ref("shop", "order", str(order)))).customer

    assert (customer.tax_id, buyer.tax_id) == ("DE 123456789", "DE 123456789")
