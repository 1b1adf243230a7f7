"""Runs stored SQL queries over the company's own tables, page by page (4.3)."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from b1sim.company.company import Company
from b1sim.company.rules.rights import not_permitted
from b1sim.odata.json_text import enclosed, own_line, quoted, text_of
from b1sim.odata.reading.options import Page, page_of
from b1sim.odata.refusing import no_matching_record
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request
from b1sim.odata.sql.catalog import catalog_of
from b1sim.odata.sql.grammar import parameter_error
from b1sim.odata.sql.normal import Judged, dashed, judge
from b1sim.odata.sql.permits import Permits
from b1sim.odata.sql.running import fetch, read_only
from b1sim.odata.wire_quirks import WireQuirks

_PARAMETER = re.compile(r"(?P<name>\w+)=(?:'(?P<text>(?:[^']|'')*)'|(?P<number>-?\d+(?:\.\d+)?))")
_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
_SKIP = re.compile(r"\d{1,9}", re.ASCII)
Values = dict[str, str | int | float]


def checked(company: Company, payload: dict[str, Any], quirks: WireQuirks) -> dict[str, Any]:
    """Judge the SqlText of a query on its way in, and keep what SAP would echo."""
    text = payload.get("SqlText")
    if text is None:
        return payload
    query = _judged(company, str(text), quirks)
    with read_only(company):
        fetch(company, f"EXPLAIN {query.sql}", dict.fromkeys(query.parameters, ""))
    return payload | {"SqlText": query.text, "ParamList": ",".join(query.parameters) or None}


def check_permission(quirks: WireQuirks) -> None:
    """Refuse whoever may not run or change queries."""
    if not quirks.sql_queries_permitted:
        raise not_permitted()


def _judged(company: Company, text: str, quirks: WireQuirks) -> Judged:
    settings = company.settings
    return judge(
        text,
        catalog_of(company),
        quirks.sql_allowlist,
        settings.database,
        case_sensitive=settings.case_sensitive,
    )


def run_reply(
    company: Company, request: Request, code: str, quirks: WireQuirks, permits: Permits
) -> Reply:
    """Answer one page of `SQLQueries('code')/List`."""
    text = _text(company, code)
    check_permission(quirks)
    permits.check(company, code)
    query = _judged(company, text, quirks)
    values = _values(query, request)
    page, skip = _page(request, quirks.page_size), _skip(request)
    with read_only(company):
        names, rows = fetch(company, *_paged(query, values, page.size, skip))
    more = len(rows) > page.size
    link = _link(request, code, skip + page.size) if more else None
    body = _body(request, query, names, rows[: page.size], link)
    echo = [("Preference-Applied", page.applied)] if page.applied else []
    return json_reply(HTTPStatus.OK, body, request.version, echo)


def _page(request: Request, default: int) -> Page:
    """Read the page size; paging is a must here, so 0 is no size (guess: it asks for none)."""
    page = page_of(request, default)
    return page if page.size else Page(default or 20)


def _text(company: Company, code: str) -> str:
    found = company.query("SQLQueries", where='"SqlCode" = ?', params=(code,), limit=1)
    if not found:
        raise no_matching_record()
    return str(found[0]["SqlText"])


def _paged(query: Judged, values: Values, size: int, skip: int) -> tuple[str, Values]:
    sql = f"SELECT * FROM ({query.sql})" if query.limited else query.sql  # noqa: S608  judged
    return f"{sql} LIMIT {size + 1:d} OFFSET {skip:d}", values


def _values(query: Judged, request: Request) -> Values:
    given = _parse(_parameter_text(request))
    if set(given) != set(query.parameters):
        raise parameter_error()
    days = query.date_parameters
    return {n: dashed(v) if n in days and isinstance(v, str) else v for n, v in given.items()}


def _parameter_text(request: Request) -> str:
    """Take the ParamList of a POST, or what is no option in the query of a GET."""
    if request.method == "POST":
        return str(request.json().get("ParamList") or "")
    pieces = [piece for piece in request.query.split("&") if piece and not _is_option(piece)]
    return "&".join(unquote_plus(piece) for piece in pieces)


def _is_option(piece: str) -> bool:
    return piece.startswith(("$", "%24"))


def _parse(text: str) -> Values:
    values: Values = {}
    position = 0
    while position < len(text):
        found = _PARAMETER.match(text, position)
        if found is None:
            raise parameter_error()
        values[found["name"]] = _given(found)
        position = found.end()
        if text[position : position + 1] not in {"", "&"}:
            raise parameter_error()
        position += 1
    return values


def _given(found: re.Match[str]) -> str | int | float:
    if found["text"] is not None:
        return found["text"].replace("''", "'")
    number = found["number"]
    return int(number) if _NUMBER.fullmatch(number) else float(number)


def _skip(request: Request) -> int:
    skips = [value for name, value in request.pairs() if name == "$skip"]
    if skips and not _SKIP.fullmatch(skips[0]):
        raise parameter_error()
    return int(skips[0]) if skips else 0


def _link(request: Request, code: str, skip: int) -> str:
    """Write the link as seen in the field: `List?&$skip=5`; parameters of a GET come first."""
    kept = "&".join(p for p in request.query.split("&") if p and not _is_option(p))
    escaped = code.replace("'", "''")
    return f"SQLQueries('{escaped}')/List?{kept}&$skip={skip}"


def _body(
    request: Request,
    query: Judged,
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    link: str | None,
) -> str:
    version = request.version
    context = f"{request.context}SAPB1.SQLQueryResult"
    members = [
        f"{quoted(version.context)} : {quoted(context)}",
        f'"SqlText" : {quoted(query.text)}',
        f'"value" : {_rows(query, names, rows)}',
    ]
    if link is not None:
        members.append(f"{quoted(version.next_link)} : {quoted(link)}")
    return enclosed("{", members, "}", 0) + "\n"


def _rows(query: Judged, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    """Print rows; the guide's samples have the columns in the order of their names."""
    order = sorted(range(len(names)), key=lambda place: names[place])
    heads = [(place, f"{quoted(names[place])} : ", names[place] in query.dates) for place in order]
    printed = [
        enclosed("{", [head + _value(row[place], day) for place, head, day in heads], "}", 2)
        for row in rows
    ]
    listed = enclosed("[", printed, "]", 1)
    return own_line(listed, 1) if printed else listed


def _value(value: Any, is_date: bool) -> str:  # noqa: FBT001 - a trait of the column
    """Print a value; dates come as 20201007."""
    return text_of(value.replace("-", "") if is_date and isinstance(value, str) else value)
