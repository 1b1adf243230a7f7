"""The item master, read in as few requests as URLs are long."""

from __future__ import annotations

from collections.abc import Collection

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import any_of, eq, speakable
from b1bridge.connectors.sap_b1.client.service_layer import ANY_CASE
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Row, WireItem, fields_of
from b1bridge.connectors.sap_b1.words import TREES
from b1bridge.domain.documents import Item
from b1bridge.domain.kits import Tree
from b1bridge.sdk.reading import read

_SET = "Items"
_SELECT = fields_of(WireItem)


class SapItems(Account):
    """The Items capability."""

    async def items(self, codes: Collection[str]) -> dict[str, Item]:
        """Return exact matches only, even where the database compares loosely."""
        wanted = {code for code in codes if code and speakable(code)}
        found: dict[str, Item] = {}
        for where in any_of("ItemCode", sorted(wanted)):
            async for rows in windows(
                self._service, _SET, key="ItemCode", select=_SELECT, where=where
            ):
                found |= {item.code: item for item in map(item_from, rows) if item.code in wanted}
        return found

    async def items_like(self, code: str) -> tuple[Item, ...]:
        """Return what an operator probably meant by a code in other letter case."""
        if not code or not speakable(code):
            return ()
        page = await self._service.rows(
            _SET, select=_SELECT, where=eq("ItemCode", code), headers=ANY_CASE
        )
        alike = (item_from(row) for row in page.rows)
        return tuple(
            item for item in alike if item.code != code and item.code.casefold() == code.casefold()
        )


def item_from(row: Row) -> Item:
    """Translate one item."""
    wire = read(WireItem, row, system=SYSTEM, record=f"item {row.get('ItemCode')}")
    return Item(**wire.model_dump() | {"tree": TREES.get(wire.tree, Tree.NONE)})
