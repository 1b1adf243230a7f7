"""What clients sent, the keys they sent it with, and the runs it asks for: one transaction each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.domain.submissions import NewSubmission, Submission, Submitted, Verdict
from b1bridge.engine.store import Delivery, Note
from b1bridge.storage import audit
from b1bridge.storage.database import Database, insert_new
from b1bridge.storage.inbox import StoredInbox
from b1bridge.storage.tables import idempotency_keys, submissions, syncs

_PAGE = 500
_OF = (
    sa.select(submissions)
    .where(submissions.c.connection == sa.bindparam("its_connection"))
    .where(submissions.c.kind == sa.bindparam("its_kind"))
    .where(submissions.c.reference == sa.bindparam("its_reference"))
)
_THIS_KEY = (
    idempotency_keys.c.connection == sa.bindparam("its_connection"),
    idempotency_keys.c.key == sa.bindparam("its_key"),
)
_KEY = sa.select(idempotency_keys.c.digest, idempotency_keys.c.ref).where(*_THIS_KEY)
_UNCLAIM = sa.delete(idempotency_keys).where(*_THIS_KEY)
_WATCHED = (
    sa.select(syncs.c.name)
    .where(syncs.c.source == sa.bindparam("its_connection"), syncs.c.enabled)
    .where(syncs.c.watches == sa.bindparam("its_kind"))
    .limit(1)
)


class StoredSubmissions:
    """Takes, replaces and cancels records of clients; what is answered is on disk."""

    def __init__(self, database: Database, inbox: StoredInbox) -> None:
        self._database = database
        self._inbox = inbox

    async def accept(self, new: NewSubmission, *, key: str, actor: str, at: datetime) -> Submitted:
        """Keep a record with its key and queue what it asks for; a repeat changes nothing."""

        def work(db: sa.Connection) -> Submitted:
            if key and not _claim(db, new, key, at):
                return _by_key(db, new, key)
            answer = self._take(db, new, actor, at)
            if key and answer.verdict not in {Verdict.NEW, Verdict.SAME}:
                db.execute(_UNCLAIM, {"its_connection": new.ref.connection, "its_key": key})
            return answer

        return await self._database.write(work)

    async def replace(
        self, new: NewSubmission, *, version: int | None, actor: str, at: datetime
    ) -> Submitted:
        """Let a body take the place of the one that stands, if that is of this version."""

        def work(db: sa.Connection) -> Submitted:
            found = _find(db, new.ref, lock=True)
            refused = _not_replaced(found, new, version)
            if found is None or refused is not None:
                return refused or Submitted(Verdict.UNKNOWN, new.ref)
            facts = {
                "body": new.body,
                "digest": new.digest,
                "callback_url": new.callback_url,
                "account": new.account,
                "email": new.email,
            }
            return self._change(db, found, facts, Verdict.REPLACED, actor, at)

        return await self._database.write(work)

    async def cancel(self, ref: Ref, *, actor: str, at: datetime) -> Submitted:
        """Call a record off; what was posted of it follows by the rules of the books."""

        def work(db: sa.Connection) -> Submitted:
            found = _find(db, ref, lock=True)
            if found is None:
                return Submitted(Verdict.UNKNOWN, ref)
            if found.cancelled:
                return Submitted(Verdict.SAME, ref, found.version)
            return self._change(db, found, {"cancelled": True}, Verdict.CANCELLED, actor, at)

        return await self._database.write(work)

    async def submission(self, ref: Ref) -> Submission | None:
        """Return a record as it stands now."""
        return await self._database.read(lambda db: _find(db, ref))

    async def submissions_changed_since(
        self, connection: str, kind: str, moment: datetime
    ) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each record changed at or after the moment, and when; oldest first."""
        place = (moment, 0)
        while True:
            rows = await self._rows(_changed(connection, kind, *place))
            for row in rows:
                yield Ref(connection, kind, row.reference), row.changed_at
            if len(rows) < _PAGE:
                return
            place = (rows[-1].changed_at, rows[-1].id + 1)

    async def forget_keys(self, before: datetime, batch: int = 500) -> int:
        """Delete a batch of keys older than their retention; return how many."""
        old = sa.select(idempotency_keys.c.connection, idempotency_keys.c.key)
        chosen = old.where(idempotency_keys.c.at < before).limit(batch)
        both = sa.tuple_(idempotency_keys.c.connection, idempotency_keys.c.key)

        def work(db: sa.Connection) -> int:
            return db.execute(sa.delete(idempotency_keys).where(both.in_(chosen))).rowcount

        return await self._database.write(work)

    async def _rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        return await self._database.read(lambda db: db.execute(query).all())

    def _take(self, db: sa.Connection, new: NewSubmission, actor: str, at: datetime) -> Submitted:
        found = _find(db, new.ref)
        if found is None and not _is_watched(db, new.ref):
            return Submitted(Verdict.NO_SYNC, new.ref)
        if found is None and insert_new(db, submissions, _row(new, at)):
            self._tell(db, new.ref, 1, new.digest, "submit", actor, at)
            return Submitted(Verdict.NEW, new.ref, 1)
        # Somebody else's transaction may have been quicker by a moment.
        return _compared(found or _there(db, new.ref), new)

    def _change(
        self,
        db: sa.Connection,
        found: Submission,
        facts: dict[str, Any],
        verdict: Verdict,
        actor: str,
        at: datetime,
    ) -> Submitted:
        version = found.version + 1
        # Versions of an order are told apart by the moment of the change.
        changed_at = max(at, found.changed_at)
        statement = sa.update(submissions).where(submissions.c.id == found.number)
        db.execute(statement.values(**facts, version=version, changed_at=changed_at))
        did = "cancel" if verdict is Verdict.CANCELLED else "replace"
        self._tell(db, found.ref, version, facts.get("digest", found.digest), did, actor, at)
        return Submitted(verdict, found.ref, version)

    def _tell(
        self,
        db: sa.Connection,
        ref: Ref,
        version: int,
        digest: str,
        did: str,
        actor: str,
        at: datetime,
    ) -> None:
        delivery = Delivery(f"{ref.kind} {ref.id} version {version}", ref)
        self._inbox.take(db, ref.connection, delivery, at)
        note = Note(
            at=at,
            actor=actor,
            did=did,
            ref=str(ref),
            detail=f"version {version}",
            request_digest=digest,
        )
        audit.append(db, [note])


def submission_of(row: Any) -> Submission:
    """Read one row."""
    return Submission(
        ref=Ref(row.connection, row.kind, row.reference),
        body=row.body,
        digest=row.digest,
        version=row.version,
        received_at=row.received_at,
        changed_at=row.changed_at,
        cancelled=row.cancelled,
        callback_url=row.callback_url,
        number=row.id,
    )


def _find(db: sa.Connection, ref: Ref, *, lock: bool = False) -> Submission | None:
    query = _OF.with_for_update() if lock else _OF
    names = {"its_connection": ref.connection, "its_kind": ref.kind, "its_reference": ref.id}
    row = db.execute(query, names).one_or_none()
    return None if row is None else submission_of(row)


def _there(db: sa.Connection, ref: Ref) -> Submission:
    found = _find(db, ref)
    if found is None:
        msg = f"{ref} was refused as known, and is not there"
        raise LookupError(msg)
    return found


def _claim(db: sa.Connection, new: NewSubmission, key: str, at: datetime) -> bool:
    """Take the key for this body; another transaction with the same key is waited for."""
    values = {"connection": new.ref.connection, "key": key, "digest": new.digest}
    return bool(insert_new(db, idempotency_keys, {**values, "ref": str(new.ref), "at": at}))


def _by_key(db: sa.Connection, new: NewSubmission, key: str) -> Submitted:
    row = db.execute(_KEY, {"its_connection": new.ref.connection, "its_key": key}).one()
    if row.digest != new.digest or row.ref != str(new.ref):
        return Submitted(Verdict.KEY_REUSED, Ref.parse(row.ref))
    return Submitted(Verdict.SAME, new.ref, _there(db, new.ref).version)


def _is_watched(db: sa.Connection, ref: Ref) -> bool:
    names = {"its_connection": ref.connection, "its_kind": ref.kind}
    return db.execute(_WATCHED, names).one_or_none() is not None


def _compared(found: Submission, new: NewSubmission) -> Submitted:
    same = found.digest == new.digest
    return Submitted(Verdict.SAME if same else Verdict.OTHER_BODY, new.ref, found.version)


def _not_replaced(
    found: Submission | None, new: NewSubmission, version: int | None
) -> Submitted | None:
    """Return why nothing is replaced, if so."""
    if found is None:
        return Submitted(Verdict.UNKNOWN, new.ref)
    if version is not None and version != found.version:
        return Submitted(Verdict.STALE, new.ref, found.version)
    if found.cancelled:
        return Submitted(Verdict.CANCELLED, new.ref, found.version)
    return Submitted(Verdict.SAME, new.ref, found.version) if found.digest == new.digest else None


def _row(new: NewSubmission, at: datetime) -> dict[str, Any]:
    return {
        "connection": new.ref.connection,
        "kind": new.ref.kind,
        "reference": new.ref.id,
        "body": new.body,
        "digest": new.digest,
        "version": 1,
        "received_at": at,
        "changed_at": at,
        "cancelled": False,
        "callback_url": new.callback_url,
        "account": new.account,
        "email": new.email,
    }


def _changed(connection: str, kind: str, moment: datetime, number: int) -> sa.Select[Any]:
    """Select what stands at this place or after it, by the moment of its change."""
    changed_at, id_ = submissions.c.changed_at, submissions.c.id
    return (
        sa.select(id_, submissions.c.reference, changed_at)
        .where(submissions.c.connection == connection, submissions.c.kind == kind)
        .where(changed_at >= moment, sa.or_(changed_at > moment, id_ >= number))
        .order_by(changed_at, id_)
        .limit(_PAGE)
    )
