"""The parts of SAP's JSON that we read; `fields_of` makes the $select that fetches just them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# SAP is inconsistent about null and "" even within one record (sap-service-layer.md 8).
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
Key = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]
Amount = Annotated[Decimal, BeforeValidator(lambda value: 0 if value is None else value)]
YesNo = Annotated[
    bool, BeforeValidator(lambda value: {"tYES": True, "tNO": False, None: False}.get(value, value))
]


class Wire(BaseModel):
    """A record as SAP sends it; names differ from ours only by an alias."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def fields_of(model: type[Wire]) -> tuple[str, ...]:
    """Return the properties to select, so that no read fetches more than is used."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


class WirePosted(Wire):
    """What identifies a document or payment."""

    entry: int = Field(alias="DocEntry")
    number: int = Field(alias="DocNum")


class WireDocument(WirePosted):
    """A document found by our reference. A cancelling mirror counts as cancelled, too."""

    reference: Text = Field(alias="NumAtCard")
    cancelled: YesNo = Field(alias="Cancelled")
    cancel_status: Text = Field(alias="CancelStatus")

    @property
    def stands(self) -> bool:
        """Whether the document is still in force."""
        return not self.cancelled and self.cancel_status in {"csNo", ""}


class WireDraft(WirePosted):
    """A document that an approval procedure took aside (9.9)."""

    reference: Text = Field(alias="NumAtCard")
    approval: Text = Field(alias="AuthorizationStatus")


class WireExpense(Wire):
    """Freight of a document, net of tax."""

    net: Amount = Field(alias="LineTotal")
    net_foreign: Amount = Field(alias="LineTotalFC", default=Decimal(0))


class WireDrawing(Wire):
    """What an invoice draws of a down payment; of a request (dptRequest) no tax was booked yet."""

    type: Text = Field(alias="DownPaymentType", default="")
    gross: Amount = Field(alias="GrossAmountToDraw", default=Decimal(0))
    gross_foreign: Amount = Field(alias="GrossAmountToDrawFC", default=Decimal(0))
    tax: Amount = Field(alias="Tax", default=Decimal(0))
    tax_foreign: Amount = Field(alias="TaxFC", default=Decimal(0))

    @property
    def is_taxed(self) -> bool:
        """Whether the down payment was an invoice, whose tax the drawing books back."""
        return self.type == "dptInvoice"


class WireSums(Wire):
    """What a document came to, in local and in document currency, as its head tells it."""

    currency: str = Field(alias="DocCurrency")
    total: Amount = Field(alias="DocTotal")
    total_foreign: Amount = Field(alias="DocTotalFc")
    tax: Amount = Field(alias="VatSum")
    tax_foreign: Amount = Field(alias="VatSumFc")
    drawings: Sequence[WireDrawing] = Field(alias="DownPaymentsToDraw", default=())

    def drawn(self, *, foreign: bool) -> Decimal:
        """Return what down payments took off the total."""
        return sum(((d.gross_foreign if foreign else d.gross) for d in self.drawings), Decimal(0))

    def drawn_tax(self, *, foreign: bool) -> Decimal:
        """Return what down payments took off the tax."""
        taxed = (d for d in self.drawings if d.is_taxed)
        return sum(((d.tax_foreign if foreign else d.tax) for d in taxed), Decimal(0))


class WireTotals(WireSums):
    """What a document came to, and what of it is freight."""

    expenses: Sequence[WireExpense] = Field(alias="DocumentAdditionalExpenses")


class WireBooked(WireDocument, WireTotals):
    """A document found by our reference, whose it is, and what it came to."""

    code: str = Field(alias="CardCode")


class WireRow(Wire):
    """A row of a document, as it stands; a quantity of a service row says nothing."""

    number: int = Field(alias="LineNum")
    item: Text = Field(alias="ItemCode", default="")
    description: Text = Field(alias="ItemDescription", default="")
    quantity: Amount = Field(alias="Quantity", default=Decimal(0))
    open_quantity: Amount = Field(alias="RemainingOpenQuantity", default=Decimal(0))
    status: Text = Field(alias="LineStatus", default="")
    net: Amount = Field(alias="LineTotal", default=Decimal(0))
    net_foreign: Amount = Field(alias="RowTotalFC", default=Decimal(0))
    tax: Amount = Field(alias="TaxTotal", default=Decimal(0))
    tax_rate: Amount = Field(alias="TaxPercentagePerRow", default=Decimal(0))
    tax_code: Text = Field(alias="TaxCode", default="")
    vat_group: Text = Field(alias="VatGroup", default="")
    warehouse: Text = Field(alias="WarehouseCode", default="")
    account: Text = Field(alias="AccountCode", default="")
    base_type: int | None = Field(alias="BaseType", default=None)
    base_entry: int | None = Field(alias="BaseEntry", default=None)
    base_row: int | None = Field(alias="BaseLine", default=None)
    unit: int | None = Field(alias="UoMEntry", default=None)
    unit_code: Text = Field(alias="UoMCode", default="")
    in_stock_unit: Amount = Field(alias="InventoryQuantity", default=Decimal(0))
    tree: Text = Field(alias="TreeType", default="")
    no_movement: YesNo = Field(alias="WithoutInventoryMovement", default=False)
    ship_on: date | None = Field(alias="ShipDate", default=None)


class WireStandingExpense(WireExpense):
    """Freight of a document with its tax."""

    number: int = Field(alias="LineNum")
    code: int = Field(alias="ExpenseCode")
    tax: Amount = Field(alias="TaxSum", default=Decimal(0))
    tax_foreign: Amount = Field(alias="TaxSumFC", default=Decimal(0))
    tax_rate: Amount = Field(alias="TaxPercent", default=Decimal(0))
    tax_code: Text = Field(alias="TaxCode", default="")
    vat_group: Text = Field(alias="VatGroup", default="")
    remarks: Text = Field(alias="Remarks", default="")


class WireStanding(WireBooked):
    """A document with its rows, as it stands."""

    posted_on: date = Field(alias="DocDate")
    status: Text = Field(alias="DocumentStatus")
    type: Text = Field(alias="DocType")
    price_mode: Text = Field(alias="PriceMode", default="")
    reserve: YesNo = Field(alias="ReserveInvoice", default=False)
    paid: Amount = Field(alias="PaidToDate")
    paid_foreign: Amount = Field(alias="PaidToDateFC")
    rounding: Amount = Field(alias="RoundingDiffAmount")
    rounding_foreign: Amount = Field(alias="RoundingDiffAmountFC")
    rows: list[WireRow] = Field(alias="DocumentLines")
    expenses: Sequence[WireStandingExpense] = Field(alias="DocumentAdditionalExpenses")


class WireMovedRow(Wire):
    """What a row moves, in its own unit and in the one that stock counts in."""

    number: int = Field(alias="LineNum")
    item: Text = Field(alias="ItemCode", default="")
    quantity: Amount = Field(alias="Quantity", default=Decimal(0))
    in_stock_unit: Amount = Field(alias="InventoryQuantity", default=Decimal(0))
    unit: int | None = Field(alias="UoMEntry", default=None)
    open_quantity: Amount = Field(alias="RemainingOpenQuantity", default=Decimal(0))
    ship_on: date | None = Field(alias="ShipDate", default=None)
    tree: Text = Field(alias="TreeType", default="")
    parent: int | None = Field(alias="ParentLineNum", default=None)
    base_type: int | None = Field(alias="BaseType", default=None)
    base_entry: int | None = Field(alias="BaseEntry", default=None)
    base_row: int | None = Field(alias="BaseLine", default=None)


class WireRowsOfBase(Wire):
    """What a delivery was drawn from."""

    reference: Text = Field(alias="NumAtCard")
    rows: list[WireMovedRow] = Field(alias="DocumentLines")


class WireDelivery(WireDocument):
    """A delivery with its rows; its carrier is a number of the list of shipping types."""

    carrier: int | None = Field(alias="TransportationCode")
    rows: list[WireMovedRow] = Field(alias="DocumentLines")


class WirePayment(WirePosted):
    """An incoming payment found by our reference."""

    remarks: Text = Field(alias="Remarks")
    cancelled: YesNo = Field(alias="Cancelled")


class WirePartner(Wire):
    """A business partner."""

    code: str = Field(alias="CardCode")
    name: Text = Field(alias="CardName")
    type: str = Field(alias="CardType")
    email: Text = Field(alias="EmailAddress")
    phone: Text = Field(alias="Phone1")
    phone_2: Text = Field(alias="Phone2", default="")
    mobile: Text = Field(alias="Cellular", default="")
    tax_id: Text = Field(alias="FederalTaxID", default="")
    country: Text = Field(alias="Country", default="")
    balance: Amount = Field(alias="CurrentAccountBalance", default=Decimal(0))
    currency: Text = Field(alias="Currency")
    price_list: int | None = Field(alias="PriceListNum")
    frozen: YesNo = Field(alias="Frozen")


class WireCardAddress(Wire):
    """An address on a business partner's card."""

    name: Text = Field(alias="AddressName")
    type: Text = Field(alias="AddressType")
    name_2: Text = Field(alias="AddressName2", default="")
    name_3: Text = Field(alias="AddressName3", default="")
    street: Text = Field(alias="Street", default="")
    number: Text = Field(alias="StreetNo", default="")
    block: Text = Field(alias="Block", default="")
    building: Text = Field(alias="BuildingFloorRoom", default="")
    city: Text = Field(alias="City", default="")
    zip_code: Text = Field(alias="ZipCode", default="")
    state: Text = Field(alias="State", default="")
    country: Text = Field(alias="Country", default="")


class WireCard(Wire):
    """A business partner's addresses."""

    addresses: list[WireCardAddress] = Field(alias="BPAddresses")


class WireItem(Wire):
    """An item master record."""

    code: str = Field(alias="ItemCode")
    name: Text = Field(alias="ItemName")
    sales_item: YesNo = Field(alias="SalesItem")
    inventory_item: YesNo = Field(alias="InventoryItem")
    frozen: YesNo = Field(alias="Frozen")
    batch_managed: YesNo = Field(alias="ManageBatchNumbers")
    serial_managed: YesNo = Field(alias="ManageSerialNumbers")
    default_warehouse: Text = Field(alias="DefaultWarehouse")
    tree: Text = Field(alias="TreeType", default="")


class WireStock(Wire):
    """A row of our stock query; the names are those of SAP's columns."""

    item: str = Field(alias="ItemCode")
    warehouse: str = Field(alias="WhsCode")
    on_hand: Amount = Field(alias="OnHand")
    committed: Amount = Field(alias="IsCommited")
    ordered: Amount = Field(alias="OnOrder")
    group: Key = Field(alias="ItmsGrpCod", default="")


class WireShelf(Wire):
    """What an item has in one warehouse."""

    warehouse: str = Field(alias="WarehouseCode")
    on_hand: Amount = Field(alias="InStock")
    committed: Amount = Field(alias="Committed")
    ordered: Amount = Field(alias="Ordered")


class WireItemStock(Wire):
    """An item with nothing but its stock."""

    code: str = Field(alias="ItemCode")
    group: Key = Field(alias="ItemsGroupCode", default="")
    shelves: tuple[WireShelf, ...] = Field(alias="ItemWarehouseInfoCollection")


class WireAdminInfo(Wire):
    """How the company counts; property names from memory, a guess until one is recorded."""

    local_currency: Text = Field(alias="LocalCurrency", default="")
    amount_decimals: int | None = Field(alias="TotalsAccuracy", default=None)
    price_decimals: int | None = Field(alias="PriceAccuracy", default=None)


Row = dict[str, Any]
