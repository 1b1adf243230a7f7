"""What every company needs before its first document: accounts, taxes, warehouses, series."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from b1sim.company.books import Books
from b1sim.company.demo import office
from b1sim.company.masters import master_data
from b1sim.company.rules import numbering
from b1sim.company.shape import intake
from b1sim.company.shape.model import ENTITY_SETS

ACCOUNTS = {
    "_SYS00000000101": ("Receivables from customers", "110100", "N", "Y"),
    "_SYS00000000102": ("Payables to suppliers", "210100", "N", "Y"),
    "_SYS00000000111": ("Merchandise in stock", "120100", "N", "N"),
    "_SYS00000000115": ("Goods received, not invoiced", "120500", "N", "N"),
    "_SYS00000000121": ("Output VAT 20 %", "220120", "N", "N"),
    "_SYS00000000122": ("Output VAT 19 %", "220119", "N", "N"),
    "_SYS00000000123": ("Output VAT 7 %", "220107", "N", "N"),
    "_SYS00000000124": ("Input VAT", "130100", "N", "N"),
    "_SYS00000000125": ("Sales tax collected", "220200", "N", "N"),
    "_SYS00000000201": ("House bank", "140100", "N", "N"),
    "_SYS00000000202": ("Petty cash", "140200", "N", "N"),
    "_SYS00000000203": ("Card clearing", "140300", "N", "N"),
    "_SYS00000000204": ("PayPal clearing", "140400", "N", "N"),
    "_SYS00000000205": ("Payouts in transit", "140500", "N", "N"),
    "_SYS00000000206": ("Gateway reserves", "140600", "N", "N"),
    "_SYS00000000207": ("Disputed charges", "140700", "N", "N"),
    "_SYS00000000208": ("Cheques received", "140800", "N", "N"),
    "_SYS00000000210": ("Gift card liability", "230100", "N", "N"),
    "_SYS00000000212": ("Down payments received", "230200", "N", "N"),
    "_SYS00000000401": ("Revenue from merchandise", "410100", "I", "N"),
    "_SYS00000000402": ("Revenue from services", "410200", "I", "N"),
    "_SYS00000000411": ("Revenue from shipping", "420100", "I", "N"),
    "_SYS00000000412": ("Revenue from handling", "420200", "I", "N"),
    "_SYS00000000413": ("Tips received", "420300", "I", "N"),
    "_SYS00000000501": ("Cost of goods sold", "510100", "E", "N"),
    "_SYS00000000511": ("Outbound freight", "520100", "E", "N"),
    "_SYS00000000521": ("Payment gateway fees", "530100", "E", "N"),
    "_SYS00000000522": ("Dispute fees", "530200", "E", "N"),
    "_SYS00000000531": ("Purchased services", "540100", "E", "N"),
    "_SYS00000000590": ("Rounding differences", "590100", "E", "N"),
    "_SYS00000000591": ("Exchange rate differences", "590200", "E", "N"),
}
TAXES = (
    ("A20", "Output VAT 20 %", "O", "20", "_SYS00000000121"),
    ("A19", "Output VAT 19 %", "O", "19", "_SYS00000000122"),
    ("A7", "Output VAT 7 %", "O", "7", "_SYS00000000123"),
    ("A0", "Output VAT zero-rated", "O", "0", "_SYS00000000121"),
    ("V20", "Input VAT 20 %", "I", "20", "_SYS00000000124"),
    ("V19", "Input VAT 19 %", "I", "19", "_SYS00000000124"),
    ("V7", "Input VAT 7 %", "I", "7", "_SYS00000000124"),
)
SALES_TAXES = (
    ("EX", "Exempt", "0"),
    ("NY", "New York combined", "8.875"),
    ("CA", "California combined", "9.5"),
    ("TX", "Texas combined", "8.25"),
)
EXPENSES = (
    (1, "Shipping", "_SYS00000000411"),
    (2, "Handling", "_SYS00000000412"),
    (3, "Insurance", "_SYS00000000412"),
    (4, "Payment fee", "_SYS00000000412"),
    (5, "Tip", "_SYS00000000413"),
)
WAREHOUSES = (
    ("01", "Main warehouse", "Hamburg", "DE"),
    ("02", "Web store warehouse", "Leipzig", "DE"),
    ("03", "Shop floor", "Wien", "AT"),
    ("04", "Returns and quarantine", "Hamburg", "DE"),
)
UNITS = ((-1, "Manual", "Manual"), (1, "EA", "Each"), (2, "CASE12", "Case of 12"))
UNIT_GROUPS: tuple[dict[str, Any], ...] = (
    {"AbsEntry": -1, "Code": "Manual", "Name": "Manual", "BaseUoM": -1},
    {
        "AbsEntry": 1,
        "Code": "PACKED",
        "Name": "Pieces and cases",
        "BaseUoM": 1,
        "UoMGroupDefinitionCollection": [
            {"AlternateUoM": 1, "AlternateQuantity": 1, "BaseQuantity": 1},
            {"AlternateUoM": 2, "AlternateQuantity": 1, "BaseQuantity": 12},
        ],
    },
)
CURRENCIES = {"EUR": "Euro", "USD": "US Dollar", "GBP": "Pound Sterling", "SEK": "Swedish Krona"}
RATES = {"USD": 0.92, "GBP": 1.17, "SEK": 0.0862}
RATE_DAYS = 400
SERIES = {
    "23": "Quotations",
    "17": "Orders",
    "15": "Deliveries",
    "234000031": "Return requests",
    "16": "Returns",
    "13": "Invoices",
    "14": "Credit memos",
    "203": "Down payments",
    "22": "Purchase orders",
    "20": "Goods receipts",
    "18": "Supplier invoices",
    "24": "Receipts",
    "46": "Payments",
    "30": "Journal",
    "59": "GoodsIn",
    "60": "GoodsOut",
    "67": "Transfers",
    "1250000001": "Requests",
}


def found(books: Books) -> None:
    """Found a company that can post, with no item and no partner yet."""
    office.furnish(books)
    add(books, "ChartOfAccounts", map(_account, ACCOUNTS))
    add(books, "Currencies", ({"Code": c, "Name": n} for c, n in CURRENCIES.items()))
    add(books, "VatGroups", (_vat_group(*row) for row in TAXES))
    add(books, "SalesTaxCodes", ({"Code": c, "Name": n, "Rate": r} for c, n, r in SALES_TAXES))
    add(books, "AdditionalExpenses", (_expense(*row) for row in EXPENSES))
    add(books, "Warehouses", (_warehouse(*row) for row in WAREHOUSES))
    add(books, "UnitOfMeasurements", ({"AbsEntry": e, "Code": c, "Name": n} for e, c, n in UNITS))
    add(books, "UnitOfMeasurementGroups", UNIT_GROUPS)
    add(books, "Manufacturers", [{"Code": -1, "ManufacturerName": "- No Manufacturer -"}])
    add(books, "ShippingTypes", [{"Code": 1, "Name": "Parcel"}, {"Code": 2, "Name": "Freight"}])
    add(books, "ItemProperties", _item_properties())
    add(books, "PriceLists", _price_lists())
    add(books, "PaymentTermsTypes", _terms())
    add(books, "CreditCards", _credit_cards())
    add(books, "ItemGroups", [{"Number": 100, "GroupName": "Merchandise"}])
    add(books, "BusinessPartnerGroups", _partner_groups())
    for code, name in SERIES.items():
        numbering.add_series(books, code, name, first=1)
    _enter_rates(books)


def add(books: Books, entity_set: str, payloads: Iterable[Mapping[str, Any]]) -> None:
    """Create records of one set."""
    kind = ENTITY_SETS[entity_set]
    for payload in payloads:
        master_data.create(books, kind, intake.take(kind, payload))


def _account(code: str) -> dict[str, Any]:
    name, number, kind, control = ACCOUNTS[code]
    payload = {"Code": code, "Name": name, "FormatCode": number, "AccountType": kind}
    return payload | {"LockManualTransaction": control, "ActiveAccount": "tYES"}


def _vat_group(code: str, name: str, category: str, rate: str, account: str) -> dict[str, Any]:
    lines = [{"Effectivefrom": "2007-01-01", "Rate": rate}]
    payload = {"Code": code, "Name": name, "Category": category, "TaxAccount": account}
    return payload | {"VatGroups_Lines": lines}


def _expense(code: int, name: str, account: str) -> dict[str, Any]:
    payload = {"ExpensCode": code, "Name": name, "RevenuesAccount": account}
    payload |= {"ExpenseAccount": "_SYS00000000511", "OutputVATGroup": "A20"}
    return payload | {"InputVATGroup": "V20"}


def _warehouse(code: str, name: str, city: str, country: str) -> dict[str, Any]:
    payload = {"WarehouseCode": code, "WarehouseName": name, "City": city}
    return payload | {"Country": country}


def _price_lists() -> list[dict[str, Any]]:
    return [
        {"PriceListNo": 1, "PriceListName": "Base price", "BasePriceList": 1},
        {"PriceListNo": 2, "PriceListName": "Trade", "BasePriceList": 1, "Factor": "0.85"},
        {"PriceListNo": 3, "PriceListName": "Web", "BasePriceList": 1, "Factor": "1.05"},
        {
            "PriceListNo": 4,
            "PriceListName": "Shop floor, gross",
            "BasePriceList": 1,
            "Factor": "1.2",
            "IsGrossPrice": "tYES",
        },
    ]


def _terms() -> list[dict[str, Any]]:
    names = {-1: ("Due at once", 0), 1: ("14 days", 14), 2: ("30 days", 30), 3: ("60 days", 60)}
    return [
        {"GroupNumber": n, "PaymentTermsGroupName": name, "NumberOfAdditionalDays": days}
        for n, (name, days) in names.items()
    ]


def _item_properties() -> list[dict[str, Any]]:
    """Name the 64 flags of an item (sap-service-layer.md 8)."""
    return [{"Number": n, "PropertyName": f"Item property {n}"} for n in range(1, 65)]


def _credit_cards() -> list[dict[str, Any]]:
    cards = {1: ("Card gateway", "_SYS00000000203"), 2: ("PayPal", "_SYS00000000204")}
    cards[3] = ("Gift card", "_SYS00000000210")
    return [
        {"CreditCardCode": code, "CreditCardName": name, "GLAccount": account}
        for code, (name, account) in cards.items()
    ]


def _partner_groups() -> list[dict[str, Any]]:
    return [
        {"Code": 100, "Name": "Customers", "Type": "bbpgt_CustomerGroup"},
        {"Code": 101, "Name": "Suppliers", "Type": "bbpgt_VendorGroup"},
    ]


def _enter_rates(books: Books) -> None:
    today = date.fromisoformat(books.today())
    days = [(today + timedelta(days=7 - back)).isoformat() for back in range(RATE_DAYS)]
    books.db.executemany(
        "INSERT INTO ORTT VALUES (?, ?, ?)",
        [(day, currency, rate) for currency, rate in RATES.items() for day in days],
    )
