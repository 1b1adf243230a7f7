"""What every company has besides its accounts: people, places, projects, cost centres.

Codes below zero and the five dimensions are SAP's own; names are ours.
"""

from b1sim.company.books import Books, Row
from b1sim.company.shape.areas import DEFAULTS
from b1sim.company.shape.model import ENUMS

_COUNTRIES = """
    AE United Arab Emirates;AL Albania;AR Argentina;AT Austria;AU Australia;
    BA Bosnia and Herzegovina;BE Belgium;BG Bulgaria;BH Bahrain;BR Brazil;CA Canada;
    CH Switzerland;CL Chile;CN China;CO Colombia;CR Costa Rica;CY Cyprus;CZ Czechia;
    DE Germany;DK Denmark;EE Estonia;EG Egypt;ES Spain;FI Finland;FR France;
    GB United Kingdom;GE Georgia;GG Guernsey;GI Gibraltar;GR Greece;HK Hong Kong;
    HR Croatia;HU Hungary;ID Indonesia;IE Ireland;IL Israel;IM Isle of Man;IN India;
    IS Iceland;IT Italy;JE Jersey;JP Japan;KE Kenya;KR South Korea;KW Kuwait;LB Lebanon;
    LI Liechtenstein;LK Sri Lanka;LT Lithuania;LU Luxembourg;LV Latvia;MA Morocco;
    MC Monaco;MD Moldova;ME Montenegro;MK North Macedonia;MT Malta;MX Mexico;MY Malaysia;
    NG Nigeria;NL Netherlands;NO Norway;NZ New Zealand;OM Oman;PE Peru;PH Philippines;
    PK Pakistan;PL Poland;PT Portugal;QA Qatar;RO Romania;RS Serbia;SA Saudi Arabia;
    SE Sweden;SG Singapore;SI Slovenia;SK Slovakia;SM San Marino;TH Thailand;TN Tunisia;
    TR Turkey;TW Taiwan;UA Ukraine;US United States;UY Uruguay;VN Vietnam;ZA South Africa
"""
_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
# Guess: states go by their ISO 3166-2 codes, for these countries only.
_STATES = {
    "US": """
    AK Alaska;AL Alabama;AR Arkansas;AZ Arizona;CA California;CO Colorado;
    CT Connecticut;DC District of Columbia;DE Delaware;FL Florida;GA Georgia;
    HI Hawaii;IA Iowa;ID Idaho;IL Illinois;IN Indiana;KS Kansas;KY Kentucky;
    LA Louisiana;MA Massachusetts;MD Maryland;ME Maine;MI Michigan;MN Minnesota;
    MO Missouri;MS Mississippi;MT Montana;NC North Carolina;ND North Dakota;
    NE Nebraska;NH New Hampshire;NJ New Jersey;NM New Mexico;NV Nevada;NY New York;
    OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;SC South Carolina;
    SD South Dakota;TN Tennessee;TX Texas;UT Utah;VA Virginia;VT Vermont;
    WA Washington;WI Wisconsin;WV West Virginia;WY Wyoming
    """,
    "CA": """
    AB Alberta;BC British Columbia;MB Manitoba;NB New Brunswick;
    NL Newfoundland and Labrador;NS Nova Scotia;NT Northwest Territories;NU Nunavut;
    ON Ontario;PE Prince Edward Island;QC Quebec;SK Saskatchewan;YT Yukon
    """,
    "DE": """
    BB Brandenburg;BE Berlin;BW Baden-Württemberg;BY Bayern;HB Bremen;HE Hessen;
    HH Hamburg;MV Mecklenburg-Vorpommern;NI Niedersachsen;NW Nordrhein-Westfalen;
    RP Rheinland-Pfalz;SH Schleswig-Holstein;SL Saarland;SN Sachsen;ST Sachsen-Anhalt;
    TH Thüringen
    """,
}


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
    union = set(_UNION.split())
    return {
        "OCRY": [
            {"Code": code, "Name": name, "IsEC": "Y" if code in union else "N"}
            for code, name in _pairs(_COUNTRIES)
        ],
        "OCST": [
            {"Code": code, "Country": land, "Name": name}
            for land, states in _STATES.items()
            for code, name in _pairs(states)
        ],
        "OOND": [{"IndCode": 1, "IndName": "Retail", "IndDesc": "Retail trade"}],
        "OLCT": [{"Code": 1, "Location": "Hamburg"}, {"Code": 2, "Location": "Wien"}],
    }


def _pairs(listed: str) -> list[tuple[str, str]]:
    """Read "AT Austria;BE Belgium"."""
    entries = (entry.strip().partition(" ") for entry in listed.split(";"))
    return [(code, name) for code, _, name in entries]


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
