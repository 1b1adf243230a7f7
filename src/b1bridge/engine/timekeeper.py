"""Keeps time for the platform: wakes what is due, starts what is scheduled, sweeps what is old."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from b1bridge.domain.identity import Ref
from b1bridge.engine.breaker import Breakers
from b1bridge.engine.flow import Flow
from b1bridge.engine.records import Sync
from b1bridge.engine.schedule import after_quiet, next_look
from b1bridge.engine.store import Clockwork, Runs

_log = logging.getLogger(__name__)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done every so often."""

    every: timedelta
    work: Callable[[], Awaitable[object]]


@dataclass(slots=True, kw_only=True)
class Timekeeper:
    """One loop for all that time asks for; a missed hour is made good by one look, not many."""

    clockwork: Clockwork
    runs: Runs
    flows: Mapping[str, Flow]
    breakers: Breakers
    clock: Callable[[], datetime]
    chores: tuple[Chore, ...] = ()
    beat: float = 0.25
    slow_at_once: int = 6
    """How many runs of bulk replays may be under way; the rest of the hands is for live ones."""
    schedule: bool = True
    """Whether syncs look by themselves; off where a person has asked for one look only."""
    _looked_at: datetime | None = None
    _done: dict[int, datetime] = field(default_factory=dict)

    async def keep(self) -> None:
        """Tick until cancelled; a database that is away for a while ends nothing."""
        while True:
            try:
                await self.tick()
            except DBAPIError as error:
                _log.warning("the database did not answer, trying again: %s", error)
            await asyncio.sleep(self.beat)

    async def tick(self) -> None:
        """Do everything that is due now."""
        now = self.clock()
        await self.runs.wake_due(now, self.breakers.probing())
        await self.runs.feed(self.slow_at_once)
        if self.schedule and (self._looked_at is None or now - self._looked_at >= _SECOND):
            self._looked_at = now
            await self._start_due(now)
        for number, chore in enumerate(self.chores):
            last = self._done.get(number)
            if last is None or now - last >= chore.every:
                self._done[number] = now
                await chore.work()

    async def _start_due(self, now: datetime) -> None:
        planned = await self.clockwork.due_times()
        looked: set[tuple[str, str]] = set()
        for sync in await self.clockwork.syncs():
            due = planned.get(sync.name)
            if due is None:
                due = self._first_look(sync, now)
            if due is not None and sync.enabled and due <= now:
                await self._start(sync, now, looked)
                due = next_look(sync.schedule, now)
            if due != planned.get(sync.name):
                await self.clockwork.plan(sync.name, due)

    def _first_look(self, sync: Sync, now: datetime) -> datetime | None:
        if sync.schedule.every:
            return after_quiet(sync.schedule, now)
        return next_look(sync.schedule, now)

    async def _start(self, sync: Sync, now: datetime, looked: set[tuple[str, str]]) -> None:
        watches = self.flows[sync.flow].on
        if watches == "schedule":
            ref = Ref(sync.source, "all", sync.flow)
            await self.clockwork.queue(sync.name, ref, "", now)
        elif (sync.source, watches) not in looked:
            looked.add((sync.source, watches))
            await self.clockwork.queue_look(sync.source, watches, now)
