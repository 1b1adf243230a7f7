"""What an item costs a customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from b1bridge.bootstrap import Hub
from b1bridge.connectors.rest.fields import Day, Quantity
from b1bridge.web import problem_types
from b1bridge.web.api.lookup_words import ItemReader, Shown, looking, unknown
from b1bridge.web.api.numbers import Number
from b1bridge.web.api.openapi import refusals

_WHOLE = Decimal(100)


class PriceShown(Shown):
    """The price of one sales unit; special prices, discount groups and quantities are counted."""

    customer: str
    item: str
    quantity: Number
    price: Number = Field(description="before the discount")
    discount_percent: Number
    discounted: Number = Field(description="after the discount, not rounded")
    currency: str
    includes_tax: bool = Field(description="as the customer's price list says")
    day: date | None = Field(description="null: today, as the company counts its days")


def prices(hub: Hub) -> APIRouter:
    """Make the route of prices; SAP works each one out itself."""
    router = looking("items")

    @router.get("/prices", responses=refusals(problem_types.UNKNOWN_RECORD))
    async def price(
        bearer: ItemReader,
        customer: Annotated[str, Query(min_length=1, max_length=15)],
        item: Annotated[str, Query(min_length=1, max_length=50)],
        quantity: Quantity = Decimal(1),
        day: Annotated[Day | None, Query(alias="date")] = None,
    ) -> PriceShown:
        """Ask what one unit costs when a customer buys so many on a day."""
        lookups, of = hub.lookups, bearer.connection
        found = await lookups.price(of, customer, item, quantity, day)
        if found is None:
            if await lookups.customer(of, customer) is None:
                unknown("customer", customer, "query customer")
            unknown("item", item, "query item")
        return PriceShown(
            customer=customer,
            item=item,
            quantity=quantity,
            price=found.price,
            discount_percent=found.discount,
            discounted=found.price * (_WHOLE - found.discount) / _WHOLE,
            currency=found.currency,
            includes_tax=found.includes_tax,
            day=day,
        )

    return router
