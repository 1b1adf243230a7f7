"""What the company allows: numbers, rates and branches (sap-service-layer.md 9.1)."""

from b1sim.company.shape.area import Area

RULES = Area(
    tables={"BusinessPlaces": "OBPL"},
    columns={
        "BPBranchAssignmentItem": "BPCode:CardCode BPLID:BPLId DisabledForBP:DisabledBP",
        "BusinessPlace": """BPLID:BPLId BPLName BPLNameForeign:BPLFrName VATRegNum:VATRegNum
            RepName Address Addressforeign:AddressFr MainBPL Disabled
            DefaultCustomerID:DflCust DefaultVendorID:DflVendor DefaultWarehouseID:DflWhs
            DefaultTaxCode:DflTaxCode FederalTaxID:TaxIdNum Street StreetNo Building ZipCode
            Block City State County Country AliasName PaymentClearingAccount:PmtClrAct""",
    },
    read_only={"BPBranchAssignmentItem": "BPCode"},
    defaults={"OBPL": {"Disabled": "N", "MainBPL": "N"}},
    uses={"OBPL": (("CRD8", "BPLId"), ("OWHS", "BPLid"))},
    support="""
CREATE TABLE ORTT (RateDate TEXT, Currency TEXT, Rate REAL,
  PRIMARY KEY (Currency, RateDate)) WITHOUT ROWID;
CREATE TABLE NNM1 (Series INTEGER PRIMARY KEY, ObjectCode TEXT, SeriesName TEXT,
  DocSubType TEXT, InitialNum INTEGER, NextNumber INTEGER, LastNum INTEGER, BeginStr TEXT,
  EndStr TEXT, Remark TEXT, Locked TEXT, Indicator TEXT, BPLId INTEGER);
CREATE TABLE ONNM (ObjectCode TEXT, DocSubType TEXT, DfltSeries INTEGER,
  PRIMARY KEY (ObjectCode, DocSubType)) WITHOUT ROWID;
CREATE TABLE OFPR (Code TEXT PRIMARY KEY, Name TEXT, F_RefDate TEXT, T_RefDate TEXT,
  F_DueDate TEXT, T_DueDate TEXT, F_TaxDate TEXT, T_TaxDate TEXT, PeriodStat TEXT) WITHOUT ROWID;
""",
)
