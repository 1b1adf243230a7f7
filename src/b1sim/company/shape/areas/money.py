"""The chart of accounts, journal entries and payments."""

from b1sim.company.shape.area import Area, Shelf

# Entity set, object type and prefix of its row tables. SAP names the column that points from a
# payment's rows to its DocEntry "DocNum".
_PAYMENTS = {"IncomingPayments": (24, "RCT"), "VendorPayments": (46, "VPM")}
_PAYMENTS |= {"PaymentDrafts": (140, "PDF")}
_PAYMENT_ACTIONS = ("Cancel", "CancelbyCurrentSystemDate")


def _payment_shelves(object_type: int, prefix: str) -> dict[str, Shelf]:
    link = (("DocNum", "DocEntry"),)
    flows = (("SrcEntry", "DocEntry"),)
    return {
        "PaymentChecks": Shelf(f"{prefix}1", "LineNum", link),
        "PaymentInvoices": Shelf(f"{prefix}2", "LineNum", link),
        "PaymentCreditCards": Shelf(f"{prefix}3", "LineNum", link),
        "PaymentAccounts": Shelf(f"{prefix}4", "LineNum", link),
        "CashFlowAssignments": Shelf(
            "OCFT", "CashFlowAssignmentsID", flows, fixed=(("SrcObj", object_type),)
        ),
    }


MONEY = Area(
    tables={
        "ChartOfAccounts": "OACT",
        "CreditCards": "OCRC",
        "Currencies": "OCRN",
        "IncomingPayments": "ORCT",
        "JournalEntries": "OJDT",
        "PaymentDrafts": "OPDF",
        "VendorPayments": "OVPM",
    },
    shelves={
        **{name: _payment_shelves(*facts) for name, facts in _PAYMENTS.items()},
        "JournalEntries": {
            "JournalEntryLines": Shelf("JDT1", "Line_ID", (("TransId", "TransId"),))
        },
    },
    # SAP offers more (approvals of a cancellation).
    actions={
        **dict.fromkeys(_PAYMENTS, _PAYMENT_ACTIONS),
        "PaymentDrafts": ("SaveDraftToDocument",),
        "JournalEntries": ("Cancel",),
    },
    columns={
        "Payment": """DocEntry DocNum DocType DocDate CardCode CardName Address
            CashAccount:CashAcct DocCurrency:DocCurr CashSum TransferAccount:TrsfrAcct
            TransferSum:TrsfrSum TransferDate:TrsfrDate TransferReference:TrsfrRef
            DocRate Reference1:Ref1 Reference2:Ref2 CounterReference:CounterRef
            Remarks:Comments JournalRemarks:JrnlMemo ContactPersonCode:CntctCode
            TaxDate Series ProjectCode:PrjCode DueDate:DocDueDate Cancelled:Canceled
            ControlAccount:BpAct AuthorizationStatus:WddStatus BPLID:BPLId BPLName
            CheckAccount:CheckAcct DocObjectCode:ObjType VatDate TransactionCode:TransCode
            PayToCode AttachmentEntry:AtcEntry""",
        "PaymentInvoice": """LineNum:InvoiceId DocEntry SumApplied AppliedFC
            AppliedSys InvoiceType:InvType InstallmentId:InstId DiscountPercent:Dcount
            TotalDiscount:DcntSum DocLine DistributionRule:OcrCode""",
        "PaymentCheck": """LineNum:LineID DueDate CheckNumber:CheckNum BankCode Branch
            AccounttNum:AcctNum Details Trnsfrable CheckSum Currency
            CountryCode:CountryCod CheckAbsEntry:CheckAbs CheckAccount:CheckAct
            ManualCheck:ManualChk Endorse FiscalID OriginallyIssuedBy:OrigIssdBy""",
        "PaymentAccount": """LineNum:LineId AccountCode:AcctCode SumPaid:SumApplied
            SumPaidFC:AppliedFC Decription:Descrip VatGroup AccountName:AcctName
            GrossAmount:GrossAmnt ProfitCenter:OcrCode ProjectCode:Project
            VatAmount:VatAmnt ProfitCenter2:OcrCode2 ProfitCenter3:OcrCode3""",
        "CashFlowAssignment": """CashFlowAssignmentsID:CFTId CashFlowLineItemID:CFWId
            Credit PaymentMeans CheckNumber:CheckNum AmountLC:Debit AmountFC:FCDebit
            JDTLineId JDTId""",
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
        "Payment": "DocEntry Cancelled AuthorizationStatus DocTypte BPLName",
        "PaymentCheck": "CheckAbsEntry",
        "CashFlowAssignment": "CashFlowAssignmentsID JDTId",
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
        "Payment": {
            "DocTotal": "REAL",
            "DocTotalFC": "REAL",
            "CheckSum": "REAL",
            "CreditSum": "REAL",
            "NoDocSum": "REAL",
            "OpenBal": "REAL",
            "TransId": "INTEGER",
            "CreateDate": "TEXT",
        },
        "OJDT": {"StornoToTr": "INTEGER", "CreateDate": "TEXT", "LocTotal": "REAL"},
        "DocumentInstallment": {"PaidToDate": "REAL"},
        "JDT1": {"BalDueDeb": "REAL", "BalDueCred": "REAL"},
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
        "OCRD": (("ORCT", "CardCode"), ("OVPM", "CardCode"), ("JDT1", "ShortName")),
        "OACT": (("JDT1", "Account"),),
    },
    support="""
CREATE INDEX RCT2_INVOICE ON RCT2 (DocEntry, InvType);
CREATE INDEX ORCT_CARD ON ORCT (CardCode);
CREATE INDEX ORCT_REF ON ORCT (CounterRef);
CREATE INDEX ORCT_REMARKS ON ORCT (Comments);
CREATE INDEX VPM2_INVOICE ON VPM2 (DocEntry, InvType);
CREATE INDEX OVPM_CARD ON OVPM (CardCode);
CREATE INDEX OVPM_REF ON OVPM (CounterRef);
CREATE INDEX OVPM_REMARKS ON OVPM (Comments);
CREATE INDEX OJDT_SOURCE ON OJDT (CreatedBy, TransType);
CREATE INDEX OJDT_REF ON OJDT (Ref1);
CREATE INDEX JDT1_NAME ON JDT1 (ShortName);
""",
)
