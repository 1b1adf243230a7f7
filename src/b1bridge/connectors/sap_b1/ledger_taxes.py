"""What the documents of a list hold under each tax code, added up by SAP.

A row of a document is some 5 kB of JSON, and no $select makes it less; a month of a busy shop
would be hundreds of megabytes. Where SQL may not run, the rows are read all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from b1bridge.connectors.sap_b1.client.odata import Filter, and_, ge, le
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, TwoWays, rows_either_way
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.ledger_wire import WireTaxed
from b1bridge.connectors.sap_b1.wire import Row
from b1bridge.connectors.sap_b1.words import ENTITY_SETS
from b1bridge.domain.documents import DocumentKind
from b1bridge.sdk.reading import read_all

_AT_ONCE = 100
"""Documents in one question: their keys stay well below what any server takes as a URL."""
_TABLES = {
    DocumentKind.SALES_ORDER: "RDR",
    DocumentKind.DELIVERY: "DLN",
    DocumentKind.RETURN: "RDN",
    DocumentKind.INVOICE: "INV",
    DocumentKind.CREDIT_MEMO: "RIN",
    DocumentKind.DOWN_PAYMENT: "DPI",
}
_TAXED = TypeAdapter(list[WireTaxed])


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows or freight: where SAP keeps them, and what each figure is called there and in JSON."""

    name: str
    table: str
    collection: str
    told: Mapping[str, tuple[str, str]]
    summed: Mapping[str, tuple[str, str]]

    def query(self, kind: DocumentKind) -> SqlQuery:
        """Write the query for one kind of document; the keys are parameters."""
        told = [column for column, _ in self.told.values()]
        groups = ", ".join(["T1.DocEntry", *(f"T1.{column}" for column in told)])
        shown = [f"T1.{column} AS {name}" for name, (column, _) in self.told.items()]
        shown += [f"SUM(T1.{column}) AS {name}" for name, (column, _) in self.summed.items()]
        text = (
            f"SELECT T1.DocEntry, {', '.join(shown)} FROM {_TABLES[kind]}{self.table} T1 "  # noqa: S608 - names of our own
            f"WHERE T1.DocEntry IN ({', '.join(f':e{n}' for n in range(_AT_ONCE))}) "
            f"GROUP BY {groups} ORDER BY {groups}"
        )
        return SqlQuery(f"b1b_{self.name}_{_TABLES[kind].lower()}", text)

    def named(self, entry: int, row: Row) -> Row:
        """Call the figures of a row of JSON what the query calls them."""
        names = {**self.told, **self.summed}
        return {"DocEntry": entry} | {name: row.get(told) for name, (_, told) in names.items()}


_CODES = {"VatGroup": ("VatGroup", "VatGroup"), "TaxCode": ("TaxCode", "TaxCode")}
# Columns: SAP's SDK help, INV1 and INV3; the other kinds' tables have the same.
_PARTS = (
    _Part(
        name="taxes",
        table="1",
        collection="DocumentLines",
        told=_CODES
        | {"TaxRate": ("VatPrcnt", "TaxPercentagePerRow"), "BaseType": ("BaseType", "BaseType")},
        summed={
            "Net": ("LineTotal", "LineTotal"),
            "NetFC": ("TotalFrgn", "RowTotalFC"),
            "Tax": ("VatSum", "TaxTotal"),
        },
    ),
    _Part(
        name="freight",
        table="3",
        collection="DocumentAdditionalExpenses",
        told=_CODES | {"TaxRate": ("VatPrcnt", "TaxPercent")},
        summed={
            "Net": ("LineTotal", "LineTotal"),
            "NetFC": ("TotalFrgn", "LineTotalFC"),
            "Tax": ("VatSum", "TaxSum"),
            "TaxFC": ("VatSumFrgn", "TaxSumFC"),
        },
    ),
)


async def taxed_by_entry(
    service: ServiceLayer, kind: DocumentKind, entries: Sequence[int], where: Filter
) -> Mapping[int, Sequence[WireTaxed]]:
    """Return rows and freight of documents, by document, whoever adds them up.

    `entries` are in ascending order, and all that `where` finds between its first and last.
    """
    found: dict[int, list[WireTaxed]] = defaultdict(list)
    for at in range(0, len(entries), _AT_ONCE):
        some = entries[at : at + _AT_ONCE]
        for part in _PARTS:
            asked = TwoWays(
                part.query(kind), _by_rows(service, kind, part, some, where), _keys(some)
            )
            async for rows in rows_either_way(service, asked):
                for one in read_all(_TAXED, rows, system=SYSTEM, record=f"{part.name} of {kind}s"):
                    found[one.entry].append(one)
    return found


def _keys(entries: Sequence[int]) -> dict[str, int]:
    """Give every parameter a key; the last one stands in for those that are missing."""
    last = len(entries) - 1
    return {f"e{n}": entries[min(n, last)] for n in range(_AT_ONCE)}


async def _by_rows(
    service: ServiceLayer, kind: DocumentKind, part: _Part, entries: Sequence[int], where: Filter
) -> AsyncIterator[list[Row]]:
    async for documents in windows(
        service,
        ENTITY_SETS[kind],
        key="DocEntry",
        select=[part.collection],
        where=and_(where, ge("DocEntry", entries[0]), le("DocEntry", entries[-1])),
        size=_AT_ONCE,
    ):
        yield [
            part.named(document["DocEntry"], row)
            for document in documents
            for row in document[part.collection]
        ]
