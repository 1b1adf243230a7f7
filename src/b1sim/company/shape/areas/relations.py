"""What is known of partners beyond trade: activities, opportunities, agreements, their numbers.

Properties: sap-service-layer.md 14; that each lies in the column of its like name is a guess.
"""

from b1sim.company.shape.area import Area, Shelf

_OF_CHANCE = (("OpprId", "OpprId"),)
RELATIONS = Area(
    tables={
        "Activities": "OCLG",
        "ActivityTypes": "OCLT",
        "SalesOpportunities": "OOPR",
        "SalesStages": "OOST",
        "BlanketAgreements": "OOAT",
        "AlternateCatNum": "OSCN",
        "BusinessPartnerProperties": "OCQG",
    },
    shelves={
        "SalesOpportunities": {
            "SalesOpportunitiesLines": Shelf("OPR1", "LineNum", _OF_CHANCE),
        },
        "BlanketAgreements": {
            "BlanketAgreements_ItemsLines": Shelf(
                "OAT1", "AgreementRowNumber", (("AgrNo", "AbsID"),)
            ),
        },
    },
    actions={
        "BlanketAgreements": ("CancelBlanketAgreement",),
    },
    columns={
        "Activity": """ActivityCode:ClgCode CardCode Notes ActivityDate:CntctDate
            ActivityTime:CntctTime StartDate:Recontact Closed CloseDate Phone:Tel Fax
            Subject:CntctSbjct DocType DocNum DocEntry Priority Details Activity:Action
            ActivityType:CntctType StartTime:BeginTime EndTime:ENDTime Duration
            DurationType:DurType SalesEmployee:SlpCode ContactPersonCode:CntctCode
            HandledBy:AttendUser Reminder City Street Room State Country Status:status
            EndDueDate:endDate AttachmentEntry:AtcEntry HandledByEmployee:AttendEmpl
            PreviousActivity:prevActvty SalesOpportunityId:OprId SalesOpportunityLine:OprLine
            DataVersion:DataVers""",
        "ActivityType": "Code Name",
        "SalesOpportunities": """SequentialNo:OpprId CardCode SalesPerson:SlpCode
            ContactPerson:CprCode Source StartDate:OpenDate PredictedClosingDate:PredDate
            MaxLocalTotal:MaxSumLoc WeightedSumLC:WtSumLoc Remarks:Memo Status
            CurrentStageNo:StepLast OpportunityName:Name Industry:IndCode ProjectCode:PrjCode
            CustomerName:CardName Territory ClosingDate:CloseDate ClosingPercentage:CloPrcnt
            OpportunityType:OpprType TotalAmountLocal:RealSumLoc UpdateDate UpdateTime:UpdateTS
            AttachmentEntry:AtcEntry""",
        "SalesOpportunitiesLine": """LineNum:Line SalesPerson:SlpCode StartDate:OpenDate
            ClosingDate:CloseDate StageKey:Step_Id PercentageRate:ClosePrcnt
            MaxLocalTotal:MaxSumLoc WeightedAmountLocal:WtSumLoc Remarks:Memo Status
            DocumentNumber:DocNumber DocumentType:ObjType SequenceNo:OpprId""",
        "SalesStage": """SequenceNo:Num Name:Descript Stageno:StepId ClosingPercentage:CloPrcnt
            Cancelled:Canceled IsSales:SalesStage IsPurchasing:PurStage""",
        "BlanketAgreement": """AgreementNo:AbsID DocNum:Number BPCode:BpCode BPName:BpName
            ContactPersonCode:CntctCode StartDate EndDate TerminateDate:TermDate
            Description:Descript AgreementType:Type Status Owner Remarks:Remarks
            AgreementMethod:Method PaymentTerms:GroupNum PriceList:ListNum SigningDate:SignDate
            NumAtCard Project BPCurrency:BPCurr Series""",
        "BlanketAgreements_ItemsLine": """AgreementNo:AgrNo AgreementRowNumber:AgrLineNum
            ItemNo:ItemCode ItemDescription:ItemName PlannedQuantity:PlanQty UnitPrice
            PriceCurrency:Currency CumulativeQuantity:CumQty CumulativeAmountLC:CumAmntLC
            PlannedAmountLC:PlanAmtLC FreeText:FreeTxt LineDiscount:Discount UoMEntry:UomEntry
            UndeliveredCumulativeQuantity:UndlvQty""",
        "AlternateCatNum": """ItemCode CardCode Substitute DisplayBPCatalogNumber:ShowSCN
            IsDefault Description:Descr""",
        "BusinessPartnerProperty": "PropertyCode:GroupCode PropertyName:GroupName",
    },
    read_only={
        "Activity": "DataVersion UserSignature UserSignature2",
        "SalesOpportunities": "UpdateDate UpdateTime CustomerName UserSignature",
        "SalesOpportunitiesLine": "SequenceNo",
        "BlanketAgreement": "BPName DocNum",
        "BlanketAgreements_ItemsLine": """AgreementNo ItemDescription CumulativeQuantity
            CumulativeAmountLC UndeliveredCumulativeQuantity""",
    },
    max_lengths={
        "Activity": {"CardCode": 15, "Details": 100, "Phone": 20},
        "ActivityType": {"Name": 20},
        "SalesOpportunities": {"CardCode": 15, "OpportunityName": 100},
        "SalesStage": {"Name": 30},
        "BlanketAgreement": {"BPCode": 15, "Description": 100},
        "AlternateCatNum": {"ItemCode": 50, "CardCode": 15, "Substitute": 50},
    },
    defaults={
        "OCLG": {"Closed": "N", "Action": "C", "Priority": "1", "CntctType": -1, "status": -2},
        "OOPR": {"Status": "O", "OpprType": "R", "SlpCode": -1, "CloPrcnt": 0.0},
        "OOST": {"Canceled": "N", "SalesStage": "Y", "PurStage": "N"},
        "OOAT": {"Type": "G", "Status": "D", "Method": "I"},
        "OSCN": {"ShowSCN": "N", "IsDefault": "N"},
    },
    refers={
        "OCLG": (("CardCode", "OCRD"), ("CntctType", "OCLT"), ("SlpCode", "OSLP")),
        "OOPR": (("CardCode", "OCRD"), ("SlpCode", "OSLP")),
        "OPR1": (("Step_Id", "OOST"),),
        "OOAT": (("BpCode", "OCRD"),),
        "OAT1": (("ItemCode", "OITM"),),
        "OSCN": (("ItemCode", "OITM"), ("CardCode", "OCRD")),
    },
    uses={
        "OCRD": (("OCLG", "CardCode"), ("OOPR", "CardCode"), ("OOAT", "BpCode")),
        "OITM": (("OSCN", "ItemCode"), ("OAT1", "ItemCode")),
        "OCLT": (("OCLG", "CntctType"),),
        "OOST": (("OPR1", "Step_Id"),),
    },
    support="""
CREATE INDEX OCLG_CARD ON OCLG (CardCode);
""",
)
