"""Bills of materials whose head is never in stock itself (correctness-rules 3.7).

ProductTrees bears no stamp of change, so it is read as a whole (sap-service-layer.md 7).
"""

from __future__ import annotations

from collections.abc import Mapping

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import and_, any_of, eq, or_
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.kits import BILLS, WireBill, kit_from
from b1bridge.connectors.sap_b1.wire import fields_of
from b1bridge.connectors.sap_b1.words import TREE_NAMES, YES
from b1bridge.domain.bills_of_materials import in_stocked_parts
from b1bridge.domain.kits import IN_PARTS, Kit
from b1bridge.sdk.reading import read_all

# The head of a production tree is made and lies in stock; of these the components leave it.
_SOLD_AS_PARTS = sorted(TREE_NAMES[tree] for tree in IN_PARTS)


class SapStockKits(Account):
    """Reads what each kit takes."""

    async def stock_kits(self) -> tuple[Kit, ...]:
        """Return every kit that takes something from stock."""
        kits: dict[str, Kit] = {}
        async for rows in windows(
            self._service,
            "ProductTrees",
            key="TreeCode",
            select=fields_of(WireBill),
            where=or_(*(eq("TreeType", kind) for kind in _SOLD_AS_PARTS)),
        ):
            for tree in read_all(BILLS, rows, system=SYSTEM, record="bills of materials"):
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
