"""The chart of accounts, journal entries and payments."""

from b1sim.company.shape.area import Area, Shelf

MONEY = Area(
    tables={
        "ChartOfAccounts": "OACT",
        "CreditCards": "OCRC",
        "Currencies": "OCRN",
        "IncomingPayments": "ORCT",
        "JournalEntries": "OJDT",
    },
    shelves={
        # SAP names the column that points from a payment's rows to its DocEntry "DocNum".
        "IncomingPayments": {
            "PaymentInvoices": Shelf("RCT2", "LineNum", (("DocNum", "DocEntry"),)),
            "PaymentCreditCards": Shelf("RCT3", "LineNum", (("DocNum", "DocEntry"),)),
        },
        "JournalEntries": {
            "JournalEntryLines": Shelf("JDT1", "Line_ID", (("TransId", "TransId"),))
        },
    },
    # SAP offers more (approvals of a cancellation).
    actions={
        "IncomingPayments": ("Cancel", "CancelbyCurrentSystemDate"),
        "JournalEntries": ("Cancel",),
    },
    columns={
        "Payment": """DocEntry DocNum DocType DocDate CardCode CardName Address
            CashAccount:CashAcct DocCurrency:DocCurr CashSum TransferAccount:TrsfrAcct
            TransferSum:TrsfrSum TransferDate:TrsfrDate TransferReference:TrsfrRef
            DocRate Reference1:Ref1 Reference2:Ref2 CounterReference:CounterRef
            Remarks:Comments JournalRemarks:JrnlMemo ContactPersonCode:CntctCode
            TaxDate Series ProjectCode:PrjCode DueDate:DocDueDate Cancelled:Canceled
            ControlAccount:BpAct AuthorizationStatus:WddStatus BPLID:BPLId""",
        "PaymentInvoice": """LineNum:InvoiceId DocEntry SumApplied AppliedFC
            AppliedSys InvoiceType:InvType InstallmentId:InstId DiscountPercent:Dcount
            TotalDiscount:DcntSum""",
        "PaymentCreditCard": """LineNum:LineID CreditCard CreditAcct
            CreditCardNumber:CrCardNum CardValidUntil:CardValid VoucherNum OwnerIdNum
            OwnerPhone PaymentMethodCode:CrTypeCode NumOfPayments:NumOfPmnts
            FirstPaymentDue:FirstDue FirstPaymentSum:FirstSum CreditSum
            ConfirmationNum:ConfNum CreditType""",
        "JournalEntry": """JdtNum:TransId ReferenceDate:RefDate DueDate TaxDate
            VatDate Memo Reference:Ref1 Reference2:Ref2 Reference3:Ref3
            TransactionCode:TransCode ProjectCode:Project Indicator Series Number
            OriginalJournal:TransType Original:CreatedBy BaseReference:BaseRef
            AttachmentEntry:AtcEntry""",
        "JournalEntryLine": """Line_ID AccountCode:Account ShortName Debit Credit
            FCDebit FCCredit FCCurrency ContraAccount:ContraAct LineMemo DueDate
            ReferenceDate1:RefDate TaxDate Reference1:Ref1 Reference2:Ref2
            ProjectCode:Project CostingCode:ProfitCode TaxGroup:VatGroup TaxCode
            BaseSum VatLine BPLID:BPLId""",
        "ChartOfAccount": """Code:AcctCode Name:AcctName ForeignName:FrgnName
            FormatCode Balance:CurrTotal AccountType:ActType ActiveAccount:Postable
            LockManualTransaction:LocManTran CashAccount:Finanse
            FatherAccountKey:FatherNum AccountLevel:Levels AcctCurrency:ActCurr
            ValidFor FrozenFor""",
        "CreditCard": "CreditCardCode:CreditCard CreditCardName:CardName GLAccount:AcctCode",
        "Currency": """Code:CurrCode Name:CurrName DocumentsCode:DocCurrCod
            InternationalDescription:FrgnName Decimals""",
    },
    read_only={
        "Payment": "DocEntry Cancelled AuthorizationStatus DocTypte",
        "JournalEntry": "JdtNum Number OriginalJournal Original",
        "ChartOfAccount": "Balance AccountLevel",
    },
    max_lengths={
        "Payment": {"Remarks": 254, "JournalRemarks": 50, "CounterReference": 8, "CardCode": 15}
        | {"TransferReference": 27, "Reference2": 11},
        "JournalEntry": {"Memo": 50, "Reference": 100, "Reference2": 100, "Reference3": 27},
        "JournalEntryLine": {
            "LineMemo": 50,
            "CostingCode": 8,
            "Reference1": 100,
            "Reference2": 100,
        },
    },
    hidden={
        "ORCT": {
            "DocTotal": "REAL",
            "DocTotalFC": "REAL",
            "CreditSum": "REAL",
            "NoDocSum": "REAL",
            "TransId": "INTEGER",
            "CreateDate": "TEXT",
        },
        "OJDT": {"StornoToTr": "INTEGER", "CreateDate": "TEXT", "LocTotal": "REAL"},
    },
    defaults={
        "OACT": {
            "CurrTotal": 0.0,
            "Postable": "Y",
            "LocManTran": "N",
            "FrozenFor": "N",
            "ValidFor": "N",
            "Finanse": "N",
            "ActType": "N",
            "Levels": 5,
            "ActCurr": "##",
        },
        "OCRN": {"Decimals": "-1"},
    },
    uses={
        "OCRD": (("ORCT", "CardCode"),),
        "OACT": (("JDT1", "Account"),),
    },
    support="""
CREATE INDEX RCT2_INVOICE ON RCT2 (DocEntry, InvType);
CREATE INDEX ORCT_CARD ON ORCT (CardCode);
CREATE INDEX ORCT_REF ON ORCT (CounterRef);
CREATE INDEX OJDT_SOURCE ON OJDT (CreatedBy, TransType);
CREATE INDEX OJDT_REF ON OJDT (Ref1);
""",
)
