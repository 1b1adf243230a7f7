"""The working half of a hub: takes runs, keeps the schedule, mends what dead processes left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from b1bridge.bootstrap.lines import Lines
from b1bridge.bootstrap.telling import Telling
from b1bridge.engine import sweeping
from b1bridge.engine.breaker import Breakers
from b1bridge.engine.durable import Durable
from b1bridge.engine.flow import Flow
from b1bridge.engine.retry import Patience
from b1bridge.engine.runner import Runner
from b1bridge.engine.timekeeper import Chore, Timekeeper
from b1bridge.ports.usage import Metered
from b1bridge.storage.executors import forget_runs
from b1bridge.storage.locks import ExecutorLock
from b1bridge.storage.opening import Storage

_log = logging.getLogger(__name__)
BEAT = timedelta(seconds=15)
SILENCE = timedelta(seconds=60)
GRACE_SECONDS = 30.0
_SECOND = timedelta(seconds=1)
_SWEEP_EVERY = timedelta(minutes=10)
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
_NIGHT = timedelta(days=1)
_KEPT_FREE = 2
"""Hands that bulk replays never take, so that what comes in live is taken up at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept; delivery ids and keys outlive every retry one may think of."""

    attempts: timedelta = timedelta(hours=6)
    runs: timedelta = timedelta(days=90)
    deliveries: timedelta = timedelta(days=400)
    usage: timedelta = timedelta(days=90)


@dataclass(slots=True, kw_only=True)
class Work:
    """One worker; `start` and `stop` belong to the same event loop."""

    storage: Storage
    engine: Durable
    lines: Lines
    home: Path
    executor: str
    flows: Mapping[str, Flow]
    clock: Callable[[], datetime]
    patience: Patience
    retention: Retention
    telling: Telling
    lock: ExecutorLock | None = None
    keeping: asyncio.Task[None] | None = None

    async def start(self, concurrency: int, *, schedule: bool = True) -> None:
        """Take runs from now on; NeedsOperator when this executor already works elsewhere."""
        if self.keeping is not None:
            return
        self.lock = ExecutorLock(self.home, self.executor, self.storage.database)
        self.lock.take()
        try:
            await self._launch(concurrency, schedule=schedule)
        except BaseException:
            self.lock.release()
            raise

    async def _launch(self, concurrency: int, *, schedule: bool) -> None:
        breakers = Breakers(
            threshold=self.patience.breaker_after,
            first_pause=timedelta(seconds=self.patience.breaker_pause),
        )
        runner = Runner(
            flows=self.flows,
            open_connection=self._open,
            steps=self.engine,
            memory=self.storage.memory,
            clock=self.clock,
            patience=self.patience,
            breakers=breakers,
        )
        await self.storage.executors.beat(self.executor, self.clock())
        await asyncio.to_thread(self.engine.set_up, concurrency=concurrency)
        self.engine.launch(runner.execute)
        timekeeper = self._timekeeper(breakers, schedule=schedule)
        timekeeper.slow_at_once = max(1, concurrency - _KEPT_FREE)
        self.keeping = asyncio.create_task(timekeeper.keep())
        self.keeping.add_done_callback(_say_why)

    async def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Take nothing more, let what is under way end, and give the executor's name back."""
        if self.keeping is None:
            return
        self.keeping.cancel()
        with suppress(asyncio.CancelledError):
            await self.keeping
        self.keeping = None
        await self.engine.stop(grace)
        await self.storage.executors.leave(self.executor)
        if self.lock is not None:
            self.lock.release()

    async def _open(self, connection: str) -> object:
        return (await self.lines.line(connection)).capabilities

    def _timekeeper(self, breakers: Breakers, *, schedule: bool) -> Timekeeper:
        minute = timedelta(minutes=1)
        return Timekeeper(
            clockwork=self.storage.syncs,
            runs=self.storage.runs,
            flows=self.flows,
            breakers=breakers,
            clock=self.clock,
            schedule=schedule,
            chores=(
                Chore(BEAT, self._beat),
                Chore(BEAT, self._take_over_from_the_dead),
                Chore(_SECOND, self.telling.look),
                Chore(minute, self._rescue),
                Chore(minute, self._release),
                Chore(_HOUR, self._forget),
                *(self._looks() if schedule else ()),
            ),
        )

    def _looks(self) -> tuple[Chore, ...]:
        """Name what a process that keeps the schedule looks after besides the syncs."""
        return (
            Chore(_HOUR, self._keep_webhooks),
            Chore(_QUARTER, self._watch_budgets),
            Chore(_QUARTER, self._look_again),
            Chore(_SWEEP_EVERY, self._sweep),
            Chore(_NIGHT, self._sweep_deep),
        )

    async def _beat(self) -> None:
        await self.storage.executors.beat(self.executor, self.clock())

    async def _take_over_from_the_dead(self) -> None:
        dead = await self.storage.executors.silent_since(self.clock() - SILENCE)
        dead = [name for name in dead if name != self.executor]
        if dead and await self.engine.recover(dead) == 0:
            # Recovery swallows errors per row, so it is repeated until nothing is left.
            await self.storage.executors.forget(dead)

    async def _keep_webhooks(self) -> None:
        for one in await self.storage.connections.all():
            if one.settings.get("webhook_url"):
                await self.storage.syncs.queue_webhooks(one.name, self.clock())

    async def _watch_budgets(self) -> None:
        for one in await self.storage.connections.all():
            if Metered in self.lines.connector(one.connector).capabilities:
                await self.storage.syncs.queue_budget(one.name, self.clock())

    async def _look_again(self) -> None:
        for sync in await self.storage.syncs.syncs():
            if sync.enabled and self.flows[sync.flow].daily:
                await self.storage.syncs.queue_day(sync, self.clock())

    async def _sweep(self) -> None:
        await self.storage.syncs.queue_sweeps(sweeping.DAY, self.clock())

    async def _sweep_deep(self) -> None:
        await self.storage.syncs.queue_sweeps(sweeping.MONTH, self.clock())

    async def _rescue(self) -> None:
        stuck = await self.engine.stuck()
        for one in stuck:
            await self.storage.runs.rescue(one.run, one.attempt, self.clock(), poison=one.poison)
        if stuck:
            await self.engine.drop(stuck)

    async def _release(self) -> None:
        await self.storage.connections.release_forgotten(self.clock())

    async def _forget(self) -> None:
        now = self.clock()
        while await self.engine.forget(now - self.retention.attempts):
            pass
        while await forget_runs(self.storage.database, now - self.retention.runs):
            pass
        await self.storage.usage.forget(now - self.retention.usage)
        while await self.storage.inbox.forget(now - self.retention.deliveries):
            pass
        while await self.storage.submissions.forget_keys(now - self.retention.deliveries):
            pass


def _say_why(keeping: asyncio.Task[None]) -> None:
    if not keeping.cancelled() and keeping.exception() is not None:
        _log.critical("the timekeeper stopped", exc_info=keeping.exception())
