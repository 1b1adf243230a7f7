"""Runs stored SQL queries over the company's own tables, page by page (4.3)."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from b1sim.company.company import Company
from b1sim.odata.json_text import enclosed, own_line, quoted, text_of
from b1sim.odata.reading.options import page_of
from b1sim.odata.refusing import no_matching_record
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request
from b1sim.odata.sql.grammar import (
    Judged,
    column_blocked,
    grammar,
    judge,
    no_such_table,
    parameter_error,
)

_PARAMETER = re.compile(r"(?P<name>\w+)=(?:'(?P<text>(?:[^']|'')*)'|(?P<number>-?\d+(?:\.\d+)?))")
_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
_SKIP = re.compile(r"\d{1,9}", re.ASCII)
Values = dict[str, str | int | float]

judged = lru_cache(maxsize=256)(judge)


def checked(company: Company, payload: dict[str, Any]) -> dict[str, Any]:
    """Judge the SqlText of a query on its way in, and store what SAP would echo."""
    text = payload.get("SqlText")
    if text is None:
        return payload
    query = judged(str(text))
    with _read_only(company.db):
        _run(company.db, f"EXPLAIN {query.sql}", dict.fromkeys(query.parameters, ""))
    return payload | {"SqlText": query.text, "ParamList": ",".join(query.parameters)}


def run_reply(company: Company, request: Request, code: str, page_size: int) -> Reply:
    """Answer one page of `SQLQueries('code')/List`."""
    query = judged(_text(company, code))
    values = _values(query, request)
    page, skip = page_of(request, page_size), _skip(request)
    with _read_only(company.db):
        names, rows = _run(company.db, *_paged(query, values, page.size, skip))
    more = bool(page.size) and len(rows) > page.size
    link = _link(request, code, skip + page.size) if more else None
    body = _body(request, query, names, rows[: page.size] if more else rows, link)
    echo = [("Preference-Applied", page.applied)] if page.applied else []
    return json_reply(HTTPStatus.OK, body, request.version, echo)


def _text(company: Company, code: str) -> str:
    found = company.query("SQLQueries", where='"SqlCode" = ?', params=(code,), limit=1)
    if not found:
        raise no_matching_record()
    return str(found[0]["SqlText"])


def _paged(query: Judged, values: Values, size: int, skip: int) -> tuple[str, Values]:
    if not size and not skip:
        return query.sql, values
    sql = f"SELECT * FROM ({query.sql})" if query.limited else query.sql  # noqa: S608  judged
    limit = size + 1 if size else -1
    return f"{sql} LIMIT {limit:d} OFFSET {skip:d}", values


def _run(
    db: sqlite3.Connection, sql: str, values: Values
) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = db.cursor()
    cursor.row_factory = None
    try:
        rows = cursor.execute(sql, values).fetchall()
    except sqlite3.OperationalError as error:
        raise _misread(str(error)) from error
    return [column[0] for column in cursor.description], rows


def _misread(message: str) -> Exception:
    if "no such table" in message:
        return no_such_table(message)
    return column_blocked(message) if "no such column" in message else grammar(message)


@contextmanager
def _read_only(db: sqlite3.Connection) -> Iterator[None]:
    """Let SQLite itself refuse any write, should the grammar ever let one through."""
    db.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        db.execute("PRAGMA query_only = OFF")


def _values(query: Judged, request: Request) -> Values:
    given = _parse(_parameter_text(request))
    if set(given) != set(query.parameters):
        expected = ", ".join(query.parameters) or "none"
        raise parameter_error(reason=f"expected {expected}, got {', '.join(given) or 'none'}")
    return given


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
            raise parameter_error(reason=f"cannot read '{text[position:][:40]}'")
        values[found["name"]] = _value(found)
        position = found.end()
        if text[position : position + 1] not in {"", "&"}:
            raise parameter_error(reason=f"cannot read '{text[position:][:40]}'")
        position += 1
    return values


def _value(found: re.Match[str]) -> str | int | float:
    if found["text"] is not None:
        return found["text"].replace("''", "'")
    number = found["number"]
    return int(number) if _NUMBER.fullmatch(number) else float(number)


def _skip(request: Request) -> int:
    skips = [value for name, value in request.pairs() if name == "$skip"]
    if skips and not _SKIP.fullmatch(skips[0]):
        raise parameter_error(reason=f"$skip needs a whole number, not '{skips[0]}'")
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
    # The context of a query's rows was never captured: a guess (15.9).
    context = f"{request.context}Collection(SAPB1.SQLQueryResult)"
    members = [
        f"{quoted(version.context)} : {quoted(context)}",
        f'"SqlText" : {quoted(query.text)}',
        f'"value" : {_rows(names, rows)}',
    ]
    if link is not None:
        members.append(f"{quoted(version.next_link)} : {quoted(link)}")
    return enclosed("{", members, "}", 0) + "\n"


def _rows(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    heads = [f"{quoted(name)} : " for name in names]
    printed = [
        enclosed("{", [h + text_of(v) for h, v in zip(heads, row, strict=True)], "}", 2)
        for row in rows
    ]
    listed = enclosed("[", printed, "]", 1)
    return own_line(listed, 1) if printed else listed
