"""The one place that chooses concrete things."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx

from b1bridge.domain.identity import Ref
from b1bridge.engine.records import (
    Accepted,
    Case,
    Connection,
    RunRecord,
    Schedule,
    Story,
    Sync,
    Synced,
    Verdict,
)
from b1bridge.sdk.connector import Connector, Finding


def _now() -> datetime:
    return datetime.now(UTC)


class Hub:
    """The whole platform over one database; open it with `Hub.open`, close it with `async with`."""

    @classmethod
    async def open(
        cls,
        home: Path,
        *,
        database_url: str | None = None,
        executor: str = "hub",
        clock: Callable[[], datetime] = _now,
        transports: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    ) -> Hub:
        """Open (and migrate) the database; SQLite in `home` unless a URL says otherwise.

        `transports` replaces the line to a connection, by its name: simulators, faults.
        """
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        """Stop the worker when it runs, close every line and the database."""

    async def start_worker(self, *, concurrency: int = 8) -> None:
        """Take runs and keep the schedule, in this event loop, until `stop_worker`."""

    async def stop_worker(self) -> None:
        """Take no more runs, let those under way finish, release the rest."""

    async def accept(
        self, connection: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Accepted:
        """Store a notice and queue its runs in one transaction; Untrusted leaves only a count."""
        raise NotImplementedError

    async def add_connection(
        self, name: str, connector_key: str, settings: Mapping[str, Any]
    ) -> Connection:
        """Check the settings against the connector's model and keep them, secrets encrypted."""
        raise NotImplementedError

    async def connections(self) -> list[Connection]:
        """Return every connection, without its secrets."""
        raise NotImplementedError

    async def connector_of(self, name: str) -> Connector[Any]:
        """Return the connector behind a connection; KeyError-free: raises NeedsOperator."""
        raise NotImplementedError

    async def open_connection(self, name: str) -> object:
        """Return the capabilities of a connection, built once per hub."""
        raise NotImplementedError

    async def pause(self, connection: str, *, reason: str = "paused by hand") -> None:
        """Let the runs of a connection wait, none burnt."""

    async def resume(self, connection: str) -> None:
        """Queue again what waited for the connection."""

    def doctor(self, connection: str) -> AsyncIterator[Finding]:
        """Look at a connection from the outside in."""
        raise NotImplementedError

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
        raise NotImplementedError

    async def syncs(self) -> list[Sync]:
        """Return every sync, also those switched off."""
        raise NotImplementedError

    async def start(self, sync: str, ref: Ref, actor: str) -> str:
        """Queue one run by hand and return its id; a run still queued for the record is reused."""
        raise NotImplementedError

    async def sync_now(
        self, flow_or_sync: str, since: datetime | None = None, *, dry_run: bool = False
    ) -> Synced:
        """Look at everything changed since a moment (or the watermark) now."""
        raise NotImplementedError

    async def idle(self) -> bool:
        """Tell whether nothing is queued, running, or waiting for its time."""
        raise NotImplementedError

    async def counts(self) -> dict[str, int]:
        """Return how many runs are in each state, cases open, notices refused."""
        raise NotImplementedError

    async def run(self, id_: str) -> RunRecord | None:
        """Return one run."""
        raise NotImplementedError

    async def runs(
        self, *, state: str | None = None, sync: str | None = None, limit: int = 50
    ) -> list[RunRecord]:
        """Return the newest runs first."""
        raise NotImplementedError

    async def cases(self, state: str = "open") -> list[Case]:
        """Return cases, oldest first."""
        raise NotImplementedError

    async def case(self, id_: int) -> Case | None:
        """Return one case."""
        raise NotImplementedError

    async def retry_case(self, id_: int, actor: str) -> None:
        """Try the case's run again from its start, with what the systems say now."""

    async def ignore_case(self, id_: int, reason: str, actor: str) -> None:
        """Close the case and its run unposted, for the reason given."""

    async def trail(self, text: str) -> Story:
        """Return the story of a record by any of its numbers."""
        raise NotImplementedError

    async def verify_audit(self) -> Verdict:
        """Walk the hash chain and name the first broken row."""
        raise NotImplementedError

    async def set_crosswalk(self, name: str, code: str, other: str, *, actor: str = "cli") -> None:
        """Enter or change one pair of equal codes."""

    async def crosswalk(self, name: str) -> dict[str, str]:
        """Return a crosswalk as it stands."""
        raise NotImplementedError
