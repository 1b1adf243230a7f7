"""How much of an item is free to sell."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from b1bridge.bootstrap import Hub
from b1bridge.domain.free_stock import FreeStock
from b1bridge.domain.stock import StockLevel
from b1bridge.web import problem_types
from b1bridge.web.api.lookup_words import ItemReader, Shown, looking, unknown
from b1bridge.web.api.numbers import Number
from b1bridge.web.api.openapi import refusals

_MOST = 50
Codes = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=50)]], Query(min_length=1, max_length=_MOST)
]
Places = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=8)]],
    Query(max_length=_MOST, default_factory=list),
]


class LevelShown(Shown):
    """What an item has in one warehouse, in inventory units."""

    warehouse: str
    on_hand: Number
    committed: Number = Field(description="promised to orders")
    ordered: Number = Field(description="on its way from suppliers")


class PartShown(Shown):
    """So many of an item in one kit."""

    item: str
    quantity: Number


class AvailabilityShown(Shown):
    """One item; a kit has parts instead of levels, and its scarcest part decides."""

    item: str
    available: Number | None = Field(
        description="on hand - committed - in flight, never below 0; null where nothing is counted"
    )
    in_flight: Number = Field(description="bought by orders that no document shows yet")
    warehouses: list[LevelShown]
    parts: list[PartShown]


class AvailabilitiesShown(Shown):
    """The items, in the order asked."""

    items: list[AvailabilityShown]


def availability(hub: Hub) -> APIRouter:
    """Make the route of availability."""
    router = looking("items")

    @router.get("/availability", responses=refusals(problem_types.UNKNOWN_RECORD))
    async def available(bearer: ItemReader, item: Codes, warehouse: Places) -> AvailabilitiesShown:
        """Tell what is free; both parameters may be given several times, no warehouse means all."""
        codes = list(dict.fromkeys(item))
        found = await hub.lookups.availability(bearer.connection, codes, warehouse)
        missing = next((code for code in codes if code not in {one.item for one in found}), None)
        if missing is not None:
            unknown("item", missing, "query item")
        return AvailabilitiesShown(items=[_shown(one) for one in found])

    return router


def _shown(one: FreeStock) -> AvailabilityShown:
    return AvailabilityShown(
        item=one.item,
        available=one.available,
        in_flight=one.in_flight,
        warehouses=[_level(level) for level in one.levels],
        parts=[PartShown.model_validate(part) for part in one.parts],
    )


def _level(level: StockLevel) -> LevelShown:
    return LevelShown.model_validate(level)
