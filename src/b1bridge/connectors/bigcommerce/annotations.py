"""Writes the books' number onto the shop's order."""

from __future__ import annotations

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import SYSTEM
from b1bridge.connectors.bigcommerce.translate import version_from
from b1bridge.connectors.bigcommerce.wire import WireOrder
from b1bridge.domain.identity import Posted, Ref
from b1bridge.sdk.reading import read


class Annotations(Account):
    """The OrderAnnotations of one store."""

    async def annotate(self, order: Ref, posted: Posted) -> str:
        """Fill `external_order_id`; staff can search by it (storefronts.md 1.3).

        An order that carries the number already is left alone: every write sends a notice.
        """
        path, number = f"v2/orders/{order.id}", str(posted.number)
        found = await self._client.get(path)
        wire = read(WireOrder, found, system=SYSTEM, record=str(order))
        if wire.external_order_id != number:
            found = await self._client.put(path, {"external_order_id": number})
            wire = read(WireOrder, found, system=SYSTEM, record=str(order))
        return version_from(wire)
