"""Which SAP column keeps which property: `Property`, or `Property:Column` where names differ."""

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
ItemDetails:Text StockInmPrice:StockPrice
"""
EXPENSE = """
LineNum ExpenseCode:ExpnsCode LineTotal LineTotalFC:TotalFrgn Remarks:Comments
DistributionMethod:DistrbMthd VatGroup TaxPercent:VatPrcnt TaxSum:VatSum TaxSumFC:VatSumFrgn TaxCode
LineGross:GrsAmount LineGrossFC:GrsFC BaseDocEntry:BaseAbsEnt BaseDocLine:BaseLnNum
BaseDocType:BaseType Status
"""
COLUMNS: dict[str, str] = {
    "Document": HEADER,
    "DocumentLine": LINE,
    "DocumentAdditionalExpense": EXPENSE,
    "BatchNumber": """BatchNumber:BatchNum Quantity BaseLineNumber:BaseLinNum ItemCode
        ExpiryDate:ExpDate ManufacturingDate:PrdDate AddmisionDate:InDate Notes
        ManufacturerSerialNumber:MnfSerial InternalSerialNumber:LotNumber
        SystemSerialNumber:SysNumber""",
    "SerialNumber": """InternalSerialNumber:IntrSerial ManufacturerSerialNumber:SuppSerial Quantity
        BaseLineNumber:BaseLinNum ItemCode SystemSerialNumber:SysSerial Notes ExpiryDate:ExpDate
        ManufactureDate:PrdDate ReceptionDate:InDate BatchID:BatchId""",
    "Item": """ItemCode ItemName ForeignName:FrgnName ItemType ItemsGroupCode:ItmsGrpCod
        BarCode:CodeBars SalesItem:SellItem PurchaseItem:PrchseItem InventoryItem:InvntItem
        Valid:validFor Frozen:frozenFor ManageBatchNumbers:ManBtchNum ManageSerialNumbers:ManSerNum
        SRIAndBatchManageMethod:MngMethod TreeType SalesUnit:SalUnitMsr
        SalesItemsPerUnit:NumInSale InventoryUOM:InvntryUom UoMGroupEntry:UgpEntry
        SalesVATGroup:VatGourpSa PurchaseVATGroup:VatGroupPu ArTaxCode:TaxCodeAR
        VatLiable:VATLiable QuantityOnStock:OnHand QuantityOrderedByCustomers:IsCommited
        QuantityOrderedFromVendors:OnOrder DefaultWarehouse:DfltWH Manufacturer:FirmCode
        Mainsupplier:CardCode SupplierCatalogNo:SuppCatNum SalesUnitWeight:SWeight1
        User_Text:UserText Picture:PicturName AttachmentEntry:AtcEntry AvgStdPrice:AvgPrice
        IncomeAccount:IncomeAcct ExpanseAccount:ExpensAcct Series CreateDate CreateTime:CreateTS
        UpdateDate UpdateTime:UpdateTS DataVersion:DataVers""",
    "ItemPrice": """PriceList Price Currency AdditionalPrice1:AddPrice1
        AdditionalCurrency1:Currency1 BasePriceList:BasePLNum Factor""",
    "ItemWarehouseInfo": """WarehouseCode:WhsCode InStock:OnHand Committed:IsCommited
        Ordered:OnOrder MinimalStock:MinStock MaximalStock:MaxStock MinimalOrder:MinOrder
        StandardAveragePrice:AvgPrice Locked ItemCode""",
    "BusinessPartner": """CardCode CardName CardType GroupCode Address ZipCode
        MailAddress:MailAddres MailZipCode Phone1 Phone2 Fax ContactPerson:CntctPrsn Notes
        PayTermsGrpCode:GroupNum CreditLimit:CreditLine MaxCommitment:DebtLine
        DiscountPercent:Discount VatLiable:VatStatus FederalTaxID:LicTradNum PriceListNum:ListNum
        FreeText:Free_Text SalesPersonCode:SlpCode Currency Cellular City County Country MailCity
        MailCounty:MailCounty MailCountry:MailCountr EmailAddress:E_Mail CardForeignName:CardFName
        CurrentAccountBalance:Balance OpenDeliveryNotesBalance:DNotesBal OpenOrdersBalance:OrdersBal
        VatGroup:ECVatGroup DebitorAccount:DebPayAcct Valid:validFor Frozen:frozenFor Block
        BillToState:State1 ShipToState:State2 PeymentMethodCode:PymCode ShipToDefault:ShipToDef
        BilltoDefault:BillToDef Website:IntrntSite LanguageCode:LangCode Industry:IndustryC Series
        UnifiedFederalTaxID:VatIdUnCmp AliasName ProjectCode CreateDate CreateTime:CreateTS
        UpdateDate UpdateTime:UpdateTS DataVersion:DataVers""",
    "BPAddress": """AddressName:Address AddressType:AdresType Street StreetNo Block
        BuildingFloorRoom:Building City ZipCode County State Country FederalTaxID:LicTradNum TaxCode
        AddressName2:Address2 AddressName3:Address3 GlobalLocationNumber:GlblLocNum BPCode:CardCode
        RowNum:LineNum""",
    "ContactEmployee": """Name FirstName MiddleName LastName Title Position Address Phone1:Tel1
        Phone2:Tel2 MobilePhone:Cellolar Fax E_Mail:E_MailL Remarks1:Notes1 Remarks2:Notes2 Active
        InternalCode:CntctCode CardCode CreateDate CreateTime:CreateTS UpdateDate
        UpdateTime:UpdateTS""",
    "Payment": """DocEntry DocNum DocType DocDate CardCode CardName Address CashAccount:CashAcct
        DocCurrency:DocCurr CashSum TransferAccount:TrsfrAcct TransferSum:TrsfrSum
        TransferDate:TrsfrDate TransferReference:TrsfrRef DocRate Reference1:Ref1 Reference2:Ref2
        CounterReference:CounterRef Remarks:Comments JournalRemarks:JrnlMemo
        ContactPersonCode:CntctCode TaxDate Series ProjectCode:PrjCode DueDate:DocDueDate
        Cancelled:Canceled ControlAccount:BpAct AuthorizationStatus:WddStatus BPLID:BPLId""",
    "PaymentInvoice": """LineNum:InvoiceId DocEntry SumApplied AppliedFC AppliedSys
        InvoiceType:InvType InstallmentId:InstId DiscountPercent:Dcount TotalDiscount:DcntSum""",
    "PaymentCreditCard": """LineNum:LineID CreditCard CreditAcct CreditCardNumber:CrCardNum
        CardValidUntil:CardValid VoucherNum OwnerIdNum OwnerPhone PaymentMethodCode:CrTypeCode
        NumOfPayments:NumOfPmnts FirstPaymentDue:FirstDue FirstPaymentSum:FirstSum CreditSum
        ConfirmationNum:ConfNum CreditType""",
    "JournalEntry": """JdtNum:TransId ReferenceDate:RefDate DueDate TaxDate VatDate Memo
        Reference:Ref1 Reference2:Ref2 Reference3:Ref3 TransactionCode:TransCode ProjectCode:Project
        Indicator Series Number OriginalJournal:TransType Original:CreatedBy BaseReference:BaseRef
        AttachmentEntry:AtcEntry""",
    "JournalEntryLine": """Line_ID AccountCode:Account ShortName Debit Credit FCDebit FCCredit
        FCCurrency ContraAccount:ContraAct LineMemo DueDate ReferenceDate1:RefDate TaxDate
        Reference1:Ref1 Reference2:Ref2 ProjectCode:Project CostingCode:ProfitCode TaxGroup:VatGroup
        TaxCode BaseSum VatLine BPLID:BPLId""",
    "Warehouse": """WarehouseCode:WhsCode WarehouseName:WhsName Street StreetNo Block City ZipCode
        County State Country Location BusinessPlaceID:BPLid DropShip EnableBinLocations:BinActivat
        Inactive Nettable""",
    "PriceList": """PriceListNo:ListNum PriceListName:ListName BasePriceList:BASE_NUM Factor
        IsGrossPrice Active:ValidFor ValidFrom:FromDate ValidTo:ToDate DefaultPrimeCurrency:PrimCurr
        RoundingMethod:RoundSys GroupNum:GroupCode""",
    "VatGroup": "Code Name Category TaxAccount:Account EU:IsEC Inactive",
    "VatGroups_Line": "Effectivefrom:EffecDate Rate",
    "SalesTaxCode": "Code Name Rate ValidForAR ValidForAP Freight Inactive:Lock IsItemLevel",
    "SalesTaxCodes_Line": "STCCode STAType STACode EffectiveRate:EfctivRate RowNumber:Line_ID",
    "AdditionalExpense": """ExpensCode:ExpnsCode Name:ExpnsName RevenuesAccount:RevAcct
        ExpenseAccount:ExpnsAcct TaxLiable FixedAmountRevenues:RevFixSum OutputVATGroup:VatGroupO
        InputVATGroup:VatGroupI DistributionMethod:DistrbMthd FreightType:ExpnsType
        DataVersion:DataVers""",
    "Currency": """Code:CurrCode Name:CurrName DocumentsCode:DocCurrCod
        InternationalDescription:FrgnName Decimals""",
    "ChartOfAccount": """Code:AcctCode Name:AcctName ForeignName:FrgnName FormatCode
        Balance:CurrTotal AccountType:ActType ActiveAccount:Postable
        LockManualTransaction:LocManTran CashAccount:Finanse
        FatherAccountKey:FatherNum AccountLevel:Levels AcctCurrency:ActCurr ValidFor FrozenFor""",
    "CreditCard": "CreditCardCode:CreditCard CreditCardName:CardName GLAccount:AcctCode",
    "PaymentTermsType": """GroupNumber:GroupNum PaymentTermsGroupName:PymntGroup
        NumberOfAdditionalMonths:ExtraMonth NumberOfAdditionalDays:ExtraDays""",
    "ItemGroups": "Number:ItmsGrpCod GroupName:ItmsGrpNam",
    "BusinessPartnerGroup": "Code:GroupCode Name:GroupName Type:GroupType",
    "SQLQuery": "SqlCode SqlName SqlText ParamList CreateDate UpdateDate",
}
