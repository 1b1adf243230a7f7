"""Stock, batches, serial numbers and where they lie."""

from b1sim.company.shape.area import Area, Shelf

GOODS = Area(
    tables={
        "Warehouses": "OWHS",
        "UnitOfMeasurements": "OUOM",
        "UnitOfMeasurementGroups": "OUGP",
    },
    shelves={
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
            DropShip EnableBinLocations:BinActivat Inactive Nettable""",
        "UnitOfMeasurement": "AbsEntry:UomEntry Code:UomCode Name:UomName",
        "UnitOfMeasurementGroup": "AbsEntry:UgpEntry Code:UgpCode Name:UgpName BaseUoM:BaseUom",
        "UoMGroupDefinition": """AlternateUoM:UomEntry AlternateQuantity:AltQty
            BaseQuantity:BaseQty WeightFactor:WghtFactor UdfFactor Active:IsActive""",
        "ItemWarehouseInfo": """WarehouseCode:WhsCode InStock:OnHand
            Committed:IsCommited Ordered:OnOrder MinimalStock:MinStock
            MaximalStock:MaxStock MinimalOrder:MinOrder StandardAveragePrice:AvgPrice
            Locked ItemCode""",
    },
    read_only={
        "ItemWarehouseInfo": "InStock Committed Ordered StandardAveragePrice ItemCode",
    },
    max_lengths={
        "BatchNumber": {"BatchNumber": 36},
        "SerialNumber": {"InternalSerialNumber": 36, "ManufacturerSerialNumber": 36},
        "Warehouse": {"WarehouseCode": 8, "WarehouseName": 100},
    },
    hidden={
        "IBT1": {"WhsCode": "TEXT", "Direction": "INTEGER"},
        "SRI1": {"WhsCode": "TEXT", "Direction": "INTEGER"},
    },
    defaults={
        "OWHS": {"Inactive": "N", "DropShip": "N", "BinActivat": "N", "Nettable": "Y"},
    },
    support="""
CREATE TABLE OBTN (ItemCode TEXT, DistNumber TEXT, SysNumber INTEGER, ExpDate TEXT, MnfDate TEXT,
  InDate TEXT, AbsEntry INTEGER PRIMARY KEY, UNIQUE (ItemCode, DistNumber));
CREATE TABLE OBTQ (ItemCode TEXT, SysNumber INTEGER, WhsCode TEXT, Quantity REAL,
  PRIMARY KEY (ItemCode, SysNumber, WhsCode)) WITHOUT ROWID;
CREATE TABLE OSRN (ItemCode TEXT, DistNumber TEXT, SysNumber INTEGER, MnfSerial TEXT, InDate TEXT,
  AbsEntry INTEGER PRIMARY KEY, UNIQUE (ItemCode, DistNumber));
CREATE TABLE OSRQ (ItemCode TEXT, SysNumber INTEGER, WhsCode TEXT, Quantity REAL,
  PRIMARY KEY (ItemCode, SysNumber, WhsCode)) WITHOUT ROWID;
""",
)
