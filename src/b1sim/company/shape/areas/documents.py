"""Marketing documents: headers, rows and freight."""

from b1sim.company.shape.area import Area, Shelf

HEADER = """
DocEntry DocNum DocType HandWritten:Handwrtten Printed DocDate DocDueDate CardCode CardName Address
NumAtCard DocTotal AttachmentEntry:AtcEntry DocCurrency:DocCur DocRate Reference1:Ref1
Reference2:Ref2 Comments JournalMemo:JrnlMemo PaymentGroupCode:GroupNum DocTime:CreateTS
SalesPersonCode:SlpCode TransportationCode:TrnspCode Confirmed ContactPersonCode:CntctCode Series
TaxDate PartialSupply:PartSupply DocObjectCode:ObjType ShipToCode FederalTaxID:LicTradNum
DiscountPercent:DiscPrcnt CreationDate:CreateDate UpdateDate UserSign TransNum:TransId VatSum
VatSumFc:VatSumFC VatSumSys:VatSumSy DocTotalFc:DocTotalFC DocTotalSys:DocTotalSy
RequriedDate:ReqDate CancelDate PaymentMethod:PeyMethod Project Address2 DocumentStatus:DocStatus
PayToCode BPL_IDAssignedToInvoice:BPLId BPLName ReserveInvoice:isIns TrackingNumber:TrackNo
TotalDiscount:DiscSum TotalDiscountFC:DiscSumFC TotalDiscountSC:DiscSumSy Rounding
RoundingDiffAmount:RoundDif RoundingDiffAmountFC:RoundDifFC Cancelled:CANCELED
CancelStatus:CANCELED ControlAccount:CtlAccount AuthorizationStatus:WddStatus UpdateTime:UpdateTS
PriceMode PaidToDate PaidToDateFC PaidToDateSys:PaidSys DataVersion:DataVers
InventoryStatus:InvntSttus DocumentSubType:DocSubType LanguageCode:LangCode Indicator
DownPaymentType:Posted DownPaymentPercentage:DpmPrcnt DownPaymentStatus:DpmStatus
DownPaymentAmount:DpmAmnt
"""
LINE = """
LineNum ItemCode ItemDescription:Dscription Quantity ShipDate Price PriceAfterVAT:PriceAfVAT
Currency Rate DiscountPercent:DiscPrcnt WarehouseCode:WhsCode SalesPersonCode:SlpCode TreeType
AccountCode:AcctCode SupplierCatNum:SubCatNum CostingCode:OcrCode CostingCode2:OcrCode2
CostingCode3:OcrCode3 ProjectCode:Project BarCode:CodeBars VatGroup BaseType BaseEntry BaseLine
Address TaxCode FreeText:FreeTxt MeasureUnit:unitMsr UnitsOfMeasurment:NumPerMsr LineTotal
TaxPercentagePerRow:VatPrcnt TaxTotal:VatSum RowTotalFC:TotalFrgn RowTotalSC:TotalSumSy
UnitPrice:PriceBefDi LineStatus COGSAccountCode:CogsAcct GrossPrice:GPBefDisc GrossTotal:GTotal
GrossTotalFC:GTotalFC RemainingOpenQuantity:OpenQty OpenAmount:OpenSum
WithoutInventoryMovement:NoInvtryMv DocEntry UoMEntry:UomEntry UoMCode:UomCode
InventoryQuantity:InvQty RemainingOpenInventoryQuantity:OpenInvQty VisualOrder:VisOrder
ItemDetails:Text StockInmPrice:StockPrice UseBaseUnits:UseBaseUn ParentLineNum
"""
EXPENSE = """
LineNum ExpenseCode:ExpnsCode LineTotal LineTotalFC:TotalFrgn Remarks:Comments
DistributionMethod:DistrbMthd VatGroup TaxPercent:VatPrcnt TaxSum:VatSum TaxSumFC:VatSumFrgn TaxCode
LineGross:GrsAmount LineGrossFC:GrsFC BaseDocEntry:BaseAbsEnt BaseDocLine:BaseLnNum
BaseDocType:BaseType Status
"""
# Columns of INV2 as far as the two agree with INV3 (guess).
ROW_EXPENSE = """
LineNumber:LineNum GroupCode:GroupNum ExpenseCode:ExpnsCode LineTotal LineTotalFC:TotalFrgn
VatGroup TaxPercent:VatPrcnt TaxSum:VatSum TaxSumFC:VatSumFrgn TaxCode
"""

INSTALLMENT = """
InstallmentId:InstlmntID DueDate Percentage:InstPrcnt Total:InsTotal TotalFC:InsTotalFC
LastDunningDate:LvlUpdDate DunningLevel:DunnLevel PaymentOrdered:Ordered
"""
DRAW = """
DocInternalID:DocEntry RowNum:LineNum DocEntry:BaseAbs DocNumber:BaseDocNum AmountToDraw:DrawnSum
AmountToDrawFC:DrawnSumFc AmountToDrawSC:DrawnSumSc Tax:Vat TaxFC:VatFc TaxSC:VatSc
GrossAmountToDraw:Gross GrossAmountToDrawFC:GrossFc GrossAmountToDrawSC:GrossSc IsGrossLine:IsGross
DownPaymentType:Posted DueDate PostingDate:DocDate
"""
REFERENCE = """
DocEntry LineNumber:LineNum RefDocEntr RefDocNum ExtDocNum RefObjType AccessKey IssueDate Remark
LinkRefTyp RefAmount
"""

# Entity set, object type, header table and prefix of its row tables (sap-service-layer.md 8).
DOCUMENT_TABLES: dict[str, tuple[int, str, str]] = {
    "Quotations": (23, "OQUT", "QUT"),
    "Orders": (17, "ORDR", "RDR"),
    "DeliveryNotes": (15, "ODLN", "DLN"),
    "ReturnRequest": (234000031, "ORRR", "RRR"),
    "Returns": (16, "ORDN", "RDN"),
    "Invoices": (13, "OINV", "INV"),
    "CreditNotes": (14, "ORIN", "RIN"),
    "DownPayments": (203, "ODPI", "DPI"),
    "PurchaseOrders": (22, "OPOR", "POR"),
    "PurchaseDeliveryNotes": (20, "OPDN", "PDN"),
    "PurchaseInvoices": (18, "OPCH", "PCH"),
    "InventoryGenEntries": (59, "OIGN", "IGN"),
    "InventoryGenExits": (60, "OIGE", "IGE"),
    "Drafts": (112, "ODRF", "DRF"),
}
DRAWING = ("Invoices", "Drafts")
"""What down payments are drawn on."""
WITHOUT_FREIGHT = ("InventoryGenEntries", "InventoryGenExits")
"""What has no partner who could pay for it."""
_ACTIONS = ("Cancel", "Close", "CreateCancellationDocument", "Reopen")


_OF_LINE = (("DocEntry", "DocEntry"), ("LineNum", "LineNum"))


def _shelves(name: str) -> dict[str, Shelf]:
    object_type, _, prefix = DOCUMENT_TABLES[name]
    link = (("DocEntry", "DocEntry"),)
    inner = {
        "BatchNumbers": numbers("IBT1", object_type),
        "SerialNumbers": numbers("SRI1", object_type),
        "DocumentLinesBinAllocations": Shelf(f"{prefix}19", "BinAllocSe", _OF_LINE),
    }
    if name not in WITHOUT_FREIGHT:
        inner["DocumentLineAdditionalExpenses"] = Shelf(f"{prefix}2", "GroupCode", _OF_LINE)
    shelves = {
        "DocumentLines": Shelf(f"{prefix}1", "LineNum", link, inner=inner),
        "DocumentAdditionalExpenses": Shelf(f"{prefix}3", "LineNum", link),
        "DocumentInstallments": Shelf(f"{prefix}6", "InstallmentId", link),
        "DocumentReferences": Shelf(f"{prefix}21", "LineNumber", link),
    }
    if name in DRAWING:
        shelves["DownPaymentsToDraw"] = Shelf(f"{prefix}9", "RowNum", link)
    return shelves


def numbers(table: str, object_type: int) -> Shelf:
    """Place the batches or serials of a document's rows, which all documents keep together."""
    link = (("BaseEntry", "DocEntry"), ("BaseLinNum", "LineNum"))
    return Shelf(table, "RowNo", link, fixed=(("BaseType", object_type),))


_HEADERS = [header for _, header, _ in DOCUMENT_TABLES.values()]
_LINES = [f"{rows}1" for _, _, rows in DOCUMENT_TABLES.values()]

DOCUMENTS = Area(
    tables={name: header for name, (_, header, _) in DOCUMENT_TABLES.items()},
    shelves={name: _shelves(name) for name in DOCUMENT_TABLES},
    actions={name: _ACTIONS for name in DOCUMENT_TABLES if name != "Drafts"},
    columns={
        "Document": HEADER,
        "DocumentLine": LINE,
        "DocumentAdditionalExpense": EXPENSE,
        "DocumentLineAdditionalExpense": ROW_EXPENSE,
        "DocumentInstallment": INSTALLMENT,
        "DownPaymentToDraw": DRAW,
        "DocumentReference": REFERENCE,
    },
    read_only={
        "Document": """DocEntry CreationDate DocTime UpdateDate UpdateTime
            DataVersion DocumentStatus Cancelled CancelStatus CancelDate TransNum
            VatSum VatSumFc VatSumSys DocTotalFc DocTotalSys PaidToDate PaidToDateFC
            PaidToDateSys AuthorizationStatus InventoryStatus UserSign TotalDiscount
            TotalDiscountFC TotalDiscountSC DownPaymentStatus""",
        "DocumentLine": """DocEntry LineStatus RemainingOpenQuantity
            RemainingOpenInventoryQuantity OpenAmount TaxPercentagePerRow RowTotalSC
            VisualOrder StockInmPrice InventoryQuantity GrossTotalFC UnitsOfMeasurment""",
        "DocumentAdditionalExpense": """TaxPercent TaxSum TaxSumFC Status LineTotalFC
            LineGrossFC LineNum""",
        "DocumentLineAdditionalExpense": """LineNumber GroupCode TaxPercent TaxSum TaxSumFC
            LineTotalFC""",
        "DownPaymentToDraw": """DocInternalID RowNum DocNumber DueDate PostingDate DownPaymentType
            AmountToDrawSC GrossAmountToDrawSC Tax TaxFC TaxSC""",
        "DocumentReference": "DocEntry",
    },
    max_lengths={
        "Document": {"NumAtCard": 100, "Comments": 254, "CardCode": 15, "CardName": 100}
        | {"JournalMemo": 50, "Reference1": 11, "Reference2": 11, "TrackingNumber": 30}
        | {"Address": 254, "Address2": 254, "ShipToCode": 50, "PayToCode": 50},
        "DocumentLine": {"ItemCode": 50, "ItemDescription": 200, "FreeText": 100, "TaxCode": 8}
        | {
            "VatGroup": 8,
            "WarehouseCode": 8,
            "CostingCode": 8,
            "CostingCode2": 8,
            "CostingCode3": 8,
        },
        "AddressExtension": {"ShipToStreet": 100, "ShipToStreetNo": 100, "ShipToBlock": 100}
        | {"ShipToCity": 100, "ShipToZipCode": 20, "ShipToCounty": 100, "ShipToState": 3}
        | {"ShipToCountry": 3, "ShipToAddress2": 50, "ShipToAddress3": 50, "BillToStreet": 100}
        | {"BillToStreetNo": 100, "BillToBlock": 100, "BillToCity": 100, "BillToZipCode": 20}
        | {"BillToCounty": 100, "BillToState": 3, "BillToCountry": 3, "BillToAddress2": 50}
        | {"BillToAddress3": 50},
    },
    # GrossInput and MovedQty are ours: the row was priced gross; what it took out of stock (-) or
    # put there, in the item's base unit.
    hidden={
        "DocumentLine": {"TargetType": "INTEGER", "TrgetEntry": "INTEGER", "OpenCreQty": "REAL"}
        | {"GrossInput": "TEXT", "MovedQty": "REAL"},
        # With tax, as the rows of the header's freight show it.
        "DocumentLineAdditionalExpense": {"GrsAmount": "REAL", "GrsFC": "REAL"},
        # What an invoice drew of down payments, and what was drawn of a down payment.
        "OINV": {"DpmVat": "REAL"},
        "ODPI": {"DpmAppl": "REAL"},
    },
    uses={
        "OCRD": tuple((header, "CardCode") for header in _HEADERS),
        "OITM": tuple((lines, "ItemCode") for lines in _LINES),
        "OWHS": tuple((lines, "WhsCode") for lines in _LINES),
        "OVTG": tuple((lines, "VatGroup") for lines in _LINES),
    },
    support="""
CREATE INDEX RDR1_ITEM ON RDR1 (ItemCode);
CREATE TABLE OITR (ReconNum INTEGER PRIMARY KEY, ReconDate TEXT, Total REAL, Canceled TEXT);
CREATE TABLE ITR1 (ReconNum INTEGER, LineSeq INTEGER, ShortName TEXT, SrcObjTyp TEXT,
  SrcObjAbs INTEGER, ReconSum REAL, ReconSumFC REAL, IsCredit TEXT,
  PRIMARY KEY (ReconNum, LineSeq)) WITHOUT ROWID;
CREATE INDEX ITR1_SOURCE ON ITR1 (SrcObjAbs, SrcObjTyp);
""",
)
