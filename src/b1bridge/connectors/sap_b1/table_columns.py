"""Columns of ORDR, ODLN and DLN1, the Service Layer's properties for them, and cells as text.

Which property is which column: sap-service-layer.md 13 and 14. Some names are from memory of the
database alone (guess: JrnlMemo, GroupNum, PeyMethod, Dscription, VatPrcnt and their like); a
company's own reading of these columns through SQL would show a wrong one at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from b1bridge.domain.table_rows import CellValue, ColumnKind, Table

_STATUS = {"bost_Open": "O", "bost_Close": "C", "bost_Paid": "P", "bost_Delivered": "D"}
_CANCELLED = {"csNo": "N", "csYes": "Y", "csCancellation": "C"}
_TYPE = {"dDocument_Items": "I", "dDocument_Service": "S"}
_YES_NO = {"tNO": "N", "tYES": "Y"}
_SIX_DECIMALS = Decimal("0.000001")  # numeric(19,6), as the older product printed it


@dataclass(frozen=True, slots=True)
class Column:
    """A property, what stands in it, and the letters that the table keeps for enum members."""

    property: str
    kind: ColumnKind = ColumnKind.TEXT
    letters: Mapping[str, str] = field(default_factory=dict)

    def cell(self, value: Any) -> str:
        """Write a value as the table's cell would read."""
        if value is None:
            return ""
        if self.kind is ColumnKind.DAY:
            return f"{str(value)[:10]} 00:00:00"
        if self.kind is ColumnKind.AMOUNT:
            return f"{Decimal(value).quantize(_SIX_DECIMALS):f}"
        return self.letters.get(str(value), str(value))

    def stored(self, value: CellValue) -> CellValue:
        """Return what a condition compares with: an enum's member for its letter."""
        members = {letter: member for member, letter in self.letters.items()}
        return members.get(value, value) if isinstance(value, str) else value


def _texts(names: str) -> dict[str, Column]:
    return _columns(names, ColumnKind.TEXT)


def _columns(names: str, kind: ColumnKind) -> dict[str, Column]:
    """Read `COLUMN:Property` pairs; one name alone is both."""
    pairs = (name.partition(":") for name in names.split())
    return {column: Column(other or column, kind) for column, _, other in pairs}


_HEADER = {
    **_columns("DocEntry DocNum", ColumnKind.WHOLE),
    "DocType": Column("DocType", letters=_TYPE),
    "CANCELED": Column("CancelStatus", letters=_CANCELLED),
    "DocStatus": Column("DocumentStatus", letters=_STATUS),
    **_columns("DocDate DocDueDate TaxDate", ColumnKind.DAY),
    **_texts("CardCode CardName NumAtCard Address Address2"),
    **_texts("DocCur:DocCurrency"),
    **_columns(
        "DocTotal DocTotalFC:DocTotalFc VatSum DiscPrcnt:DiscountPercent "
        "DiscSum:TotalDiscount DocRate PaidToDate",
        ColumnKind.AMOUNT,
    ),
    **_texts("Comments JrnlMemo:JournalMemo PeyMethod:PaymentMethod TrackNo:TrackingNumber"),
    **_texts("ShipToCode PayToCode LicTradNum:FederalTaxID"),
    **_columns(
        "GroupNum:PaymentGroupCode SlpCode:SalesPersonCode TrnspCode:TransportationCode "
        "CntctCode:ContactPersonCode Series",
        ColumnKind.WHOLE,
    ),
    **_columns("CreateDate:CreationDate UpdateDate", ColumnKind.DAY),
    "Confirmed": Column("Confirmed", letters=_YES_NO),
}

BASE_NUMBER = "BaseDocNum"
"""The number of the document a row was drawn from: the Service Layer tells its entry only (13)."""

_LINES = {
    **_columns("DocEntry LineNum VisOrder:VisualOrder", ColumnKind.WHOLE),
    **_texts("ItemCode Dscription:ItemDescription"),
    **_columns("Quantity OpenQty:RemainingOpenQuantity", ColumnKind.AMOUNT),
    **_columns("ShipDate", ColumnKind.DAY),
    **_columns(
        "Price PriceBefDi:UnitPrice PriceAfVAT:PriceAfterVAT LineTotal VatSum:TaxTotal "
        "GTotal:GrossTotal VatPrcnt:TaxPercentagePerRow DiscPrcnt:DiscountPercent",
        ColumnKind.AMOUNT,
    ),
    **_texts("Currency WhsCode:WarehouseCode TaxCode VatGroup unitMsr:MeasureUnit"),
    **_texts("CodeBars:BarCode FreeTxt:FreeText SubCatNum:SupplierCatNum"),
    **_columns("BaseType BaseEntry BaseLine", ColumnKind.WHOLE),
    BASE_NUMBER: Column(BASE_NUMBER, ColumnKind.WHOLE),
    "LineStatus": Column("LineStatus", letters=_STATUS),
}

COLUMNS: Mapping[Table, Mapping[str, Column]] = {
    Table.ORDERS: _HEADER,
    Table.SHIPMENTS: _HEADER,
    Table.SHIPMENT_LINES: _LINES,
}
_BY_LOWER_NAME = {
    table: {name.lower(): column for name, column in columns.items()}
    for table, columns in COLUMNS.items()
}


def column_of(table: Table, name: str) -> Column:
    """Return a column in whatever case it is asked for; one nobody knows is user-defined."""
    return _BY_LOWER_NAME[table].get(name.lower(), Column(name))
