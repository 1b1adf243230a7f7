"""Deaths at chosen places: a process armed here kills itself when it comes to one of them."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from b1bridge.engine.durable import Durable
from b1bridge.engine.durable_run import DurableRun
from b1bridge.engine.run import Written
from b1bridge.engine.store import Note
from b1bridge.storage import audit
from b1bridge.storage.inbox import StoredInbox
from b1bridge.storage.runs import StoredRuns
from b1bridge.storage.submissions import StoredSubmissions
from b1bridge.testing.crashes import die

BEFORE_STEP = "before the step"
AFTER_STEP = "after the step, not remembered"
REMEMBERED = "once the step is remembered"
BEFORE_WRITE = "looked, not written"
IN_WRITE = "while SAP writes"
AFTER_WRITE = "written, not read"
IN_NOTICE = "inside the notice's transaction"
AFTER_NOTICE = "notice stored, no 200"
IN_SUBMISSION = "inside the transaction that takes an order"
AFTER_SUBMISSION = "order taken, no answer"
AFTER_200 = "right after the 200"
TAKEN_UP = "run taken up"
BEFORE_END = "run done, not settled"
AFTER_END = "run settled"

_IN_WRITE_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class Doom:
    """Where to die: the nth time that the place is come to, at steps of this name."""

    place: str
    step: str = ""
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.place}: {self.step}" if self.step else self.place

    def dumps(self) -> str:
        """Write it down for the process that is to die."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Doom:
        """Read what `dumps` wrote."""
        return cls(**json.loads(text))


class Reaper:
    """Counts how often the place was come to, leaves a word in a file, and dies."""

    def __init__(self, doom: Doom, last_word: Path) -> None:
        self._doom = doom
        self._last_word = last_word
        self._left = doom.nth

    def here(self, place: str, step: str = "") -> None:
        """Die if this is the place and the time."""
        if self._due(place, step):
            self._die()

    def soon(self, place: str, step: str) -> None:
        """Die a moment later, with a request on its way."""
        if self._due(place, step):
            asyncio.get_running_loop().call_later(_IN_WRITE_SECONDS, self._die)

    def _due(self, place: str, step: str) -> bool:
        if place != self._doom.place or not step.startswith(self._doom.step):
            return False
        self._left -= 1
        return self._left == 0

    def _die(self) -> None:
        self._last_word.write_text(str(self._doom), encoding="utf-8")
        die()


def arm(reaper: Reaper) -> None:
    """Put the reaper at every place of this process; there is no way back."""
    _at_steps(reaper)
    _at_writes(reaper)
    _at_notices(reaper)
    _at_submissions(reaper)
    _around(StoredRuns, "begin", after=lambda: reaper.here(TAKEN_UP))
    _around(
        StoredRuns,
        "settle",
        before=lambda: reaper.here(BEFORE_END),
        after=lambda: reaper.here(AFTER_END),
    )


def watched(app: ASGIApp, reaper: Reaper) -> ASGIApp:
    """Die once a 200 has been handed to the network."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and scope["path"].startswith("/notices/"):
                reaper.here(AFTER_200)

        await app(scope, receive, note)

    return answer


def _at_steps(reaper: Reaper) -> None:
    whole = Durable.step

    async def step(self: Durable, name: str, body: Callable[[], Awaitable[Any]]) -> Any:
        async def mortal() -> Any:
            reaper.here(BEFORE_STEP, name)
            result = await body()
            reaper.here(AFTER_STEP, name)
            return result

        result = await whole(self, name, mortal)
        reaper.here(REMEMBERED, name)
        return result

    _replace(Durable, "step", step)


def _at_writes(reaper: Reaper) -> None:
    whole = DurableRun.write_once

    async def write_once(
        self: DurableRun,
        name: str,
        *,
        find: Callable[[], Awaitable[Any]],
        write: Callable[[], Awaitable[Any]],
    ) -> Written[Any]:
        async def mortal() -> Any:
            reaper.here(BEFORE_WRITE, name)
            reaper.soon(IN_WRITE, name)
            result = await write()
            reaper.here(AFTER_WRITE, name)
            return result

        return await whole(self, name, find=find, write=mortal)

    _replace(DurableRun, "write_once", write_once)


def _at_notices(reaper: Reaper) -> None:
    whole = StoredInbox.take

    def take(self: StoredInbox, *arguments: Any) -> bool:
        new = whole(self, *arguments)
        reaper.here(IN_NOTICE)
        return new

    _replace(StoredInbox, "take", take)
    _around(StoredInbox, "accept", after=lambda: reaper.here(AFTER_NOTICE))


def _at_submissions(reaper: Reaper) -> None:
    whole = audit.append

    def append(connection: sa.Connection, notes: Sequence[Note]) -> None:
        whole(connection, notes)
        if any(note.did == "submit" for note in notes):
            reaper.here(IN_SUBMISSION)

    audit.append = append
    _around(StoredSubmissions, "accept", after=lambda: reaper.here(AFTER_SUBMISSION))


def _around(
    owner: type,
    name: str,
    *,
    before: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
) -> None:
    whole = getattr(owner, name)

    @functools.wraps(whole)
    async def mortal(*arguments: Any, **named: Any) -> Any:
        before()
        result = await whole(*arguments, **named)
        after()
        return result

    _replace(owner, name, mortal)


def _replace(owner: type, name: str, member: Any) -> None:
    setattr(owner, name, member)
