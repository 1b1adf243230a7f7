"""Makes a company as large as one likes: items and partners copied, documents posted by the rules.

Whatever is there already is kept, so that growing goes on where it was interrupted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from b1sim.company.books import Books
from b1sim.company.company import Company
from b1sim.company.ledger import ledger
from b1sim.company.ledger.ledger import Cause, Side

PIECES = 1000  # of each item in each warehouse
COST = Decimal(5)
LINES_OF_A_DOCUMENT = 25
_KINDS = ("Orders", "DeliveryNotes", "Invoices")
_CHUNK = 10_000
_DOCUMENTS_AT_ONCE = 40
_NUMBERS = """WITH RECURSIVE numbers(n) AS
    (SELECT ? UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)"""

Tell = Callable[[str, int, int], None]
"""Hears what is being made, how many there are, and how many there will be."""


@dataclass(frozen=True)
class Size:
    """How large the company shall be."""

    items: int = 100_000
    warehouses: int = 10
    price_lists: int = 10
    partners: int = 50_000
    lines: int = 500_000
    """Rows of orders, deliveries and invoices together."""


def grow(company: Company, size: Size, tell: Tell) -> None:
    """Let a company grow to a size; nothing that is larger already shrinks."""
    _add_warehouses(company, size)
    _add_price_lists(company, size)
    _add_items(company, size, tell)
    _add_partners(company, size, tell)
    _add_documents(company, size, tell)


def item(number: int) -> str:
    """Name an item that growing made."""
    return f"GROWN-{number:06d}"


def partner(number: int) -> str:
    """Name a partner that growing made."""
    return f"G{number:06d}"


def _add_warehouses(company: Company, size: Size) -> None:
    for number in range(company.count("Warehouses") + 1, size.warehouses + 1):
        payload = {"WarehouseCode": f"{number:02d}", "WarehouseName": f"Warehouse {number}"}
        company.create("Warehouses", payload)


def _add_price_lists(company: Company, size: Size) -> None:
    for number in range(company.count("PriceLists") + 1, size.price_lists + 1):
        factor = Decimal(1) - Decimal(number) / 100
        payload = {"PriceListNo": number, "PriceListName": f"List {number}", "BasePriceList": 1}
        company.create("PriceLists", payload | {"Factor": factor})


def _add_items(company: Company, size: Size, tell: Tell) -> None:
    if not company.count("Items", "ItemCode = ?", (item(0),)):
        prices = [{"PriceList": 1, "Price": "9.90"}]
        payload = {"ItemCode": item(0), "ItemName": "Grown item", "ItemPrices": prices}
        company.create("Items", payload | {"SalesVATGroup": "A20"})
    known = company.count("Items", "ItemCode LIKE 'GROWN-%'")
    for start, end in _chunks("items", known, size.items, tell):
        with company.transaction():
            for table in ("OITM", "OITW", "ITM1"):
                changed = {"ItemCode": "printf('GROWN-%06d', n)"}
                _copy(company.books, table, ("ItemCode", item(0)), changed, start, end)
            _stock_up(company.books, start if start > 1 else 0, end)


def _stock_up(books: Books, start: int, end: int) -> None:
    """Open the stock of some items, with its worth in the ledger."""
    span, cost = (item(start), item(end - 1)), float(COST)
    (warehouses,) = books.db.execute("SELECT COUNT(*) FROM OWHS").fetchone()
    for table, pieces in (("OITW", PIECES), ("OITM", PIECES * warehouses)):
        sql = f"UPDATE {table} SET OnHand = ?, AvgPrice = ? WHERE ItemCode BETWEEN ? AND ?"  # noqa: S608 - own tables
        books.db.execute(sql, (pieces, cost, *span))
    worth, day = COST * PIECES * warehouses * (end - start), books.today()
    cause = Cause(59, 0, 0, day, day, day, "Opening stock")
    stock, offset = books.settings.stock, books.settings.stock_offset
    ledger.post(books, cause, [Side(stock, worth), Side(offset, -worth)])
    books.forget()


def _add_partners(company: Company, size: Size, tell: Tell) -> None:
    if not company.count("BusinessPartners", "CardCode = ?", (partner(0),)):
        payload = {"CardCode": partner(0), "CardName": "Grown partner", "CardType": "cCustomer"}
        company.create("BusinessPartners", payload | {"BPAddresses": _addresses()})
    known = company.count("BusinessPartners", "CardCode LIKE 'G______'")
    for start, end in _chunks("partners", known, size.partners, tell):
        with company.transaction():
            code = {"CardCode": "printf('G%06d', n)"}
            own = code | {"E_Mail": "printf('g%06d@example.com', n)"}
            _copy(company.books, "OCRD", ("CardCode", partner(0)), own, start, end)
            _copy(company.books, "CRD1", ("CardCode", partner(0)), code, start, end)


def _addresses() -> list[dict[str, str]]:
    place = {"Street": "Hafenstrasse 1", "ZipCode": "20457", "City": "Hamburg", "Country": "DE"}
    sides = (("Ship to", "bo_ShipTo"), ("Bill to", "bo_BillTo"))
    return [place | {"AddressName": name, "AddressType": kind} for name, kind in sides]


def _chunks(what: str, known: int, wanted: int, tell: Tell) -> Iterator[tuple[int, int]]:
    """Give the numbers that are missing, in pieces that are kept one by one."""
    for start in range(known, wanted, _CHUNK):
        yield start, min(start + _CHUNK, wanted)
        tell(what, min(start + _CHUNK, wanted), wanted)


def _copy(
    books: Books,
    table: str,
    pattern: tuple[str, str],
    changed: dict[str, str],
    start: int,
    end: int,
) -> None:
    """Copy the rows of one record for each number; `changed` is SQL over `n`."""
    columns = [row[1] for row in books.db.execute(f"PRAGMA table_info({table})")]
    names = ", ".join(f'"{name}"' for name in columns)
    chosen = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    sql = f"""{_NUMBERS} INSERT INTO {table} ({names})
        SELECT {chosen} FROM {table}, numbers WHERE "{pattern[0]}" = ?"""  # noqa: S608 - own names
    books.db.execute(sql, (start, end, pattern[1]))


def _add_documents(company: Company, size: Size, tell: Tell) -> None:
    known, wanted = _posted(company), -(-size.lines // LINES_OF_A_DOCUMENT)
    for start in range(known, wanted, _DOCUMENTS_AT_ONCE):
        end = min(start + _DOCUMENTS_AT_ONCE, wanted)
        with company.transaction():
            for number in range(start, end):
                company.create(
                    _KINDS[number % len(_KINDS)], _document(number, size, company.books.today())
                )
        tell("document lines", end * LINES_OF_A_DOCUMENT, wanted * LINES_OF_A_DOCUMENT)


def _posted(company: Company) -> int:
    return sum(company.count(kind, "NumAtCard LIKE 'GROWN-%'") for kind in _KINDS)


def _document(number: int, size: Size, due: str) -> dict[str, Any]:
    first = number * LINES_OF_A_DOCUMENT
    lines = [
        {"ItemCode": item((first + place) % size.items), "Quantity": 1 + place % 3}
        for place in range(LINES_OF_A_DOCUMENT)
    ]
    payload: dict[str, Any] = {"CardCode": partner(number % size.partners), "DocumentLines": lines}
    return payload | {"NumAtCard": f"GROWN-{number:06d}", "DocDueDate": due}
