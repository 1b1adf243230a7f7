"""What became of each notice: done, under way, in a case, with nothing to do; or else lost."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from b1bridge.engine.records import Fate, State
from b1bridge.storage.database import Database
from b1bridge.storage.gaps import WILL_READ
from b1bridge.storage.tables import UNDECIDED, UNFINISHED, cases, inbox, runs

_newer = runs.alias("newer")
_mine = runs.c.ref == inbox.c.ref
_IN_CASE = sa.exists().where(UNDECIDED, cases.c.ref == inbox.c.ref)
_UNDER_WAY = sa.exists().where(UNFINISHED, _mine, WILL_READ)
_STUCK = sa.exists().where(
    UNFINISHED,
    _mine,
    ~WILL_READ,
    ~sa.exists().where(
        _newer.c.ref == runs.c.ref, _newer.c.sync == runs.c.sync, _newer.c.id > runs.c.id
    ),
)
_DONE = sa.exists().where(_mine, runs.c.state == State.FINISHED)
_FATE = sa.case(
    (inbox.c.ref == "", Fate.UNREADABLE),
    (_IN_CASE, Fate.IN_CASE),
    (_UNDER_WAY, Fate.UNDER_WAY),
    (_STUCK, Fate.LOST),
    (_DONE, Fate.DONE),
    else_=Fate.NOTHING_TO_DO,
)


async def fates(database: Database, since: datetime) -> dict[Fate, int]:
    """Count the notices received since a moment by what became of them."""
    told = sa.select(_FATE.label("fate")).where(inbox.c.received_at >= since).subquery()
    query = sa.select(told.c.fate, sa.func.count()).group_by(told.c.fate)
    found = {row.fate: row[1] for row in await database.read(lambda db: db.execute(query).all())}
    return {fate: found.get(fate, 0) for fate in Fate}
