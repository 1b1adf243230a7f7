"""Lanes: queues side by side, so that what can wait never stands before what cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Flow, Lane


class Pace(StrEnum):
    """How a run came into its lane.

    A `live` run is handed to the durable engine at once. One of a bulk replay lies in the
    `backlog` until a place is free, and is `slow` from then on: only so many of these are
    under way at a time, so that live runs always find a free hand.
    """

    LIVE = "live"
    BACKLOG = "backlog"
    SLOW = "slow"


class Lanes:
    """Tells the lane of a run by its record.

    Two runs of one record take turns only within one queue, so the lane belongs to the kind of
    record: the most urgent one that any flow watching such records asks for. `looks` names
    the flows that only find out what there is to do, `kinds` the lanes of the platform's own
    kinds of record.
    """

    def __init__(
        self,
        flows: Iterable[Flow] = (),
        looks: Collection[str] = (),
        kinds: Mapping[str, Lane] = MappingProxyType({}),
    ) -> None:
        self._looks = looks
        self._of_kind: dict[str, Lane] = dict(kinds)
        for flow in flows:
            known = self._of_kind.get(flow.on, flow.lane)
            self._of_kind[flow.on] = min(known, flow.lane, key=_ORDER.index)

    def of(self, flow: str, ref: Ref) -> Lane:
        """Return the lane of a flow's run for this record."""
        if ref.kind != "all":
            return self._of_kind.get(ref.kind, Lane.RECORDS)
        return Lane.LOOKS if flow in self._looks else Lane.SWEEPS


_ORDER = tuple(Lane)
