"""Searching: late, not unique, and minding the case of letters in one way only (1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from .answers import Refused, found
from .company import Company
from .moments import moment_of
from .operations import Call, Operation
from .paging import PAGE, place_page

_FOUND_IN = {
    "organization": ("name", "address"),
    "person": ("name", "emails", "phones"),
    "product": ("name", "code"),
    "deal": ("title",),
}
_KEYS = {
    "person": {"organization_id": "org_id"},
    "deal": {"person_id": "person_id", "organization_id": "org_id", "status": "status"},
}
_MOST = 100
_SEARCHED = {"address", "varchar", "text", "varchar_auto", "double", "monetary", "phone"}


class SearchApi:
    """The endpoints that look for a term."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        asked = ("term", "fields", "exact_match", *PAGE)
        several = ("item_types", *asked)
        field = ("term", "entity_type", "match", "field", *PAGE)
        yield Operation("v2", "GET", "/itemSearch", 20, self._items, several, is_search=True)
        yield Operation("v2", "GET", "/itemSearch/field", 20, self._field, field, is_search=True)
        for entity in _FOUND_IN:
            path, query = f"/{entity}s/search", (*asked, *_KEYS.get(entity, ()))
            yield Operation("v2", "GET", path, 20, self._of(entity), query, is_search=True)

    def _items(self, call: Call) -> Response:
        wanted = call.query.get("item_types", "")
        entities = wanted.split(",") if wanted else list(_FOUND_IN)
        return self._found(call, [entity for entity in entities if entity in _FOUND_IN])

    def _of(self, entity: str) -> Any:
        return lambda call: self._found(call, [entity])

    def _found(self, call: Call, entities: list[str]) -> Response:
        exact = bool(call.flag("exact_match"))
        term = _term(call, least=1 if exact else 2).lower()
        fields = [one for one in call.query.get("fields", "").split(",") if one]
        items = [
            {"result_score": 1.0, "item": _told(entity, row)}
            for entity in entities
            for row in self._visible(entity)
            if _belongs(row, _KEYS.get(entity, {}), call)
            and any(_hits(text.lower(), term, exact) for text in _texts(entity, row, fields))
        ]
        page, following = place_page(call.query, items, _MOST)
        return found({"items": page, "related_items": []}, next_cursor=following)

    def _field(self, call: Call) -> Response:
        entity, code = call.query.get("entity_type", ""), call.query.get("field", "")
        if entity not in _FOUND_IN:
            raise Refused(400, "entity_type is invalid")
        field = self._company.fields[entity].get(code)
        if field is None or field.kind not in _SEARCHED:
            raise Refused(400, "field is invalid")
        match = call.query.get("match", "exact")
        if match not in {"exact", "beginning", "middle"}:
            raise Refused(400, "match must be one of [exact, beginning, middle]")
        term = _term(call, least=1 if match == "exact" else 2)
        rows = [
            row
            for row in self._visible(entity)
            if any(_matches(text, term, match) for text in _values_of(row, code, field.custom))
        ]
        named = [{"id": row["id"], "name": row.get("name", row.get("title"))} for row in rows]
        page, following = place_page(call.query, named, _MOST)
        return found(page, next_cursor=following)

    def _visible(self, entity: str) -> Iterator[dict[str, Any]]:
        """Yield what the index has heard of by now."""
        until = self._company.clock() - self._company.search_lag
        for row in self._company.rows[entity].values():
            if not row["is_deleted"] and moment_of(row["add_time"], "add_time") <= until:
                yield row


def _belongs(row: dict[str, Any], keys: dict[str, str], call: Call) -> bool:
    return all(
        str(row[column]) == call.query[name] for name, column in keys.items() if name in call.query
    )


def _term(call: Call, *, least: int) -> str:
    term = str(call.query.get("term", ""))
    if len(term) < least:
        raise Refused(400, f"term must be at least {least} characters long")
    return term


def _texts(entity: str, row: dict[str, Any], fields: list[str]) -> Iterator[str]:
    for name in fields or _FOUND_IN[entity]:
        if name == "custom_fields":
            for code in row["custom_fields"]:
                yield from _values_of(row, code, custom=True)
        elif name in _FOUND_IN[entity]:
            yield from _values_of(row, name, custom=False)


def _values_of(row: dict[str, Any], code: str, custom: bool) -> Iterator[str]:  # noqa: FBT001
    value = (row["custom_fields"] if custom else row).get(code)
    for one in value if isinstance(value, list) else [value]:
        if one is not None:
            yield str(one["value"] if isinstance(one, dict) else one)


def _hits(text: str, term: str, exact: bool) -> bool:  # noqa: FBT001
    return text == term if exact else term in text


def _matches(text: str, term: str, match: str) -> bool:
    if match == "exact":
        return text == term
    return text.startswith(term) if match == "beginning" else term in text


def _told(entity: str, row: dict[str, Any]) -> dict[str, Any]:
    told = {"id": row["id"], "type": entity, "visible_to": row["visible_to"]}
    told |= {"owner": {"id": row["owner_id"]}, "custom_fields": [], "notes": []}
    if entity == "deal":
        return told | {key: row[key] for key in ("title", "value", "currency", "status")}
    if entity == "product":
        return told | {"name": row["name"], "code": row["code"]}
    if entity == "organization":
        place = row["address"]["value"] if row["address"] else None
        return told | {"name": row["name"], "address": place}
    ways = {name: [one["value"] for one in row[name]] for name in ("emails", "phones")}
    return told | {"name": row["name"], **ways}
