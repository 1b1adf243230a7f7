"""Exception cases: opened once per flow and record, closed by a person or a later success."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.engine.records import Case, CaseState
from b1bridge.engine.store import Problem
from b1bridge.storage.database import insert
from b1bridge.storage.tables import UNDECIDED, cases

_RESOLVE = (
    sa.update(cases)
    .where(cases.c.flow == sa.bindparam("its_flow"), cases.c.ref == sa.bindparam("its_ref"))
    .where(UNDECIDED)
    .values(
        state=CaseState.RESOLVED,
        closed_at=sa.bindparam("now"),
        closed_by="the hub",
        closing_words=sa.bindparam("words"),
    )
)


def open_case(
    connection: sa.Connection, problem: Problem, *, flow: str, ref: str, run: str, at: datetime
) -> None:
    """Open a case, or note that the same matter came back."""
    facts = {
        "state": CaseState.OPEN,
        "reason": problem.reason,
        "message": problem.message,
        "fix": problem.fix,
        "run": run,
        "connection": problem.connection,
        "evidence": problem.evidence,
    }
    statement = insert(connection, cases).values(
        **facts, flow=flow, ref=ref, times=1, opened_at=at, closed_by="", closing_words=""
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["flow", "ref"],
            index_where=UNDECIDED,
            set_={**facts, "times": cases.c.times + 1},
        )
    )


def resolve(connection: sa.Connection, *, flow: str, ref: str, at: datetime, words: str) -> None:
    """Close the case of a record whose run came through after all."""
    connection.execute(_RESOLVE, {"its_flow": flow, "its_ref": ref, "now": at, "words": words})


def case_of(row: Any) -> Case:
    """Read one row."""
    return Case(**{**row._mapping, "state": CaseState(row.state)})  # noqa: SLF001  # SQLAlchemy's documented name for it


UNDECIDED_STATES = (CaseState.OPEN, CaseState.RETRIED)
