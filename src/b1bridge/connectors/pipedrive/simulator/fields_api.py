"""Definitions of fields: what there is, and new ones of a company's own (1.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from .answers import Refused, found
from .company import Company
from .operations import Call, Operation
from .records import Field

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
        yield Operation("v2", "GET", every, 10, self._list)
        yield Operation("v2", "POST", every, 5, self._make)
        yield Operation("v2", "GET", one, 1, self._read)
        yield Operation("v2", "PATCH", one, 5, self._rename)
        yield Operation("v2", "DELETE", one, 3, self._delete)
        yield Operation("v2", "POST", f"{one}/options", 5, self._add_options)

    def _list(self, call: Call) -> Response:
        """Send a page; fields have no ids, so the cursor is a place (guess)."""
        fields = list(self._company.fields[self._entity].values())
        start, limit = int(call.query.get("cursor", "0")), int(call.query.get("limit", "100"))
        page = [self._shown(field) for field in fields[start : start + limit]]
        following = start + limit
        return found(page, next_cursor=str(following) if following < len(fields) else None)

    def _read(self, call: Call) -> Response:
        return found(self._shown(self._field(call)))

    def _make(self, call: Call) -> Response:
        given = call.json()
        name, kind = given.get("field_name"), given.get("field_type")
        if not isinstance(name, str) or not name.strip():
            raise Refused(400, "Parameter 'field_name' is required")
        if kind not in KINDS:
            raise Refused(400, f"field_type must be one of [{', '.join(KINDS)}]")
        labels = _labels(given.get("options") or [])
        if kind in _CHOICES and not labels:
            raise Refused(400, f"options are required for {kind}")
        return found(self._shown(self._company.add_field(self._entity, name, kind, labels)))

    def _rename(self, call: Call) -> Response:
        field = self._field(call)
        field.name = str(call.json().get("field_name", field.name))
        return found(self._shown(field))

    def _delete(self, call: Call) -> Response:
        field = self._field(call)
        if not field.custom:
            raise Refused(403, "This field cannot be deleted")
        del self._company.fields[self._entity][field.code]
        return found(self._shown(field))

    def _add_options(self, call: Call) -> Response:
        field = self._field(call)
        labels = _labels(call.json().get("options") or [])
        rows = [{"id": self._company.next_id("option"), "label": label} for label in labels]
        field.options = [*(field.options or []), *rows]
        return found(self._shown(field))

    def _shown(self, field: Field) -> dict[str, Any]:
        """Tell of a field; those of deals alone have a description (the published contract)."""
        return field.as_json() | ({"description": None} if self._entity == "deal" else {})

    def _field(self, call: Call) -> Field:
        field = self._company.fields[self._entity].get(call.request.path_params["code"])
        if field is None:
            raise Refused(404, "Field not found")
        return field


def _labels(options: Any) -> list[str]:
    if not isinstance(options, list):
        raise Refused(400, "options must be an array")
    return [str(option["label"]) for option in options if isinstance(option, dict)]


def fields_apis(company: Company) -> list[FieldsApi]:
    """Make the endpoints for every kind of record that has fields."""
    return [FieldsApi(company, entity) for entity in company.fields]
