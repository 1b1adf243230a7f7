"""SQL kept in SAP and run by name: found, made where missing, paged, and done without.

A query's code carries a hash of its text, so a new text never meets an old definition. Facts:
sap-service-layer.md 4.3.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import Value, encoded, key, literal, startswith
from b1bridge.connectors.sap_b1.client.pages import pages
from b1bridge.connectors.sap_b1.client.refusals import ALREADY_THERE, NOT_FOUND
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.errors import BridgeError, ConnectionBroken, ContractBroken, Rejected

SET = "SQLQueries"
# -6006: not granted; 702 and 703: a table or column that the installation keeps back.
_KEPT_BACK = frozenset({"702", "703"})
Windows = AsyncIterator[list[dict[str, Any]]]
_NO_VALUES: Mapping[str, Value] = {}


@dataclass(frozen=True, slots=True)
class SqlQuery:
    """One SELECT with `:name` parameters; `family` begins the codes of all its versions."""

    family: str
    text: str

    @property
    def code(self) -> str:
        """The SqlCode, which changes with the text."""
        return f"{self.family}_{sha256(self.text.encode()).hexdigest()[:8]}"

    def path(self, values: Mapping[str, Value] = _NO_VALUES) -> str:
        """Address its List with the parameters escaped; ValueError for what cannot be said."""
        given = "&".join(f"{name}={encoded(literal(value))}" for name, value in values.items())
        return f"{key(SET, self.code)}/List" + (f"?{given}" if given else "")


async def sql_pages(
    service: ServiceLayer,
    query: SqlQuery,
    values: Mapping[str, Value] = _NO_VALUES,
    *,
    size: int = 5000,
    max_pages: int | None = None,
) -> Windows:
    """Yield the rows page by page, keeping the query in SAP first where it is missing.

    Pages shift when rows come or go meanwhile: for big reads let the text itself take a window
    (`WHERE T0.ItemCode > :after ORDER BY T0.ItemCode`).
    """
    path = query.path(values)
    try:
        async for rows in pages(service, path, size=size, max_pages=max_pages):
            yield rows
    except Rejected as exc:
        if exc.code != NOT_FOUND:
            raise
    else:
        return
    await keep(service, query)
    async for rows in pages(service, path, size=size, max_pages=max_pages):
        yield rows


async def keep(service: ServiceLayer, query: SqlQuery) -> None:
    """Keep the query in SAP; another process may have done so a moment ago."""
    fields = {"SqlCode": query.code, "SqlName": query.family, "SqlText": query.text}
    try:
        await service.post(SET, fields)
    except Rejected as exc:
        if exc.code != ALREADY_THERE:
            raise


async def drop_others(service: ServiceLayer, query: SqlQuery) -> list[str]:
    """Delete the older versions of a query; return their codes."""
    queries = Entities(service, SET)
    where = startswith("SqlCode", f"{query.family}_")
    kept = [
        str(row["SqlCode"])
        async for rows in windows(service, SET, key="SqlCode", select=["SqlCode"], where=where)
        for row in rows
    ]
    old = [code for code in kept if code != query.code]
    for code in old:
        await queries.delete(code)
    return old


@dataclass(frozen=True, slots=True)
class TwoWays:
    """A question with both its answers: by SQL, and by reading entities where SQL may not run.

    The rows of both should have the same names. `entities` is started once, and only if needed.
    """

    query: SqlQuery
    entities: Windows
    values: Mapping[str, Value] = field(default_factory=dict)


async def rows_either_way(service: ServiceLayer, asked: TwoWays, *, size: int = 5000) -> Windows:
    """Yield the rows by SQL, or from the entities when this user or installation forbids SQL."""
    has_begun = False
    try:
        async for rows in sql_pages(service, asked.query, asked.values, size=size):
            has_begun = True
            yield rows
    except (ConnectionBroken, ContractBroken) as exc:
        if has_begun or not is_forbidden(exc):
            raise
    else:
        return
    async for rows in asked.entities:
        yield rows


def is_forbidden(error: BridgeError) -> bool:
    """Tell whether SQL may not run here; what else is broken shows again on the other way."""
    return isinstance(error, ConnectionBroken) or error.code in _KEPT_BACK
