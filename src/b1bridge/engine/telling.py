"""Tells clients what became of what they sent, where they asked to be called back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Lane, Outcome
from b1bridge.engine.looking import NoOptions
from b1bridge.engine.records import Sync
from b1bridge.engine.run import Run

NAME = "tell-callbacks"
KIND = "callback"


@dataclass(frozen=True, slots=True)
class Callback:
    """What a client is to be told; one `id` for all tries, so that it is known again."""

    id: str
    url: str
    body: str


class Outbox(Protocol):
    """Knows what is to be told of a record, and how to reach who asked for it."""

    async def callback(self, ref: Ref) -> Callback | None:
        """Return what has not been told yet; None when nobody asked, or there is no news."""
        ...

    async def send(self, ref: Ref, callback: Callback) -> None:
        """Post it; NeedsOperator where that may not or can never be, Transient to try again."""
        ...

    async def note(self, ref: Ref, callback: Callback) -> None:
        """Remember that it has been told."""
        ...


def telling(outbox: Outbox) -> Flow:
    """Make the flow that calls back; its record is `<connection>/callback/<reference>`.

    A crash between telling and noting tells again, under the same id.
    """

    async def body(run: Run, source: object, target: object, options: NoOptions) -> Outcome:
        del source, target, options
        callback = await run.step("read what is to be told", lambda: outbox.callback(run.ref))
        if callback is None:
            return Outcome(Did.SKIPPED, "everything has been told")
        await run.step("call back", lambda: outbox.send(run.ref, callback))
        await run.step("note that it was told", lambda: outbox.note(run.ref, callback))
        place = callback.url.partition("?")[0]
        return Outcome(Did.POSTED, f"told {place} ({callback.id})")

    return Flow(
        name=NAME,
        on=KIND,
        source=object,
        target=object,
        body=body,
        options=NoOptions,
        lane=Lane.CALLBACKS,
    )


def telling_sync(connection: str, reference: str) -> tuple[Sync, Ref]:
    """Name the sync and the record under which a client is told of one of its orders."""
    sync = Sync(name=f"{NAME}/{connection}", flow=NAME, source=connection, target=connection)
    return sync, Ref(connection, KIND, reference)
