"""Every stock figure of the chosen warehouses, through one SQL query kept in SAP.

ItemWarehouseInfo has no set of its own and a full item is 36 kB, so SAP's SQLQueries (FP 2011,
both databases) read OITW instead; sap-service-layer.md 4.3 and 7.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

from pydantic import TypeAdapter

from b1bridge.connectors.sap_b1.client.odata import encoded, key, literal
from b1bridge.connectors.sap_b1.client.refusals import ALREADY_THERE, NOT_FOUND
from b1bridge.connectors.sap_b1.client.service_layer import Page, ServiceLayer, page_of
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import WireStock
from b1bridge.domain.stock import StockLevel
from b1bridge.errors import ContractBroken, Rejected
from b1bridge.sdk.reading import read_all

PAGE = 5000
_ROWS = TypeAdapter(list[WireStock])
_SET = "SQLQueries"
_SQL = (
    "SELECT T0.ItemCode, T0.WhsCode, T0.OnHand, T0.IsCommited, T0.OnOrder "
    "FROM OITW T0 INNER JOIN OITM T1 ON T1.ItemCode = T0.ItemCode "
    "WHERE T0.ItemCode > :after AND T1.InvntItem = 'Y' AND T1.SellItem = 'Y'{warehouses} "
    "ORDER BY T0.ItemCode, T0.WhsCode"
)


class SapStock:
    """The StockSource capability; memory holds one window, however long the list."""

    def __init__(self, service: ServiceLayer, *, page: int = PAGE) -> None:
        self._service = service
        self._page = page

    async def stock_levels(self, warehouses: Sequence[str]) -> AsyncIterator[StockLevel]:
        """Yield the inventory items that are sold, ordered by item; no warehouse means all.

        The last item of a full window may be cut in two, so the next window begins with it.
        """
        sql = stock_sql(len(warehouses))
        after = ""
        while True:
            page = await self._window(sql, after, warehouses)
            rows = read_all(_ROWS, page.rows, system=SYSTEM, record="stock rows")
            is_last = not (page.more or len(rows) >= self._page)
            items = [list(group) for _, group in groupby(rows, key=lambda row: row.item)]
            complete = items if is_last else items[:-1]
            for row in (row for item in complete for row in item):
                yield level_from(row)
            if is_last:
                return
            if not complete:
                raise _too_many_warehouses(rows[-1].item if rows else after, self._page)
            after = complete[-1][0].item

    async def _window(self, sql: str, after: str, warehouses: Sequence[str]) -> Page:
        code = query_code(sql)
        try:
            return await self._list(code, after, warehouses)
        except Rejected as exc:
            if exc.code != NOT_FOUND:
                raise
        await self._create(code, sql)
        return await self._list(code, after, warehouses)

    async def _list(self, code: str, after: str, warehouses: Sequence[str]) -> Page:
        values = {"after": after} | {f"w{n}": name for n, name in enumerate(warehouses)}
        given = "&".join(f"{name}={encoded(literal(value))}" for name, value in values.items())
        headers = {"Prefer": f"odata.maxpagesize={self._page}"}
        path = f"{key(_SET, code)}/List?{given}"
        return page_of(await self._service.get(path, headers=headers))

    async def _create(self, code: str, sql: str) -> None:
        fields: dict[str, Any] = {"SqlCode": code, "SqlName": "b1bridge: stock", "SqlText": sql}
        try:
            await self._service.post(_SET, fields)
        except Rejected as exc:
            if exc.code != ALREADY_THERE:  # another process made it a moment ago
                raise


def stock_sql(warehouses: int) -> str:
    """Write the query for so many warehouses; their codes are parameters."""
    names = ", ".join(f":w{n}" for n in range(warehouses))
    return _SQL.format(warehouses=f" AND T0.WhsCode IN ({names})" if names else "")


def query_code(sql: str) -> str:
    """Name a query after its text, so that a new text never meets an old definition."""
    return f"b1b_stock_{sha256(sql.encode()).hexdigest()[:8]}"


def level_from(wire: WireStock) -> StockLevel:
    """Translate one row; SAP counts in inventory units."""
    return StockLevel(
        item=wire.item,
        warehouse=wire.warehouse,
        on_hand=wire.on_hand,
        committed=wire.committed,
        ordered=wire.ordered,
    )


def _too_many_warehouses(item: str, page: int) -> ContractBroken:
    msg = f"{SYSTEM}: a window of {page} stock rows does not hold all warehouses of item '{item}'"
    return ContractBroken(msg, system=SYSTEM)
