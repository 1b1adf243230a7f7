"""The desk for API tokens: given out, listed, revoked, and looked at with every request."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import BaseModel

from b1bridge.bootstrap.lines import Lines
from b1bridge.errors import NeedsOperator
from b1bridge.sdk import logins
from b1bridge.sdk.quota import Quota
from b1bridge.sdk.tokens import PREFIX, Scope, Token, id_in, is_secret_of, mint
from b1bridge.storage.tokens import KeptToken, StoredTokens

_log = logging.getLogger(__name__)
_FRESH_SECONDS = 2.0
"""How long a token revoked by another process may still be good here."""
_USED_EVERY = timedelta(minutes=5)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Why(StrEnum):
    """Why a caller is not listened to."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NO_CONNECTION = "no connection"
    NO_LOGIN = "no login"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Bearer:
    """For whom a caller speaks; `settings` are those of the connection."""

    token_name: str
    connection: str
    scopes: frozenset[str]
    settings: BaseModel


@dataclass(frozen=True, slots=True)
class Denied:
    """What to tell a caller who is not listened to; `retry_after` are seconds."""

    why: Why
    message: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """A text that stands for the token for so many seconds."""

    jwt: str
    expires_in: int


@runtime_checkable
class _Terms(Protocol):
    """What a connection that takes tokens settles for its clients."""

    requests_per_minute: int
    compatibility: bool


@dataclass(slots=True)
class _Read:
    kept: KeptToken
    at: float


@dataclass(slots=True)
class TokenDesk:
    """One per hub: it remembers tokens for two seconds, and counts requests in this process."""

    stored: StoredTokens
    lines: Lines
    clock: Callable[[], datetime]
    quota: Quota = field(default_factory=Quota)
    _read: dict[str, _Read] = field(default_factory=dict)
    _revoked_here: set[str] = field(default_factory=set)

    async def create(
        self,
        name: str,
        *,
        connection: str,
        scopes: Collection[str],
        actor: str,
        expires_at: datetime | None = None,
    ) -> tuple[Token, str]:
        """Give out a token; its text is in no other place from now on.

        NeedsOperator for a scope nobody knows, a name in use, or a connection without clients.
        """
        _check(name, scopes)
        await self._check_takes_tokens(connection)
        minted = mint()
        token = Token(
            id=minted.id,
            name=name,
            connection=connection,
            scopes=frozenset(map(str, scopes)),
            created_at=self.clock(),
            expires_at=expires_at,
        )
        await self.stored.add(token, minted.digest, actor)
        return token, minted.text

    async def list(self) -> list[Token]:
        """Return every token, those revoked or ended too."""
        return await self.stored.all()

    async def revoke(self, name_or_id: str, *, actor: str) -> Token:
        """End a token: here at once, in other processes within two seconds."""
        token = await self.stored.revoke(name_or_id, actor, self.clock())
        self._revoked_here.add(token.id)
        self._read.pop(token.id, None)
        return token

    async def bearer(self, text: str) -> Bearer | Denied:
        """Say for whom a token or a login speaks, and count the request; or say why not."""
        by_token = text.startswith(PREFIX)
        proved = await (self._proved(text) if by_token else self._logged_in(text))
        if isinstance(proved, Denied):
            return self._told(proved)
        admitted = await self._admitted(proved, by_login=not by_token)
        return self._told(admitted) if isinstance(admitted, Denied) else admitted

    async def login(self, username: str, password: str) -> Login | Denied:
        """Exchange a token's name and text for a login of some minutes."""
        proved = await self._proved(password)
        if isinstance(proved, Token) and proved.name != username:
            proved = _unknown()
        if isinstance(proved, Denied):
            return self._told(proved)
        admitted = await self._admitted(proved, by_login=True)
        if isinstance(admitted, Denied):
            return self._told(admitted)
        signed = logins.signed(proved.id, self.stored.login_keys()[0], self.clock())
        return Login(signed, int(logins.LASTS.total_seconds()))

    async def _proved(self, text: str) -> Token | Denied:
        id_ = id_in(text)
        if id_ is None:
            return Denied(Why.MALFORMED, "this is no token: a token reads b1b_<id>_<secret>")
        kept = await self._kept(id_)
        if kept is None or not is_secret_of(text, kept.digest):
            return _unknown()
        return kept.token

    async def _logged_in(self, text: str) -> Token | Denied:
        try:
            id_ = logins.token_in(text, self.stored.login_keys(), self.clock())
        except logins.Expired:
            return Denied(Why.EXPIRED, "the login is over: log in again")
        if id_ is None:
            return Denied(Why.MALFORMED, "this is neither a token (b1b_…) nor a login of this hub")
        kept = await self._kept(id_)
        return _unknown() if kept is None else kept.token

    async def _kept(self, id_: str) -> KeptToken | None:
        read = self._read.get(id_)
        if read is None or time.monotonic() - read.at > _FRESH_SECONDS:
            began = time.monotonic()
            kept = await self.stored.find(id_)
            if kept is None:
                return None
            read = self._read[id_] = _Read(kept, began)
        return read.kept

    async def _admitted(self, token: Token, *, by_login: bool) -> Bearer | Denied:
        now = self.clock()
        if token.revoked_at is not None or token.id in self._revoked_here:
            return Denied(Why.REVOKED, f"the token {token.name} has been revoked")
        if token.expires_at is not None and token.expires_at <= now:
            ended = token.expires_at.isoformat(timespec="seconds")
            return Denied(Why.EXPIRED, f"the token {token.name} ended at {ended}")
        settings = await self._settings(token.connection)
        if not isinstance(settings, _Terms):
            message = f"the connection {token.connection} of the token {token.name} is gone"
            return Denied(Why.NO_CONNECTION, message)
        if by_login and not settings.compatibility:
            message = f"{token.connection} takes no logins (its `compatibility` is off)"
            return Denied(Why.NO_LOGIN, f"{message}: send the token itself")
        wait = self.quota.take(token.id, settings.requests_per_minute)
        if wait:
            most = settings.requests_per_minute
            return Denied(Why.TOO_MANY, f"{token.name} may ask {most} times a minute", wait)
        await self._note_use(token, now)
        return Bearer(token.name, token.connection, token.scopes, settings)

    async def _note_use(self, token: Token, now: datetime) -> None:
        if token.last_used_at is not None and now - token.last_used_at < _USED_EVERY:
            return
        read = self._read.get(token.id)
        if read is not None:
            used = replace(read.kept.token, last_used_at=now)
            read.kept = replace(read.kept, token=used)
        await self.stored.used(token.id, now)

    async def _settings(self, connection: str) -> BaseModel | None:
        try:
            return (await self.lines.line(connection)).settings
        except NeedsOperator:
            return None

    async def _check_takes_tokens(self, connection: str) -> None:
        line = await self.lines.line(connection)
        if not isinstance(line.settings, _Terms):
            msg = f"{connection} ({line.connector.title}) has no clients who would need a token"
            raise NeedsOperator(msg, reason="CAPABILITY", fix="name a connection to `rest`")

    def _told(self, denied: Denied) -> Denied:
        _log.info("a caller was denied: %s", denied.why)
        return denied


def _unknown() -> Denied:
    # One answer for a wrong name and a wrong secret: it tells nobody which half was right.
    return Denied(Why.UNKNOWN, "this hub knows no such token")


def _check(name: str, scopes: Collection[str]) -> None:
    if not _NAME.fullmatch(name):
        msg = f"'{name}' cannot name a token"
        fix = "use letters, digits, dots, dashes and underscores, 64 at most"
        raise NeedsOperator(msg, reason="TOKEN_NAME", fix=fix)
    known = ", ".join(Scope)
    strangers = sorted(set(map(str, scopes)) - set(map(str, Scope)))
    if strangers or not scopes:
        msg = f"nobody knows the scope {', '.join(strangers)}" if strangers else "no scope is named"
        raise NeedsOperator(msg, reason="TOKEN_SCOPE", fix=f"choose from {known}")
