"""The books read as tables, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from b1bridge.domain.table_rows import ColumnKind, Table, TableQuery, TableRow


@runtime_checkable
class TableSource(Protocol):
    """Rows of documents under the names that the books' own tables have for columns."""

    def table_columns(self, table: Table) -> Mapping[str, ColumnKind]:
        """Return every column there is to ask for; letter case makes no difference."""
        ...

    async def table_rows(self, query: TableQuery) -> list[TableRow]:
        """Return the rows in the order they were entered.

        Callers ask for known columns and for user-defined ones (U_...), with values of their kind.
        """
        ...
