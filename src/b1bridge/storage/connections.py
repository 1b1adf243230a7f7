"""Connections: settings in the clear, secrets sealed, paused or not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.engine.records import Connection, State
from b1bridge.engine.store import Note
from b1bridge.storage import audit
from b1bridge.storage.cases import resolve
from b1bridge.storage.database import Database, insert
from b1bridge.storage.tables import UNFINISHED, connections, runs
from b1bridge.storage.vault import Vault


class StoredConnections:
    """Keeps connections; secrets leave it only towards the connector."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def add(
        self,
        name: str,
        connector: str,
        settings: Mapping[str, Any],
        secrets: Mapping[str, Any],
        at: datetime,
    ) -> None:
        """Keep a connection; one of this name is replaced."""
        facts = {
            "connector": connector,
            "settings": json.dumps(dict(settings)),
            "secrets": self._vault.seal(secrets),
            "secret_names": json.dumps(sorted(secrets)),
            "renewed": "",
        }
        note = Note(at=at, actor="operator", did="connection", detail=f"{name} set up")

        def work(db: sa.Connection) -> None:
            statement = insert(db, connections).values(
                name=name, paused=False, paused_because="", added_at=at, **facts
            )
            db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=facts))
            audit.append(db, [note])

        await self._database.write(work)

    async def all(self) -> list[Connection]:
        """Return every connection, without its secrets."""
        query = sa.select(connections).order_by(connections.c.name)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return [_connection(row) for row in rows]

    async def full_settings(self, name: str) -> tuple[str, dict[str, Any]] | None:
        """Return the connector's key and the settings with their secrets."""
        query = sa.select(connections).where(connections.c.name == name)
        row = await self._database.read(lambda db: db.execute(query).one_or_none())
        if row is None:
            return None
        return row.connector, {**json.loads(row.settings), **self._vault.open(row.secrets)}

    async def newest(self, connection: str) -> Mapping[str, str]:
        """Return the secrets that the connection renewed by itself."""
        query = sa.select(connections.c.renewed).where(connections.c.name == connection)
        sealed = await self._database.read(lambda db: db.execute(query).scalar())
        return self._vault.open(sealed) if sealed else {}

    async def keep(self, connection: str, secrets: Mapping[str, str]) -> None:
        """Keep what the connection renewed, until an operator enters its secrets anew."""
        mine = sa.update(connections).where(connections.c.name == connection)
        sealed = self._vault.seal(secrets)
        await self._database.write(lambda db: db.execute(mine.values(renewed=sealed)))

    async def pause(self, name: str, reason: str, actor: str, at: datetime) -> None:
        """Let the runs of a connection wait from now on."""
        note = Note(at=at, actor=actor, did="pause", detail=f"{name}: {reason}")

        def work(db: sa.Connection) -> None:
            db.execute(
                sa.update(connections)
                .where(connections.c.name == name)
                .values(paused=True, paused_because=reason)
            )
            audit.append(db, [note])

        await self._database.write(work)

    async def resume(self, name: str, actor: str, at: datetime) -> None:
        """Make due what waited for the connection, and close its case."""
        note = Note(at=at, actor=actor, did="resume", detail=name)

        def work(db: sa.Connection) -> None:
            db.execute(
                sa.update(connections)
                .where(connections.c.name == name)
                .values(paused=False, paused_because="")
            )
            release_held(db, at)
            resolve(db, flow="", ref=name, at=at, words=f"resumed by {actor}")
            audit.append(db, [note])

        await self._database.write(work)

    async def subscribed(
        self, name: str, subjects: Sequence[str], actor: str, at: datetime
    ) -> None:
        """Note in the audit trail which webhooks a person has had made good."""
        note = Note(at=at, actor=actor, did="subscribe", ref=name, detail=", ".join(subjects))
        await self._database.write(lambda db: audit.append(db, [note] if subjects else []))

    async def release_forgotten(self, at: datetime) -> None:
        """Make due what is held for a connection that is no longer paused."""
        await self._database.write(lambda db: release_held(db, at))

    async def rotate(self, at: datetime) -> int:
        """Seal every secret again with the newest key; return how many connections."""
        note = Note(at=at, actor="operator", did="rotate", detail="secrets sealed with a new key")

        def work(db: sa.Connection) -> int:
            secrets = (connections.c.secrets, connections.c.renewed)
            rows = db.execute(sa.select(connections.c.name, *secrets)).all()
            for row in rows:
                sealed = self._vault.rotated(row.secrets)
                renewed = self._vault.rotated(row.renewed) if row.renewed else ""
                db.execute(
                    sa.update(connections)
                    .where(connections.c.name == row.name)
                    .values(secrets=sealed, renewed=renewed)
                )
            audit.append(db, [note])
            return len(rows)

        return await self._database.write(work)


def release_held(db: sa.Connection, at: datetime) -> None:
    """Make due the runs held without a time whose connection takes runs again."""
    paused = sa.select(connections.c.name).where(connections.c.paused)
    db.execute(
        sa.update(runs)
        .where(UNFINISHED, runs.c.state == State.WAITING, runs.c.due_at.is_(None))
        .where(runs.c.held_by != "", runs.c.held_by.not_in(paused))
        .values(due_at=at, held_by="")
    )


def _connection(row: Any) -> Connection:
    return Connection(
        row.name,
        row.connector,
        json.loads(row.settings),
        tuple(json.loads(row.secret_names)),
        row.paused,
        row.paused_because,
    )
