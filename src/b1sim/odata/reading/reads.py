"""Answers reads of entities: lists, pages, counts, one entity (sap-service-layer.md 4)."""

import hashlib
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from b1sim.company.company import Company
from b1sim.company.shape.model import EntitySet
from b1sim.odata.json_text import enclosed, own_line, quoted
from b1sim.odata.reading.aggregates import aggregate_reply
from b1sim.odata.reading.conditions import EVERYTHING
from b1sim.odata.reading.entities import plan_of
from b1sim.odata.reading.expanding import expanded
from b1sim.odata.reading.options import Options, asked_of, next_query, options_of, page_of
from b1sim.odata.reading.places import Key, Place, key_where
from b1sim.odata.reading.sources import set_source
from b1sim.odata.refusing import bad_request, no_matching_record
from b1sim.odata.reply import Headers, Reply, json_reply
from b1sim.odata.request import Request

Row = dict[str, Any]


def etag_of(data_version: int) -> str:
    """Make the tag of a version: the SHA-1 of its decimal digits (5.1)."""
    digest = hashlib.sha1(str(data_version).encode(), usedforsecurity=False)
    return f'W/"{digest.hexdigest().upper()}"'


def query_tag(row: Row) -> str:
    """Make the tag that one stored query shows, and a list of them does not (4.3).

    Guess: what it is made of; SAP's samples show one of the usual form, but queries count no
    versions.
    """
    known = "\n".join(str(row.get(name)) for name in ("SqlCode", "SqlName", "SqlText"))
    return f'W/"{hashlib.sha1(known.encode(), usedforsecurity=False).hexdigest().upper()}"'


# SAP's bug: a `$select` read shows the tag of version 1 whatever the version is (5.1).
FROZEN_ETAG = etag_of(1)


def list_reply(company: Company, request: Request, place: Place, page_size: int) -> Reply:
    """Answer one page of a set, or of what a navigation leads to."""
    asked = asked_of(request)
    if "$apply" in asked:
        return _aggregates(company, request, place, asked, page_size)
    options, page = _options(company, request, place), page_of(request, page_size)
    rows, more = _page(company, place, options, page.size)
    version, entity_set = request.version, place.entity_set
    members = [f"{quoted(version.context)} : {quoted(request.context + entity_set.name)}"]
    if options.count:
        where = place.where.also(options.where)
        counted = company.count(entity_set.name, where.sql, where.params)
        printed = str(counted) if version.number > 1 else quoted(str(counted))
        members.append(f"{quoted(version.count)} : {printed}")
    members.append(f'"value" : {_entities(company, rows, request, place, options)}')
    if more:
        top = None if options.top is None else options.top - len(rows)
        link = f"{request.path.strip('/')}?{next_query(request, options.skip + len(rows), top)}"
        members.append(f"{quoted(version.next_link)} : {quoted(link)}")
    echo = [("Preference-Applied", page.applied)] if page.applied else []
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version, echo)


def _aggregates(
    company: Company, request: Request, place: Place, asked: dict[str, str], page_size: int
) -> Reply:
    """Answer `$apply`, which only HANA has; SQL Server's refusal is a guess."""
    if company.settings.database != "hana":
        msg = "Not supported query option"
        raise bad_request(msg)
    source = set_source(place.entity_set)
    ignore_case = ignores_case(company, request)
    return aggregate_reply(
        company, request, source, asked, page_size, ignore_case=ignore_case, where=place.where
    )


def _options(company: Company, request: Request, place: Place) -> Options:
    sets = company.sets
    ignore_case = ignores_case(company, request)
    return options_of(request, place.entity_set, sets, ignore_case=ignore_case)


def ignores_case(company: Company, request: Request) -> bool:
    """Tell whether texts compare without case: on SQL Server, or on request (4.2)."""
    return not company.settings.case_sensitive or request.wants("B1S-CaseInsensitive")


def _page(company: Company, place: Place, options: Options, size: int) -> tuple[list[Row], bool]:
    """Fetch one page and tell whether another follows."""
    fits = options.top is not None and (not size or options.top <= size)
    limit = options.top if fits or not size else size + 1
    rows = _rows(company, place, options, limit)
    more = not fits and bool(size) and len(rows) > size
    return (rows[:size] if more else rows), more


def _rows(company: Company, place: Place, options: Options, limit: int | None) -> list[Row]:
    where = place.where.also(options.where)
    return company.query(
        place.entity_set.name,
        where=where.sql,
        params=where.params,
        order_by=options.order_by,
        limit=limit,
        offset=options.skip,
        columns=_columns(place.entity_set, options),
        with_collections=_collections(place.entity_set, options.select),
    )


def _columns(entity_set: EntitySet, options: Options) -> tuple[str, ...] | None:
    """Name what to read: what is shown, and what expansions need to find their other end."""
    if options.select is None:
        return None
    shown = (name for name in options.select if name in entity_set.properties)
    return tuple(dict.fromkeys((*shown, *(e.link.own.name for e in options.expansions))))


def _collections(entity_set: EntitySet, select: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(name for name in entity_set.collections if select is None or name in select)


def _entities(
    company: Company, rows: list[Row], request: Request, place: Place, options: Options
) -> str:
    plan = plan_of(place.shown, request.version, 2, options.select)
    inside = expanded(company, rows, options.expansions, request.version, 2)
    printed = [
        enclosed(
            "{",
            [*_etag(row, request, place.entity_set, options), *more, *plan.members(row)],
            "}",
            2,
        )
        for row, more in zip(rows, inside, strict=True)
    ]
    listed = enclosed("[", printed, "]", 1)
    return own_line(listed, 1) if printed else listed


def _etag(row: Row, request: Request, entity_set: EntitySet, options: Options) -> list[str]:
    if not entity_set.has_etag:
        return []
    tag = etag_of(row["DataVersion"]) if options.select is None else FROZEN_ETAG
    return [f"{quoted(request.version.etag)} : {quoted(tag)}"]


def entity_reply(company: Company, request: Request, place: Place) -> Reply:
    """Answer one entity; a `$select` read has no ETag header and a wrong tag in the body."""
    options = _options(company, request, place)
    found = _rows(company, place, replace(options, where=EVERYTHING, skip=0), 1)
    if not found:
        raise no_matching_record()
    headers: Headers = []
    if place.entity_set.has_etag and options.select is None:
        headers = [("ETag", etag_of(found[0]["DataVersion"]))]
    (inside,) = expanded(company, found, options.expansions, request.version, 0)
    entity = _entity(found[0], request, place.shown, options, inside)
    return json_reply(HTTPStatus.OK, entity, request.version, headers)


def entity_of(
    row: Row, request: Request, entity_set: EntitySet, status: HTTPStatus, headers: Headers
) -> Reply:
    """Answer a write with the whole entity it made."""
    entity = _entity(row, request, entity_set, Options(), [])
    return json_reply(status, entity, request.version, headers)


def _entity(
    row: Row, request: Request, entity_set: EntitySet, options: Options, inside: list[str]
) -> str:
    """Print one entity with its context."""
    version = request.version
    plan = plan_of(entity_set, version, 0, options.select)
    context = request.context + entity_set.name + version.element
    tags = _etag(row, request, entity_set, options)
    if entity_set.name == "SQLQueries" and options.select is None:
        tags = [f"{quoted(version.etag)} : {quoted(query_tag(row))}"]
    members = [
        f"{quoted(version.context)} : {quoted(context)}",
        *tags,
        *inside,
        *plan.members(row),
    ]
    return enclosed("{", members, "}", 0) + "\n"


def plain_reply(text: str, request: Request) -> Reply:
    """Answer bare text, as `$count` and `$value` do."""
    headers = [("Content-Type", "text/plain;charset=utf-8"), request.version.header]
    return Reply(HTTPStatus.OK, text.encode(), headers)


def count_reply(company: Company, request: Request, place: Place) -> Reply:
    """Answer `/Orders/$count`."""
    where = place.where.also(_options(company, request, place).where)
    counted = company.count(place.entity_set.name, where.sql, where.params)
    return plain_reply(str(counted), request)


def data_version(company: Company, entity_set: EntitySet, key: Key) -> int:
    """Tell the version that If-Match is compared with."""
    where = key_where(company, entity_set, key)
    found = company.query(
        entity_set.name,
        where=where.sql,
        params=where.params,
        limit=1,
        columns=("DataVersion",),
        with_collections=(),
    )
    if not found:
        raise no_matching_record()
    return int(found[0]["DataVersion"])
