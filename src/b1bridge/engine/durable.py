"""All that touches DBOS: durable steps, the queue, recovery and retention.

DBOS is one per process, so this module keeps one launched engine. Coroutines run on the event
loop that called `launch`: connectors' HTTP clients must be made on that same loop.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, EnqueueOptions
from dbos._serialization import Serializer

from b1bridge.domain.identity import Ref
from b1bridge.engine import codec
from b1bridge.engine.flow import Lane

T = TypeVar("T")
Execute = Callable[[str, int], Awaitable[str]]

APP = "b1bridge"
VERSION = "wf-1"
"""Raised by hand, when old runs could not go on in new code; DBOS's own default is a hash of
the source, which strands every run under way at each edit."""

_SWEEPERS = 2
_PATIENT_POLL = 0.5  # seconds
_BEHIND = 1  # DBOS takes 0, its default, before higher numbers
_BUCKETS = 128  # 5,000 partition keys make DBOS five times slower; 128 cost nothing
_MOST_RECOVERIES = 10
_STUCK = ["MAX_RECOVERY_ATTEMPTS_EXCEEDED", "ERROR"]
_OVER = ["SUCCESS", "CANCELLED", *_STUCK]

_launched: dict[str, Execute] = {}


class Stuck(NamedTuple):
    """An attempt that never came to its end; `poison` when it killed its process each time."""

    run: str
    attempt: int
    poison: bool


class PlainJson(Serializer):
    """DBOS's default is pickle, which runs code for whoever can write the database."""

    def name(self) -> str:
        """Return what DBOS notes beside each value."""
        return "b1bridge_json"

    def serialize(self, data: Any) -> str:
        """Write JSON; an error becomes its decision and its facts."""
        if isinstance(data, BaseException):
            data = codec.plain_error(data)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        """Read JSON; what was an error is one again."""
        stored = json.loads(serialized_data)
        tagged = isinstance(stored, dict) and stored.get(codec.TAG) in ("error", "bug")
        return codec.whole(stored) if tagged else stored


@DBOS.workflow(name="run", max_recovery_attempts=_MOST_RECOVERIES)
async def _workflow(run: str, attempt: int) -> str:
    return await _launched["execute"](run, attempt)


class Durable:
    """The durable engine over one database."""

    def __init__(self, engine: sa.Engine, executor: str, *, poll: float = 0.1) -> None:
        self._engine = engine
        self._executor = executor
        self._poll = poll
        self._client = DBOSClient(
            system_database_engine=engine,
            serializer=PlainJson(),
            application_name=APP,
            lazy=True,
        )

    def enqueue(
        self,
        connection: sa.Connection,
        *,
        run: str,
        attempt: int,
        ref: Ref,
        lane: Lane,
        slow: bool = False,
    ) -> None:
        """Queue an attempt in the caller's transaction; ids sort, so order survives coarse clocks.

        Each attempt is a workflow of its own: it can be queued in the same transaction that
        marks the run queued, which a rewind of the old workflow cannot.
        """
        options: EnqueueOptions = {
            "workflow_name": "run",
            "queue_name": lane,
            "workflow_id": workflow_id(run, attempt),
            "app_version": VERSION,
            "queue_partition_key": bucket(ref),
        }
        if slow:
            options["priority"] = _BEHIND
        self._client.enqueue_in_transaction(connection, options, run, attempt)

    def set_up(self, *, concurrency: int) -> None:
        """Note the queues' limits in the database, where every worker reads them."""
        for lane in Lane:
            patient = lane in (Lane.LOOKS, Lane.SWEEPS, Lane.CALLBACKS)
            poll = _PATIENT_POLL if patient else self._poll
            self._client.register_queue(
                lane,
                worker_concurrency=_SWEEPERS if patient else concurrency,
                partition_concurrency=1,
                polling_interval_sec=poll,
            )

    def launch(self, execute: Execute) -> None:
        """Start taking runs on the running event loop; recovers this executor's own."""
        _launched["execute"] = execute
        DBOS(
            config={
                "name": APP,
                "system_database_engine": self._engine,
                "system_database_url": _placeholder(self._engine),
                "application_version": VERSION,
                "executor_id": self._executor,
                "serializer": PlainJson(),
                "log_level": "ERROR",
                "run_migrations": False,
                "use_listen_notify": False,
                "scheduler_polling_interval_sec": 3600.0,
                "notification_listener_polling_interval_sec": 0.5,
            }
        )
        DBOS.launch()

    async def stop(self, grace: float) -> None:
        """Take nothing more and let what is under way end; what does not is recovered later."""
        instance = _instance()
        for event in instance.background_thread_stop_events:
            event.set()
        await asyncio.sleep(2 * self._poll)
        tasks = under_way()
        if tasks:
            _, left = await asyncio.wait(tasks, timeout=grace)
            for task in left:
                task.cancel()
            await asyncio.wait(tasks)
        await asyncio.to_thread(DBOS.destroy)
        # DBOS put its own thread pool into the loop and has just shut it down.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        _launched.clear()

    async def step(self, name: str, body: Callable[[], Awaitable[T]]) -> T:
        """Return what the step came to before, or run it and remember the plain result."""

        async def remembered() -> T:
            return await body()

        return await DBOS.run_step_async({"name": name}, remembered)

    async def recover(self, executors: Sequence[str]) -> int:
        """Queue again what dead executors had taken up; return how many runs that was."""
        handles = await asyncio.to_thread(
            DBOS._recover_pending_workflows,  # noqa: SLF001  # no public way; contract-tested
            list(executors),
        )
        return len(handles)

    async def stuck(self) -> list[Stuck]:
        """Return the attempts that DBOS gave up on."""
        found = await asyncio.to_thread(
            DBOS.list_workflows, status=_STUCK, load_input=False, load_output=False, limit=100
        )
        return [Stuck(*attempt_of(s.workflow_id), poison=s.status != "ERROR") for s in found]

    async def drop(self, stuck: Sequence[Stuck]) -> None:
        """Delete attempts from DBOS, once our own tables say what becomes of them."""
        ids = [workflow_id(one.run, one.attempt) for one in stuck]
        await asyncio.to_thread(DBOS.delete_workflows, ids)

    async def forget(self, before: datetime, batch: int = 500) -> int:
        """Delete a batch of workflows that ended before a moment; return how many."""
        found = await asyncio.to_thread(
            DBOS.list_workflows,
            status=_OVER,
            end_time=before.isoformat(),
            load_input=False,
            load_output=False,
            limit=batch,
        )
        ids = [status.workflow_id for status in found]
        if ids:
            await asyncio.to_thread(DBOS.delete_workflows, ids)
        return len(ids)

    def close(self) -> None:
        """Close every connection to the database."""
        self._client.destroy()
        self._engine.dispose()


def under_way() -> set[asyncio.Task[Any]]:
    """Return the tasks of the runs that are executing in this process."""
    return set(_instance()._workflow_tasks)  # noqa: SLF001  # no public way; contract-tested


def migrate(engine: sa.Engine) -> None:
    """Create or update DBOS's own tables."""
    client = DBOSClient(system_database_engine=engine, serializer=PlainJson(), lazy=True)
    client._sys_db.run_migrations()  # noqa: SLF001  # DBOS.migrate opens an engine without WAL
    client.destroy()


def workflow_id(run: str, attempt: int) -> str:
    """Name one attempt of a run; names sort by run first."""
    return f"{run}.{attempt:04d}"


def attempt_of(workflow: str) -> tuple[str, int]:
    """Read what `workflow_id` wrote."""
    run, _, attempt = workflow.rpartition(".")
    return run, int(attempt)


def bucket(ref: Ref) -> str:
    """Return the lane of a record: one run at a time in each, so its flows take turns."""
    return str(crc32(str(ref).encode()) % _BUCKETS)


def _placeholder(engine: sa.Engine) -> str:
    # DBOS reads only the dialect off this address when it is given an engine.
    sqlite = engine.dialect.name == "sqlite"
    return "sqlite:///given.sqlite" if sqlite else "postgresql://given/engine"


def _instance() -> Any:
    from dbos._dbos import _get_dbos_instance  # noqa: PLC0415  # private; contract-tested

    return _get_dbos_instance()
