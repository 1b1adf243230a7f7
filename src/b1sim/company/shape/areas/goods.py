"""Stock, batches, serial numbers and where they lie."""

from b1sim.company.shape.area import Area, Shelf
from b1sim.company.shape.areas.documents import numbers

_BIN_ALLOCATION = """BinAbsEntry:BinAbs Quantity AllowNegativeQuantity:AllowNeg
    SerialAndBatchNumbersBaseLine:SnBLine BaseLineNumber:LineNum"""
_ALLOCATED = {"BinAllocSe": "INTEGER", "SnBMDAbs": "INTEGER", "ItemCode": "TEXT"}
_ALLOCATED |= {"WhsCode": "TEXT", "BinActTyp": "TEXT"}


def _held(table: str) -> str:
    return f"""
CREATE TABLE {table} (AbsEntry INTEGER PRIMARY KEY, ItemCode TEXT, SysNumber INTEGER, WhsCode TEXT,
  Quantity REAL, CommitQty REAL, MdAbsEntry INTEGER, UNIQUE (ItemCode, SysNumber, WhsCode));
"""


def _held_in_bins(table: str) -> str:
    return f"""
CREATE TABLE {table} (AbsEntry INTEGER PRIMARY KEY, ItemCode TEXT, SnBMDAbs INTEGER,
  BinAbs INTEGER, OnHandQty REAL, WhsCode TEXT, UNIQUE (SnBMDAbs, BinAbs));
"""


def _transfer_rows(object_type: int, prefix: str) -> dict[str, Shelf]:
    link = (("DocEntry", "DocEntry"), ("LineNum", "LineNum"))
    inner = {
        "BatchNumbers": numbers("IBT1", object_type),
        "SerialNumbers": numbers("SRI1", object_type),
        "StockTransferLinesBinAllocations": Shelf(f"{prefix}19", "BinAllocSe", link),
    }
    rows = Shelf(f"{prefix}1", "LineNum", (("DocEntry", "DocEntry"),), inner=inner)
    return {"StockTransferLines": rows}


GOODS = Area(
    tables={
        "Warehouses": "OWHS",
        "BinLocations": "OBIN",
        "BatchNumberDetails": "OBTN",
        "SerialNumberDetails": "OSRN",
        "StockTransfers": "OWTR",
        "InventoryTransferRequests": "OWTQ",
        "ProductTrees": "OITT",
        "BarCodes": "OBCD",
        "Manufacturers": "OMRC",
        "ItemProperties": "OITG",
        "ShippingTypes": "OSHP",
        "UnitOfMeasurements": "OUOM",
        "UnitOfMeasurementGroups": "OUGP",
    },
    actions={
        "StockTransfers": ("Cancel", "Close"),
        "InventoryTransferRequests": ("Cancel", "Close"),
    },
    shelves={
        "StockTransfers": _transfer_rows(67, "WTR"),
        "InventoryTransferRequests": _transfer_rows(1250000001, "WTQ"),
        "ProductTrees": {"ProductTreeLines": Shelf("ITT1", "ChildNum", (("Father", "Code"),))},
        "UnitOfMeasurementGroups": {
            "UoMGroupDefinitionCollection": Shelf(
                "UGP1", "AlternateUoM", (("UgpEntry", "UgpEntry"),)
            )
        },
    },
    columns={
        "BatchNumber": """BatchNumber:BatchNum Quantity BaseLineNumber:BaseLinNum
            ItemCode ExpiryDate:ExpDate ManufacturingDate:PrdDate AddmisionDate:InDate
            Notes ManufacturerSerialNumber:MnfSerial InternalSerialNumber:LotNumber
            SystemSerialNumber:SysNumber""",
        "SerialNumber": """InternalSerialNumber:IntrSerial
            ManufacturerSerialNumber:SuppSerial Quantity BaseLineNumber:BaseLinNum
            ItemCode SystemSerialNumber:SysSerial Notes ExpiryDate:ExpDate
            ManufactureDate:PrdDate ReceptionDate:InDate BatchID:BatchId""",
        "Warehouse": """WarehouseCode:WhsCode WarehouseName:WhsName Street StreetNo
            Block City ZipCode County State Country Location BusinessPlaceID:BPLid
            DropShip EnableBinLocations:BinActivat DefaultBin:DftBinAbs
            DefaultBinEnforced:DftBinEnfd Inactive Nettable""",
        "BinLocation": """AbsEntry Warehouse:WhsCode Sublevel1:SL1Code Sublevel2:SL2Code
            Sublevel3:SL3Code Sublevel4:SL4Code BinCode Inactive:Disabled Description:Descr
            AlternativeSortCode:AltSortCod BarCode MinimumQty:MinLevel MaximumQty:MaxLevel
            IsSystemBin:SysBin ReceivingBinLocation:ReceiveBin""",
        "DocumentLinesBinAllocation": _BIN_ALLOCATION,
        "StockTransferLinesBinAllocation": f"{_BIN_ALLOCATION} BinActionType:BinActTyp",
        "StockTransfer": """DocEntry DocNum Series Printed DocDate DueDate:DocDueDate CardCode
            CardName Address Reference1:Ref1 Reference2:Ref2 Comments JournalMemo:JrnlMemo
            PriceList:GroupNum SalesPersonCode:SlpCode FromWarehouse:Filler ToWarehouse:ToWhsCode
            CreationDate:CreateDate UpdateDate TransNum:TransId TaxDate ContactPerson:CntctCode
            DocObjectCode:ObjType AuthorizationStatus:WddStatus BPLID:BPLId BPLName
            DocumentStatus:DocStatus ShipToCode AttachmentEntry:AtcEntry""",
        "StockTransferLine": """LineNum DocEntry ItemCode ItemDescription:Dscription Quantity Price
            Currency Rate DiscountPercent:DiscPrcnt WarehouseCode:WhsCode
            FromWarehouseCode:FromWhsCod ProjectCode:Project UseBaseUnits:UseBaseUn
            MeasureUnit:unitMsr UnitsOfMeasurment:NumPerMsr BaseType BaseLine BaseEntry
            UnitPrice:PriceBefDi UoMEntry:UomEntry UoMCode:UomCode InventoryQuantity:InvQty
            RemainingOpenQuantity:OpenQty RemainingOpenInventoryQuantity:OpenInvQty
            LineStatus DistributionRule:OcrCode DistributionRule2:OcrCode2""",
        "BatchNumberDetail": """DocEntry:AbsEntry ItemCode ItemDescription:itemName Status
            Batch:DistNumber BatchAttribute1:MnfSerial BatchAttribute2:LotNumber
            AdmissionDate:InDate ManufacturingDate:MnfDate ExpirationDate:ExpDate Details:Notes
            SystemNumber:SysNumber""",
        "SerialNumberDetail": """DocEntry:AbsEntry ItemCode ItemDescription:itemName
            MfrSerialNo:MnfSerial SerialNumber:DistNumber LotNumber SystemNumber:SysNumber
            AdmissionDate:InDate ManufacturingDate:MnfDate ExpirationDate:ExpDate
            MfrWarrantyStart:GrntStart MFrWarrantyEnd:GrntExp Location Details:Notes""",
        # Qauntity is what SAP calls it (SAP SDK help, OITT).
        "ProductTree": """TreeCode:Code TreeType Quantity:Qauntity DistributionRule:OcrCode Project
            PriceList Warehouse:ToWH ProductDescription:Name PlanAvgProdSize:PlAvgSize
            HideBOMComponentsInPrintout:HideComp AttachmentEntry:AtcEntry""",
        "ProductTreeLine": """ItemCode:Code Quantity Warehouse Price Currency
            IssueMethod:IssueMthd InventoryUOM:Uom Comment ParentItem:Father PriceList
            DistributionRule:OcrCode Project ItemType:Type LineText AdditionalQuantity:AddQuantit
            ChildNum VisualOrder:VisOrder ItemName""",
        "UnitOfMeasurement": "AbsEntry:UomEntry Code:UomCode Name:UomName",
        "UnitOfMeasurementGroup": "AbsEntry:UgpEntry Code:UgpCode Name:UgpName BaseUoM:BaseUom",
        "UoMGroupDefinition": """AlternateUoM:UomEntry AlternateQuantity:AltQty
            BaseQuantity:BaseQty WeightFactor:WghtFactor UdfFactor Active:IsActive""",
        "ItemWarehouseInfo": """WarehouseCode:WhsCode InStock:OnHand
            Committed:IsCommited Ordered:OnOrder MinimalStock:MinStock
            MaximalStock:MaxStock MinimalOrder:MinOrder StandardAveragePrice:AvgPrice
            Locked DefaultBin:DftBinAbs DefaultBinEnforced:DftBinEnfd ItemCode""",
    },
    read_only={
        "ItemWarehouseInfo": "InStock Committed Ordered StandardAveragePrice ItemCode",
        "BinLocation": "BinCode IsSystemBin",
        "ProductTreeLine": "ParentItem ItemName InventoryUOM",
        "StockTransfer": """DocEntry CreationDate UpdateDate TransNum DocObjectCode
            AuthorizationStatus DocumentStatus""",
        "StockTransferLine": """LineNum DocEntry LineStatus InventoryQuantity UnitsOfMeasurment
            RemainingOpenQuantity RemainingOpenInventoryQuantity""",
        "BatchNumberDetail": "ItemCode ItemDescription SystemNumber",
        "SerialNumberDetail": "ItemCode ItemDescription SystemNumber",
    },
    max_lengths={
        "BatchNumber": {"BatchNumber": 36},
        "SerialNumber": {"InternalSerialNumber": 36, "ManufacturerSerialNumber": 36},
        "StockTransfer": {"Comments": 254, "JournalMemo": 50, "FromWarehouse": 8, "ToWarehouse": 8},
        "StockTransferLine": {"ItemCode": 50, "WarehouseCode": 8, "FromWarehouseCode": 8},
        "Warehouse": {"WarehouseCode": 8, "WarehouseName": 100},
    },
    hidden={
        # RowNo is ours: an order may name one batch twice, or none in a row.
        "IBT1": {"WhsCode": "TEXT", "Direction": "INTEGER", "RowNo": "INTEGER"},
        "SRI1": {"WhsCode": "TEXT", "Direction": "INTEGER", "RowNo": "INTEGER"},
        # Status is SAP's own of a serial; SnBLine is ours: which batch row an allocation is for.
        "OSRN": {"Status": "TEXT"},
        "DocumentLinesBinAllocation": _ALLOCATED,
        "StockTransferLinesBinAllocation": _ALLOCATED,
        "StockTransfer": {"CANCELED": "TEXT", "CreateTS": "INTEGER", "UpdateTS": "INTEGER"}
        | {"DataVers": "INTEGER", "DocTotal": "REAL"},
        "StockTransferLine": {"StockPrice": "REAL", "LineTotal": "REAL", "TreeType": "TEXT"}
        | {"TargetType": "INTEGER", "TrgetEntry": "INTEGER", "VisOrder": "INTEGER"},
    },
    defaults={
        "OITT": {"TreeType": "P", "Qauntity": 1.0, "HideComp": "N"},
        "OBIN": {"SysBin": "N", "Disabled": "N", "ReceiveBin": "N"},
        "OWHS": {"Inactive": "N", "DropShip": "N", "BinActivat": "N", "Nettable": "Y"},
    },
    # Quantities by place: SAP SDK help, tables OBTQ, OSRQ, OIBQ, OBBQ and OSBQ.
    uses={
        "OITM": (("ITT1", "Code"), ("WTR1", "ItemCode"), ("WTQ1", "ItemCode")),
        "OWHS": (("OBIN", "WhsCode"), ("WTR1", "WhsCode"), ("WTR1", "FromWhsCod")),
        "OUOM": (("UGP1", "UomEntry"),),
        "OUGP": (("OITM", "UgpEntry"),),
    },
    support="".join(map(_held, ("OBTQ", "OSRQ")))
    + "".join(map(_held_in_bins, ("OBBQ", "OSBQ")))
    + """
CREATE UNIQUE INDEX OBTN_NUMBER ON OBTN (ItemCode, DistNumber);
CREATE UNIQUE INDEX OSRN_NUMBER ON OSRN (ItemCode, DistNumber);
CREATE UNIQUE INDEX OBIN_CODE ON OBIN (BinCode);
CREATE TABLE OIBQ (AbsEntry INTEGER PRIMARY KEY, ItemCode TEXT, BinAbs INTEGER, OnHandQty REAL,
  WhsCode TEXT, Freezed TEXT DEFAULT 'N', UNIQUE (ItemCode, BinAbs));
""",
)
