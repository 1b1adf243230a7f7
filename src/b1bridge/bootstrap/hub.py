"""The whole platform over one database, as the command line, the web and the tests use it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx

from b1bridge import connectors as all_connectors
from b1bridge import flows as all_flows
from b1bridge.bootstrap.desks import Desks
from b1bridge.bootstrap.lines import Lines, checked_settings, parted
from b1bridge.bootstrap.looking_now import LookingNow
from b1bridge.bootstrap.own_flows import LOOKS, own_flows
from b1bridge.bootstrap.subscribing import Subscribing
from b1bridge.bootstrap.telling import Telling
from b1bridge.bootstrap.work import GRACE_SECONDS, Retention, Work
from b1bridge.domain.identity import Ref
from b1bridge.domain.subscriptions import Subscription
from b1bridge.engine import durable, logbook, sweeping, telling
from b1bridge.engine.flow import Flow, Lane
from b1bridge.engine.lanes import Lanes
from b1bridge.engine.options import options_of
from b1bridge.engine.records import (
    Accepted,
    Case,
    Connection,
    Entry,
    Fate,
    RunRecord,
    Schedule,
    Story,
    Sync,
    Synced,
    Verdict,
)
from b1bridge.engine.retry import Patience
from b1bridge.engine.schedule import check
from b1bridge.engine.store import Delivery
from b1bridge.errors import ContractBroken, NeedsOperator, Untrusted
from b1bridge.sdk.connector import Connector, Examined, Finding, Notice
from b1bridge.sdk.outbound import Outbound
from b1bridge.storage import audit
from b1bridge.storage.fates import fates
from b1bridge.storage.opening import Storage, open_database, open_storage
from b1bridge.storage.submission_views import SubmissionViews

_LOOK_EVERY = 300.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a hub is put together from; a test may ask for other parts."""

    connectors: Callable[[], Mapping[str, Connector[Any]]] = all_connectors.discover
    flows: Callable[[], Mapping[str, Flow]] = all_flows.discover
    patience: Patience = field(default_factory=Patience)
    retention: Retention = field(default_factory=Retention)


class Hub(Desks):
    """The whole platform; open it with `Hub.open`, close it with `async with`.

    A hub belongs to the event loop that opened it: lines to remote systems are made there and
    runs are executed there.
    """

    def __init__(
        self, storage: Storage, lines: Lines, work: Work, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(storage, lines, work.flows, clock)
        self._work = work

    @classmethod
    async def open(
        cls,
        home: Path,
        *,
        database_url: str | None = None,
        executor: str = "hub",
        clock: Callable[[], datetime] = _now,
        transports: Mapping[str, httpx.AsyncBaseTransport] | None = None,
        parts: Parts | None = None,
    ) -> Hub:
        """Open (and migrate) the database; SQLite in `home` unless a URL says otherwise.

        `transports` replaces the line to a connection, by its name: simulators, faults.
        """
        parts = parts or Parts()
        database = open_database(home, database_url)
        durable_engine = database.durable_engine()
        durable.migrate(durable_engine)
        engine = durable.Durable(durable_engine, executor)
        flows = parts.flows()
        then = {flow.name: flow.then for flow in flows.values()}
        lanes = Lanes(flows.values(), LOOKS, {telling.KIND: Lane.CALLBACKS})
        storage = open_storage(database, home, engine.enqueue, clock, then, lanes)
        lines = Lines(
            storage.connections,
            parts.connectors(),
            transports or {},
            storage.submissions,
            storage.usage,
            clock,
        )
        views = SubmissionViews(storage.database)
        tell = Telling(storage.callbacks, views, then, lines, Outbound(), clock)
        work = Work(
            storage=storage,
            engine=engine,
            lines=lines,
            home=home,
            executor=executor,
            flows={**flows, **own_flows(storage, lines, tell)},
            clock=clock,
            patience=parts.patience,
            retention=parts.retention,
            telling=tell,
        )
        return cls(storage, lines, work, clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop the worker when it runs, close every line and the database."""
        await self.stop_worker()
        await self._work.telling.aclose()
        await self._lines.close()
        self._work.engine.close()
        self._storage.database.close()

    async def start_worker(self, *, concurrency: int = 8, schedule: bool = True) -> None:
        """Take runs and keep the schedule, in this event loop, until `stop_worker`.

        Without the schedule only what is queued or due for another try is worked off.
        """
        await self._work.start(concurrency, schedule=schedule)

    async def stop_worker(self, *, grace: float = GRACE_SECONDS) -> None:
        """Take no more runs, let those under way finish for so many seconds, release the rest."""
        await self._work.stop(grace)

    def background(self) -> set[asyncio.Task[None]]:
        """Return what must not end while the worker runs; its end tells that something broke."""
        return set() if self._work.keeping is None else {self._work.keeping}

    async def accept(
        self, connection: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Accepted:
        """Store a notice and queue its runs in one transaction; Untrusted leaves only a count."""
        line = await self._lines.line(connection)
        read = line.connector.notices or _refuse_notices
        try:
            notices = read(connection, line.settings, headers, body, received_at)
        except Untrusted:
            await self._storage.inbox.count("refused notices")
            logbook.notice_refused(connection)
            raise
        except ContractBroken as error:
            new = await self._keep_unreadable(connection, body, error, received_at)
            return Accepted(int(new), int(not new))
        deliveries = [Delivery(notice.delivery, notice.ref) for notice in notices]
        return await self._storage.inbox.accept(connection, deliveries, received_at)

    async def add_connection(
        self, name: str, connector_key: str, settings: Mapping[str, Any]
    ) -> Connection:
        """Check the settings against the connector's model and keep them, secrets encrypted."""
        connector = self._lines.connector(connector_key)
        clear, secret = parted(checked_settings(connector, settings))
        await self._storage.connections.add(name, connector.key, clear, secret, self._clock())
        await self._lines.drop(name)
        return next(one for one in await self.connections() if one.name == name)

    async def connections(self) -> list[Connection]:
        """Return every connection, without its secrets."""
        return await self._storage.connections.all()

    async def connector_of(self, name: str) -> Connector[Any]:
        """Return the connector behind a connection; NeedsOperator when there is none."""
        return (await self._lines.line(name)).connector

    async def open_connection(self, name: str) -> object:
        """Return the capabilities of a connection, built once per hub."""
        return (await self._lines.line(name)).capabilities

    async def pause(
        self, connection: str, *, reason: str = "paused by hand", actor: str = "operator"
    ) -> None:
        """Let the runs of a connection wait, none burnt."""
        await self._lines.line(connection)
        await self._storage.connections.pause(connection, reason, actor, self._clock())

    async def resume(self, connection: str, *, actor: str = "operator") -> None:
        """Queue again what waited for the connection."""
        await self._lines.drop(connection)
        await self._storage.connections.resume(connection, actor, self._clock())

    async def doctor(self, connection: str) -> AsyncIterator[Finding]:
        """Look at a connection from the outside in."""
        line = await self._lines.line(connection)
        examined = line.capabilities
        if isinstance(examined, Examined):
            findings = examined.examined()
        else:
            findings = line.connector.doctor(line.settings, line.http)
        async for finding in findings:
            yield finding

    async def subscriptions(self, connection: str) -> tuple[str, tuple[Subscription, ...]]:
        """Return our address for notices, and what the shop tells us of there."""
        return await Subscribing(self._lines).subscriptions(connection)

    async def register_webhooks(self, connection: str, actor: str) -> tuple[str, ...]:
        """Make good the webhooks that are missing or off; return what was mended."""
        mended = await Subscribing(self._lines).register(connection)
        await self._storage.connections.subscribed(connection, mended, actor, self._clock())
        return mended

    async def rotate_secrets(self) -> int:
        """Seal every secret again with the newest key; return how many connections."""
        return await self._storage.connections.rotate(self._clock())

    async def add_sync(
        self,
        name: str,
        *,
        flow: str,
        source: str,
        target: str,
        options: Mapping[str, Any] | None = None,
        schedule: Schedule | None = None,
        enabled: bool = True,
    ) -> Sync:
        """Switch a flow on between two connections; a name that exists is replaced."""
        found = self._flow(flow)
        options_of(found, options or {})
        await self._can(source, found.source, f"be the source of {flow}")
        await self._can(target, found.target, f"be the target of {flow}")
        sync = Sync(
            name=name,
            flow=flow,
            source=source,
            target=target,
            options=dict(options or {}),
            schedule=_checked(schedule or Schedule(every=_LOOK_EVERY)),
            enabled=enabled,
        )
        await self._storage.syncs.add(sync, found.on, self._clock())
        return sync

    async def syncs(self) -> list[Sync]:
        """Return every sync, also those switched off."""
        return await self._storage.syncs.syncs()

    async def start(self, sync: str, ref: Ref, actor: str) -> str:
        """Queue one run by hand and return its id; a run still queued for the record is reused."""
        return await self._storage.syncs.queue(sync, ref, actor, self._clock())

    async def sync_now(
        self, flow_or_sync: str, since: datetime | None = None, *, dry_run: bool = False
    ) -> Synced:
        """Look at everything changed since a moment (or the watermark) now."""
        now = LookingNow(self._storage, self._lines, self._work.flows, self._clock)
        return await now.look(flow_or_sync, since, dry_run=dry_run)

    async def sweep(self, window: str = sweeping.DAY) -> int:
        """Queue a sweep for gaps of all that is watched now, a day or a month back."""
        return await self._storage.syncs.queue_sweeps(window, self._clock())

    async def idle(self) -> bool:
        """Tell whether nothing is queued, running, or waiting for its time."""
        return await self._storage.views.idle()

    async def counts(self) -> dict[str, int]:
        """Return how many runs are in each state, cases open, notices refused."""
        return await self._storage.views.counts()

    async def fates(self, since: datetime) -> dict[Fate, int]:
        """Count the notices received since a moment by what became of them."""
        return await fates(self._storage.database, since)

    async def run(self, id_: str) -> RunRecord | None:
        """Return one run."""
        return await self._storage.views.run(id_)

    async def runs(
        self, *, state: str | None = None, sync: str | None = None, limit: int = 50
    ) -> list[RunRecord]:
        """Return the newest runs first."""
        return await self._storage.views.runs(state, sync, limit)

    async def cases(self, state: str = "open") -> list[Case]:
        """Return cases, oldest first."""
        return await self._storage.views.cases(state)

    async def case(self, id_: int) -> Case | None:
        """Return one case."""
        return await self._storage.views.case(id_)

    async def retry_case(self, id_: int, actor: str, *, slow: bool = False) -> None:
        """Try the case's run again from its start, with what the systems say now.

        One of many is `slow`: it never takes the place of what comes in live.
        """
        await self._storage.decisions.retry(id_, actor, self._clock(), slow=slow)

    async def ignore_case(self, id_: int, reason: str, actor: str) -> None:
        """Close the case and its run unposted, for the reason given."""
        await self._storage.decisions.ignore(id_, reason, actor, self._clock())

    async def trail(self, text: str) -> Story:
        """Return the story of a record by any of its numbers."""
        return await self._storage.views.story(text)

    async def verify_audit(self) -> Verdict:
        """Walk the hash chain and name the first broken row."""
        return await audit.verify(self._storage.database)

    async def audit_entries(self, after: int = 0) -> list[Entry]:
        """Return the next piece of the audit trail; empty at its end."""
        return await audit.entries(self._storage.database, after)

    async def set_crosswalk(self, name: str, code: str, other: str, *, actor: str = "cli") -> None:
        """Enter or change one pair of equal codes."""
        await self._storage.crosswalks.enter(name, code, other, actor)

    async def crosswalk(self, name: str) -> dict[str, str]:
        """Return a crosswalk as it stands."""
        return dict((await self._storage.crosswalks.crosswalk(name)).codes)

    async def unset_crosswalk(self, name: str, code: str, *, actor: str = "cli") -> bool:
        """Take one pair of codes out again; tell whether it was there."""
        return await self._storage.crosswalks.remove(name, code, actor)

    async def crosswalks(self) -> dict[str, int]:
        """Return how many pairs each crosswalk has."""
        return await self._storage.crosswalks.sizes()

    async def _keep_unreadable(
        self, connection: str, body: bytes, error: ContractBroken, at: datetime
    ) -> bool:
        delivery = f"unreadable {hashlib.sha256(body).hexdigest()}"
        return await self._storage.inbox.keep_unreadable(connection, delivery, body, str(error), at)

    def _flow(self, name: str) -> Flow:
        found = self._work.flows.get(name)
        if found is None:
            msg = f"there is no flow {name!r}; there are {', '.join(sorted(self._work.flows))}"
            raise NeedsOperator(msg, reason="UNKNOWN_FLOW", fix="choose one of these")
        return found

    async def _can(self, connection: str, capability: type, what: str) -> None:
        line = await self._lines.line(connection)
        if not isinstance(line.capabilities, capability):
            msg = f"{connection} ({line.connector.title}) cannot {what}"
            raise NeedsOperator(msg, reason="CAPABILITY", fix=f"it needs {capability.__name__}")


def _refuse_notices(connection: str, *_: object) -> list[Notice]:
    msg = f"{connection} sends no notices"
    raise Untrusted(msg, system=connection)


def _checked(schedule: Schedule) -> Schedule:
    try:
        check(schedule)
    except (ValueError, KeyError) as error:
        raise NeedsOperator(str(error), reason="SCHEDULE", fix="correct the schedule") from error
    return schedule
