"""Looking for changes by ourselves: notices get lost, so every source is read again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.records import Sync
from b1bridge.engine.run import Run
from b1bridge.engine.store import Delivery, Inbox, Watermarks

NAME = "look-for-changes"
_BATCH = 100
OVERLAP = timedelta(minutes=5)
"""Read again before the watermark: shops index late and clocks differ."""
_SETTLED = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class NoOptions:
    """Looking has nothing to set."""


def changes_since(source: object, kind: str) -> Callable[[datetime], AsyncIterator[Any]] | None:
    """Return how a source lists its changed records of a kind, when it can."""
    several = f"{kind.removesuffix('y')}ies" if kind.endswith("y") else f"{kind}s"
    return getattr(source, f"{several.replace(' ', '_')}_changed_since", None)


def looking(inbox: Inbox, watermarks: Watermarks) -> Flow:
    """Make the flow that reads what changed since the watermark; its record is `all/<kind>`."""

    async def body(run: Run, source: object, target: object, options: NoOptions) -> Outcome:
        del target, options
        connection, kind = run.ref.connection, run.ref.id
        if changes_since(source, kind) is None:
            return Outcome(Did.SKIPPED, f"{connection} cannot list its changed {kind} records")
        found, new = await look(connection, kind, source, inbox, watermarks, run.now)
        did = Did.POSTED if new else Did.SKIPPED
        return Outcome(did, f"{new} new of {found}", figures={"found": found, "new": new})

    return Flow(
        name=NAME, on="schedule", source=object, target=object, body=body, options=NoOptions
    )


def look_sync(source: str, kind: str) -> tuple[Sync, Ref]:
    """Name the sync and the record under which a source is looked through."""
    sync = Sync(name=f"{NAME}/{source}", flow=NAME, source=source, target=source)
    return sync, Ref(source, "all", kind)


async def look(
    connection: str,
    kind: str,
    source: object,
    inbox: Inbox,
    watermarks: Watermarks,
    clock: Callable[[], datetime],
) -> tuple[int, int]:
    """Queue what changed since the watermark; return how many were found, and how many new.

    The watermark moves only after what was read is queued.
    """
    since = changes_since(source, kind)
    if since is None:
        return 0, 0
    mark = await watermarks.watermark(connection, kind)
    if mark is None:
        mark = clock()
        await watermarks.move(connection, kind, mark)
    found = new = 0
    async for batch in batches(since(min(mark, clock()) - OVERLAP)):
        accepted = await inbox.accept(connection, _deliveries(batch, clock()), clock())
        # What a wrong clock dated into the future must not hide what changes until then.
        await watermarks.move(connection, kind, min(batch[-1][1], clock()))
        found, new = found + len(batch), new + accepted.new
    return found, new


async def batches(
    records: AsyncIterator[tuple[Ref, datetime]],
) -> AsyncIterator[list[tuple[Ref, datetime]]]:
    """Cut what a source lists into pieces that fit one transaction."""
    batch: list[tuple[Ref, datetime]] = []
    async for record in records:
        batch.append(record)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _deliveries(batch: list[tuple[Ref, datetime]], now: datetime) -> list[Delivery]:
    return [Delivery(_version(ref, changed, now), ref, changed) for ref, changed in batch]


def _version(ref: Ref, changed: datetime, now: datetime) -> str:
    # Shops state whole seconds: a record may change again within the second we read it in.
    again = f" read {now.isoformat()}" if -OVERLAP < now - changed < _SETTLED else ""
    return f"look {ref} {changed.isoformat()}{again}"
