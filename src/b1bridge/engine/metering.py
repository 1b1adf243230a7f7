"""Watches what a day costs at a provider that counts: people are told before it runs out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.looking import NoOptions
from b1bridge.engine.records import Sync
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.usage import Metered

NAME = "watch-budget"
_FIX = (
    "look less often or load less, or book more seats or tokens; the case closes itself with the "
    "new day, or ignore it until then"
)


Queued = Callable[[str, int], Awaitable[int]]
"""Returns what queued work of a connection will cost, and takes what an unknown record costs."""


def watching_budgets(queued: Queued) -> Flow:
    """Make the flow that looks at the day; its record is `all/budget`, one case a day at most."""

    async def body(run: Run, source: object, target: object, options: NoOptions) -> Outcome:
        del target, options
        connection = run.ref.connection
        if not isinstance(source, Metered):
            return Outcome(Did.SKIPPED, f"{connection} does not count what it is asked")
        report = await source.budget()
        report = report.with_queue(await queued(connection, report.per_record))
        told = f"{report.used} of {report.daily} used on {report.day}"
        version = f"{report.day} high" if report.is_high else report.day
        run.saw(version)
        if not report.is_high or run.seen == version:
            return Outcome(Did.ALREADY_THERE, told)
        msg = f"{connection}: {told}, {report.forecast} expected by {report.resets_at.isoformat()}"
        raise NeedsOperator(msg, reason="BUDGET", fix=_FIX)

    return Flow(
        name=NAME, on="schedule", source=object, target=object, body=body, options=NoOptions
    )


def budget_sync(source: str) -> tuple[Sync, Ref]:
    """Name the sync and the record under which a connection's budget is looked at."""
    sync = Sync(name=f"{NAME}/{source}", flow=NAME, source=source, target=source)
    return sync, Ref(source, "all", "budget")
