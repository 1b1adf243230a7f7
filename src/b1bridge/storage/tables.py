"""The tables of the hub; DBOS keeps its own in the same database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 so that both databases sort it alike."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write down the instant; a naive datetime fails here."""
        del dialect
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        del dialect
        return None if value is None else _EPOCH + value * _MICROSECOND


_text = sa.Text
_Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of exactly this type."""

connections = sa.Table(
    "connections",
    metadata,
    sa.Column("name", _text, primary_key=True),
    sa.Column("connector", _text, nullable=False),
    sa.Column("settings", _text, nullable=False),
    sa.Column("secrets", _text, nullable=False),
    sa.Column("secret_names", _text, nullable=False),
    sa.Column("renewed", _text, nullable=False, server_default=""),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("paused_because", _text, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
)

syncs = sa.Table(
    "syncs",
    metadata,
    sa.Column("name", _text, primary_key=True),
    sa.Column("flow", _text, nullable=False),
    sa.Column("watches", _text, nullable=False),
    sa.Column("source", _text, nullable=False),
    sa.Column("target", _text, nullable=False),
    sa.Column("options", _text, nullable=False),
    sa.Column("every", sa.Float),
    sa.Column("cron", _text, nullable=False),
    sa.Column("quiet", _text, nullable=False),
    sa.Column("time_zone", _text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("next_look_at", Moment),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", _Serial, primary_key=True),
    sa.Column("connection", _text, nullable=False),
    sa.Column("delivery", _text, nullable=False),
    sa.Column("ref", _text, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary),
    sa.UniqueConstraint("connection", "delivery", name="uq_inbox_delivery"),
)
sa.Index("ix_inbox_ref", inbox.c.ref)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", _text, primary_key=True),
    sa.Column("sync", _text, nullable=False),
    sa.Column("flow", _text, nullable=False),
    sa.Column("source", _text, nullable=False),
    sa.Column("target", _text, nullable=False),
    sa.Column("ref", _text, nullable=False),
    sa.Column("state", _text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("outcome", _text, nullable=False),
    sa.Column("reason", _text, nullable=False),
    sa.Column("documents", _text, nullable=False),
    sa.Column("figures", _text, nullable=False),
    sa.Column("progress", _text, nullable=False),
    sa.Column("doubts", _text, nullable=False, server_default="{}"),
    sa.Column("due_at", Moment),
    sa.Column("held_by", _text, nullable=False),
    sa.Column("queued_at", Moment, nullable=False),
    sa.Column("started_at", Moment),
    sa.Column("finished_at", Moment),
    sa.Column("pace", _text, nullable=False, server_default="live"),
)
sa.Index("ix_runs_ref", runs.c.ref, runs.c.sync)
# SQLite uses a partial index only where the query repeats its condition letter by letter.
UNFINISHED = sa.text("runs.state IN ('queued', 'running', 'waiting', 'dead')")
_unfinished = sa.text("state IN ('queued', 'running', 'waiting', 'dead')")
sa.Index(
    "ix_runs_unfinished",
    runs.c.state,
    runs.c.due_at,
    sqlite_where=_unfinished,
    postgresql_where=_unfinished,
)
NOT_LIVE = sa.text("runs.pace <> 'live' AND runs.state IN ('queued', 'running')")
_not_live = sa.text("pace <> 'live' AND state IN ('queued', 'running')")
sa.Index(
    "ix_runs_not_live",
    runs.c.pace,
    runs.c.id,
    sqlite_where=_not_live,
    postgresql_where=_not_live,
)
_queued = sa.text("state = 'queued'")
sa.Index(
    "uq_runs_one_queued",
    runs.c.sync,
    runs.c.ref,
    unique=True,
    sqlite_where=_queued,
    postgresql_where=_queued,
)

names = sa.Table(
    "names",
    metadata,
    sa.Column("text", _text, primary_key=True),
    sa.Column("ref", _text, primary_key=True),
)

seen = sa.Table(
    "seen",
    metadata,
    sa.Column("sync", _text, primary_key=True),
    sa.Column("ref", _text, primary_key=True),
    sa.Column("version", _text, nullable=False),
    sa.Column("read_at", Moment, nullable=False),
    sa.Column("in_case", sa.Boolean, nullable=False, server_default=sa.false()),
)
sa.Index("ix_seen_ref", seen.c.ref)

links = sa.Table(
    "links",
    metadata,
    sa.Column("ref", _text, primary_key=True),
    sa.Column("other", _text, primary_key=True),
    sa.Column("kind", _text, nullable=False),
    sa.Column("number", _text, nullable=False),
    sa.Column("linked_at", Moment, nullable=False),
)
sa.Index("ix_links_number", links.c.number)

crosswalks = sa.Table(
    "crosswalks",
    metadata,
    sa.Column("name", _text, primary_key=True),
    sa.Column("code", _text, primary_key=True),
    sa.Column("other", _text, nullable=False),
)

watermarks = sa.Table(
    "watermarks",
    metadata,
    sa.Column("connection", _text, primary_key=True),
    sa.Column("kind", _text, primary_key=True),
    sa.Column("moment", Moment, nullable=False),
    sa.Column("began_at", Moment),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", _Serial, primary_key=True),
    sa.Column("state", _text, nullable=False),
    sa.Column("reason", _text, nullable=False),
    sa.Column("message", _text, nullable=False),
    sa.Column("fix", _text, nullable=False),
    sa.Column("flow", _text, nullable=False),
    sa.Column("ref", _text, nullable=False),
    sa.Column("run", _text, nullable=False),
    sa.Column("connection", _text, nullable=False),
    sa.Column("evidence", _text, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", _text, nullable=False),
    sa.Column("closing_words", _text, nullable=False),
)
UNDECIDED = sa.text("state IN ('open', 'retried')")
sa.Index(
    "uq_cases_one_open",
    cases.c.flow,
    cases.c.ref,
    unique=True,
    sqlite_where=UNDECIDED,
    postgresql_where=UNDECIDED,
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", _text, nullable=False),
    sa.Column("did", _text, nullable=False),
    sa.Column("ref", _text, nullable=False),
    sa.Column("run", _text, nullable=False),
    sa.Column("step", _text, nullable=False),
    sa.Column("detail", _text, nullable=False),
    sa.Column("request_digest", _text, nullable=False),
    sa.Column("answer_digest", _text, nullable=False),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Column("prev_hash", _text, nullable=False),
    sa.Column("hash", _text, nullable=False),
)
sa.Index("ix_audit_ref", audit.c.ref)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", _text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

executors = sa.Table(
    "executors",
    metadata,
    sa.Column("id", _text, primary_key=True),
    sa.Column("beat_at", Moment, nullable=False),
)

in_flight = sa.Table(
    "in_flight",
    metadata,
    sa.Column("ref", _text, primary_key=True),
    sa.Column("item", _text, primary_key=True),
    sa.Column("quantity", _text, nullable=False),
)

shown_stock = sa.Table(
    "shown_stock",
    metadata,
    sa.Column("connection", _text, primary_key=True),
    sa.Column("sku", _text, primary_key=True),
    sa.Column("location", _text, primary_key=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("pushed_at", Moment, nullable=False),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", _text, primary_key=True),
    sa.Column("name", _text, nullable=False),
    sa.Column("connection", _text, nullable=False),
    sa.Column("scopes", _text, nullable=False),
    sa.Column("digest", _text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("last_used_at", Moment),
)
_in_force = sa.text("revoked_at IS NULL")
sa.Index(
    "uq_api_tokens_name",
    api_tokens.c.name,
    unique=True,
    sqlite_where=_in_force,
    postgresql_where=_in_force,
)

submissions = sa.Table(
    "submissions",
    metadata,
    sa.Column("id", _Serial, primary_key=True),
    sa.Column("connection", _text, nullable=False),
    sa.Column("kind", _text, nullable=False),
    sa.Column("reference", _text, nullable=False),
    sa.Column("body", _text, nullable=False),
    sa.Column("digest", _text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Column("callback_url", _text, nullable=False),
    sa.Column("account", _text, nullable=False),
    sa.Column("email", _text, nullable=False),
    sa.UniqueConstraint("connection", "kind", "reference", name="uq_submissions_reference"),
)
sa.Index(
    "ix_submissions_changed",
    submissions.c.connection,
    submissions.c.kind,
    submissions.c.changed_at,
)
sa.Index("ix_submissions_order", submissions.c.connection, submissions.c.kind, submissions.c.id)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("connection", _text, primary_key=True),
    sa.Column("key", _text, primary_key=True),
    sa.Column("digest", _text, nullable=False),
    sa.Column("ref", _text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
sa.Index("ix_idempotency_keys_at", idempotency_keys.c.at)

callbacks = sa.Table(
    "callbacks",
    metadata,
    sa.Column("ref", _text, primary_key=True),
    sa.Column("digest", _text, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
)

bookmarks = sa.Table(
    "bookmarks",
    metadata,
    sa.Column("name", _text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

usage = sa.Table(
    "usage",
    metadata,
    sa.Column("connection", _text, primary_key=True),
    sa.Column("hour", _text, primary_key=True),
    sa.Column("cost", sa.BigInteger, nullable=False),
)
