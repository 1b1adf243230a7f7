"""Batches and serial numbers: a row that moves managed goods says which ones, completely.

A row without them is refused with -4014 and so is the whole document; a batch row on an item
that is not managed is refused as well (sap-service-layer.md 9.4). What comes in may bring new
numbers, what goes out must be there. Tables: SAP SDK help, OBTN, OBTQ, OSRN, OSRQ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.refusals import incomplete_batches, negative_batch, unknown_batch
from b1sim.company.shape.values import amount
from b1sim.company.stock.refusals import blocked_batch, serial_there_already
from b1sim.company.stock.ways import IN, OUT, Way

RELEASED = "0"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Sort:
    """Where one sort of number is kept, and by which columns a document's row names it."""

    managed: str
    names: str
    held: str
    number: str
    system: str


BATCH = Sort("ManBtchNum", "OBTN", "OBTQ", "BatchNum", "SysNumber")
SERIAL = Sort("ManSerNum", "OSRN", "OSRQ", "IntrSerial", "SysSerial")
SORTS = (BATCH, SERIAL)


def rows_of(document: Document, sort: Sort) -> list[Row]:
    """Return the document's rows of one sort."""
    return document.batches if sort is BATCH else document.serials


def move(books: Books, document: Document, rows: Sequence[Row], way: Way) -> None:
    """Check and move the batches and serials of every row that moves goods."""
    moving = {row["LineNum"] for row in rows}
    for row in rows:
        item = books.master("OITM", row["ItemCode"]) or {}
        for sort in SORTS:
            named = named_by(document, sort, row)
            if named or item.get(sort.managed) == "Y":
                _check_complete(row, item, sort, named)
                for number in named:
                    _move_one(books, row, sort, number, way)
    for number in (*document.batches, *document.serials):
        if number["BaseLinNum"] not in moving:
            _check_managed(books, number)


def named_by(document: Document, sort: Sort, row: Row) -> list[Row]:
    """Return the numbers that belong to a row, in the order they were sent."""
    found = rows_of(document, sort)
    return [
        number
        for number in found
        if number["BaseLinNum"] == row["LineNum"] and number["ItemCode"] == row["ItemCode"]
    ]


def moved_quantity(row: Row) -> Decimal:
    """Return what a row moves in base units, which may be less than it counts."""
    return Decimal(abs(row.get("MovedQty") or row["InvQty"]))


def _check_managed(books: Books, number: Row) -> None:
    item = books.master("OITM", number.get("ItemCode")) or {}
    if item.get("ManBtchNum") != "Y" and item.get("ManSerNum") != "Y":
        raise incomplete_batches(number["BaseLinNum"] + 1)


def _check_complete(row: Row, item: Row, sort: Sort, named: list[Row]) -> None:
    wanted = moved_quantity(row) if item.get(sort.managed) == "Y" else ZERO
    if sort is SERIAL:
        for number in named:
            number["Quantity"] = Decimal(1)
    given = sum((number.get("Quantity") or ZERO for number in named), ZERO)
    if given != wanted or any((number.get("Quantity") or ZERO) <= 0 for number in named):
        raise incomplete_batches(row["LineNum"] + 1)


def _move_one(books: Books, row: Row, sort: Sort, number: Row, way: Way) -> None:
    found = _find(books, row["ItemCode"], sort, number)
    if way is IN:
        found = found or _enter(books, row, sort, number)
    if found is None:
        raise unknown_batch(str(number.get(sort.number) or number.get(sort.system)))
    place = (row["ItemCode"], found["SysNumber"], row["WhsCode"])
    there = held(books, sort, place)
    if way is OUT:
        _check_takeable(found, there, number["Quantity"], row["WhsCode"])
    elif sort is SERIAL and _is_anywhere(books, row["ItemCode"], found["SysNumber"]):
        raise serial_there_already(row["LineNum"] + 1, found["DistNumber"])
    change(books, sort, place, way.sign * number["Quantity"])
    number |= {sort.number: found["DistNumber"], sort.system: found["SysNumber"]}
    number |= {"WhsCode": row["WhsCode"], "Direction": way.code}


def _check_takeable(found: Row, there: Decimal, wanted: Decimal, warehouse: str) -> None:
    if (found.get("Status") or RELEASED) != RELEASED:
        raise blocked_batch(found["DistNumber"])
    if there < wanted:
        raise negative_batch(found["ItemCode"], found["DistNumber"], warehouse)


def _find(books: Books, item: str, sort: Sort, number: Row) -> Row | None:
    """Find a number by its own text, SAP's count or the maker's text, whichever was sent."""
    for column, sent in (
        ("DistNumber", number.get(sort.number)),
        ("SysNumber", number.get(sort.system)),
        ("MnfSerial", number.get("SuppSerial") if sort is SERIAL else None),
    ):
        if sent is not None:
            sql = f"SELECT * FROM {sort.names} WHERE ItemCode = ? AND {column} = ?"  # noqa: S608 - own names
            return books.row(sql, (item, sent))
    return None


def _enter(books: Books, row: Row, sort: Sort, number: Row) -> Row | None:
    """Enter a number that comes in for the first time; None when it has no text."""
    text = number.get(sort.number) or number.get("SuppSerial")
    if not text:
        return None
    if number.get("PrdDate") and not books.settings.batch_manufacturing_dates:
        raise incomplete_batches(row["LineNum"] + 1)
    item = books.master("OITM", row["ItemCode"]) or {}
    entered = {
        "AbsEntry": books.next_number(sort.names),
        "ItemCode": row["ItemCode"],
        "itemName": item.get("ItemName"),
        "DistNumber": text,
        "SysNumber": books.next_number(f"{sort.names}:{row['ItemCode']}"),
        "Status": RELEASED,
        "MnfSerial": number.get("MnfSerial") or number.get("SuppSerial"),
        "LotNumber": number.get("LotNumber"),
        "InDate": number.get("InDate") or books.today(),
        "MnfDate": number.get("PrdDate"),
        "ExpDate": number.get("ExpDate"),
        "Notes": number.get("Notes"),
    }
    books.insert(sort.names, [entered])
    return entered


def put_back(books: Books, document: Document) -> None:
    """Undo what a document moved, now that it is cancelled; Refusal when that is gone since."""
    for sort in SORTS:
        for row in rows_of(document, sort):
            if row["WhsCode"] is None:
                continue
            place = (row["ItemCode"], row[sort.system], row["WhsCode"])
            came_in = row["Direction"] == IN.code
            if came_in and held(books, sort, place) < row["Quantity"]:
                raise negative_batch(row["ItemCode"], row[sort.number], row["WhsCode"])
            change(books, sort, place, -row["Quantity"] if came_in else row["Quantity"])


def mirrored(rows: Sequence[Row], entry: int) -> list[Row]:
    """Copy the numbers of a cancelled document to its mirror, moving the other way."""
    turned = {IN.code: OUT.code, OUT.code: IN.code}
    return [row | {"BaseEntry": entry, "Direction": turned.get(row["Direction"])} for row in rows]


def change(books: Books, sort: Sort, place: tuple[str, int, str], delta: Decimal) -> None:
    """Change the quantity of one batch or serial in one warehouse."""
    sql = f"""INSERT INTO {sort.held}
        (ItemCode, SysNumber, WhsCode, Quantity, CommitQty, MdAbsEntry)
        VALUES (?, ?, ?, ?, 0, (SELECT AbsEntry FROM {sort.names}
            WHERE ItemCode = ? AND SysNumber = ?))
        ON CONFLICT (ItemCode, SysNumber, WhsCode)
        DO UPDATE SET Quantity = ROUND(Quantity + excluded.Quantity, 6)"""  # noqa: S608 - own names
    books.db.execute(sql, (*place, float(delta), *place[:2]))


def held(books: Books, sort: Sort, place: tuple[str, int, str]) -> Decimal:
    """Return how much of a batch, or whether a serial, lies in a warehouse."""
    sql = f"SELECT Quantity FROM {sort.held} WHERE ItemCode = ? AND SysNumber = ? AND WhsCode = ?"  # noqa: S608 - own names
    found = books.db.execute(sql, place).fetchone()
    return amount(found[0]) if found else ZERO


def _is_anywhere(books: Books, item: str, system: int) -> bool:
    sql = "SELECT 1 FROM OSRQ WHERE ItemCode = ? AND SysNumber = ? AND Quantity > 0"
    return books.row(sql, (item, system)) is not None
