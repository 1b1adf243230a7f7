"""`SBOBobService` of permissions: one level of one right of one user (SAP SDK help, SBObob)."""

from collections.abc import Mapping
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.refusals import invalid_value, not_found
from b1sim.company.rules import users
from b1sim.company.service import Bare, Service

_LEVELS = {"F": 1, "R": 2, "N": 3, "V": 4, "U": 6}
_LETTERS = {number: letter for letter, number in _LEVELS.items()}
_TYPE, _LEVEL, _RIGHT = "SBOBobService", "Permission", "PermissionID"


def permission(books: Books, sent: Mapping[str, Any]) -> Bare:
    """Tell a level as a number; a right that was never set is "not defined" (6)."""
    sql = "SELECT Permission FROM USR3 WHERE UserLink = ? AND PermId = ?"
    found = books.row(sql, (_user(books, sent)["USERID"], _right(sent)))
    return Bare(_LEVELS.get(found["Permission"] or "N", 3) if found else 6)


def set_permission(books: Books, sent: Mapping[str, Any]) -> None:
    """Set a level."""
    user, right = _user(books, sent)["USERID"], _right(sent)
    letter = _LETTERS.get(sent[_LEVEL]) if isinstance(sent.get(_LEVEL), int) else None
    if letter is None:
        raise invalid_value(_LEVEL, _TYPE, sent.get(_LEVEL))
    row = (user, right, letter)
    books.db.execute(
        "INSERT OR REPLACE INTO USR3 (UserLink, PermId, Permission) VALUES (?, ?, ?)", row
    )
    books.forget()


def _user(books: Books, sent: Mapping[str, Any]) -> Row:
    found = users.row_of(books, str(sent.get("UserCode")))
    if found is None:
        raise not_found()
    return found


def _right(sent: Mapping[str, Any]) -> str:
    right = sent.get(_RIGHT)
    if not isinstance(right, str) or not right:
        raise invalid_value(_RIGHT, _TYPE, right)
    return right


SERVICES: Mapping[str, Service] = {
    "SBOBobService_GetSystemPermission": permission,
    "SBOBobService_SetSystemPermission": set_permission,
}
