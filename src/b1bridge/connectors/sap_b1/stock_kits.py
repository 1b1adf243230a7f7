"""Bills of materials whose head is never in stock itself (correctness-rules 3.7).

ProductTrees bears no stamp of change, so it is read as a whole (sap-service-layer.md 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import and_, any_of, eq, or_
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Text, Wire
from b1bridge.connectors.sap_b1.words import YES
from b1bridge.domain.bills_of_materials import in_stocked_parts
from b1bridge.domain.kits import Kit, Part, Tree
from b1bridge.sdk.reading import read_all

# The head of a production tree is made and lies in stock; of these the components leave it.
_SOLD_AS_PARTS = {
    "iSalesTree": Tree.SALES,
    "iAssemblyTree": Tree.ASSEMBLY,
    "iTemplateTree": Tree.TEMPLATE,
}


class WireTreeRow(Wire):
    """What a tree takes of one component."""

    item: Text = Field(alias="ItemCode", default="")
    quantity: Amount = Field(alias="Quantity")


class WireTree(Wire):
    """A bill of materials for so many pieces of its head."""

    code: str = Field(alias="TreeCode")
    kind: str = Field(alias="TreeType")
    pieces: Amount = Field(alias="Quantity", default=Decimal(1))
    rows: tuple[WireTreeRow, ...] = Field(alias="ProductTreeLines")


_TREES = TypeAdapter(list[WireTree])


class SapStockKits(Account):
    """Reads what each kit takes."""

    async def stock_kits(self) -> tuple[Kit, ...]:
        """Return every kit that takes something from stock."""
        kits: dict[str, Kit] = {}
        async for rows in windows(
            self._service,
            "ProductTrees",
            key="TreeCode",
            select=["TreeType", "Quantity", "ProductTreeLines"],
            where=or_(*(eq("TreeType", kind) for kind in _SOLD_AS_PARTS)),
        ):
            for tree in read_all(_TREES, rows, system=SYSTEM, record="bills of materials"):
                kits[tree.code] = kit_from(tree)
        return tuple(in_stocked_parts(kits, await self._stocked(kits)))

    async def _stocked(self, kits: Mapping[str, Kit]) -> set[str]:
        codes = sorted({part.item for kit in kits.values() for part in kit.parts if part.item})
        stocked: set[str] = set()
        for these in any_of("ItemCode", codes):
            where = and_(these, eq("InventoryItem", YES))
            async for rows in windows(
                self._service, "Items", key="ItemCode", select=["ItemCode"], where=where
            ):
                stocked.update(str(row["ItemCode"]) for row in rows)
        return stocked


def kit_from(wire: WireTree) -> Kit:
    """Translate one tree into what a single piece of its head takes."""
    each = wire.pieces or Decimal(1)
    parts = tuple(Part(row.item, row.quantity / each) for row in wire.rows)
    return Kit(wire.code, _SOLD_AS_PARTS[wire.kind], parts)
