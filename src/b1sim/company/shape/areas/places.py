"""Where things are and what money belongs to: countries, banks, projects, cost centres."""

from b1sim.company.shape.area import Area, Shelf
from b1sim.company.shape.areas.documents import DOCUMENT_TABLES

_COSTED = tuple((column, "OOCR") for column in ("OcrCode", "OcrCode2", "OcrCode3"))
PLACES = Area(
    tables={
        "Countries": "OCRY",
        "States": "OCST",
        "Industries": "OOND",
        "WarehouseLocations": "OLCT",
        "Banks": "ODSC",
        "HouseBankAccounts": "DSC1",
        "WizardPaymentMethods": "OPYM",
        "CreditPaymentMethods": "OCRP",
        "Projects": "OPRJ",
        "Dimensions": "ODIM",
        "ProfitCenters": "OPRC",
        "DistributionRules": "OOCR",
    },
    shelves={
        "DistributionRules": {
            "DistributionRuleLines": Shelf("OCR1", "CenterCode", (("OcrCode", "OcrCode"),)),
        },
        "WizardPaymentMethods": {
            "CurrencyRestrictions": Shelf("PYM1", "CurrencyCode", (("PymCode", "PayMethCod"),)),
        },
    },
    columns={
        "Country": "Code Name CodeForReports:ReportCode AddressFormat:AddrFormat EU:IsEC",
        "State": "Code Country Name GSTCode",
        "Industry": """IndustryCode:IndCode IndustryName:IndName
            IndustryDescription:IndDesc""",
        "WarehouseLocation": "Code Name:Location Street Block ZipCode City County Country State",
        "Bank": """AbsoluteEntry:AbsEntry BankCode BankName SwiftNo:SwiftNum IBAN
            CountryCode:CountryCod NextCheckNumber:NextChckNo PostOffice
            AccountforOutgoingChecks:DfltAcct BranchforOutgoingChecks:DfltBranch
            DefaultBankAccountKey:DfltActKey""",
        "HouseBankAccount": """AbsoluteEntry:AbsEntry BankCode AccNo:Account Branch
            NextCheckNo:NextCheck GLAccount GLInterimAccount:GLIntriAct Country State City ZipCode
            Street County IBAN BankKey AccountName:AcctName BICSwiftCode:SwiftNum""",
        "WizardPaymentMethod": """PaymentMethodCode:PayMethCod Description:Descript Type
            PaymentMeans:BankTransf DefaultBank:DflBank DefaultAccount:DflAccount GLAccount
            BankCountry:DflCountry Active MinimumAmount:MinAmount MaximumAmount:MaxAmount
            CreationDate:CreateDate""",
        "CurrencyRestriction": """PaymentMethodCode:PymCode CurrencyCode:CurrCode
            CurrencyName:CurrName Choose""",
        "CreditPaymentMethod": """PaymentMethodCode:CrTypeCode Name:CrTypeName
            AssignedtoCreditCard:CreditCard PaymentCode:PymntCode MinimumCreditAmount:MinCredit
            MinimumPaymentAmount:MinToPay InstallmentPaymentsPossible:InstalMent""",
        "Project": "Code:PrjCode Name:PrjName ValidFrom ValidTo Active",
        "Dimension": """DimensionCode:DimCode DimensionName:DimName IsActive:DimActive
            DimensionDescription:DimDesc""",
        "ProfitCenter": """CenterCode:PrcCode CenterName:PrcName GroupCode:GrpCode
            InWhichDimension:DimCode CostCenterType:CCTypeCode EffectiveFrom:ValidFrom
            EffectiveTo:ValidTo Active CenterOwner:CCOwner""",
        "DistributionRule": """FactorCode:OcrCode FactorDescription:OcrName
            TotalFactor:OcrTotal Direct InWhichDimension:DimCode Active""",
        "DistributionRuleLine": """CenterCode:PrcCode TotalInCenter:PrcAmount
            EffectiveFrom:ValidFrom EffectiveTo:ValidTo""",
    },
    read_only={"WizardPaymentMethod": "CreationDate", "CurrencyRestriction": "PaymentMethodCode"},
    max_lengths={
        "Country": {"Code": 3, "Name": 100},
        "State": {"Code": 3, "Country": 3, "Name": 100},
        "Industry": {"IndustryName": 15, "IndustryDescription": 30},
        "Bank": {"BankCode": 30, "BankName": 250},
        "HouseBankAccount": {"BankCode": 30, "AccNo": 50},
        "WizardPaymentMethod": {"PaymentMethodCode": 15, "Description": 100},
        "Project": {"Code": 20, "Name": 100},
        "ProfitCenter": {"CenterCode": 8, "CenterName": 30},
        "DistributionRule": {"FactorCode": 8, "FactorDescription": 30},
        "DistributionRuleLine": {"CenterCode": 8},
    },
    defaults={
        "OCRY": {"IsEC": "N"},
        "ODSC": {"PostOffice": "N"},
        "OPYM": {"Active": "Y", "Type": "I", "BankTransf": "T"},
        "OPRJ": {"Active": "Y"},
        "ODIM": {"DimActive": "N"},
        "OPRC": {"Active": "Y", "DimCode": 1},
        "OOCR": {"Active": "Y", "DimCode": 1, "OcrTotal": 100.0, "Direct": "N"},
    },
    refers={
        # A profit centre without a rule is no cost centre of a document (9.7).
        **{f"{prefix}1": _COSTED for _, _, prefix in DOCUMENT_TABLES.values()},
        "JDT1": (("ProfitCode", "OOCR"),),
        "OCST": (("Country", "OCRY"),),
        "OCRP": (("CreditCard", "OCRC"),),
        "OPRC": (("DimCode", "ODIM"),),
        "OOCR": (("DimCode", "ODIM"),),
        "OCR1": (("PrcCode", "OPRC"),),
    },
    uses={
        "OCRY": (("OCST", "Country"),),
        "OOND": (("OCRD", "IndustryC"),),
        "OPRC": (("OCR1", "PrcCode"),),
        "OCRC": (("OCRP", "CreditCard"),),
        "OLCT": (("OWHS", "Location"),),
    },
)
