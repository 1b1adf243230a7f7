"""Partners, items and the small tables that both point at."""

from b1sim.company.shape.area import Area, Shelf

_OF_ITEM = (("ItemCode", "ItemCode"),)
_UNIT_PRICES = Shelf("ITM9", "UoMEntry", (*_OF_ITEM, ("PriceList", "PriceList")))
_STAMPS = "CreateDate CreateTime UpdateDate UpdateTime DataVersion"
MASTERS = Area(
    tables={
        "BusinessPartners": "OCRD",
        "BusinessPartnerGroups": "OCRG",
        "Items": "OITM",
        "ItemGroups": "OITB",
        "PriceLists": "OPLN",
        "VatGroups": "OVTG",
        "SalesTaxCodes": "OSTC",
        "AdditionalExpenses": "OEXD",
        "PaymentTermsTypes": "OCTG",
    },
    shelves={
        "Items": {
            "ItemPrices": Shelf("ITM1", "PriceList", _OF_ITEM, inner={"UoMPrices": _UNIT_PRICES}),
            "ItemBarCodeCollection": Shelf("OBCD", "AbsEntry", _OF_ITEM),
            "ItemPreferredVendors": Shelf("ITM2", "BPCode", _OF_ITEM),
            "ItemUnitOfMeasurementCollection": Shelf("ITM12", "SimKey", _OF_ITEM),
            "ItemWarehouseInfoCollection": Shelf(
                "OITW", "WarehouseCode", (("ItemCode", "ItemCode"),)
            ),
        },
        "BusinessPartners": {
            "BPAddresses": Shelf("CRD1", "RowNum", (("CardCode", "CardCode"),)),
            "ContactEmployees": Shelf("OCPR", "InternalCode", (("CardCode", "CardCode"),)),
            "BPBranchAssignment": Shelf("CRD8", "BPLID", (("CardCode", "CardCode"),)),
        },
        "VatGroups": {"VatGroups_Lines": Shelf("VTG1", "Effectivefrom", (("Code", "Code"),))},
        "SalesTaxCodes": {
            "SalesTaxCodes_Lines": Shelf("STC1", "RowNumber", (("STCCode", "Code"),))
        },
    },
    columns={
        "BusinessPartner": """CardCode CardName CardType GroupCode Address ZipCode
            MailAddress:MailAddres MailZipCode Phone1 Phone2 Fax
            ContactPerson:CntctPrsn Notes PayTermsGrpCode:GroupNum
            CreditLimit:CreditLine MaxCommitment:DebtLine DiscountPercent:Discount
            VatLiable:VatStatus FederalTaxID:LicTradNum PriceListNum:ListNum
            FreeText:Free_Text SalesPersonCode:SlpCode Currency Cellular City County
            Country MailCity MailCounty:MailCounty MailCountry:MailCountr
            EmailAddress:E_Mail CardForeignName:CardFName
            CurrentAccountBalance:Balance OpenDeliveryNotesBalance:DNotesBal
            OpenOrdersBalance:OrdersBal VatGroup:ECVatGroup DebitorAccount:DebPayAcct
            Valid:validFor ValidFrom:validFrom ValidTo:validTo
            Frozen:frozenFor FrozenFrom:frozenFrom FrozenTo:frozenTo Block BillToState:State1
            ShipToState:State2 PeymentMethodCode:PymCode ShipToDefault:ShipToDef
            BilltoDefault:BillToDef Website:IntrntSite LanguageCode:LangCode
            Industry:IndustryC Series UnifiedFederalTaxID:VatIdUnCmp AliasName
            ProjectCode CreateDate CreateTime:CreateTS UpdateDate UpdateTime:UpdateTS
            DataVersion:DataVers""",
        "BPAddress": """AddressName:Address AddressType:AdresType Street StreetNo
            Block BuildingFloorRoom:Building City ZipCode County State Country
            FederalTaxID:LicTradNum TaxCode AddressName2:Address2
            AddressName3:Address3 GlobalLocationNumber:GlblLocNum BPCode:CardCode
            RowNum:LineNum""",
        "ContactEmployee": """Name FirstName MiddleName LastName Title Position
            Address Phone1:Tel1 Phone2:Tel2 MobilePhone:Cellolar Fax E_Mail:E_MailL
            Remarks1:Notes1 Remarks2:Notes2 Active InternalCode:CntctCode CardCode
            CreateDate CreateTime:CreateTS UpdateDate UpdateTime:UpdateTS""",
        "Item": """ItemCode ItemName ForeignName:FrgnName ItemType
            ItemsGroupCode:ItmsGrpCod BarCode:CodeBars SalesItem:SellItem
            PurchaseItem:PrchseItem InventoryItem:InvntItem Valid:validFor
            ValidFrom:validFrom ValidTo:validTo
            Frozen:frozenFor FrozenFrom:frozenFrom FrozenTo:frozenTo ManageBatchNumbers:ManBtchNum
            ManageSerialNumbers:ManSerNum SRIAndBatchManageMethod:MngMethod TreeType
            SalesUnit:SalUnitMsr SalesItemsPerUnit:NumInSale PurchaseItemsPerUnit:NumInBuy
            InventoryUOM:InvntryUom UoMGroupEntry:UgpEntry InventoryUoMEntry:IUoMEntry
            DefaultSalesUoMEntry:SUoMEntry DefaultPurchasingUoMEntry:PUoMEntry
            SalesVATGroup:VatGourpSa PurchaseVATGroup:VatGroupPu ArTaxCode:TaxCodeAR
            VatLiable:VATLiable
            QuantityOnStock:OnHand QuantityOrderedByCustomers:IsCommited
            QuantityOrderedFromVendors:OnOrder DefaultWarehouse:DfltWH
            Manufacturer:FirmCode Mainsupplier:CardCode SupplierCatalogNo:SuppCatNum
            SalesUnitWeight:SWeight1 User_Text:UserText Picture:PicturName
            AttachmentEntry:AtcEntry AvgStdPrice:AvgPrice IncomeAccount:IncomeAcct
            ExpanseAccount:ExpensAcct Series CreateDate CreateTime:CreateTS UpdateDate
            UpdateTime:UpdateTS DataVersion:DataVers""",
        "ItemPrice": """PriceList Price Currency AdditionalPrice1:AddPrice1
            AdditionalCurrency1:Currency1 BasePriceList:BasePLNum Factor""",
        "UoMPrice": """PriceList UoMEntry:UomEntry ReduceBy:Factor Price Currency
            AdditionalPrice1:AddPrice1 AdditionalCurrency1:Currency1
            AdditionalPrice2:AddPrice2 AdditionalCurrency2:Currency2 Auto:AutoUpdate""",
        "ItemBarCode": "AbsEntry:BcdEntry UoMEntry:UomEntry Barcode:BcdCode FreeText:BcdName",
        "BarCode": """AbsEntry:BcdEntry ItemNo:ItemCode UoMEntry:UomEntry Barcode:BcdCode
            FreeText:BcdName""",
        "ItemPreferredVendor": "BPCode:VendorCode",
        "ItemUnitOfMeasurement": """UoMType:UomType UoMEntry:UomEntry DefaultBarcode:BcdEntDft
            DefaultPackage:PkgCodeDft""",
        "Manufacturer": "Code:FirmCode ManufacturerName:FirmName",
        "ItemProperty": "Number:ItmsTypCod PropertyName:ItmsGrpNam",
        "ShippingType": "Code:TrnspCode Name:TrnspName Website:WebSite",
        "PriceList": """PriceListNo:ListNum PriceListName:ListName
            BasePriceList:BASE_NUM Factor IsGrossPrice Active:ValidFor
            ValidFrom:FromDate ValidTo:ToDate DefaultPrimeCurrency:PrimCurr
            RoundingMethod:RoundSys GroupNum:GroupCode""",
        "VatGroup": "Code Name Category TaxAccount:Account EU:IsEC Inactive",
        "VatGroups_Line": "Effectivefrom:EffecDate Rate",
        "SalesTaxCode": "Code Name Rate ValidForAR ValidForAP Freight Inactive:Lock IsItemLevel",
        "SalesTaxCodes_Line": "STCCode STAType STACode EffectiveRate:EfctivRate RowNumber:Line_ID",
        "AdditionalExpense": """ExpensCode:ExpnsCode Name:ExpnsName
            RevenuesAccount:RevAcct ExpenseAccount:ExpnsAcct TaxLiable
            FixedAmountRevenues:RevFixSum OutputVATGroup:VatGroupO
            InputVATGroup:VatGroupI DistributionMethod:DistrbMthd
            FreightType:ExpnsType DataVersion:DataVers""",
        "PaymentTermsType": """GroupNumber:GroupNum PaymentTermsGroupName:PymntGroup
            NumberOfAdditionalMonths:ExtraMonth NumberOfAdditionalDays:ExtraDays
            NumberOfInstallments:InstNum""",
        "ItemGroups": "Number:ItmsGrpCod GroupName:ItmsGrpNam",
        "BusinessPartnerGroup": "Code:GroupCode Name:GroupName Type:GroupType",
    },
    read_only={
        "BusinessPartner": f"""{_STAMPS} CurrentAccountBalance OpenDeliveryNotesBalance
            OpenOrdersBalance""",
        "BPAddress": "CreateDate CreateTime",
        "ContactEmployee": "CardCode CreateDate CreateTime UpdateDate UpdateTime",
        "Item": f"""{_STAMPS} TreeType QuantityOnStock QuantityOrderedByCustomers
            QuantityOrderedFromVendors AvgStdPrice""",
        "AdditionalExpense": "DataVersion",
    },
    max_lengths={
        "BusinessPartner": {"CardCode": 15, "CardName": 100, "CardForeignName": 100}
        | {"Phone1": 20, "Phone2": 20, "Cellular": 50, "EmailAddress": 100, "FederalTaxID": 32}
        | {"Website": 100, "Notes": 100, "AliasName": 50},
        "BPAddress": {"AddressName": 50, "Street": 100, "StreetNo": 100, "Block": 100, "City": 100}
        | {"ZipCode": 20, "County": 100, "State": 3, "Country": 3, "AddressName2": 50}
        | {"AddressName3": 50},
        "ContactEmployee": {"Title": 10, "Name": 50, "FirstName": 50, "LastName": 50}
        | {"MiddleName": 50, "Phone1": 20, "Phone2": 20, "MobilePhone": 50, "E_Mail": 100}
        | {"Position": 90, "Address": 100},
        "Item": {"ItemCode": 50, "ItemName": 200, "ForeignName": 200, "BarCode": 254},
    },
    hidden={
        "OVTG": {"Rate": "REAL"},
        "OSTC": {"Account": "TEXT"},
        # Ours: kind of unit and unit in one, for there may be one row for each pair.
        "ITM12": {"SimKey": "TEXT"},
    },
    defaults={
        "OCRD": {
            "CardType": "C",
            "GroupCode": 100,
            "VatStatus": "Y",
            "GroupNum": -1,
            "ListNum": 1,
            "SlpCode": -1,
            "validFor": "Y",
            "frozenFor": "N",
            "Series": 1,
            "Balance": 0.0,
            "OrdersBal": 0.0,
            "DNotesBal": 0.0,
            "CreditLine": 0.0,
            "DebtLine": 0.0,
            "Discount": 0.0,
        },
        "OITM": {
            "ItemType": "I",
            "ItmsGrpCod": 100,
            "SellItem": "Y",
            "PrchseItem": "Y",
            "InvntItem": "Y",
            "validFor": "Y",
            "frozenFor": "N",
            "ManBtchNum": "N",
            "ManSerNum": "N",
            "MngMethod": "A",
            "TreeType": "N",
            "VATLiable": "Y",
            "FirmCode": -1,
            "UgpEntry": -1,
            "Series": 3,
            "NumInSale": 1.0,
            "NumInBuy": 1.0,
            "OnHand": 0.0,
            "IsCommited": 0.0,
            "OnOrder": 0.0,
            "AvgPrice": 0.0,
        },
        "OPLN": {"Factor": 1.0, "IsGrossPrice": "N", "ValidFor": "Y"},
        "OVTG": {"Category": "O", "Inactive": "N", "IsEC": "N"},
        "OSTC": {"Rate": 0.0, "ValidForAR": "Y", "ValidForAP": "Y", "Lock": "N", "Freight": "N"},
        "OEXD": {"DistrbMthd": "N", "TaxLiable": "Y", "ExpnsType": "1"},
        "OCTG": {"ExtraMonth": 0, "ExtraDays": 0},
        "OCRG": {"GroupType": "C"},
    },
    support="""
CREATE INDEX OCRD_MAIL ON OCRD (E_Mail);
""",
)
