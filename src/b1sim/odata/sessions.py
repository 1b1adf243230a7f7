"""Sessions of the Service Layer: login, sliding end, cookies byte for byte (2)."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from b1sim.odata.bearer import Iam, bearer
from b1sim.odata.languages import ENGLISH
from b1sim.odata.refusing import no_licence, no_session, too_many_sessions
from b1sim.odata.wire_quirks import WireQuirks

Clock = Callable[[], datetime]


@dataclass
class Session:
    """One login of one user; a user may hold many."""

    id: str
    user: str
    last_used: datetime
    language: int = ENGLISH
    logged_in_on: set[tuple[int, int]] = field(default_factory=set)
    """Nodes that know it, as number and life; any other must log it in again first (2)."""


@dataclass
class Sessions:
    """All living sessions; each ends after some minutes without a request."""

    clock: Clock
    quirks: WireQuirks = field(default_factory=WireQuirks)
    iam: Iam | None = None
    _living: dict[str, Session] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """Tell how long a session lives without requests."""
        return self.quirks.session_minutes

    def start(self, user: str, language: int = ENGLISH) -> Session:
        """Open a session for a user whose password was right; Refusal where none is left."""
        self._check_limits(user)
        session = Session(str(uuid.uuid4()), user, self.clock(), language)
        self._living[session.id] = session
        return session

    def _check_limits(self, user: str) -> None:
        self._living = {k: held for k, held in self._living.items() if self._lives(held)}
        users = [held.user for held in self._living.values()]
        most, licences = self.quirks.sessions_per_user, self.quirks.licences
        if most is not None and users.count(user) >= most:
            raise too_many_sessions()
        if licences is not None and len(set(users) | {user}) > licences:
            raise no_licence()

    def use(self, headers: Mapping[str, str]) -> Session:
        """Return who a request speaks for and slide the session's end; refuse with 301.

        A bearer token needs no cookie, and its session is nobody's but this request's (2.1).
        """
        if self.iam is not None and bearer(headers):
            now = self.clock()
            return Session("", self.iam.user_of(headers, now), now)
        session = self.find(headers.get("cookie", ""))
        if session is None:
            raise no_session()
        session.last_used = self.clock()
        return session

    def find(self, cookie_header: str) -> Session | None:
        """Return the living session of a Cookie header, without sliding its end."""
        session = self._living.get(_cookie(cookie_header, "B1SESSION"))
        return session if session is not None and self._lives(session) else None

    def end(self, session: Session) -> None:
        """Forget one session."""
        self._living.pop(session.id, None)

    def drop_all(self) -> int:
        """Forget every session, as a restart of all nodes does; return how many there were."""
        dropped = len(self._living)
        self._living.clear()
        return dropped

    def count(self) -> int:
        """Count the sessions that have not timed out."""
        return sum(map(self._lives, self._living.values()))

    def _lives(self, session: Session) -> bool:
        return self.clock() - session.last_used < timedelta(minutes=self.minutes)


def session_cookie(session: Session) -> tuple[str, str]:
    """Spell the cookie as recorded: no Path, a dangling semicolon."""
    return ("Set-Cookie", f"B1SESSION={session.id};HttpOnly;")


def started_by(headers: Iterable[tuple[str, str]]) -> str:
    """Read the cookie of a session that an answer starts; empty when it starts none."""
    return next((value for _, value in headers if value.startswith("B1SESSION=")), "")


def credentials(body: Mapping[str, object]) -> tuple[str, str, str] | None:
    """Read company, user and password, or None when one is missing."""
    found = [body.get(name) for name in ("CompanyDB", "UserName", "Password")]
    if not all(isinstance(value, str) and value for value in found):
        return None
    company, user, password = (str(value) for value in found)
    return company, user, password


def _cookie(header: str, name: str) -> str:
    """Read a cookie, quoted or not; of two by one name the first counts (guess)."""
    for piece in header.split(";"):
        key, _, value = piece.strip().partition("=")
        if key == name:
            return value.strip('"')
    return ""
