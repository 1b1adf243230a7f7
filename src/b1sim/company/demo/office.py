"""What every company has besides its accounts: people, places, projects, cost centres.

Codes below zero and the five dimensions are SAP's own; names are ours.
"""

from b1sim.company.books import Books, Row
from b1sim.company.shape.areas import DEFAULTS
from b1sim.company.shape.model import ENUMS

_COUNTRIES = """
    AT Austria;AU Australia;BE Belgium;BG Bulgaria;BR Brazil;CA Canada;CH Switzerland;CN China;
    CY Cyprus;CZ Czechia;DE Germany;DK Denmark;EE Estonia;ES Spain;FI Finland;FR France;
    GB United Kingdom;GR Greece;HR Croatia;HU Hungary;IE Ireland;IL Israel;IN India;IT Italy;
    JP Japan;LT Lithuania;LU Luxembourg;LV Latvia;MT Malta;MX Mexico;NL Netherlands;NO Norway;
    PL Poland;PT Portugal;RO Romania;SE Sweden;SI Slovenia;SK Slovakia;TR Turkey;US United States
"""
_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_STATES = (("NY", "US", "New York"), ("CA", "US", "California"), ("TX", "US", "Texas"))


def furnish(books: Books) -> None:
    """Enter it; straight into the tables, for a new company must open at once."""
    for table, rows in _rows().items():
        books.insert(table, [DEFAULTS.get(table, {}) | row for row in rows])


def _rows() -> dict[str, list[Row]]:
    return {**_people(), **_places(), **_money(), **_relations()}


def _people() -> dict[str, list[Row]]:
    languages = ENUMS["BoSuppLangs"].items()
    manager = {"USERID": 1, "USER_CODE": "manager", "U_NAME": "Manager", "SUPERUSER": "Y"}
    return {
        "OUSR": [manager],
        "OLNG": [
            {"Code": int(code), "ShortName": name[3:], "Name": name[3:]}
            for name, code in languages
            if code.isdecimal() and code != "0"
        ],
        "OUDP": [{"Code": -2, "Name": "General"}, {"Code": 1, "Name": "Sales"}],
        "OUBR": [{"Code": -2, "Name": "Main"}],
        "OSLP": [
            {"SlpCode": -1, "SlpName": "-No Sales Employee-"},
            {"SlpCode": 1, "SlpName": "Web shop"},
            {"SlpCode": 2, "SlpName": "Field sales"},
        ],
        "OTER": [{"territryID": 1, "descript": "Europe"}],
    }


def _places() -> dict[str, list[Row]]:
    pairs = [entry.strip().partition(" ") for entry in _COUNTRIES.split(";")]
    union = set(_UNION.split())
    return {
        "OCRY": [
            {"Code": code, "Name": name, "IsEC": "Y" if code in union else "N"}
            for code, _, name in pairs
        ],
        "OCST": [{"Code": code, "Country": land, "Name": name} for code, land, name in _STATES],
        "OOND": [{"IndCode": 1, "IndName": "Retail", "IndDesc": "Retail trade"}],
        "OLCT": [{"Code": 1, "Location": "Hamburg"}, {"Code": 2, "Location": "Wien"}],
    }


def _money() -> dict[str, list[Row]]:
    bank = {"AbsEntry": 1, "BankCode": "HB", "BankName": "House bank", "CountryCod": "DE"}
    account = {"AbsEntry": 1, "BankCode": "HB", "Account": "0001234500", "Country": "DE"}
    return {
        "ODSC": [bank],
        "DSC1": [account | {"GLAccount": "_SYS00000000201", "BankKey": 1}],
        "OPYM": [
            {"PayMethCod": "Incoming BT", "Descript": "Bank transfer from customers"},
            {"PayMethCod": "Outgoing BT", "Descript": "Bank transfer to suppliers", "Type": "O"},
        ],
        "OCRP": [{"CrTypeCode": 1, "CrTypeName": "Card", "CreditCard": 1}],
        "OPRJ": [{"PrjCode": "OPENING", "PrjName": "Opening of a shop"}],
        "ODIM": [
            {"DimCode": n, "DimName": f"Dimension {n}", "DimActive": "Y" if n == 1 else "N"}
            for n in range(1, 6)
        ],
        "OPRC": [
            {"PrcCode": code, "PrcName": name}
            for code, name in (("SALES", "Sales"), ("LOGIST", "Logistics"))
        ],
        # LOGIST has no rule: documents cannot be charged to it (sap-service-layer.md 9.7).
        "OOCR": [{"OcrCode": "SALES", "OcrName": "Sales", "Direct": "Y"}],
        "OCR1": [{"OcrCode": "SALES", "PrcCode": "SALES", "PrcAmount": 100.0}],
    }


def _relations() -> dict[str, list[Row]]:
    stages = ((1, "Lead", 10.0), (2, "Offer", 50.0), (3, "Negotiation", 80.0))
    return {
        "OCLT": [{"Code": -1, "Name": "General"}, {"Code": 1, "Name": "Complaint"}],
        "OOST": [
            {"Num": n, "StepId": n, "Descript": name, "CloPrcnt": percent}
            for n, name, percent in stages
        ],
        "OCQG": [{"GroupCode": n, "GroupName": f"Property {n}"} for n in range(1, 65)],
    }
