"""What became of each operation of a batch: done, refused, rolled back, not executed, unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client.batch import (
    Batch,
    ChangeSet,
    Operation,
    Step,
    operations_of,
)
from b1bridge.connectors.sap_b1.client.batch_reply import Answer, BatchReply, Group
from b1bridge.connectors.sap_b1.client.refusals import refusal_of
from b1bridge.connectors.sap_b1.client.spelling import in_one_spelling
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import BridgeError, OutcomeUnknown, Transient
from b1bridge.sdk import exact_json


@dataclass(frozen=True, slots=True)
class Done:
    """The operation was done; `location` and `tag` are empty where SAP told none."""

    status: int
    fields: Mapping[str, Any] = field(repr=False)
    location: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """SAP refused the operation; nothing after it was executed."""

    error: BridgeError


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The change set was refused as a whole; `culprit` is None where SAP does not say which."""

    error: BridgeError
    culprit: Operation | None


@dataclass(frozen=True, slots=True)
class NotExecuted:
    """SAP stopped before it came to this operation."""

    error: BridgeError


@dataclass(frozen=True, slots=True)
class Unknown:
    """The reply broke off; the operation may have been done."""

    error: BridgeError


Result = Done | Refused | RolledBack | NotExecuted | Unknown


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of each operation, in the order of the batch."""

    results: Mapping[Operation, Result]

    def __getitem__(self, operation: Operation) -> Result:
        """Return what became of an operation."""
        return self.results[operation]

    def __iter__(self) -> Iterator[tuple[Operation, Result]]:
        """Yield each operation with its result."""
        return iter(self.results.items())

    @property
    def all_done(self) -> bool:
        """Whether every operation was done."""
        return all(isinstance(result, Done) for result in self.results.values())

    @property
    def failure(self) -> Refused | RolledBack | None:
        """Where SAP stopped, and why."""
        stops = (r for r in self.results.values() if isinstance(r, (Refused, RolledBack)))
        return next(stops, None)

    def fields(self, operation: Operation) -> Mapping[str, Any]:
        """Return what a done operation answered, or raise what it means that it was not done."""
        result = self.results[operation]
        if isinstance(result, Done):
            return result.fields
        raise result.error


def result_of(batch: Batch, reply: BatchReply) -> BatchResult:
    """Lay the answers beside the operations; steps are answered in their order."""
    results: dict[Operation, Result] = {}
    steps = [step for step in batch.steps if operations_of(step)]
    for step, group in zip(steps, reply.groups, strict=False):
        results |= _step_results(step, group)
    stopped = any(not isinstance(result, Done) for result in results.values())
    for step in steps[len(reply.groups) :]:
        for operation in operations_of(step):
            results[operation] = _unanswered(operation, stopped=stopped)
    return BatchResult(results)


def _step_results(step: Step, group: Group) -> dict[Operation, Result]:
    if isinstance(step, Operation):
        return {step: _result(step, group.answers[0])}
    first = group.answers[0] if group.answers else None
    if first is not None and not group.is_change_set and not first.is_success:
        return _rolled_back(step, first)
    pairs = _paired(step.operations, group.answers)
    return {operation: _result(operation, answer) for operation, answer in pairs}


def _result(operation: Operation, answer: Answer) -> Result:
    if not answer.is_success:
        return Refused(_error(operation, answer))
    location, tag = answer.headers.get("location", ""), answer.headers.get("etag", "")
    return Done(answer.status, _fields(answer.content), location, tag)


def _fields(content: bytes) -> Mapping[str, Any]:
    """Read what a done operation answered; an odd text must not hide that it was done."""
    try:
        found = in_one_spelling(content, exact_json.loads(content)) if content else {}
    except ValueError:
        found = content.decode(errors="replace")
    return found if isinstance(found, dict) else {"value": found}


def _rolled_back(changes: ChangeSet, answer: Answer) -> dict[Operation, Result]:
    """Name the culprit where SAP does, or where there is but one."""
    known = {str(operation.number): operation for operation in changes.operations}
    culprit = known.get(answer.content_id)
    if len(changes.operations) == 1:
        culprit = changes.operations[0]
    error = _error(culprit or changes.operations[0], answer)
    return dict.fromkeys(changes.operations, RolledBack(error, culprit))


def _paired(
    operations: Sequence[Operation], answers: Sequence[Answer]
) -> list[tuple[Operation, Answer]]:
    """Pair by Content-ID where every answer has one, else by order."""
    if len(operations) != len(answers):
        msg = f"{SYSTEM}: a change set of {len(operations)} was done and got {len(answers)} answers"
        raise OutcomeUnknown(msg, system=SYSTEM)
    by_id = {answer.content_id: answer for answer in answers}
    if set(by_id) == {str(operation.number) for operation in operations}:
        return [(operation, by_id[str(operation.number)]) for operation in operations]
    return list(zip(operations, answers, strict=True))


def _error(operation: Operation, answer: Answer) -> BridgeError:
    request = httpx.Request(operation.method, f"https://sap/b1s/{operation.path}")
    response = httpx.Response(
        answer.status, headers=dict(answer.headers), content=answer.content, request=request
    )
    return refusal_of(response, read=operation.is_read)


def _unanswered(operation: Operation, *, stopped: bool) -> Result:
    what = f"{operation.method} {operation.path}"
    if stopped:
        msg = f"{SYSTEM}: {what} was not executed, since the batch stopped before it"
        return NotExecuted(Transient(msg, system=SYSTEM))
    if operation.is_read:
        return Unknown(Transient(f"{SYSTEM}: the reply broke off before {what}", system=SYSTEM))
    msg = f"{SYSTEM} may have done {what}; the reply broke off before it"
    return Unknown(OutcomeUnknown(msg, system=SYSTEM))
