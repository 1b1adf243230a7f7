"""Orders and deliveries as rows of their tables: one request, and one for each kind of base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client import odata
from b1bridge.connectors.sap_b1.client.odata import Filter, and_, eq, or_
from b1bridge.connectors.sap_b1.client.service_layer import ANY_CASE
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.table_columns import BASE_NUMBER, COLUMNS, column_of
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, KINDS
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.table_rows import (
    ColumnKind,
    Condition,
    Operator,
    Table,
    TableQuery,
    TableRow,
)

_SETS = {
    Table.ORDERS: ENTITY_SETS[DocumentKind.SALES_ORDER],
    Table.SHIPMENTS: ENTITY_SETS[DocumentKind.DELIVERY],
}
_COMPARED = {
    Operator.EQUAL: odata.eq,
    Operator.ONE_OF: odata.eq,
    Operator.NOT_EQUAL: odata.ne,
    Operator.LESS: odata.lt,
    Operator.AT_MOST: odata.le,
    Operator.MORE: odata.gt,
    Operator.AT_LEAST: odata.ge,
}
_SEARCHED = {
    Operator.BEGINS: odata.startswith,
    Operator.ENDS: odata.endswith,
    Operator.HOLDS: odata.contains,
}
_BASES_AT_ONCE = 50
Numbers = Mapping[tuple[int, int], int]


class SapTables(Account):
    """The TableSource of one company."""

    def table_columns(self, table: Table) -> Mapping[str, ColumnKind]:
        """Return the columns that have a property in the Service Layer, or can be worked out."""
        return {name: column.kind for name, column in COLUMNS[table].items()}

    async def table_rows(self, query: TableQuery) -> list[TableRow]:
        """Read one page, or several smaller ones where documents have very many lines."""
        chosen = [column_of(query.table, name).property for name in query.columns]
        lines = ["DocumentLines"] if query.line_columns else []
        rows: list[dict[str, Any]] = []
        async for some in windows(
            self._service,
            _SETS[query.table],
            key="DocEntry",
            select=[*chosen, *lines],
            where=_where(query),
            size=query.limit,
            headers=ANY_CASE,
        ):
            rows += some
            if len(rows) >= query.limit:
                break
        del rows[query.limit :]
        numbers = await self._base_numbers(rows) if _wants_base(query) else {}
        return [_row(query, row, numbers) for row in rows]

    async def _base_numbers(self, rows: Iterable[Mapping[str, Any]]) -> Numbers:
        """Look up the numbers of the documents that rows were drawn from."""
        wanted = {base for row in rows for line in _lines(row) if (base := _base(line))}
        found: dict[tuple[int, int], int] = {}
        for kind in {kind for kind, _ in wanted if kind in KINDS}:
            entries = sorted(entry for one, entry in wanted if one == kind)
            for begin in range(0, len(entries), _BASES_AT_ONCE):
                some = entries[begin : begin + _BASES_AT_ONCE]
                numbers = await self._numbers(ENTITY_SETS[KINDS[kind]], some)
                found |= {(kind, entry): number for entry, number in numbers.items()}
        return found

    async def _numbers(self, entity_set: str, entries: Sequence[int]) -> dict[int, int]:
        page = await self._service.rows(
            entity_set,
            select=("DocEntry", "DocNum"),
            where=or_(*(eq("DocEntry", entry) for entry in entries)),
            page_size=len(entries),
        )
        return {row["DocEntry"]: row["DocNum"] for row in page.rows}


def _where(query: TableQuery) -> Filter | None:
    conditions = [_condition(query.table, one) for one in query.conditions]
    return and_(*conditions) if conditions else None


def _condition(table: Table, condition: Condition) -> Filter:
    column = column_of(table, condition.column)
    search = _SEARCHED.get(condition.operator)
    if search is not None:
        return search(column.property, str(condition.values[0]))
    compare = _COMPARED[condition.operator]
    return or_(*(compare(column.property, column.stored(v)) for v in condition.values))


def _row(query: TableQuery, row: Mapping[str, Any], numbers: Numbers) -> TableRow:
    columns = {name: column_of(query.table, name) for name in query.columns}
    cells = {name: column.cell(row.get(column.property)) for name, column in columns.items()}
    if not query.line_columns:
        return TableRow(cells)
    return TableRow(cells, tuple(_line_cells(query, row, numbers)))


def _line_cells(
    query: TableQuery, row: Mapping[str, Any], numbers: Numbers
) -> Iterator[dict[str, str]]:
    columns = {name: column_of(Table.SHIPMENT_LINES, name) for name in query.line_columns}
    for line in _lines(row):
        base = _base(line)
        number = numbers.get(base) if base else None
        told = {"DocEntry": row.get("DocEntry"), **line, BASE_NUMBER: number}
        yield {name: column.cell(told.get(column.property)) for name, column in columns.items()}


def _wants_base(query: TableQuery) -> bool:
    return BASE_NUMBER.lower() in map(str.lower, query.line_columns)


def _lines(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return row.get("DocumentLines") or []


def _base(line: Mapping[str, Any]) -> tuple[int, int] | None:
    kind, entry = line.get("BaseType"), line.get("BaseEntry")
    return (kind, entry) if kind is not None and entry is not None else None
