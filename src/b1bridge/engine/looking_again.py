"""Looking again at all that was dealt with, once a day: some changes leave no trace.

Prices change with the day and with their list, records are deleted, and no stamp tells of it
(sap-service-layer.md 7). What is as it was is not sent, so a second look costs reads alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.looking import NoOptions
from b1bridge.engine.records import Sync
from b1bridge.engine.run import Run
from b1bridge.ports.books import Company

NAME = "look-again"


class Dealt(Protocol):
    """What syncs have dealt with."""

    async def queue_again(self, sync: str, at: datetime) -> int:
        """Queue every record that a sync has dealt with, behind all that is live; return how many.

        Nothing where the sync is gone or switched off.
        """
        ...


def looking_again(dealt: Dealt) -> Flow:
    """Make the flow that begins with the company's day; its record is `all/again/<sync>`.

    The version that it has seen is the day. The first time it only notes the day: whoever switches
    a sync on decides what to load first.
    """

    async def body(run: Run, source: object, target: object, options: NoOptions) -> Outcome:
        del target, options
        if not isinstance(source, Company):
            return Outcome(Did.SKIPPED, f"{run.ref.connection} does not tell its days apart")
        day = (await source.rules()).day_of(run.now()).isoformat()
        run.saw(day)
        if run.seen in {"", day}:
            return Outcome(Did.ALREADY_THERE, f"all was looked at on {day}, or will be tomorrow")
        sync = run.ref.id.partition("/")[2]
        queued = await dealt.queue_again(sync, run.now())
        told = f"{queued} records of {sync} are looked at again on {day}"
        return Outcome(Did.POSTED, told, figures={"queued": queued})

    return Flow(
        name=NAME, on="schedule", source=object, target=object, body=body, options=NoOptions
    )


def again_sync(sync: Sync) -> tuple[Sync, Ref]:
    """Name the sync and the record under which the records of a sync are looked at again."""
    own = Sync(name=f"{NAME}/{sync.name}", flow=NAME, source=sync.source, target=sync.source)
    return own, Ref(sync.source, "all", f"again/{sync.name}")
