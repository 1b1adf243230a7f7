"""What became of what clients sent: read in one go from runs, cases and links, kept nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.standing import REVISION, base_reference
from b1bridge.domain.submissions import Submission
from b1bridge.engine.records import Case, RunRecord, State
from b1bridge.storage.cases import UNDECIDED_STATES, case_of
from b1bridge.storage.database import Database
from b1bridge.storage.runs import record_of
from b1bridge.storage.submissions import submission_of
from b1bridge.storage.tables import cases, links, runs, submissions

_KINDS = tuple(kind.value for kind in DocumentKind)


@dataclass(frozen=True, slots=True)
class Became:
    """A submission with its runs, the oldest first, its undecided cases and its documents."""

    submission: Submission
    runs: tuple[RunRecord, ...] = ()
    cases: tuple[Case, ...] = ()
    documents: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which submissions are looked for; `customer` is an account or an e-mail in lower case.

    `run_in` asks for those with some run in one of these states.
    """

    connection: str
    kind: str
    since: datetime | None = None
    until: datetime | None = None
    customer: str = ""
    cancelled: bool | None = None
    run_in: Collection[State] = ()


class SubmissionViews:
    """Reads; never writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def became(self, ref: Ref) -> Became | None:
        """Return one, or None when nobody has sent it."""
        query = sa.select(submissions).where(
            submissions.c.connection == ref.connection,
            submissions.c.kind == ref.kind,
            submissions.c.reference == ref.id,
        )
        found = await self._database.read(lambda db: _became(db, query))
        return found[0] if found else None

    async def page(self, sought: Sought, after: int, limit: int) -> list[Became]:
        """Return those that arrived after a number, in their order of arrival."""
        query = _page(sought).where(submissions.c.id > after).limit(limit)
        return await self._database.read(lambda db: _became(db, query))


def _page(sought: Sought) -> sa.Select[Any]:
    of = submissions.c
    query = sa.select(submissions).where(of.connection == sought.connection, of.kind == sought.kind)
    if sought.since is not None:
        query = query.where(of.received_at >= sought.since)
    if sought.until is not None:
        query = query.where(of.received_at < sought.until)
    if sought.customer:
        query = query.where(sa.or_(of.account == sought.customer, of.email == sought.customer))
    if sought.cancelled is not None:
        query = query.where(of.cancelled.is_(sought.cancelled))
    if sought.run_in:
        query = query.where(_has_run_in(sought))
    return query.order_by(of.id)


def _has_run_in(sought: Sought) -> sa.ColumnElement[bool]:
    ref = sa.literal(f"{sought.connection}/{sought.kind}/") + submissions.c.reference
    return sa.exists().where(runs.c.ref == ref, runs.c.state.in_(sorted(sought.run_in)))


def _became(db: sa.Connection, query: sa.Select[Any]) -> list[Became]:
    sent = [submission_of(row) for row in db.execute(query)]
    if not sent:
        return []
    refs = [str(one.ref) for one in sent]
    ran, stuck, posted = _runs(db, refs), _cases(db, refs), _documents(db, refs)
    return [
        Became(one, tuple(ran[ref]), tuple(stuck[ref]), tuple(posted[ref]))
        for one, ref in zip(sent, refs, strict=True)
    ]


def _runs(db: sa.Connection, refs: Sequence[str]) -> dict[str, list[RunRecord]]:
    found: dict[str, list[RunRecord]] = defaultdict(list)
    for row in db.execute(sa.select(runs).where(runs.c.ref.in_(refs)).order_by(runs.c.id)):
        found[row.ref].append(record_of(row))
    return found


def _cases(db: sa.Connection, refs: Sequence[str]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = defaultdict(list)
    query = sa.select(cases).where(cases.c.ref.in_(refs), cases.c.state.in_(UNDECIDED_STATES))
    for row in db.execute(query.order_by(cases.c.id)):
        found[row.ref].append(case_of(row))
    return found


def _documents(db: sa.Connection, refs: Sequence[str]) -> dict[str, list[Posted]]:
    """Return what was posted under each reference and under the changes to it, oldest first."""
    found: dict[str, list[Posted]] = defaultdict(list)
    theirs = sa.or_(links.c.ref.in_(refs), *_revisions(refs))
    query = sa.select(links).where(theirs, links.c.kind.in_(_KINDS))
    for row in db.execute(query.order_by(links.c.linked_at, links.c.other)):
        entry = Ref.parse(row.other).id
        posted = Posted(row.kind, int(entry), int(row.number or entry))
        found[base_reference(row.ref)].append(posted)
    return found


def _revisions(refs: Sequence[str]) -> Iterator[sa.ColumnElement[bool]]:
    """Select "ref+1" and so on by what they lie between, which an index can do."""
    after = chr(ord(REVISION) + 1)
    return (
        sa.and_(links.c.ref > f"{ref}{REVISION}", links.c.ref < f"{ref}{after}") for ref in refs
    )
