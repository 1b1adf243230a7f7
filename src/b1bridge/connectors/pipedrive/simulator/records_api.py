"""Organizations, persons, products and deals over v2: listed, read, made, patched, deleted."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from . import shapes
from .answers import Refused, found
from .company import Company
from .kinds import KINDS, Kind
from .moments import moment_of
from .operations import Call, Operation, whole_number
from .paging import SORTED, cursor_page, ids_of

_MOST_PICKED = 15


class RecordsApi:
    """The endpoints of one kind of record."""

    def __init__(self, company: Company, kind: Kind) -> None:
        self._company = company
        self._kind = kind

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs (endpoint costs; pipedrive-whatsapp.md 1.3)."""
        every, one = f"/{self._kind.path}", f"/{self._kind.path}/{{id}}"
        picked = ("custom_fields",) if self._kind.has_custom_fields else ()
        asked = (*SORTED, *self._kind.filters, *picked, *self._asked())
        if self._kind.entity == "deal":
            yield Operation("v2", "GET", "/deals/archived", 20, self._list_archived, asked)
        if self._kind.entity == "product":
            yield Operation("v2", "POST", f"{one}/duplicate", 5, self._duplicate)
        yield Operation("v2", "GET", every, self._kind.list_cost, self._list, asked)
        yield Operation("v2", "POST", every, 5, self._make)
        yield Operation("v2", "GET", one, 1, self._read, self._picked_alone())
        yield Operation("v2", "PATCH", one, 5, self._patch)
        yield Operation("v2", "DELETE", one, 3, self._delete)

    def _asked(self) -> tuple[str, ...]:
        """Name what lists take besides: stages and pipelines are few, persons may be a deal's."""
        if self._kind.entity in {"stage", "pipeline"}:
            return ()
        return (
            "ids",
            "updated_since",
            "updated_until",
            *(("deal_id",) if self._kind.entity == "person" else ()),
        )

    def _picked_alone(self) -> tuple[str, ...]:
        """Products alone cannot be read with custom fields of one's choice (the contract)."""
        picks = self._kind.has_custom_fields and self._kind.entity != "product"
        return ("custom_fields",) if picks else ()

    def _list(self, call: Call) -> Response:
        return self._page(call, [row for row in self._rows() if not row.get("is_archived")])

    def _list_archived(self, call: Call) -> Response:
        return self._page(call, [row for row in self._rows() if row["is_archived"]])

    def _page(self, call: Call, rows: list[dict[str, Any]]) -> Response:
        query = call.query
        rows = [row for row in rows if not row["is_deleted"]]
        if wanted := ids_of(query.get("ids", ""), "ids"):
            rows = [row for row in rows if row["id"] in wanted]
        for name in self._kind.filters:
            if name in query:
                rows = [row for row in rows if _equals(row[name], query[name])]
        if self._kind.entity == "person" and "deal_id" in query:
            deal = self._company.get("deal", whole_number(query["deal_id"], "deal_id"))
            rows = [row for row in rows if row["id"] == deal["person_id"]]
        rows = self._of_time(call, rows)
        return cursor_page(query, rows, lambda row: self._shown(row, call), self._kind.sorts)

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
        if "owner_id" in self._kind.blank:
            values.setdefault("owner_id", call.actor.user_id)
        row = self._company.add(self._kind.entity, {**self._kind.blank, **values}, call.actor)
        return found(self._shown(row, call), self._kind.made)

    def _duplicate(self, call: Call) -> Response:
        """Copy a product under its own name and code (guess: under these)."""
        row = self._company.get(self._kind.entity, call.number("id"))
        values = {name: row[name] for name in self._kind.blank.keys() | {"name"}}
        made = self._company.add(self._kind.entity, copy.deepcopy(values), call.actor)
        return found(self._shown(made, call), self._kind.made)

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
        custom = given.pop("custom_fields", {}) if self._kind.has_custom_fields else {}
        shapes.only(given, self._kind.shape)
        values = {name: self._kind.shape[name](value, name) for name, value in given.items()}
        fields = self._company.custom_fields(self._kind.entity)
        if custom != {}:
            values["custom_fields"] = shapes.custom_fields(custom, fields)
        return values

    def _shown(self, row: dict[str, Any], call: Call) -> dict[str, Any]:
        """Return a row as REST tells it: every custom field, or those that were picked."""
        if not self._kind.has_custom_fields:
            return dict(row)
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


def _equals(value: Any, asked: str) -> bool:
    """Compare with a parameter, in which truth is written in lower case."""
    return asked == (str(value).lower() if isinstance(value, bool) else str(value))


def records_apis(company: Company) -> list[RecordsApi]:
    """Make the endpoints of every kind."""
    return [RecordsApi(company, kind) for kind in KINDS]
