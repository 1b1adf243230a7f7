"""`b1bridge sync FLOW`: look at everything changed since a moment, now."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import AsJson, counted, progress, say, say_json
from b1bridge.cli.session import with_hub
from b1bridge.engine.records import Preview, State, Synced
from b1bridge.errors import NeedsOperator

_UNDER_WAY = (State.QUEUED, State.RUNNING)
_GLANCE_SECONDS = 0.25
_GLANCED_AT = 1000
_SOON = timedelta(seconds=10)


def look_now(
    ctx: typer.Context,
    flow: Annotated[str, typer.Argument(help="A flow or a sync, e.g. order-to-invoice.")],
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="From then on; where it last stopped when left out."),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, say what.")] = False,
    wait: Annotated[bool, typer.Option(help="Stay until the runs are through.")] = True,
    as_json: AsJson = False,
) -> None:
    """Look at what has changed, and bring it over.

    The runs are worked off here, unless `b1bridge serve` or `worker` already does.

    Example: b1bridge sync order-to-invoice --since 2026-11-01 --dry-run
    """
    start = moment_of(since) if since else None

    async def work(hub: Hub) -> Synced:
        synced = await hub.sync_now(flow, start, dry_run=dry_run)
        if not as_json:
            _say_what(synced, dry_run=dry_run)
        if wait and synced.queued:
            await _stay(hub, synced.queued)
        return synced

    synced = with_hub(ctx, work)
    if as_json:
        say_json(synced)


def moment_of(text: str) -> datetime:
    """Read 2026-11-01 or a full ISO time; without an offset it is this machine's zone."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as exc:
        msg = f"'{text}' is no date"
        raise NeedsOperator(
            msg, reason="USAGE", fix="write 2026-11-01 or 2026-11-01T08:00"
        ) from exc


def _say_what(synced: Synced, *, dry_run: bool) -> None:
    if not dry_run:
        say(f"{counted(synced.queued, 'run')} queued")
        return
    for preview in synced.previews:
        _say_preview(preview)
    say(f"{counted(len(synced.previews), 'record')} looked at; nothing was written")


def _say_preview(preview: Preview) -> None:
    say(f"{preview.ref}: {preview.outcome}", style="bold")
    for deed in preview.would:
        say(f"  would {deed}")


async def _stay(hub: Hub, queued: int) -> None:
    """Work the runs off, or watch the process that does."""
    mine = await _take_over(hub)
    if not mine:
        say("another process of this home works them off")
    with progress() as bar:
        task = bar.add_task("runs", total=queued)
        while left := await _left(hub):
            bar.update(task, completed=max(0, queued - left))
            await asyncio.sleep(_GLANCE_SECONDS)
    if mine:
        await hub.stop_worker()
    counts = await hub.counts()
    say(f"done; now open: {', '.join(f'{number} {name}' for name, number in counts.items())}")


async def _take_over(hub: Hub) -> bool:
    try:
        await hub.start_worker(schedule=False)
    except NeedsOperator as exc:
        if exc.reason != "EXECUTOR_TAKEN":
            raise
        return False
    return True


async def _left(hub: Hub) -> int:
    """Count the runs under way; one that waits for a later try is not stayed for."""
    counts = await hub.counts()
    under_way = sum(counts[state] for state in _UNDER_WAY)
    if under_way or await hub.idle():
        return under_way
    soon = datetime.now(UTC) + _SOON
    waiting = await hub.runs(state=State.WAITING, limit=_GLANCED_AT)
    return sum(run.due_at is not None and run.due_at <= soon for run in waiting)
