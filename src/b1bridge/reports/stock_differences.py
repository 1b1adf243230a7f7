"""Stock that the shop shows otherwise than the books promise, as differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from b1bridge.domain.differences import Difference, Kind, Owner
from b1bridge.domain.drift import Cause, Drift
from b1bridge.domain.identity import Ref


def stock_differences(drifts: Iterable[Drift], shop: str, sync: str) -> Iterator[Difference]:
    """Name each difference; what the next push mends by itself, or nobody can, is explained."""
    for one in drifts:
        yield Difference(
            kind=Kind.STOCK_OFF,
            order=Ref(shop, "sku", f"{one.sku}@{one.location}" if one.location else one.sku),
            message=f"{one.cause.value}: {one.told}",
            owner=Owner.OPERATOR,
            fix=f"b1bridge sync run {sync}",
            explained="" if one.cause is Cause.EDIT else f"{one.cause.value}; see report drift",
        )
