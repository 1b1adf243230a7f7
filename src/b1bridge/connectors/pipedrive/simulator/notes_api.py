"""Notes, which only v1 has (pipedrive-whatsapp.md 1.3, 1.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from .answers import Refused, found
from .company import Company
from .moments import moment_of, v1_time
from .operations import Call, Operation
from .paging import start_page
from .records import Actor
from .shapes import Check, integer, moment, only, or_null

_PLACES = {
    "deal_id": ("deal", "deal", "title"),
    "person_id": ("person", "person", "name"),
    "org_id": ("organization", "organization", "name"),
}
_PINS = {f"pinned_to_{place}_flag" for place in ("lead", "deal", "organization", "person")}
_ASKED = (*_PLACES, "user_id", "updated_since", "start", "limit")
_MOST_BYTES = 100_000
_SCRIPT = re.compile(
    r"<script\b.*?</script>|\son\w+\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE | re.DOTALL
)


class NotesApi:
    """The endpoints of notes; content is HTML, cleaned of what runs (guess: of that alone)."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        yield Operation("v1", "GET", "/notes", 20, self._list, _ASKED)
        yield Operation("v1", "POST", "/notes", 10, self._make)
        yield Operation("v1", "GET", "/notes/{id}", 2, self._read)
        yield Operation("v1", "PUT", "/notes/{id}", 10, self._change)
        yield Operation("v1", "DELETE", "/notes/{id}", 6, self._delete)

    def _list(self, call: Call) -> Response:
        rows = [row for row in self._company.notes.values() if row["active_flag"]]
        for name in (*_PLACES, "user_id"):
            if name in call.query:
                rows = [row for row in rows if str(row[name]) == call.query[name]]
        if since := call.query.get("updated_since"):
            mark = moment_of(since, "updated_since")
            rows = [row for row in rows if moment_of(row["update_time"], "update_time") >= mark]
        return start_page(call.query, [self._shown(row) for row in rows])

    def _read(self, call: Call) -> Response:
        return found(self._shown(self._note(call)))

    def _make(self, call: Call) -> Response:
        values = self._values(call.json())
        if "content" not in values:
            raise Refused(400, "content is required")
        if not any(values.get(place) for place in _PLACES):
            raise Refused(400, "one of deal_id, person_id, org_id is required")
        return found(self._shown(self.add(values, call.actor)))

    def add(self, values: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Keep a new note and tell of it."""
        now = v1_time(self._company.clock())
        blank = dict.fromkeys((*_PLACES, "lead_id", "project_id"))
        pins = dict.fromkeys(sorted(_PINS), False)
        row = {
            "id": self._company.next_id("note"),
            "active_flag": True,
            "add_time": now,
            "update_time": now,
            "user_id": actor.user_id,
            "last_update_user_id": None,
            **blank,
            **pins,
            **values,
        }
        self._company.notes[row["id"]] = row
        self._company.tell("create", "note", row["id"], None, row, actor)
        return row

    def _change(self, call: Call) -> Response:
        row = self._note(call)
        before = dict(row)
        row.update(self._values(call.json()))
        row["update_time"] = v1_time(self._company.clock())
        row["last_update_user_id"] = call.actor.user_id
        self._company.tell("change", "note", row["id"], before, row, call.actor)
        return found(self._shown(row))

    def _delete(self, call: Call) -> Response:
        row = self._note(call)
        before = dict(row)
        row["active_flag"] = False
        self._company.tell("delete", "note", row["id"], before, None, call.actor)
        return found(data=True)

    def _values(self, given: dict[str, Any]) -> dict[str, Any]:
        only(given, _SHAPE)
        values = {name: _SHAPE[name](value, name) for name, value in given.items()}
        for key, (entity, _place, _name) in _PLACES.items():
            if values.get(key) is not None:
                self._company.get(entity, values[key])
        if "add_time" in values:
            values["add_time"] = v1_time(moment_of(values["add_time"], "add_time"))
        return values

    def _note(self, call: Call) -> dict[str, Any]:
        row = self._company.notes.get(call.number("id"))
        if row is None or not row["active_flag"]:
            raise Refused(404, "Note not found")
        return row

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        shown = dict(row)
        for key, (entity, place, name) in _PLACES.items():
            there = self._company.rows[entity].get(row[key]) if row[key] else None
            shown[place] = {name: there[name]} if there else None
        user = self._company.users.get(row["user_id"])
        if user:
            shown["user"] = {
                "email": user.email, "icon_url": None, "is_you": True, "name": user.name,
            }  # fmt: skip
        return shown


def _pin(value: Any, name: str) -> bool:
    """Accept 0 and 1, as v1 writes flags, and what says the same."""
    if not isinstance(value, int) or value not in {0, 1}:
        raise Refused(400, f"{name} must be one of [0, 1]")
    return bool(value)


def _cleaned(content: Any, _name: str) -> str:
    if not isinstance(content, str) or not content.strip():
        raise Refused(400, "content must be a string that says something")
    if len(content.encode()) > _MOST_BYTES:
        raise Refused(400, "The note content is too long", code="note_content_too_long")
    return _SCRIPT.sub("", content)


_SHAPE: dict[str, Check] = {
    **dict.fromkeys(_PLACES, or_null(integer)),
    **dict.fromkeys(_PINS, _pin),
    "content": _cleaned,
    "add_time": moment,
}
