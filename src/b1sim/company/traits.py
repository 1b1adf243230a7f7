"""What the names-and-types file does not say: tables, rows, limits and what nobody may write."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shelf:
    """Where the rows of a collection lie and how they hang on their parent."""

    table: str
    row_key: str
    link: tuple[tuple[str, str], ...]
    fixed: tuple[tuple[str, int], ...] = ()


TABLES = {
    "BusinessPartners": "OCRD",
    "BusinessPartnerGroups": "OCRG",
    "Items": "OITM",
    "ItemGroups": "OITB",
    "Warehouses": "OWHS",
    "PriceLists": "OPLN",
    "VatGroups": "OVTG",
    "SalesTaxCodes": "OSTC",
    "AdditionalExpenses": "OEXD",
    "Currencies": "OCRN",
    "ChartOfAccounts": "OACT",
    "CreditCards": "OCRC",
    "PaymentTermsTypes": "OCTG",
    "Orders": "ORDR",
    "Invoices": "OINV",
    "DeliveryNotes": "ODLN",
    "Drafts": "ODRF",
    "IncomingPayments": "ORCT",
    "JournalEntries": "OJDT",
    "SQLQueries": "OSQL",
}
DOCUMENT_TYPES = {"Orders": 17, "Invoices": 13, "DeliveryNotes": 15, "Drafts": 112}
_ROWS = {"Orders": "RDR", "Invoices": "INV", "DeliveryNotes": "DLN", "Drafts": "DRF"}


def shelves(entity_set: str) -> dict[str, Shelf]:
    """Name the collections that b1sim keeps for one set."""
    if entity_set in DOCUMENT_TYPES:
        rows, link = _ROWS[entity_set], (("DocEntry", "DocEntry"),)
        return {
            "DocumentLines": Shelf(f"{rows}1", "LineNum", link),
            "DocumentAdditionalExpenses": Shelf(f"{rows}3", "LineNum", link),
        }
    return _OTHER.get(entity_set, {})


def inner_shelves(entity_set: str, collection: str) -> dict[str, Shelf]:
    """Name the collections inside the rows of a collection: batches and serials of a line."""
    if collection != "DocumentLines":
        return {}
    link = (("BaseEntry", "DocEntry"), ("BaseLinNum", "LineNum"))
    fixed = (("BaseType", DOCUMENT_TYPES[entity_set]),)
    return {
        "BatchNumbers": Shelf("IBT1", "BatchNumber", link, fixed),
        "SerialNumbers": Shelf("SRI1", "InternalSerialNumber", link, fixed),
    }


_OTHER = {
    "Items": {
        "ItemPrices": Shelf("ITM1", "PriceList", (("ItemCode", "ItemCode"),)),
        "ItemWarehouseInfoCollection": Shelf("OITW", "WarehouseCode", (("ItemCode", "ItemCode"),)),
    },
    "BusinessPartners": {
        "BPAddresses": Shelf("CRD1", "RowNum", (("CardCode", "CardCode"),)),
        "ContactEmployees": Shelf("OCPR", "InternalCode", (("CardCode", "CardCode"),)),
    },
    # SAP names the column that points from a payment's rows to its DocEntry "DocNum".
    "IncomingPayments": {
        "PaymentInvoices": Shelf("RCT2", "LineNum", (("DocNum", "DocEntry"),)),
        "PaymentCreditCards": Shelf("RCT3", "LineNum", (("DocNum", "DocEntry"),)),
    },
    "JournalEntries": {"JournalEntryLines": Shelf("JDT1", "Line_ID", (("TransId", "TransId"),))},
    "VatGroups": {"VatGroups_Lines": Shelf("VTG1", "Effectivefrom", (("Code", "Code"),))},
    "SalesTaxCodes": {"SalesTaxCodes_Lines": Shelf("STC1", "RowNumber", (("STCCode", "Code"),))},
}

# What each set can do here; SAP offers more (Reopen, approvals of a cancellation).
ACTIONS = {
    "Orders": ("Cancel", "Close"),
    "Invoices": ("Cancel", "CreateCancellationDocument"),
    "DeliveryNotes": ("Cancel", "Close", "CreateCancellationDocument"),
    "IncomingPayments": ("Cancel", "CancelbyCurrentSystemDate"),
    "JournalEntries": ("Cancel",),
}

_STAMPS = "CreateDate CreateTime UpdateDate UpdateTime DataVersion"
READ_ONLY: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "Document": """DocEntry CreationDate DocTime UpdateDate UpdateTime DataVersion
            DocumentStatus Cancelled CancelStatus CancelDate TransNum VatSum VatSumFc VatSumSys
            DocTotalFc DocTotalSys PaidToDate PaidToDateFC PaidToDateSys
            AuthorizationStatus InventoryStatus UserSign TotalDiscount TotalDiscountFC
            TotalDiscountSC""",
        "DocumentLine": """DocEntry LineStatus RemainingOpenQuantity RemainingOpenInventoryQuantity
            OpenAmount TaxPercentagePerRow RowTotalSC VisualOrder StockInmPrice InventoryQuantity
            GrossTotalFC UnitsOfMeasurment""",
        "DocumentAdditionalExpense": """TaxPercent TaxSum TaxSumFC Status LineTotalFC LineGrossFC
            LineNum""",
        "Item": f"""{_STAMPS} QuantityOnStock QuantityOrderedByCustomers
            QuantityOrderedFromVendors AvgStdPrice""",
        "ItemWarehouseInfo": "InStock Committed Ordered StandardAveragePrice ItemCode",
        "BusinessPartner": f"""{_STAMPS} CurrentAccountBalance OpenDeliveryNotesBalance
            OpenOrdersBalance""",
        "BPAddress": "BPCode CreateDate CreateTime",
        "ContactEmployee": "CardCode CreateDate CreateTime UpdateDate UpdateTime",
        "Payment": "DocEntry Cancelled AuthorizationStatus DocTypte",
        "JournalEntry": "JdtNum Number OriginalJournal Original",
        "ChartOfAccount": "Balance AccountLevel",
        "AdditionalExpense": "DataVersion",
        "SQLQuery": "CreateDate UpdateDate",
    }.items()
}

# The first five are recorded (sap-service-layer.md 5); the metadata names no lengths at all, so
# the others are the widths of the database columns as far as we know them: a guess each.
MAX_LENGTHS: dict[str, dict[str, int]] = {
    "Document": {"NumAtCard": 100, "Comments": 254, "CardCode": 15, "CardName": 100}
    | {"JournalMemo": 50, "Reference1": 11, "Reference2": 11, "TrackingNumber": 30}
    | {"Address": 254, "Address2": 254, "ShipToCode": 50, "PayToCode": 50},
    "BusinessPartner": {"CardCode": 15, "CardName": 100, "CardForeignName": 100}
    | {"Phone1": 20, "Phone2": 20, "Cellular": 50, "EmailAddress": 100, "FederalTaxID": 32}
    | {"Website": 100, "Notes": 100, "AliasName": 50},
    "ContactEmployee": {"Title": 10, "Name": 50, "FirstName": 50, "LastName": 50}
    | {"MiddleName": 50, "Phone1": 20, "Phone2": 20, "MobilePhone": 50, "E_Mail": 100}
    | {"Position": 90, "Address": 100},
    "BPAddress": {"AddressName": 50, "Street": 100, "StreetNo": 100, "Block": 100, "City": 100}
    | {"ZipCode": 20, "County": 100, "State": 3, "Country": 3, "AddressName2": 50}
    | {"AddressName3": 50},
    "AddressExtension": {"ShipToStreet": 100, "ShipToStreetNo": 100, "ShipToBlock": 100}
    | {"ShipToCity": 100, "ShipToZipCode": 20, "ShipToCounty": 100, "ShipToState": 3}
    | {"ShipToCountry": 3, "ShipToAddress2": 50, "ShipToAddress3": 50, "BillToStreet": 100}
    | {"BillToStreetNo": 100, "BillToBlock": 100, "BillToCity": 100, "BillToZipCode": 20}
    | {"BillToCounty": 100, "BillToState": 3, "BillToCountry": 3, "BillToAddress2": 50}
    | {"BillToAddress3": 50},
    "Item": {"ItemCode": 50, "ItemName": 200, "ForeignName": 200, "BarCode": 254},
    "DocumentLine": {"ItemCode": 50, "ItemDescription": 200, "FreeText": 100, "TaxCode": 8}
    | {"VatGroup": 8, "WarehouseCode": 8, "CostingCode": 8, "CostingCode2": 8, "CostingCode3": 8},
    "Payment": {"Remarks": 254, "JournalRemarks": 50, "CounterReference": 8, "CardCode": 15}
    | {"TransferReference": 27, "Reference2": 11},
    "JournalEntry": {"Memo": 50, "Reference": 100, "Reference2": 100, "Reference3": 27},
    "JournalEntryLine": {"LineMemo": 50, "CostingCode": 8, "Reference1": 100, "Reference2": 100},
    "BatchNumber": {"BatchNumber": 36},
    "SerialNumber": {"InternalSerialNumber": 36, "ManufacturerSerialNumber": 36},
    "Warehouse": {"WarehouseCode": 8, "WarehouseName": 100},
    "SQLQuery": {"SqlCode": 50, "SqlName": 100},
}
