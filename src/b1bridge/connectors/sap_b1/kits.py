"""Bills of materials, read for the items of one order."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import any_of
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Text, Wire, fields_of
from b1bridge.connectors.sap_b1.words import TREES
from b1bridge.domain.kits import Kit, Part, Tree
from b1bridge.sdk.reading import read_all


class WirePart(Wire):
    """One component; a row of text has no item."""

    item: Text = Field(alias="ItemCode", default="")
    quantity: Amount = Field(alias="Quantity")
    price: Amount = Field(alias="Price", default=Decimal(0))


class WireBill(Wire):
    """A bill of materials for `pieces` of its head."""

    code: str = Field(alias="TreeCode")
    kind: str = Field(alias="TreeType")
    pieces: Amount = Field(alias="Quantity", default=Decimal(1))
    parts: tuple[WirePart, ...] = Field(alias="ProductTreeLines")


BILLS = TypeAdapter(list[WireBill])


class SapKits(Account):
    """The Kits capability."""

    async def kits(self, codes: Collection[str]) -> dict[str, Kit]:
        """Return the bills of materials that these items head; the others are absent."""
        found: dict[str, Kit] = {}
        for where in any_of("TreeCode", sorted(codes)):
            async for rows in windows(
                self._service,
                "ProductTrees",
                key="TreeCode",
                select=fields_of(WireBill),
                where=where,
            ):
                for bill in read_all(BILLS, rows, system=SYSTEM, record="bills of materials"):
                    found[bill.code] = kit_from(bill)
        return found


def kit_from(wire: WireBill) -> Kit:
    """Translate a bill into what a single piece of its head takes; rows of text are left out."""
    pieces = wire.pieces or Decimal(1)
    parts = (Part(one.item, one.quantity / pieces, one.price) for one in wire.parts if one.item)
    return Kit(wire.code, TREES.get(wire.kind, Tree.NONE), tuple(parts))
