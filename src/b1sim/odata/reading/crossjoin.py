"""Answers `$crossjoin` and QueryService_PostQuery: rows over several sets, HANA only (4.2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import unquote

from b1sim.company.company import Company
from b1sim.odata.json_text import enclosed, own_line, quoted
from b1sim.odata.reading.aggregates import Window, next_link, window_of
from b1sim.odata.reading.applying import applied_of
from b1sim.odata.reading.conditions import EVERYTHING, Where, compile_condition, compile_sum
from b1sim.odata.reading.filter_grammar import parse_filter, parse_sum
from b1sim.odata.reading.navigation import Sets
from b1sim.odata.reading.options import asked_of
from b1sim.odata.reading.reads import ignores_case
from b1sim.odata.reading.selecting import pieces
from b1sim.odata.reading.sources import Source, Sources, source_of
from b1sim.odata.reading.tabular import Row, Shown, Statement, order_of
from b1sim.odata.refusing import bad_request
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request
from b1sim.odata.versions import Version

PATH = "$crossjoin"
_PATH = re.compile(r"\$crossjoin\((?P<names>[\w/,\s]+)\)", re.ASCII)
_EXPANDED = re.compile(
    r"\s*(?P<name>[\w/]+)\s*(?:\(\s*\$select\s*=(?P<select>.*)\))?\s*", re.DOTALL
)
_COMPUTED = re.compile(r"(?P<sum>.+?)\s+as\s+(?P<alias>\w+)", re.DOTALL)
_KNOWN = frozenset({"$expand", "$filter", "$orderby", "$top", "$skip", "$apply", "$format"})


@dataclass(frozen=True)
class _Asked:
    """A cross join as asked for: by GET, or in the body of the query service."""

    path: str
    options: Mapping[str, str]


def crossjoin_reply(company: Company, request: Request, sets: Sets, page_size: int) -> Reply:
    """Answer GET `$crossjoin(Orders,BusinessPartners)?…`."""
    path = unquote(request.path.strip("/"))
    return _reply(company, request, sets, _Asked(path, asked_of(request)), page_size)


def query_service_reply(company: Company, request: Request, sets: Sets, page_size: int) -> Reply:
    """Answer POST QueryService_PostQuery: the same, as plain text."""
    sent = request.json()
    path, option = sent.get("QueryPath"), sent.get("QueryOption")
    if not isinstance(path, str) or not isinstance(option, str):
        raise _invalid()
    options = (piece.partition("=") for piece in pieces(option, "&"))
    asked = _Asked(path.strip(), {name.strip(): value for name, _, value in options})
    # The link of its next page is a guess: it names the path that the body names.
    moved = replace(request, path=path.strip(), query=option)
    reply = _reply(company, moved, sets, asked, page_size)
    plain = ("Content-Type", "text/plain")
    reply.headers = [plain if h[0] == "Content-Type" else h for h in reply.headers]
    return reply


def _reply(company: Company, request: Request, sets: Sets, asked: _Asked, page_size: int) -> Reply:
    found = _PATH.fullmatch(asked.path)
    given = asked.options
    if found is None or company.settings.database != "hana" or given.keys() - _KNOWN:
        raise _invalid()
    if not given.keys() & {"$expand", "$apply"}:
        raise _invalid()
    sources = _sources(sets, found["names"])
    ignore_case = ignores_case(company, request)
    statement = _statement(sources, given, request.version, ignore_case=ignore_case)
    window = window_of(request, given, page_size)
    rows = statement.rows(company, window.limit, window.skip)
    return _printed(request, statement, rows, window)


def _sources(sets: Sets, text: str) -> Sources:
    names = [name.strip() for name in text.split(",")]
    if len(set(names)) < len(names) or not all(names):
        raise _invalid()
    return Sources(tuple(source_of(sets, name, f"T{n}") for n, name in enumerate(names)))


def _statement(
    sources: Sources, given: Mapping[str, str], version: Version, *, ignore_case: bool
) -> Statement:
    where = _where(given.get("$filter", ""), sources, ignore_case=ignore_case)
    order = given.get("$orderby", "")
    if "$apply" in given:
        applied = applied_of(given["$apply"], sources, version, ignore_case=ignore_case)
        group = [shown.value.sql for shown in applied.group]
        ordered = order_of(order, lambda name: sources.get(name)[1].sql) + group
        return Statement(sources, applied.shown, applied.where.also(where), group, ordered)
    shown = [s for piece in pieces(given["$expand"]) for s in _expanded(sources, piece, version)]
    # Without an order of the client's the rows come as they are found: sorting a whole product
    # of tables by keys, only to show one page, would keep everybody waiting.
    ordered = order_of(order, lambda name: sources.get(name)[1].sql)
    return Statement(sources, shown, where, (), ordered)


def _where(text: str, sources: Sources, *, ignore_case: bool) -> Where:
    if not text.strip():
        return EVERYTHING
    condition = parse_filter(text, sources.all[0].type_name, arithmetic=True)
    return compile_condition(condition, sources.column, ignore_case=ignore_case)


def _expanded(sources: Sources, piece: str, version: Version) -> list[Shown]:
    """Read `Orders($select=DocEntry,DocNum)`; without a select every simple property shows."""
    found = _EXPANDED.fullmatch(piece)
    source = next((s for s in sources.all if found and s.name == found["name"]), None)
    if found is None or source is None:
        raise _invalid()
    words = [word.strip() for word in pieces(found["select"] or "") if word.strip()]
    if not words or words == ["*"]:
        words = [p.name for p in source.shape.properties.values() if not p.complex]
    return [_shown(source, word, version) for word in words]


def _shown(source: Source, word: str, version: Version) -> Shown:
    """Read a property, or `DocEntry mul 2 as Twice`."""
    alone = Sources((source,))
    if computed := _COMPUTED.fullmatch(word):
        operand = parse_sum(computed["sum"], source.type_name)
        value, _ = compile_sum(operand, alone.column)
        return Shown(source, computed["alias"], value, None)
    _, column = alone.get(word)
    name = column.property.v2_name if version.number > 1 else column.property.name
    return Shown(source, name, Where(column.sql), column.property)


def _printed(request: Request, statement: Statement, rows: list[Row], window: Window) -> Reply:
    version, size = request.version, window.page.size
    more = bool(size) and len(rows) > size
    context = quoted("$metadata#Collection(Edm.ComplexType)")
    shown = rows[:size] if more else rows
    members = [f"{quoted(version.context)} : {context}"]
    members.append(f'"value" : {_rows(shown, statement.shown, version)}')
    if more:
        members.append(next_link(request, version, window))
    echo = [("Preference-Applied", window.page.applied)] if window.page.applied else []
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version, echo)


def _rows(rows: list[Row], shown: Sequence[Shown], version: Version) -> str:
    printed = [enclosed("{", _sides(row, shown, version), "}", 2) for row in rows]
    listed = enclosed("[", printed, "]", 1)
    return own_line(listed, 1) if printed else listed


def _sides(row: Row, shown: Sequence[Shown], version: Version) -> list[str]:
    """Print a row: one object for each source, in the order of their names."""
    by_source: dict[str, list[str]] = {}
    for found, value in zip(shown, row, strict=True):
        by_source.setdefault(found.source.name, []).append(found.member(value, version))
    return [
        f"{quoted(name)} : {own_line(enclosed('{', by_source[name], '}', 3), 3)}"
        for name in sorted(by_source)
    ]


def _invalid() -> Exception:
    return bad_request("invalid $crossjoin query")
