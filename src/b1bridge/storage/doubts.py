"""Writes that were begun and never reported, as they are kept beside their runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from b1bridge.storage.tables import runs

_NONE = json.dumps({})
_IN_DOUBT = sa.select(runs.c.id, runs.c.doubts).where(
    runs.c.ref == sa.bindparam("its_ref"),
    runs.c.target == sa.bindparam("its_target"),
    runs.c.doubts != _NONE,
)


def dumps(doubts: Mapping[str, datetime | None]) -> str:
    """Write down what is in doubt, by step; None stands for a write under way."""
    if not doubts:
        return _NONE
    return json.dumps({step: since and since.isoformat() for step, since in doubts.items()})


def about(db: sa.Connection, ref: str, target: str, now: datetime) -> dict[str, datetime]:
    """Return what is in doubt about a record, whichever run began it.

    A write found under way belongs to a process that has died, for runs of one record take
    turns: it may have left at any moment until now, so its time counts from now.
    """
    found: dict[str, datetime] = {}
    for row in db.execute(_IN_DOUBT, {"its_ref": ref, "its_target": target}).all():
        since = {step: _moment(text, now) for step, text in json.loads(row.doubts).items()}
        if None in json.loads(row.doubts).values():
            db.execute(sa.update(runs).where(runs.c.id == row.id).values(doubts=dumps(since)))
        found |= {step: max(moment, found.get(step, moment)) for step, moment in since.items()}
    return found


def _moment(text: str | None, now: datetime) -> datetime:
    return now if text is None else datetime.fromisoformat(text)
