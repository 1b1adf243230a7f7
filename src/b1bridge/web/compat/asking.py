"""What a client of the older product asks for: columns on a list, compared in ways on a list.

Whatever it asks for, nothing of it becomes part of a query's text (sap-service-layer.md 13: the
older product joined column names and operators into SQL).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from b1bridge.domain.table_rows import (
    CellValue,
    ColumnKind,
    Condition,
    Operator,
    Table,
    TableQuery,
)
from b1bridge.web.compat.refusals import refuse

MOST_ROWS = 100
_MOST_VALUES = 100
_MOST_CHARACTERS = 2000  # the query is part of an address, which has room for some thousand
_OPERATORS = {
    "=": Operator.EQUAL,
    "<>": Operator.NOT_EQUAL,
    "!=": Operator.NOT_EQUAL,
    "<": Operator.LESS,
    "<=": Operator.AT_MOST,
    ">": Operator.MORE,
    ">=": Operator.AT_LEAST,
    "in": Operator.ONE_OF,
    "like": Operator.HOLDS,
}
_LIKE = re.compile(r"(%?)([^%_\[\]]+)(%?)")
_LIKENESS = {
    ("", ""): Operator.EQUAL,
    ("", "%"): Operator.BEGINS,
    ("%", ""): Operator.ENDS,
    ("%", "%"): Operator.HOLDS,
}
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?")
_WITHIN_A_DAY = {
    Operator.MORE: Operator.MORE,
    Operator.AT_LEAST: Operator.MORE,
    Operator.LESS: Operator.AT_MOST,
    Operator.AT_MOST: Operator.AT_MOST,
}
Columns = Mapping[str, ColumnKind]


def rows_wanted(num: str | None) -> int:
    """Read `num`: 100 when absent, and 100 at most."""
    if num is None:
        return MOST_ROWS
    if not re.fullmatch(r"\d{1,9}", num, re.ASCII):
        refuse(f"num is {num[:20]!r}, and must be a whole number from 0 to {MOST_ROWS}")
    return min(int(num), MOST_ROWS)


def query_of(
    body: Any, table: Table, columns: Columns, line_columns: Columns, num: int
) -> TableQuery:
    """Read the body of a fetch; refuse with 400 whatever is not on the lists.

    `line_columns` are empty where the rows have no lines.
    """
    if not isinstance(body, Mapping):
        refuse("the body is an object with columns and params")
    chosen = chosen_columns(body.get("columns"), columns, "columns")
    if "DocEntry" not in chosen and line_columns:
        chosen = (*chosen, "DocEntry")  # the older product added it to shipments
    lines = body.get("itemcolumns", body.get("itemColumns"))
    conditions = tuple(_conditions(body.get("params"), columns))
    if sum(len(str(value)) for one in conditions for value in one.values) > _MOST_CHARACTERS:
        refuse(f"params compares with more than {_MOST_CHARACTERS} characters", "params")
    return TableQuery(
        table,
        chosen,
        conditions,
        chosen_columns(lines, line_columns, "itemcolumns") if line_columns else (),
        num,
    )


def chosen_columns(wanted: Any, columns: Iterable[str], where: str) -> tuple[str, ...]:
    """Return the columns as they were named; all of them where none is."""
    if not wanted or wanted == ["*"]:
        return tuple(columns)
    if not isinstance(wanted, Sequence) or isinstance(wanted, str):
        refuse(f"{where} is a list of column names", where)
    for name in wanted:
        known_column(name, columns, where)
    return tuple(wanted)


def known_column(name: Any, columns: Iterable[str], where: str) -> str:
    """Return the column's own spelling; letter case makes no difference."""
    spelled = {column.lower(): column for column in columns}
    found = spelled.get(name.lower()) if isinstance(name, str) else None
    if found is None:
        told = ", ".join(spelled.values())
        refuse(f"{where}: there is no column {str(name)[:40]!r}; there are {told}", where)
    return found


def _conditions(params: Any, columns: Columns) -> Iterator[Condition]:
    if params is None:
        return
    if not isinstance(params, Mapping):
        refuse("params is an object of columns", "params")
    for name, asked in params.items():
        column = known_column(name, columns, "params")
        where = f"params.{column}"
        if not isinstance(asked, Mapping) or "value" not in asked or asked.keys() - {"op", "value"}:
            refuse(f"{where} is an object with value, and with op if need be", where)
        yield _condition(column, columns[column], asked, where)


def _condition(column: str, kind: ColumnKind, asked: Mapping[str, Any], where: str) -> Condition:
    said = asked.get("op", "=")
    operator = _OPERATORS.get(said.strip().lower()) if isinstance(said, str) else None
    if operator is None:
        refuse(f"{where}: op is one of {' '.join(_OPERATORS)}", where)
    value = asked["value"]
    if operator is Operator.HOLDS:
        return _likeness(column, kind, value, where)
    if operator is Operator.ONE_OF:
        return Condition(column, operator, tuple(_several(value, kind, where)))
    if kind is ColumnKind.DAY:
        operator, value = _within_its_day(operator, value, where)
    return Condition(column, operator, (_value(value, kind, where),))


def _likeness(column: str, kind: ColumnKind, value: Any, where: str) -> Condition:
    found = _LIKE.fullmatch(value) if isinstance(value, str) else None
    if kind is not ColumnKind.TEXT or found is None or not found[2].isprintable():
        refuse(f"{where}: like compares a text, with % at its ends and nowhere else", where)
    return Condition(column, _LIKENESS[found[1], found[3]], (found[2],))


def _several(value: Any, kind: ColumnKind, where: str) -> Iterator[CellValue]:
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_VALUES:
        refuse(f"{where}: in takes a list of 1 to {_MOST_VALUES} values", where)
    return (_value(one, kind, where) for one in value)


def _within_its_day(operator: Operator, value: Any, where: str) -> tuple[Operator, Any]:
    """Compare with a moment inside a day as the database did: days stand for their midnight."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return operator, value
    if set(found[2] or "") <= set("0:"):
        return operator, found[1]
    if operator not in _WITHIN_A_DAY:
        refuse(f"{where} holds days, and {value!r} is a moment within one", where)
    return _WITHIN_A_DAY[operator], found[1]


def _value(value: Any, kind: ColumnKind, where: str) -> CellValue:
    read = _READERS[kind](value) if isinstance(value, str | int | Decimal) else None
    if read is None or isinstance(value, bool):
        refuse(f"{where}: the column holds a {kind}, and {str(value)[:40]!r} is none", where)
    return read


def _text(value: str | int | Decimal) -> str | None:
    text = str(value)
    return text if text.isprintable() else None


def _whole(value: str | int | Decimal) -> int | None:
    text = str(value).strip()
    return int(text) if re.fullmatch(r"-?\d{1,10}", text, re.ASCII) else None


def _amount(value: str | int | Decimal) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < MOST_ROWS else None


def _day(value: str | int | Decimal) -> date | None:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        return None


_READERS = {
    ColumnKind.TEXT: _text,
    ColumnKind.WHOLE: _whole,
    ColumnKind.AMOUNT: _amount,
    ColumnKind.DAY: _day,
}
