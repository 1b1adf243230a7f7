"""Answers reads: lists, counts, one entity, one property (sap-service-layer.md 4)."""

import hashlib
import re
from http import HTTPStatus
from typing import Any

from b1sim.company.company import Company
from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.json_text import enclosed, own_line, quoted, text_of
from b1sim.odata.keys import KeyPart
from b1sim.odata.reading.conditions import property_of
from b1sim.odata.reading.entities import plan_of, value_text
from b1sim.odata.reading.options import Options, next_query, options_of, page_of
from b1sim.odata.refusing import bad_request, no_matching_record, not_simulated, unknown_property
from b1sim.odata.reply import Headers, Reply, json_reply
from b1sim.odata.request import Request

_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
Row = dict[str, Any]
Key = dict[str, Any]


def etag_of(data_version: int) -> str:
    """Make the tag of a version: the SHA-1 of its decimal digits (5.1)."""
    digest = hashlib.sha1(str(data_version).encode(), usedforsecurity=False)
    return f'W/"{digest.hexdigest().upper()}"'


# SAP's bug: a `$select` read shows the tag of version 1 whatever the version is (5.1).
FROZEN_ETAG = etag_of(1)


def list_reply(company: Company, request: Request, entity_set: EntitySet, page_size: int) -> Reply:
    """Answer one page of a set."""
    options, page = _options(company, request, entity_set), page_of(request, page_size)
    rows, more = _page(company, entity_set, options, page.size)
    version = request.version
    members = [f"{quoted(version.context)} : {quoted(request.context + entity_set.name)}"]
    if options.count:
        counted = company.count(entity_set.name, options.where.sql, options.where.params)
        printed = str(counted) if version.number > 1 else quoted(str(counted))
        members.append(f"{quoted(version.count)} : {printed}")
    members.append(f'"value" : {_entities(rows, request, entity_set, options)}')
    if more:
        top = None if options.top is None else options.top - len(rows)
        link = f"{entity_set.name}?{next_query(request, options.skip + len(rows), top)}"
        members.append(f"{quoted(version.next_link)} : {quoted(link)}")
    echo = [("Preference-Applied", page.applied)] if page.applied else []
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version, echo)


def _options(company: Company, request: Request, entity_set: EntitySet) -> Options:
    return options_of(request, entity_set, case_sensitive=company.settings.case_sensitive)


def _page(
    company: Company, entity_set: EntitySet, options: Options, size: int
) -> tuple[list[Row], bool]:
    """Fetch one page and tell whether another follows."""
    if options.top == 0:
        return [], False
    fits = options.top is not None and (not size or options.top <= size)
    limit = options.top if fits or not size else size + 1
    rows = company.query(
        entity_set.name,
        where=options.where.sql,
        params=options.where.params,
        order_by=options.order_by,
        limit=limit,
        offset=options.skip,
        columns=_columns(entity_set, options.select),
        with_collections=_collections(entity_set, options.select),
    )
    more = not fits and bool(size) and len(rows) > size
    return (rows[:size] if more else rows), more


def _columns(entity_set: EntitySet, select: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if select is None:
        return None
    return tuple(name for name in select if name in entity_set.properties)


def _collections(entity_set: EntitySet, select: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(name for name in entity_set.collections if select is None or name in select)


def _entities(rows: list[Row], request: Request, entity_set: EntitySet, options: Options) -> str:
    plan = plan_of(entity_set, request.version, 2, options.select)
    printed = [
        enclosed("{", [*_etag(row, request, entity_set, options), *plan.members(row)], "}", 2)
        for row in rows
    ]
    listed = enclosed("[", printed, "]", 1)
    return own_line(listed, 1) if printed else listed


def _etag(row: Row, request: Request, entity_set: EntitySet, options: Options) -> list[str]:
    if not entity_set.has_etag:
        return []
    tag = etag_of(row["DataVersion"]) if options.select is None else FROZEN_ETAG
    return [f"{quoted(request.version.etag)} : {quoted(tag)}"]


def entity_reply(company: Company, request: Request, entity_set: EntitySet, key: Key) -> Reply:
    """Answer one entity; a `$select` read has no ETag header and a wrong tag in the body."""
    options = _options(company, request, entity_set)
    row = _one(company, entity_set, key, options.select)
    headers: Headers = []
    if entity_set.has_etag and options.select is None:
        headers = [("ETag", etag_of(row["DataVersion"]))]
    return entity_of(row, request, entity_set, options, HTTPStatus.OK, headers)


def entity_of(
    row: Row,
    request: Request,
    entity_set: EntitySet,
    options: Options,
    status: HTTPStatus,
    headers: Headers,
) -> Reply:
    """Print one entity with its context."""
    version = request.version
    plan = plan_of(entity_set, version, 0, options.select)
    context = request.context + entity_set.name + version.element
    members = [
        f"{quoted(version.context)} : {quoted(context)}",
        *_etag(row, request, entity_set, options),
        *plan.members(row),
    ]
    return json_reply(status, enclosed("{", members, "}", 0) + "\n", version, headers)


def property_reply(
    company: Company, request: Request, entity_set: EntitySet, key: Key, name: str, *, raw: bool
) -> Reply:
    """Answer `/Orders(1)/DocEntry` or its raw `$value`; a raw null is not found (4.1)."""
    found = property_of(entity_set, name)
    if found is None:
        if name in entity_set.collections or name in entity_set.unsimulated:
            msg = f"reading {entity_set.name}(…)/{name} alone"
            raise not_simulated(msg)
        raise unknown_property(name, entity_set.type_name)
    value = _one(company, entity_set, key, (found.name,)).get(found.name)
    if raw:
        return _raw(found, value, request)
    if value is None:
        body = text_of({request.version.null: True})
    else:
        body = f'{{\n\t"value" : {value_text(found, value, request.version)}\n}}\n'
    return json_reply(HTTPStatus.OK, body, request.version)


def _raw(property_: Property, value: object, request: Request) -> Reply:
    if value is None:
        raise no_matching_record()
    printed = value_text(property_, value, request.version)
    plain = str(value) if property_.type == "Edm.String" else printed.strip('"')
    return plain_reply(plain, request)


def plain_reply(text: str, request: Request) -> Reply:
    """Answer bare text, as `$count` and `$value` do."""
    headers = [("Content-Type", "text/plain;charset=utf-8"), request.version.header]
    return Reply(HTTPStatus.OK, text.encode(), headers)


def count_reply(company: Company, request: Request, entity_set: EntitySet) -> Reply:
    """Answer `/Orders/$count`."""
    where = _options(company, request, entity_set).where
    return plain_reply(str(company.count(entity_set.name, where.sql, where.params)), request)


def _one(company: Company, entity_set: EntitySet, key: Key, select: tuple[str, ...] | None) -> Row:
    collation = "" if company.settings.case_sensitive else " COLLATE NOCASE"
    rows = company.query(
        entity_set.name,
        where=" AND ".join(f'"{column}" = ?{collation}' for column in entity_set.key_columns),
        params=tuple(key[name] for name in entity_set.key),
        limit=1,
        columns=_columns(entity_set, select),
        with_collections=_collections(entity_set, select),
    )
    if not rows:
        raise no_matching_record()
    return rows[0]


def data_version(company: Company, entity_set: EntitySet, key: Key) -> int:
    """Tell the version that If-Match is compared with."""
    return int(_one(company, entity_set, key, ("DataVersion",))["DataVersion"])


def key_of(entity_set: EntitySet, parts: tuple[KeyPart, ...]) -> Key:
    """Name and type the parts of a key; refuse what is no key of this set."""
    names = [part.name or name for part, name in zip(parts, entity_set.key, strict=False)]
    if len(parts) != len(entity_set.key) or sorted(names) != sorted(entity_set.key):
        msg = f"Query string error: {entity_set.name} has the key {', '.join(entity_set.key)}"
        raise bad_request(msg)
    return {n: _typed(entity_set, n, part) for n, part in zip(names, parts, strict=True)}


def _typed(entity_set: EntitySet, name: str, part: KeyPart) -> str | int:
    if entity_set.properties[name].type == "Edm.String":
        if part.quoted:
            return part.text
    elif not part.quoted and _WHOLE.fullmatch(part.text):
        return int(part.text)
    msg = f"Query string error: '{part.text}' is no value of the key {name}"
    raise bad_request(msg)
