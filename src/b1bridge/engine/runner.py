"""Takes up an attempt, runs its flow, and says how it ended."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from b1bridge.domain.text import single_line
from b1bridge.engine.breaker import Breakers
from b1bridge.engine.calls import Watched
from b1bridge.engine.durable_run import DurableRun, Steps
from b1bridge.engine.flow import Flow, Outcome
from b1bridge.engine.options import options_of
from b1bridge.engine.records import State
from b1bridge.engine.retry import Decision, Next, Patience, decide, pause_after
from b1bridge.engine.store import Begun, Memory, Note, Problem, Settlement
from b1bridge.errors import BridgeError, Spent, Transient
from b1bridge.ports.usage import open_bill
from b1bridge.ports.writing import SlowWriter

STALE = "not taken up"


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs flows on behalf of the durable engine; one per process."""

    flows: Mapping[str, Flow]
    open_connection: Callable[[str], Awaitable[object]]
    steps: Steps
    memory: Memory
    clock: Callable[[], datetime]
    patience: Patience
    breakers: Breakers
    under_way: set[str] = field(default_factory=set)

    async def execute(self, run: str, attempt: int) -> str:
        """Run one attempt to its end; whatever happens is written down before this returns."""
        self.under_way.add(run)
        try:
            now = self.clock()
            begun = await self.memory.runs.begin(run, attempt, now, self.breakers.shut_out(now))
            if begun is None:
                return STALE
            settlement = await self._attempt(begun)
            await self.memory.runs.settle(settlement)
            return settlement.state
        finally:
            self.under_way.discard(run)

    async def _attempt(self, begun: Begun) -> Settlement:
        run = DurableRun(
            begun,
            steps=self.steps,
            memory=self.memory,
            clock=self.clock,
            patience=self.patience,
        )
        bill = open_bill()
        try:
            outcome = await self._flow(begun, run)
        except BridgeError as error:
            return self._after(error, begun, run)
        except DBAPIError as error:
            # Our own database was away, or chose this transaction to break a deadlock.
            return self._after(Transient(f"our database: {error.orig}"), begun, run)
        except Exception as bug:  # noqa: BLE001  # the engine's one place: a bug ends in a dead run
            return self._dead(bug, begun, run)
        await self._all_well(begun)
        return self._finished(outcome, begun, run, bill.cost)

    async def _flow(self, begun: Begun, run: DurableRun) -> Outcome:
        flow = self.flows[begun.record.flow]
        source = Watched(begun.source, await self.open_connection(begun.source))
        writes_to = await self.open_connection(begun.target)
        if isinstance(writes_to, SlowWriter):
            run.longest_write = writes_to.longest_write
        target = Watched(begun.target, writes_to)
        return await flow.body(run, source, target, options_of(flow, begun.options))

    async def _all_well(self, begun: Begun) -> None:
        for connection in {begun.source, begun.target}:
            if self.breakers.worked(connection):
                await self.memory.runs.release(connection, self.clock())

    def _finished(self, outcome: Outcome, begun: Begun, run: DurableRun, cost: int) -> Settlement:
        then = () if outcome.did == "skipped" else self.flows[begun.record.flow].then
        documents = outcome.documents
        numbers = [str(n) for d in documents for n in (d.entry, d.number)]
        what = f"{outcome.did}: {outcome.reason}" if outcome.reason else str(outcome.did)
        return Settlement(
            run=begun.record,
            state=State.FINISHED,
            at=self.clock(),
            failures=begun.failures,
            outcome=outcome.did,
            reason=outcome.reason,
            documents=documents,
            figures={**outcome.figures, **({"cost": cost} if cost else {})},
            then=then,
            numbers=(*run.numbers, *numbers),
            notes=(*run.notes, self._last_note(begun, run, "finished", what)),
            seen=run.has_seen,
        )

    def _after(self, error: BridgeError, begun: Begun, run: DurableRun) -> Settlement:
        now = self.clock()
        if isinstance(error, Spent):
            decision = Decision(Next.LATER, now + pause_after(1, error, self.patience))
            return self._waiting(error, begun, run, decision)
        if isinstance(error, Transient) and error.connection:
            self.breakers.failed(error.connection, now)
        held_by = error.connection
        held_until = self.breakers.open_until(held_by) if isinstance(error, Transient) else None
        if held_until is not None:
            return self._waiting(
                error, begun, run, Decision(Next.LATER, held_until), held_by=held_by
            )
        failures = begun.failures + 1
        decision = decide(error, failures=failures, now=now, patience=self.patience)
        if decision.next is Next.PAUSE:
            held_by = error.connection or begun.target
            return self._waiting(error, begun, run, decision, held_by=held_by, pauses=held_by)
        return self._waiting(error, begun, run, decision, failures=failures)

    def _waiting(
        self,
        error: BridgeError,
        begun: Begun,
        run: DurableRun,
        decision: Decision,
        *,
        failures: int | None = None,
        held_by: str = "",
        pauses: str = "",
    ) -> Settlement:
        problem = None
        told = single_line(str(error)) if pauses else _told(error, begun)
        if decision.next is not Next.LATER:
            problem = Problem(
                reason=decision.reason,
                message=told,
                fix=decision.fix,
                evidence=str(getattr(error, "payload", "")),
                connection=pauses or error.connection,
            )
        what = f"{type(error).__name__} at {run.at_step or 'the start'}: {decision.next}"
        return Settlement(
            run=begun.record,
            state=State.WAITING,
            at=self.clock(),
            failures=begun.failures if failures is None else failures,
            reason=told,
            due_at=decision.due_at,
            held_by=held_by,
            pauses=pauses,
            problem=problem,
            numbers=tuple(run.numbers),
            notes=(*run.notes, self._last_note(begun, run, "waiting", what)),
            doubts=run.doubts,
            seen=run.has_seen if decision.next is Next.CASE else None,
        )

    def _dead(self, bug: Exception, begun: Begun, run: DurableRun) -> Settlement:
        problem = Problem(
            reason="UNKNOWN",
            message=f"{begun.record.ref}: a bug of ours, {type(bug).__name__}: {bug}",
            fix="report it with the evidence below; retry after the update",
            evidence="".join(traceback.format_exception(bug)),
        )
        what = f"{type(bug).__name__} at {run.at_step or 'the start'}"
        return Settlement(
            run=begun.record,
            state=State.DEAD,
            at=self.clock(),
            failures=begun.failures,
            reason=problem.message,
            problem=problem,
            numbers=tuple(run.numbers),
            notes=(*run.notes, self._last_note(begun, run, "dead", what)),
            doubts=run.doubts,
            seen=run.has_seen,
        )

    def _last_note(self, begun: Begun, run: DurableRun, did: str, detail: str) -> Note:
        return Note(
            at=self.clock(),
            actor="the hub",
            did=did,
            ref=str(begun.record.ref),
            run=begun.record.id,
            step=run.at_step,
            detail=detail,
        )


def _told(error: BridgeError, begun: Begun) -> str:
    """Say on one line what happened to which record; a remote system names only its own side."""
    said, ref = single_line(str(error)), str(begun.record.ref)
    return said if ref in said else f"{ref}: {said}"
