"""Works finished orders off once more and counts what that changes in SAP: nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from b1bridge.demo.sap import writes_of_sap
from b1bridge.demo.settings import Places
from b1bridge.demo.shop.settings import SHOP
from b1bridge.demo.watch import Watch
from b1bridge.domain.identity import Ref


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many orders were worked off again, and what SAP was asked to write for it."""

    orders: int = 0
    writes: int = 0


async def replay(watch: Watch, places: Places, orders: Sequence[int]) -> Replayed:
    """Start a run by hand for each order, as `b1bridge runs start` does, and compare."""
    before = await writes_of_sap(places)
    for order in orders:
        await watch.hub.start("orders", Ref(SHOP, "order", str(order)), "demo replay")
    await watch.until_idle()
    return Replayed(len(orders), await writes_of_sap(places) - before)
