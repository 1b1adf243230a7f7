"""Organizations, persons, products and deals over v2: listed, read, made, patched, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from . import shapes
from .answers import Refused, found
from .company import Company
from .kinds import KINDS, Kind
from .moments import moment_of
from .operations import Call, Operation
from .paging import cursor_page

_MOST_IDS = 100
_MOST_PICKED = 15


class RecordsApi:
    """The endpoints of one kind of record."""

    def __init__(self, company: Company, kind: Kind) -> None:
        self._company = company
        self._kind = kind

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs (endpoint costs; pipedrive-whatsapp.md 1.3)."""
        every, one = f"/{self._kind.path}", f"/{self._kind.path}/{{id}}"
        yield Operation("v2", "GET", every, 10, self._list)
        yield Operation("v2", "POST", every, 5, self._make)
        yield Operation("v2", "GET", one, 1, self._read)
        yield Operation("v2", "PATCH", one, 5, self._patch)
        yield Operation("v2", "DELETE", one, 3, self._delete)

    def _list(self, call: Call) -> Response:
        rows = [row for row in self._rows() if not row["is_deleted"]]
        query = call.query
        if query.get("ids"):
            rows = self._of_ids(query["ids"], rows)
        for name in self._kind.filters:
            if name in query:
                rows = [row for row in rows if str(row[name]) == query[name]]
        if self._kind.entity == "deal":
            rows = [row for row in rows if not row["is_archived"]]
        rows = self._of_time(call, rows)
        return cursor_page(query, rows, lambda row: self._shown(row, call))

    def _of_ids(self, text: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        wanted = text.split(",")
        if len(wanted) > _MOST_IDS:
            raise Refused(400, f"ids takes at most {_MOST_IDS}")
        return [row for row in rows if str(row["id"]) in wanted]

    def _of_time(self, call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Keep what was updated in time; both ends are taken in (guess: the later one)."""
        for name, earliest in (("updated_since", True), ("updated_until", False)):
            if name not in call.query:
                continue
            if not self._kind.has_updated_since:
                raise Refused(400, f"{name} is not allowed")
            mark = moment_of(call.query[name], name).replace(microsecond=0)
            rows = [
                row
                for row in rows
                if (moment_of(row["update_time"], name) >= mark) == earliest
                or moment_of(row["update_time"], name) == mark
            ]
        return rows

    def _read(self, call: Call) -> Response:
        return found(self._shown(self._company.get(self._kind.entity, call.number("id")), call))

    def _make(self, call: Call) -> Response:
        values = self._values(call.json())
        if self._kind.needs not in values:
            raise Refused(400, f"Parameter '{self._kind.needs}' is required")
        self._kind.settle(self._company, {}, values, call.actor)
        values.setdefault("owner_id", call.actor.user_id)
        row = self._company.add(self._kind.entity, {**self._kind.blank, **values}, call.actor)
        return found(self._shown(row, call), self._kind.made)

    def _patch(self, call: Call) -> Response:
        row = self._company.get(self._kind.entity, call.number("id"))
        values = self._values(call.json())
        self._kind.settle(self._company, row, values, call.actor)
        return found(
            self._shown(
                self._company.change(self._kind.entity, row["id"], values, call.actor), call
            )
        )

    def _delete(self, call: Call) -> Response:
        self._company.delete(self._kind.entity, call.number("id"), call.actor)
        return found({"id": call.number("id")})

    def _values(self, given: dict[str, Any]) -> dict[str, Any]:
        """Check a body field by field; what nobody knows is refused (guess: all of it)."""
        given = dict(given)
        custom = given.pop("custom_fields", {})
        unknown = sorted(given.keys() - self._kind.shape.keys())
        if unknown:
            raise Refused(400, f"Validation failed: {unknown[0]} is not allowed")
        values = {name: self._kind.shape[name](value, name) for name, value in given.items()}
        fields = self._company.custom_fields(self._kind.entity)
        if custom:
            values["custom_fields"] = shapes.custom_fields(custom, fields)
        return values

    def _shown(self, row: dict[str, Any], call: Call) -> dict[str, Any]:
        """Return a row as REST tells it: every custom field, or those that were picked."""
        fields = self._company.custom_fields(self._kind.entity)
        picked = [one for one in call.query.get("custom_fields", "").split(",") if one]
        if len(picked) > _MOST_PICKED:
            raise Refused(400, f"custom_fields takes at most {_MOST_PICKED} keys")
        codes = [code for code in fields if not picked or code in picked]
        custom = {code: row["custom_fields"].get(code) for code in codes}
        shown = {**row, "custom_fields": custom}
        if self._kind.entity == "product":
            shown["prices"] = [{"product_id": row["id"], **price} for price in row["prices"]]
        return shown

    def _rows(self) -> Iterator[dict[str, Any]]:
        yield from self._company.rows[self._kind.entity].values()


def records_apis(company: Company) -> list[RecordsApi]:
    """Make the endpoints of every kind."""
    return [RecordsApi(company, kind) for kind in KINDS]
