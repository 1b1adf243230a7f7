"""`b1bridge status`: is it healthy right now, in one look."""

from __future__ import annotations

from collections import Counter
from typing import Any

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.cases import by_cause
from b1bridge.cli.screen import AsJson, age, counted, say, say_json
from b1bridge.cli.session import with_hub
from b1bridge.engine.records import Case, Connection


def status(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Say what is under way and what waits for a person.

    Example: b1bridge status
    """

    async def work(hub: Hub) -> tuple[dict[str, int], list[Connection], list[Case]]:
        return await hub.counts(), await hub.connections(), await hub.cases()

    counts, connections, cases = with_hub(ctx, work)
    if as_json:
        say_json(_plain(counts, connections, cases))
        return
    happened = [f"{number:,} {name}" for name, number in counts.items() if number]
    say(", ".join(happened) or "Nothing has run yet.")
    for one in connections:
        say(f"✗ {one.name} is paused: {one.paused_because}" if one.paused else f"✓ {one.name}")
    for group in by_cause(cases):
        oldest = age(min(case.opened_at for case in group))
        say(f"✗ {group[0].reason}: {counted(len(group), 'record')}, oldest {oldest}")
    say("See `b1bridge cases list`." if cases else "Nothing waits for a person.")


def _plain(
    counts: dict[str, int], connections: list[Connection], cases: list[Case]
) -> dict[str, Any]:
    return {
        "counts": counts,
        "connections": connections,
        "open_cases": dict(Counter(case.reason for case in cases)),
    }
