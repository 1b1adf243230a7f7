"""`b1bridge status`: is it healthy right now, in one look."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.cases import by_cause
from b1bridge.cli.screen import AsJson, age, counted, say, say_json
from b1bridge.cli.session import with_hub
from b1bridge.engine.records import Case, Connection, Fate

_DAY = timedelta(days=1)
_Standing = tuple[dict[str, int], dict[Fate, int], list[Connection], list[Case]]


def status(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Say what is under way and what waits for a person.

    Example: b1bridge status
    """

    async def work(hub: Hub) -> _Standing:
        fates = await hub.fates(datetime.now(UTC) - _DAY)
        return await hub.counts(), fates, await hub.connections(), await hub.cases()

    counts, fates, connections, cases = with_hub(ctx, work)
    if as_json:
        say_json(_plain(counts, fates, connections, cases))
        return
    happened = [f"{number:,} {name}" for name, number in counts.items() if number]
    say(", ".join(happened) or "Nothing has run yet.")
    say(_of_notices(fates))
    for one in connections:
        say(f"✗ {one.name} is paused: {one.paused_because}" if one.paused else f"✓ {one.name}")
    for group in by_cause(cases):
        oldest = age(min(case.opened_at for case in group))
        say(f"✗ {group[0].reason}: {counted(len(group), 'record')}, oldest {oldest}")
    say("See `b1bridge cases list`." if cases else "Nothing waits for a person.")


def _of_notices(fates: dict[Fate, int]) -> str:
    told = [f"{number:,} {fate}" for fate, number in fates.items() if number]
    mark = "✗" if fates[Fate.LOST] else "✓"
    return f"{mark} notices of the last 24 hours: {', '.join(told) or 'none'}"


def _plain(
    counts: dict[str, int], fates: dict[Fate, int], connections: list[Connection], cases: list[Case]
) -> dict[str, Any]:
    return {
        "counts": counts,
        "notices": {str(fate): number for fate, number in fates.items()},
        "connections": connections,
        "open_cases": dict(Counter(case.reason for case in cases)),
    }
