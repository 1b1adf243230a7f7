"""Which deliveries were drawn from some documents, as nothing but their rows tell.

OData cannot filter headers by what their rows hold, so a stored SQL query looks in DLN1, which is
on SAP's list of what may be read (sap-service-layer.md 4.2 and 4.3). Where SQL may not run, the
deliveries of the same customers are read that were made since, and their rows looked at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import (
    Filter,
    Value,
    alternatives,
    and_,
    any_of,
    eq,
    ge,
    or_,
    startswith,
)
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, TwoWays, rows_either_way
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Row, Text, Wire, WirePosted, fields_of
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, OBJECT_TYPES
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.standing import REVISION
from b1bridge.sdk.reading import read, read_all

DELIVERIES = ENTITY_SETS[DocumentKind.DELIVERY]
BASES = (DocumentKind.SALES_ORDER, DocumentKind.INVOICE)
"""What a delivery is drawn from; the invoices are reserve invoices (9.2)."""
_AT_ONCE = 50
_NOBODY = -1
_TEXT = (
    "SELECT T0.DocEntry FROM DLN1 T0 WHERE T0.BaseType = :kind AND T0.BaseEntry IN ({entries}) "
    "GROUP BY T0.DocEntry ORDER BY T0.DocEntry"
)
_SQL = SqlQuery(
    "b1b_deliveries_of", _TEXT.format(entries=", ".join(f":e{n}" for n in range(_AT_ONCE)))
)


class WireBase(WirePosted):
    """A document that carries a reference of ours."""

    reference: Text = Field(alias="NumAtCard")
    customer: Text = Field(alias="CardCode")
    made_on: date | None = Field(alias="CreationDate", default=None)


class WireEntry(Wire):
    """A delivery's key."""

    entry: int = Field(alias="DocEntry")


class WireBaseOfRow(Wire):
    """From which document a row was drawn."""

    kind: int | None = Field(alias="BaseType", default=None)
    entry: int | None = Field(alias="BaseEntry", default=None)


class WireDrawn(WireEntry):
    """A delivery with nothing but where its rows come from."""

    rows: Sequence[WireBaseOfRow] = Field(alias="DocumentLines")


_KEYS = TypeAdapter(list[WireEntry])


@dataclass(frozen=True, slots=True)
class _Documents:
    """Documents of one kind, few enough for one query."""

    kind: int
    entries: tuple[int, ...]
    customers: frozenset[str]
    since: date | None

    def values(self) -> Mapping[str, Value]:
        """Fill every parameter, so that one text serves any number of documents."""
        padded = (*self.entries, *[_NOBODY] * (_AT_ONCE - len(self.entries)))
        return {"kind": self.kind} | {f"e{n}": entry for n, entry in enumerate(padded)}


class DrawnDeliveries(Account):
    """Finds deliveries by the orders they were made for."""

    async def deliveries_for(self, references: Iterable[str]) -> list[int]:
        """Return the keys of the deliveries that carry a reference, or were drawn from what does.

        References are those of documents as first posted; their later revisions count too.
        """
        references = sorted(references)
        found = {one.entry async for one in self.headers(DELIVERIES, map(_carries, references))}
        for kind in BASES:
            bases = [
                one async for one in self.headers(ENTITY_SETS[kind], map(_carries, references))
            ]
            for some in _in_portions(int(OBJECT_TYPES[kind]), bases):
                found |= {entry async for entry in self._drawn_from(some)}
        return sorted(found)

    async def headers(self, entity_set: str, wheres: Iterable[Filter]) -> AsyncIterator[WireBase]:
        """Yield the documents that meet any of these conditions."""
        for where in alternatives(wheres):
            async for rows in windows(
                self._service,
                entity_set,
                key="DocEntry",
                select=fields_of(WireBase),
                where=where,
            ):
                for row in rows:
                    yield read(WireBase, row, system=SYSTEM, record=entity_set)

    async def _drawn_from(self, bases: _Documents) -> AsyncIterator[int]:
        asked = TwoWays(_SQL, self._by_rows(bases), bases.values())
        async for rows in rows_either_way(self._service, asked):
            for one in read_all(_KEYS, rows, system=SYSTEM, record="deliveries of orders"):
                yield one.entry

    async def _by_rows(self, bases: _Documents) -> AsyncIterator[list[Row]]:
        """Read what the customers got since the first of the documents was made."""
        for theirs in any_of("CardCode", sorted(bases.customers)):
            where = and_(theirs, ge("CreationDate", bases.since)) if bases.since else theirs
            async for rows in windows(
                self._service,
                DELIVERIES,
                key="DocEntry",
                select=fields_of(WireDrawn),
                where=where,
                size=100,
            ):
                yield [row for row in rows if _is_drawn(row, bases)]


def _carries(reference: str) -> Filter:
    """Match a reference, and that of any later change: 812 and 812+1."""
    return or_(eq("NumAtCard", reference), startswith("NumAtCard", f"{reference}{REVISION}"))


def _in_portions(kind: int, bases: Sequence[WireBase]) -> Iterator[_Documents]:
    for start in range(0, len(bases), _AT_ONCE):
        some = bases[start : start + _AT_ONCE]
        days = [one.made_on for one in some]
        yield _Documents(
            kind,
            tuple(one.entry for one in some),
            frozenset(one.customer for one in some),
            min((day for day in days if day), default=None) if all(days) else None,
        )


def _is_drawn(row: Row, bases: _Documents) -> bool:
    wire = read(WireDrawn, row, system=SYSTEM, record=f"delivery {row.get('DocEntry')}")
    return any(one.kind == bases.kind and one.entry in bases.entries for one in wire.rows)
