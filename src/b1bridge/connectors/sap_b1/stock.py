"""Every stock figure of the chosen warehouses, through one SQL query kept in SAP.

ItemWarehouseInfo has no set of its own and a full item is 36 kB, so SAP's SQLQueries (FP 2011,
both databases) read OITW instead; sap-service-layer.md 4.3 and 7. Where SQL may not run, the items
are read with nothing but their rows of warehouses.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from itertools import groupby

from pydantic import TypeAdapter

from b1bridge.connectors.sap_b1.client.odata import Filter, and_, any_of, eq
from b1bridge.connectors.sap_b1.client.refusals import NOT_FOUND
from b1bridge.connectors.sap_b1.client.service_layer import Page, page_of
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, is_forbidden, keep
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.sold_catalogue import SapSoldCatalogue
from b1bridge.connectors.sap_b1.sold_items import SapSoldItems
from b1bridge.connectors.sap_b1.stock_kits import SapStockKits
from b1bridge.connectors.sap_b1.stock_moves import SapStockMoves
from b1bridge.connectors.sap_b1.wire import WireItemStock, WireShelf, WireStock
from b1bridge.connectors.sap_b1.words import YES
from b1bridge.domain.stock import StockLevel
from b1bridge.errors import ConnectionBroken, ContractBroken, Rejected
from b1bridge.sdk.reading import read_all

PAGE = 5000
ITEMS_AT_ONCE = 100
FAMILY = "b1b_stock"
_ROWS = TypeAdapter(list[WireStock])
_ITEMS = TypeAdapter(list[WireItemStock])
_IN_STOCK = eq("InventoryItem", YES)
_SQL = (
    "SELECT T0.ItemCode, T0.WhsCode, T0.OnHand, T0.IsCommited, T0.OnOrder, T1.ItmsGrpCod "
    "FROM OITW T0 INNER JOIN OITM T1 ON T1.ItemCode = T0.ItemCode "
    "WHERE T0.ItemCode > :after AND T1.InvntItem = 'Y' AND T1.SellItem = 'Y'{warehouses} "
    "ORDER BY T0.ItemCode, T0.WhsCode"
)


class SapStock(SapStockKits, SapStockMoves, SapSoldItems, SapSoldCatalogue):
    """The StockSource capability; memory holds one window, however long the list."""

    page = PAGE

    async def stock_levels(self, warehouses: Sequence[str]) -> AsyncIterator[StockLevel]:
        """Yield the inventory items that are sold, ordered by item; no warehouse means all.

        Where this user or installation forbids SQL, the items are read instead: slower by far.
        """
        has_begun = False
        try:
            async for level in self._by_sql(warehouses):
                has_begun = True
                yield level
        except (ConnectionBroken, ContractBroken) as exc:
            if has_begun or not is_forbidden(exc):
                raise
        else:
            return
        sold = and_(_IN_STOCK, eq("SalesItem", YES))
        async for level in self._by_items(frozenset(warehouses), sold):
            yield level

    async def levels_of(
        self, items: Collection[str], warehouses: Sequence[str]
    ) -> AsyncIterator[StockLevel]:
        """Yield these inventory items, sold or not, ordered by item; no warehouse means all."""
        for these in any_of("ItemCode", sorted(items)):
            async for level in self._by_items(frozenset(warehouses), and_(these, _IN_STOCK)):
                yield level

    async def _by_sql(self, warehouses: Sequence[str]) -> AsyncIterator[StockLevel]:
        """Begin each window with the last item of a full one, which may have been cut in two."""
        query = SqlQuery(FAMILY, stock_sql(len(warehouses)))
        after = ""
        while True:
            page = await self._window(query, after, warehouses)
            rows = read_all(_ROWS, page.rows, system=SYSTEM, record="stock rows")
            is_last = not (page.more or len(rows) >= self.page)
            items = [list(group) for _, group in groupby(rows, key=lambda row: row.item)]
            complete = items if is_last else items[:-1]
            for row in (row for item in complete for row in item):
                yield level_from(row)
            if is_last:
                return
            if not complete:
                raise _too_many_warehouses(rows[-1].item if rows else after, self.page)
            after = complete[-1][0].item

    async def _by_items(
        self, warehouses: frozenset[str], where: Filter
    ) -> AsyncIterator[StockLevel]:
        async for rows in windows(
            self._service,
            "Items",
            key="ItemCode",
            select=["ItemsGroupCode", "ItemWarehouseInfoCollection"],
            where=where,
            size=ITEMS_AT_ONCE,
        ):
            for item in read_all(_ITEMS, rows, system=SYSTEM, record="items' stock"):
                for shelf in sorted(item.shelves, key=lambda shelf: shelf.warehouse):
                    if not warehouses or shelf.warehouse in warehouses:
                        yield level_at(item, shelf)

    async def _window(self, query: SqlQuery, after: str, warehouses: Sequence[str]) -> Page:
        try:
            return await self._list(query, after, warehouses)
        except Rejected as exc:
            if exc.code != NOT_FOUND:
                raise
        await keep(self._service, query)
        return await self._list(query, after, warehouses)

    async def _list(self, query: SqlQuery, after: str, warehouses: Sequence[str]) -> Page:
        values = {"after": after} | {f"w{n}": name for n, name in enumerate(warehouses)}
        headers = {"Prefer": f"odata.maxpagesize={self.page}"}
        return page_of(await self._service.get(query.path(values), headers=headers))


def stock_sql(warehouses: int) -> str:
    """Write the query for so many warehouses; their codes are parameters."""
    names = ", ".join(f":w{n}" for n in range(warehouses))
    return _SQL.format(warehouses=f" AND T0.WhsCode IN ({names})" if names else "")


def level_from(wire: WireStock) -> StockLevel:
    """Translate one row; SAP counts in inventory units."""
    return StockLevel(
        item=wire.item,
        warehouse=wire.warehouse,
        on_hand=wire.on_hand,
        committed=wire.committed,
        ordered=wire.ordered,
        group=wire.group,
    )


def level_at(item: WireItemStock, shelf: WireShelf) -> StockLevel:
    """Translate what an item has in one warehouse."""
    return StockLevel(
        item=item.code,
        warehouse=shelf.warehouse,
        on_hand=shelf.on_hand,
        committed=shelf.committed,
        ordered=shelf.ordered,
        group=item.group,
    )


def _too_many_warehouses(item: str, page: int) -> ContractBroken:
    msg = f"{SYSTEM}: a window of {page} stock rows does not hold all warehouses of item '{item}'"
    return ContractBroken(msg, system=SYSTEM)
