"""Items of the books: a list of what is sold, and any one item."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from b1bridge.bootstrap import Hub
from b1bridge.domain.directory import CatalogueItem
from b1bridge.web import problem_types
from b1bridge.web.api.lookup_words import (
    Cursor,
    ItemReader,
    Limit,
    Search,
    Shown,
    looking,
    next_of,
    text_after,
    unknown,
)
from b1bridge.web.api.openapi import refusals

_PAGE = 50


class ItemShown(Shown):
    """An item."""

    code: str
    name: str
    foreign_name: str
    group: str = Field(description="number of the item group")
    barcode: str
    sales_unit: str
    stock_unit: str
    default_warehouse: str
    sold: bool
    stocked: bool
    frozen: bool = Field(description="nothing may be posted with it")
    by_batch: bool
    by_serial: bool
    kit: str = Field(description="kind of bill of materials: sales, template, assembly, production")


class ItemsShown(Shown):
    """A page, ordered by code; `next` is null on the last."""

    items: list[ItemShown]
    next: str | None


def items(hub: Hub) -> APIRouter:
    """Make the routes of items."""
    router = looking("items")

    @router.get("/items")
    async def list_items(
        bearer: ItemReader, name: Search = "", cursor: Cursor = "", limit: Limit = _PAGE
    ) -> ItemsShown:
        """List the items that are sold and whose name holds a text."""
        page = await hub.lookups.items(
            bearer.connection, name=name, after=text_after(cursor), limit=limit
        )
        return ItemsShown(items=[_item(one) for one in page.rows], next=next_of(page.last))

    @router.get("/items/{code:path}", responses=refusals(problem_types.UNKNOWN_RECORD))
    async def item(bearer: ItemReader, code: str) -> ItemShown:
        """Return one item, sold or not."""
        found = await hub.lookups.item(bearer.connection, code)
        if found is None:
            unknown("item", code)
        return _item(found)

    return router


def _item(one: CatalogueItem) -> ItemShown:
    item = one.item
    return ItemShown(
        code=item.code,
        name=item.name,
        foreign_name=one.foreign_name,
        group=one.group,
        barcode=one.barcode,
        sales_unit=one.sales_unit,
        stock_unit=one.stock_unit,
        default_warehouse=item.default_warehouse,
        sold=item.sales_item,
        stocked=item.inventory_item,
        frozen=item.frozen or not one.is_valid,
        by_batch=item.batch_managed,
        by_serial=item.serial_managed,
        kit=item.tree.value,
    )
