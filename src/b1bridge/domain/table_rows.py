"""Documents as rows of the books' own tables, for clients that were written against the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

CellValue = str | int | Decimal | date


class Table(StrEnum):
    """What may be asked for."""

    ORDERS = "orders"
    SHIPMENTS = "shipments"
    SHIPMENT_LINES = "lines of shipments"


class ColumnKind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    WHOLE = "whole number"
    AMOUNT = "number"
    DAY = "day"


class Operator(StrEnum):
    """How a column is compared."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    ONE_OF = "in"
    BEGINS = "begins with"
    ENDS = "ends with"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; only ONE_OF has more than one value, and at least one.

    BEGINS, ENDS and HOLDS are for texts.
    """

    column: str
    operator: Operator
    values: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class TableQuery:
    """Which rows, and which of their columns; conditions hold all at once.

    `line_columns` are those of the lines, where a table has lines; without any, none are read.
    """

    table: Table
    columns: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    line_columns: tuple[str, ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True)
class TableRow:
    """Every cell as text, by the name it was asked for; what is null is empty.

    Days read 2026-11-21 00:00:00, numbers with fractions have six decimals.
    """

    cells: dict[str, str]
    lines: tuple[dict[str, str], ...] = field(default=())
