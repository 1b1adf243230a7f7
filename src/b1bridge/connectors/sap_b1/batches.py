"""What lies in each batch, through one SQL query kept in SAP.

No set of the Service Layer tells the quantity of a batch: BatchNumberDetails has its dates alone.
SAP's SQLQueries may read OBTN and OBTQ (sap-service-layer.md 4.3 and 7).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, is_forbidden, sql_pages
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Wire
from b1bridge.domain.batches import Batch
from b1bridge.errors import ConnectionBroken, ContractBroken, NeedsOperator
from b1bridge.sdk.reading import read_all

# Status 0 is released; the others may not leave (guess: the letters of OBTN's column).
_QUERY = SqlQuery(
    "b1b_batches",
    "SELECT T0.ItemCode, T0.DistNumber, T0.ExpDate, T1.WhsCode, T1.Quantity, T1.CommitQty "
    "FROM OBTN T0 INNER JOIN OBTQ T1 ON T1.ItemCode = T0.ItemCode AND T1.SysNumber = T0.SysNumber "
    "WHERE T0.ItemCode = :item AND T0.Status = '0' AND T1.Quantity > 0 "
    "ORDER BY T0.ExpDate, T0.DistNumber, T1.WhsCode",
)


def _day(value: object) -> object:
    """Read a date as SQLQueries write it, with or without a time, or with no marks at all."""
    text = str(value or "").partition("T")[0].partition(" ")[0]
    return date.fromisoformat(text) if text else None


class WireBatch(Wire):
    """A row of the query; the names are those of SAP's columns."""

    item: str = Field(alias="ItemCode")
    number: str = Field(alias="DistNumber")
    expires: Annotated[date | None, BeforeValidator(_day)] = Field(alias="ExpDate", default=None)
    warehouse: str = Field(alias="WhsCode")
    quantity: Amount = Field(alias="Quantity")
    committed: Amount = Field(alias="CommitQty")


_ROWS = TypeAdapter(list[WireBatch])


class SapBatches(Account):
    """The Batches capability."""

    async def batches(self, items: Collection[str]) -> tuple[Batch, ...]:
        """Read what is released and not promised; NeedsOperator where SQL may not run."""
        found: list[Batch] = []
        for item in sorted(items):
            found.extend(await self._of(item))
        return tuple(found)

    async def _of(self, item: str) -> list[Batch]:
        found: list[Batch] = []
        try:
            async for rows in sql_pages(self._service, _QUERY, {"item": item}):
                wires = read_all(_ROWS, rows, system=SYSTEM, record=f"batches of {item}")
                found.extend(_batch(wire) for wire in wires)
        except (ConnectionBroken, ContractBroken) as exc:
            if not is_forbidden(exc):
                raise
            raise _unreadable(item) from exc
        return found


def _batch(wire: WireBatch) -> Batch:
    free = wire.quantity - wire.committed
    return Batch(wire.item, wire.number, wire.warehouse, wire.expires, free)


def _unreadable(item: str) -> NeedsOperator:
    return NeedsOperator(
        f"{SYSTEM} does not let this user read what lies in the batches of {item}",
        system=SYSTEM,
        reason="BATCH_NEEDED",
        fix="grant the SQL query b1b_batches to the user in SAP, or post reserve invoices",
    )
