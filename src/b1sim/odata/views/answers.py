"""Answers reads of one view: its rows, a row by its number, a count, figures (4.4).

Rows print plainly, as SAP's samples do: dates as 2017-05-16, whole amounts without a fraction.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from b1sim.company.company import Company
from b1sim.odata.json_text import enclosed, own_line, quoted
from b1sim.odata.reading.aggregates import Window, aggregate_reply, next_link, window_of
from b1sim.odata.reading.conditions import EVERYTHING, Where, compile_condition
from b1sim.odata.reading.filter_grammar import parse_filter
from b1sim.odata.reading.options import asked_of
from b1sim.odata.reading.reads import ignores_case, plain_reply
from b1sim.odata.reading.sources import Source, Sources
from b1sim.odata.reading.tabular import Row, Shown, Statement, order_of
from b1sim.odata.refusing import no_matching_record, unknown_property
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request
from b1sim.odata.views.defined import KEY

Asked = Mapping[str, str]


def rows_reply(company: Company, request: Request, source: Source, page_size: int) -> Reply:
    """Answer a page of rows, or `$apply`."""
    asked, ignore_case = asked_of(request), ignores_case(company, request)
    if "$apply" in asked:
        return aggregate_reply(
            company, request, source, asked, page_size, ignore_case=ignore_case, plain=True
        )
    statement = _statement(source, asked, ignore_case=ignore_case)
    window = window_of(request, asked, page_size)
    rows = statement.rows(company, window.limit, window.skip)
    return _listed(request, source, statement, rows, window)


def row_reply(company: Company, request: Request, source: Source, number: int) -> Reply:
    """Answer one row by its number."""
    asked = {name: text for name, text in asked_of(request).items() if name == "$select"}
    statement = _statement(source, asked, ignore_case=False)
    one = replace(statement, where=Where(f'T0."{KEY}" = ?', (number,)))
    rows = one.rows(company, 1, 0)
    if not rows:
        raise no_matching_record()
    version = request.version
    context = f"{request.context}{source.name}{version.element}"
    members = [
        f"{quoted(version.context)} : {quoted(context)}",
        *_members(statement, rows[0], request),
    ]
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version)


def count_reply(company: Company, request: Request, source: Source) -> Reply:
    """Answer `/$count`."""
    statement = _statement(source, asked_of(request), ignore_case=ignores_case(company, request))
    return plain_reply(str(statement.count(company)), request)


def _statement(source: Source, asked: Asked, *, ignore_case: bool) -> Statement:
    sources = Sources((source,))
    where = EVERYTHING
    if text := asked.get("$filter", "").strip():
        condition = parse_filter(text, source.type_name)
        where = compile_condition(condition, sources.column, ignore_case=ignore_case)
    order = order_of(asked.get("$orderby", ""), lambda name: sources.get(name)[1].sql)
    return Statement(sources, _shown(source, asked), where, (), order + source.order)


def _shown(source: Source, asked: Asked) -> list[Shown]:
    words = [word.strip() for word in asked.get("$select", "").split(",") if word.strip()]
    names = [name for name in source.shape.properties if not words or "*" in words]
    return [_column(source, name) for name in names or words]


def _column(source: Source, name: str) -> Shown:
    found = source.column(name)
    if found is None:
        raise unknown_property(name, source.type_name)
    return Shown(source, name, Where(found.sql), None)


def _listed(
    request: Request, source: Source, statement: Statement, rows: list[Row], window: Window
) -> Reply:
    version, size = request.version, window.page.size
    more = bool(size) and len(rows) > size
    printed = [
        enclosed("{", _members(statement, row, request), "}", 2)
        for row in (rows[:size] if more else rows)
    ]
    listed = enclosed("[", printed, "]", 1)
    members = [
        f"{quoted(version.context)} : {quoted(request.context + source.name)}",
        f'"value" : {own_line(listed, 1) if printed else listed}',
    ]
    if more:
        members.append(next_link(request, version, window))
    echo = [("Preference-Applied", window.page.applied)] if window.page.applied else []
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version, echo)


def _members(statement: Statement, row: Row, request: Request) -> list[str]:
    pairs = zip(statement.shown, row, strict=True)
    return [shown.member(value, request.version) for shown, value in pairs]
