"""How an order of a client stands: worked out anew each time from its runs, cases and links."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from b1bridge.domain.identity import Posted
from b1bridge.engine.flow import Did
from b1bridge.engine.records import Case, RunRecord, State
from b1bridge.storage.submission_views import Became

_A_BUG = "UNKNOWN"


class Progress(StrEnum):
    """How far an order has come; all but ACCEPTED stay until somebody does something."""

    ACCEPTED = "accepted"
    POSTED = "posted"
    REFUSED = "refused"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """What a client is told of its order; `body` is the order in its canonical form.

    `case` is what an order was refused for, or what the flows after it wait for. `put_off` tells
    that nothing will happen for a while, as when the books are away; it is not told.
    """

    reference: str
    state: Progress
    version: int
    documents: tuple[Posted, ...]
    case: Case | None
    body: str
    received_at: datetime
    changed_at: datetime
    put_off: bool = False


def status_of(became: Became, then: Mapping[str, Sequence[str]]) -> OrderStatus:
    """Work it out; `then` names the flows that follow each flow, which do not decide."""
    sent = became.submission
    last = _last_of_first_flows(became.runs, then)
    state = _state(became, last)
    return OrderStatus(
        reference=sent.ref.id,
        state=state,
        version=sent.version,
        documents=became.documents,
        case=_case(became.cases, {run.flow for run in last}),
        body=sent.body,
        received_at=sent.received_at,
        changed_at=sent.changed_at,
        put_off=state is Progress.ACCEPTED and any(_is_put_off(run) for run in last),
    )


def status_json(status: OrderStatus) -> bytes:
    """Write the document that clients and callbacks get; of one state always the same bytes."""
    return json.dumps(as_dict(status), ensure_ascii=False, separators=(",", ":")).encode()


def as_dict(status: OrderStatus) -> dict[str, Any]:
    """Return the same document, to be put into another."""
    return {
        "reference": status.reference,
        "state": status.state.value,
        "version": status.version,
        "documents": [
            {"kind": one.kind, "entry": one.entry, "number": one.number} for one in status.documents
        ],
        "case": _case_told(status.case),
        "received_at": _moment(status.received_at),
        "changed_at": _moment(status.changed_at),
        "order": json.loads(status.body),
    }


def _case_told(case: Case | None) -> dict[str, Any] | None:
    if case is None:
        return None
    return {"id": case.id, "reason": case.reason, "message": case.message, "fix": case.fix}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _last_of_first_flows(
    runs: Sequence[RunRecord], then: Mapping[str, Sequence[str]]
) -> list[RunRecord]:
    """Return the newest run of each flow that no other flow has brought along."""
    newest = {run.flow: run for run in runs}
    brought = {flow for name in newest for flow in then.get(name, ())}
    return [run for name, run in newest.items() if name not in brought]


def _state(became: Became, last: Sequence[RunRecord]) -> Progress:
    if any(_is_stuck(run) for run in last):
        return Progress.REFUSED
    if any(run.state is not State.FINISHED for run in last):
        return Progress.ACCEPTED
    if became.submission.cancelled:
        return Progress.CANCELLED
    # Of an order so old that its runs are forgotten, its documents still tell.
    posted = any(run.outcome != Did.SKIPPED for run in last) or (not last and became.documents)
    return Progress.POSTED if posted else Progress.SKIPPED


def _is_stuck(run: RunRecord) -> bool:
    """Tell whether only a person can help."""
    waits = run.state is State.WAITING and run.due_at is None and not run.held_by
    return waits or run.state is State.DEAD


def _is_put_off(run: RunRecord) -> bool:
    return run.state is State.WAITING and not _is_stuck(run)


def _case(cases: Sequence[Case], deciding: set[str]) -> Case | None:
    """Return the case of a flow that decides before any other."""
    first = min(cases, key=lambda case: (case.flow not in deciding, case.id), default=None)
    return first if first is None or first.reason != _A_BUG else _without_details(first)


def _without_details(case: Case) -> Case:
    """Leave out what a mistake of ours says of itself: it may name anything."""
    message = f"the hub made a mistake with {case.ref}; the operator finds it in case {case.id}"
    return replace(case, message=message, evidence="", fix="ask the operator, who retries the case")
