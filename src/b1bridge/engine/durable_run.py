"""A run whose steps are remembered by the durable engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from b1bridge.domain.identity import Crosswalk
from b1bridge.engine import codec
from b1bridge.engine.calls import Call, note_calls
from b1bridge.engine.retry import Patience, quick_pause
from b1bridge.engine.run import Written
from b1bridge.engine.store import Begun, Memory, Note, Seen
from b1bridge.errors import BridgeError, OutcomeUnknown, Rejected, Transient

T = TypeVar("T")


class Steps(Protocol):
    """What remembers the plain result of a step."""

    async def step(self, name: str, body: Callable[[], Awaitable[T]]) -> T:
        """Return the remembered result, or run body and remember it."""
        ...


class DurableRun:
    """What a flow works with: every step is remembered, timed and noted.

    Notes for the audit trail are kept inside each step's result, so that they survive a
    crash and are written once, together with the outcome.
    """

    def __init__(
        self,
        begun: Begun,
        *,
        steps: Steps,
        memory: Memory,
        clock: Callable[[], datetime],
        patience: Patience,
    ) -> None:
        self.ref = begun.record.ref
        self.target = begun.target
        self.seen = begun.seen
        self.has_seen: Seen | None = None
        self.links = memory.links
        self.in_flight = memory.in_flight
        self.shown = memory.shown
        self.notes: list[Note] = []
        self.numbers: list[str] = []
        self.at_step = ""
        self.doubts: dict[str, datetime | None] = dict(begun.doubts)
        self.longest_write = patience.unknown_pause
        self._run = begun.record.id
        self._begun_at = self._stepped_at = clock()
        self.as_of = _as_of(begun, self._begun_at)
        self._steps = steps
        self._memory = memory
        self._clock = clock
        self._patience = patience

    async def step(self, name: str, body: Callable[[], Awaitable[T]]) -> T:
        """Return the remembered result, or run body and remember what it returns."""
        self.at_step = name

        async def once() -> dict[str, Any]:
            calls, at, begun = note_calls(), self._clock(), time.perf_counter()
            value = codec.plain(await self._patiently(body))
            took = round((time.perf_counter() - begun) * 1000)
            return {"v": value, "at": at.timestamp(), "ms": took, **_facts(calls, value)}

        remembered = await self._steps.step(name, once)
        self._stepped_at = datetime.fromtimestamp(remembered["at"], tz=self._clock().tzinfo)
        value: T = codec.whole(remembered["v"])
        self._note(name, remembered)
        number = getattr(value, "number", "")
        if isinstance(number, str | int) and number:
            self.numbers.append(str(number))
        return value

    async def write_once(
        self,
        name: str,
        *,
        find: Callable[[], Awaitable[T | None]],
        write: Callable[[], Awaitable[T]],
    ) -> Written[T]:
        """Look for our own earlier work, write only when there is none.

        That none is found tells something only once an earlier write cannot be under way.
        """

        async def look_then_write() -> Written[T]:
            found = await find()
            if found is not None:
                return Written(found, already_there=True)
            self._refuse_while_in_doubt(name)
            try:
                return Written(await self._noted(name, write), already_there=False)
            except (OutcomeUnknown, Rejected):
                # The write may have gone through, or an earlier one may stand in its way.
                found = await find()
                if found is None:
                    raise
                return Written(found, already_there=True)

        written = await self.step(name, look_then_write)
        self.doubts.pop(name, None)
        number = getattr(written.value, "number", "")
        if number:
            self.numbers.append(str(number))
        return written

    async def crosswalk(self, name: str) -> Crosswalk:
        """Return the table of equal codes as an operator last left it."""
        return await self._memory.crosswalks.crosswalk(name)

    def saw(self, version: str) -> None:
        """Note the version; it was read when the last step began, or later."""
        if version:
            self.has_seen = Seen(version, self._stepped_at)

    async def progress(self, done: int, total: int | None = None) -> None:
        """Say how far a long sweep has come."""
        text = str(done) if total is None else f"{done} of {total}"
        await self._memory.runs.progress(self._run, text)

    def now(self) -> datetime:
        """Return the time from the injected clock."""
        return self._clock()

    async def _noted(self, name: str, write: Callable[[], Awaitable[T]]) -> T:
        """Write, with a mark on disk that we did; any answer takes the doubt away."""
        self.doubts[name] = None
        await self._memory.runs.doubt(self._run, self.doubts)
        try:
            written = await write()
        except OutcomeUnknown:
            self.doubts[name] = self._clock()
            raise
        except BridgeError:
            del self.doubts[name]
            raise
        del self.doubts[name]
        return written

    def _refuse_while_in_doubt(self, name: str) -> None:
        """Raise OutcomeUnknown while any earlier write of the record may still be carried out.

        This very write has just been looked for. Another one may have come after what this
        attempt has read, and decided by, so its doubt must have been over when we began.
        """
        for doubted, since in self.doubts.items():
            if since is None:
                continue
            over = since + timedelta(seconds=self.longest_write)
            if over > (self._clock() if doubted == name else self._begun_at):
                raise self._in_doubt(doubted, over)

    def _in_doubt(self, doubted: str, over: datetime) -> OutcomeUnknown:
        left = max((over - self._clock()).total_seconds(), 0.0)
        msg = (
            f"{self.target} may still be at an earlier '{doubted}' of {self.ref}, "
            f"which never reported; nothing is written before {over:%H:%M:%S %Z}"
        )
        return OutcomeUnknown(msg, system=self.target, retry_after=left)

    async def _patiently(self, body: Callable[[], Awaitable[T]]) -> T:
        tried = 0
        while True:
            tried += 1
            try:
                return await body()
            except Transient as error:
                pause = quick_pause(tried, error, self._patience)
                if pause is None:
                    raise
            await asyncio.sleep(pause)

    def _note(self, name: str, remembered: dict[str, Any]) -> None:
        self.notes.append(
            Note(
                at=self._stepped_at,
                actor="the hub",
                did="step",
                ref=str(self.ref),
                run=self._run,
                step=name,
                detail=remembered["calls"],
                request_digest=remembered["asked"],
                answer_digest=remembered["answer"],
                milliseconds=remembered["ms"],
            )
        )


def _as_of(begun: Begun, now: datetime) -> datetime | None:
    """Return when this attempt was asked for: an earlier one had ended by then."""
    if begun.doubts:
        return now
    return begun.record.queued_at if begun.record.attempt > 1 else None


def _facts(calls: list[Call], value: Any) -> dict[str, str]:
    names = ", ".join(call.name for call in calls[:20])
    more = f" and {len(calls) - 20} more" if len(calls) > 20 else ""  # noqa: PLR2004  # a line's worth
    asked = codec.digest_of("".join(call.digest for call in calls)) if calls else ""
    return {"calls": names + more, "asked": asked, "answer": codec.digest_of(codec.text_of(value))}
