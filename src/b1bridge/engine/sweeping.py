"""Sweeping for gaps: what a source lists is held against what ever arrived here.

Looking reads on from a watermark, so it misses what shows up behind it: a record that the shop
lists late, one whose change bears an earlier time, one that a wrong clock dated, and one that
left the list (archived orders: storefronts.md 1.3). The sweep reads a whole window again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.looking import OVERLAP, NoOptions, batches, changes_since
from b1bridge.engine.records import Sync
from b1bridge.engine.run import Run
from b1bridge.engine.store import Delivery, Watermarks

NAME = "sweep-for-gaps"
DAY, MONTH = "day", "month"
WINDOWS = {DAY: timedelta(hours=24), MONTH: timedelta(days=30)}
_ON_ITS_WAY = timedelta(minutes=2)
"""So young a change may still be told of: its notice is under way."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub knows of a record.

    `versions` are the moments of change that runs have seen, `told_at` is when somebody last
    told of it; a record `under_way` is about to be read anyway.
    """

    versions: frozenset[str] = frozenset()
    under_way: bool = False
    told_at: datetime | None = None


class Gaps(Protocol):
    """Holds what a source lists against the inbox, the runs, and what they have seen."""

    async def known(self, refs: Sequence[Ref]) -> dict[Ref, Known]:
        """Return what is known of each record; a stranger has no entry."""
        ...

    async def seen_since(
        self, connection: str, kind: str, moment: datetime, until: datetime
    ) -> dict[Ref, datetime]:
        """Return the records read before `until` in a version of that moment or later."""
        ...

    async def fetch(self, connection: str, deliveries: Sequence[Delivery], at: datetime) -> int:
        """Queue them as if noticed, note each in the audit trail; return how many were new."""
        ...


def is_gap(changed: datetime, known: Known) -> bool:
    """Tell whether nobody ever told of this change.

    The shop's clock and ours may differ by as much as looking overlaps: between these bounds
    only the version that was seen is proof.
    """
    if known.under_way or (known.told_at is not None and known.told_at >= changed + OVERLAP):
        return False
    if known.versions:
        return changed.isoformat() not in known.versions
    return known.told_at is None or known.told_at < changed


def sweeping(gaps: Gaps, watermarks: Watermarks) -> Flow:
    """Make the flow that sweeps; its record is `all/<kind>/day` or `all/<kind>/month`."""

    async def body(run: Run, source: object, target: object, options: NoOptions) -> Outcome:
        del target, options
        kind, _, window = run.ref.id.partition("/")
        found, fetched = await sweep(
            run.ref.connection, kind, window, source, gaps, watermarks, run.now
        )
        did = Did.POSTED if fetched else Did.SKIPPED
        figures = {"found": found, "gaps": fetched}
        return Outcome(did, f"{fetched} of {found} had never arrived", figures=figures)

    return Flow(
        name=NAME, on="schedule", source=object, target=object, body=body, options=NoOptions
    )


def sweep_sync(source: str, kind: str, window: str) -> tuple[Sync, Ref]:
    """Name the sync and the record under which a source is swept."""
    sync = Sync(name=f"{NAME}/{source}", flow=NAME, source=source, target=source)
    return sync, Ref(source, "all", f"{kind}/{window}")


async def sweep(
    connection: str,
    kind: str,
    window: str,
    source: object,
    gaps: Gaps,
    watermarks: Watermarks,
    clock: Callable[[], datetime],
) -> tuple[int, int]:
    """Fetch what never arrived; return how many records were listed, and how many fetched.

    Never reaches back behind the moment from which the source has been watched.
    """
    listing = changes_since(source, kind)
    began = await watermarks.began(connection, kind)
    now = clock()
    if listing is None or began is None:
        return 0, 0
    since = max(began, now - WINDOWS[window])
    found, fetched, listed = 0, 0, set[Ref]()
    async for batch in batches(listing(since)):
        found += len(batch)
        listed.update(ref for ref, _ in batch)
        missing = await _missing(batch, gaps, now)
        fetched += await gaps.fetch(connection, missing, clock())
    gone = await gaps.seen_since(connection, kind, since, now)
    vanished = [_gone(ref, seen) for ref, seen in gone.items() if ref not in listed]
    return found, fetched + await gaps.fetch(connection, vanished, clock())


async def _missing(batch: list[tuple[Ref, datetime]], gaps: Gaps, now: datetime) -> list[Delivery]:
    settled = [(ref, changed) for ref, changed in batch if not _young(changed, now)]
    known = await gaps.known([ref for ref, _ in settled])
    return [
        Delivery(f"sweep {ref} {changed.isoformat()}", ref, changed)
        for ref, changed in settled
        if is_gap(changed, known.get(ref, Known()))
    ]


def _young(changed: datetime, now: datetime) -> bool:
    # What bears a time to come was dated by a wrong clock, and grows no older by waiting.
    return timedelta(0) <= now - changed < _ON_ITS_WAY


def _gone(ref: Ref, seen: datetime) -> Delivery:
    """Ask to read a record that left the list; without `changed`, for no version answers it."""
    return Delivery(f"sweep {ref} gone since {seen.isoformat()}", ref)
