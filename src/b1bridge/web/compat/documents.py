"""`PUT /v1/orders/fetch` and `PUT /v1/shipments/fetch`: rows by allow-listed columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.settings import Settings
from b1bridge.domain.shipment_search import own_reference, reference_in_books
from b1bridge.domain.table_rows import (
    ColumnKind,
    Condition,
    Operator,
    Table,
    TableQuery,
    TableRow,
)
from b1bridge.sdk.tokens import Scope
from b1bridge.web.compat.asking import query_of, rows_wanted
from b1bridge.web.compat.bearer import OlderNeeds
from b1bridge.web.compat.route import OlderRoute, body_of

_REFERENCE = "NumAtCard"
"""The column in which the older product kept what the client called its order."""
_OrderReader = Annotated[Bearer, Depends(OlderNeeds(Scope.ORDERS_READ))]
_ShipmentReader = Annotated[Bearer, Depends(OlderNeeds(Scope.SHIPMENTS_READ))]


def documents(hub: Hub) -> APIRouter:
    """Make the older paths that read documents."""
    router = APIRouter(route_class=OlderRoute)

    @router.put("/v1/orders/fetch", status_code=HTTPStatus.CREATED)
    async def fetch_orders(
        bearer: _OrderReader, request: Request, num: str | None = None
    ) -> list[dict[str, str]]:
        """Return orders of the books, whoever entered them."""
        query = await _asked(hub, bearer, request, Table.ORDERS, num)
        return [row.cells for row in await _rows(hub, bearer, query)]

    @router.put("/v1/shipments/fetch", status_code=HTTPStatus.CREATED)
    async def fetch_shipments(
        bearer: _ShipmentReader, request: Request, num: str | None = None
    ) -> list[dict[str, Any]]:
        """Return deliveries with their rows."""
        query = await _asked(hub, bearer, request, Table.SHIPMENTS, num)
        return [row.cells | {"items": row.lines} for row in await _rows(hub, bearer, query)]

    return router


async def _asked(
    hub: Hub, bearer: Bearer, request: Request, table: Table, num: str | None
) -> TableQuery:
    columns = await hub.lookups.table_columns(bearer.connection, table)
    lines: Mapping[str, ColumnKind] = {}
    if table is Table.SHIPMENTS:
        lines = await hub.lookups.table_columns(bearer.connection, Table.SHIPMENT_LINES)
    if isinstance(bearer.settings, Settings):
        allowed = dict.fromkeys(bearer.settings.reference_fields, ColumnKind.TEXT)
        columns = {**columns, **allowed}
    query = query_of(await body_of(request), table, columns, lines, rows_wanted(num))
    return replace(query, conditions=tuple(_in_books(query, bearer.connection)))


def _in_books(query: TableQuery, connection: str) -> Iterator[Condition]:
    """Let a reference find the orders that came through the hub, and those from before it."""
    for one in query.conditions:
        if one.column != _REFERENCE or one.operator not in {Operator.EQUAL, Operator.ONE_OF}:
            yield one
            continue
        ours = (reference_in_books(connection, str(value)) for value in one.values)
        yield Condition(one.column, Operator.ONE_OF, (*one.values, *ours))


async def _rows(hub: Hub, bearer: Bearer, query: TableQuery) -> list[TableRow]:
    """Read the rows, references as the client gave them."""
    if not query.limit:
        return []
    rows = await hub.lookups.table_rows(bearer.connection, query)
    named = [name for name in query.columns if name.lower() == _REFERENCE.lower()]
    for row in rows:
        for name in named:
            row.cells[name] = own_reference(bearer.connection, row.cells[name]) or row.cells[name]
    return rows
