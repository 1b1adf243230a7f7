"""API tokens in the database: only a digest of each secret, so that a stolen copy opens nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.engine.store import Note
from b1bridge.errors import NeedsOperator
from b1bridge.sdk.tokens import Token
from b1bridge.storage import audit
from b1bridge.storage.database import Database, insert_new
from b1bridge.storage.tables import api_tokens
from b1bridge.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token with the digest that its secret must have."""

    token: Token
    digest: str


class StoredTokens:
    """Keeps tokens; each change is one transaction with its audit line."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def login_keys(self) -> Sequence[bytes]:
        """Return the keys that sign and check short logins, newest first."""
        return self._vault.derived("b1bridge short logins")

    async def add(self, token: Token, digest: str, actor: str) -> None:
        """Keep a new token; NeedsOperator while another in force has its name."""
        scopes = sorted(token.scopes)
        values = {
            "id": token.id,
            "name": token.name,
            "connection": token.connection,
            "scopes": json.dumps(scopes),
            "digest": digest,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        }
        until = "" if token.expires_at is None else f" until {token.expires_at.isoformat()}"
        made = f"made for {token.connection}{until}: {', '.join(scopes)}"
        note = _note(token, made, actor, token.created_at)

        def work(db: sa.Connection) -> None:
            if not insert_new(db, api_tokens, values):
                raise _name_taken(token.name)
            audit.append(db, [note])

        await self._database.write(work)

    async def all(self) -> list[Token]:
        """Return every token, those revoked or ended too."""
        query = sa.select(api_tokens).order_by(api_tokens.c.name, api_tokens.c.created_at)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return [_token(row) for row in rows]

    async def find(self, id_: str) -> KeptToken | None:
        """Return a token by its id."""
        query = sa.select(api_tokens).where(api_tokens.c.id == id_)
        row = await self._database.read(lambda db: db.execute(query).one_or_none())
        return None if row is None else KeptToken(_token(row), row.digest)

    async def revoke(self, name_or_id: str, actor: str, at: datetime) -> Token:
        """End the token in force of this name or id; NeedsOperator when there is none."""
        meant = sa.or_(api_tokens.c.name == name_or_id, api_tokens.c.id == name_or_id)
        ending = (
            sa.update(api_tokens)
            .where(meant, api_tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(api_tokens)
        )

        def work(db: sa.Connection) -> Token:
            ended = [_token(row) for row in db.execute(ending)]
            if len(ended) != 1:
                raise _none_in_force(name_or_id)
            audit.append(db, [_note(ended[0], "revoked", actor, at)])
            return ended[0]

        return await self._database.write(work)

    async def used(self, id_: str, at: datetime) -> None:
        """Note that a token has been used."""
        statement = sa.update(api_tokens).where(api_tokens.c.id == id_).values(last_used_at=at)
        await self._database.write(lambda db: db.execute(statement))


def _token(row: Any) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        connection=row.connection,
        scopes=frozenset(json.loads(row.scopes)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def _note(token: Token, what: str, actor: str, at: datetime) -> Note:
    detail = f"{token.name} ({token.id}) {what}"
    return Note(at=at, actor=actor, did="token", ref=token.connection, detail=detail)


def _name_taken(name: str) -> NeedsOperator:
    msg = f"a token named {name} is in force already"
    fix = f"choose another name, or revoke it first: b1bridge tokens revoke {name}"
    return NeedsOperator(msg, reason="TOKEN_NAME", fix=fix)


def _none_in_force(name_or_id: str) -> NeedsOperator:
    msg = f"no token in force is named {name_or_id}"
    return NeedsOperator(msg, reason="UNKNOWN_TOKEN", fix="list them: b1bridge tokens list")
