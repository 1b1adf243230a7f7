"""Definitions of fields: what there is, and new ones of a company's own (1.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from .answers import Refused, found, read_json
from .company import Company
from .operations import Call, Operation
from .paging import PAGE, place_page
from .records import Field
from .shapes import integer, name, only

KINDS = (
    "varchar", "text", "double", "phone", "date", "daterange", "time", "timerange", "set", "enum",
    "varchar_auto", "address", "monetary", "org", "people", "user",
)  # fmt: skip
_CHOICES = {"enum", "set"}


class FieldsApi:
    """The endpoints of the fields of one kind of record."""

    def __init__(self, company: Company, entity: str) -> None:
        self._company = company
        self._entity = entity

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        every, one = f"/{self._entity}Fields", f"/{self._entity}Fields/{{code}}"
        yield Operation("v2", "GET", every, 10, self._list, PAGE)
        yield Operation("v2", "POST", every, 5, self._make)
        yield Operation("v2", "GET", one, 1, self._read)
        yield Operation("v2", "PATCH", one, 5, self._rename)
        yield Operation("v2", "DELETE", one, 3, self._delete)
        yield Operation("v2", "POST", f"{one}/options", 5, self._add_options)
        yield Operation("v2", "PATCH", f"{one}/options", 5, self._rename_options)
        yield Operation("v2", "DELETE", f"{one}/options", 3, self._delete_options)

    def _list(self, call: Call) -> Response:
        page, following = place_page(call.query, list(self._company.fields[self._entity].values()))
        return found([self._shown(field) for field in page], next_cursor=following)

    def _read(self, call: Call) -> Response:
        return found(self._shown(self._field(call)))

    def _make(self, call: Call) -> Response:
        given = call.json()
        only(given, {"field_name", "field_type", "options"})
        kind = given.get("field_type")
        if "field_name" not in given:
            raise Refused(400, "Parameter 'field_name' is required")
        called = name(given["field_name"], "field_name")
        if kind not in KINDS:
            raise Refused(400, f"field_type must be one of [{', '.join(KINDS)}]")
        labels = _labels(given.get("options") or [])
        if kind in _CHOICES and not labels:
            raise Refused(400, f"options are required for {kind}")
        return found(self._shown(self._company.add_field(self._entity, called, kind, labels)))

    def _rename(self, call: Call) -> Response:
        field = self._field(call)
        given = call.json()
        only(given, {"field_name"})
        field.name = name(given.get("field_name", field.name), "field_name")
        return found(self._shown(field))

    def _delete(self, call: Call) -> Response:
        field = self._field(call)
        if not field.custom:
            raise Refused(403, "This field cannot be deleted")
        del self._company.fields[self._entity][field.code]
        return found(self._shown(field))

    def _add_options(self, call: Call) -> Response:
        field = self._field_of_choices(call)
        labels = _labels(read_json(call.body))
        rows = [{"id": self._company.next_id("option"), "label": label} for label in labels]
        field.options = [*(field.options or []), *rows]
        return found(rows)

    def _rename_options(self, call: Call) -> Response:
        field, given = self._field_of_choices(call), read_json(call.body)
        labels = dict(zip(self._ids(field, given), _labels(given), strict=True))
        for row in field.options or []:
            row["label"] = labels.get(row["id"], row["label"])
        return found([row for row in field.options or [] if row["id"] in labels])

    def _delete_options(self, call: Call) -> Response:
        field = self._field_of_choices(call)
        gone = set(self._ids(field, read_json(call.body)))
        rows = field.options or []
        field.options = [row for row in rows if row["id"] not in gone]
        return found([row for row in rows if row["id"] in gone])

    def _field_of_choices(self, call: Call) -> Field:
        field = self._field(call)
        if field.kind not in _CHOICES:
            raise Refused(400, f"A field of type {field.kind} has no options")
        return field

    def _ids(self, field: Field, options: Any) -> list[int]:
        known = {row["id"] for row in field.options or []}
        rows = options if isinstance(options, list) else []
        ids = [integer(one.get("id"), "id") for one in rows if isinstance(one, dict)]
        if not ids or len(ids) != len(rows) or not known.issuperset(ids):
            raise Refused(400, "options must be an array of options that are there")
        return ids

    def _shown(self, field: Field) -> dict[str, Any]:
        """Tell of a field; those of deals alone have a description (the published contract)."""
        return field.as_json() | ({"description": None} if self._entity == "deal" else {})

    def _field(self, call: Call) -> Field:
        field = self._company.fields[self._entity].get(call.request.path_params["code"])
        if field is None:
            raise Refused(404, "Field not found")
        return field


def _labels(options: Any) -> list[str]:
    if not isinstance(options, list) or not all(isinstance(one, dict) for one in options):
        raise Refused(400, "options must be an array of objects")
    return [name(one.get("label"), "label") for one in options]


def fields_apis(company: Company) -> list[FieldsApi]:
    """Make the endpoints for every kind of record that has fields."""
    return [FieldsApi(company, entity) for entity in company.fields]
