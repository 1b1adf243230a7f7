"""Batches and serial numbers: a row that moves managed goods says which ones, completely.

A row without them is refused with -4014 and so is the whole document; a batch row on an item
that is not managed is refused as well (sap-service-layer.md 9.4).
"""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.refusals import incomplete_batches, negative_batch, unknown_batch
from b1sim.company.shape.values import amount

OUT, IN = 1, 0


def allocate(books: Books, document: Document, issued: list[Row]) -> None:
    """Check and take the batches and serials of every row that leaves stock."""
    leaving = {line["LineNum"] for line in issued}
    for line in document.lines:
        batches = [row for row in document.batches if row["BaseLinNum"] == line["LineNum"]]
        serials = [row for row in document.serials if row["BaseLinNum"] == line["LineNum"]]
        item = books.master("OITM", line.get("ItemCode")) or {}
        if line["LineNum"] in leaving:
            _check_complete(line, item, batches, serials)
            _take_batches(books, line, batches)
            _take_serials(books, line, serials)
        elif batches and item.get("ManBtchNum") != "Y":
            raise incomplete_batches(line["LineNum"] + 1)


def _check_complete(line: Row, item: Row, batches: list[Row], serials: list[Row]) -> None:
    quantity = line["InvQty"]
    wanted_batches = quantity if item["ManBtchNum"] == "Y" else Decimal(0)
    wanted_serials = quantity if item["ManSerNum"] == "Y" else Decimal(0)
    given = sum((row.get("Quantity") or Decimal(0) for row in batches), Decimal(0))
    if given != wanted_batches or len(serials) != wanted_serials:
        raise incomplete_batches(line["LineNum"] + 1)


def _take_batches(books: Books, line: Row, batches: list[Row]) -> None:
    for row in batches:
        found = books.row(
            "SELECT * FROM OBTN WHERE ItemCode = ? AND DistNumber = ?",
            (line["ItemCode"], row.get("BatchNum")),
        )
        if found is None:
            raise unknown_batch(str(row.get("BatchNum")))
        place = (line["ItemCode"], found["SysNumber"], line["WhsCode"])
        if _quantity(books, "OBTQ", place) < row["Quantity"]:
            raise negative_batch(line["ItemCode"], found["DistNumber"], line["WhsCode"])
        change(books, "OBTQ", place, -row["Quantity"])
        row |= {"SysNumber": found["SysNumber"], "WhsCode": line["WhsCode"], "Direction": OUT}


def _take_serials(books: Books, line: Row, serials: list[Row]) -> None:
    for row in serials:
        found = _serial(books, line["ItemCode"], row)
        if found is None:
            raise unknown_batch(str(row.get("IntrSerial") or row.get("SysSerial")))
        place = (line["ItemCode"], found["SysNumber"], line["WhsCode"])
        if _quantity(books, "OSRQ", place) < 1:
            raise negative_batch(line["ItemCode"], found["DistNumber"], line["WhsCode"])
        change(books, "OSRQ", place, Decimal(-1))
        row |= {"IntrSerial": found["DistNumber"], "SysSerial": found["SysNumber"]}
        row |= {"Quantity": Decimal(1), "WhsCode": line["WhsCode"], "Direction": OUT}


def _serial(books: Books, item: str, row: Row) -> Row | None:
    """Find a serial by its own number, SAP's or the maker's, whichever was sent."""
    for column, sent in (
        ("DistNumber", row.get("IntrSerial")),
        ("SysNumber", row.get("SysSerial")),
        ("MnfSerial", row.get("SuppSerial")),
    ):
        if sent is not None:
            sql = f"SELECT * FROM OSRN WHERE ItemCode = ? AND {column} = ?"  # noqa: S608 - own names
            return books.row(sql, (item, sent))
    return None


def put_back(books: Books, document: Document) -> None:
    """Return what a cancelled document took."""
    for table, number, rows in (
        ("OBTQ", "SysNumber", document.batches),
        ("OSRQ", "SysSerial", document.serials),
    ):
        for row in rows:
            place = (row["ItemCode"], row[number], row["WhsCode"])
            change(books, table, place, row["Quantity"])


def receive(books: Books, item: str, warehouse: str, number: str, quantity: Decimal) -> None:
    """Put goods of one batch, or one serial, into a warehouse; a new number is entered."""
    serial = (books.master("OITM", item) or {}).get("ManSerNum") == "Y"
    names, stock = ("OSRN", "OSRQ") if serial else ("OBTN", "OBTQ")
    sql = f"SELECT SysNumber FROM {names} WHERE ItemCode = ? AND DistNumber = ?"  # noqa: S608 - own names
    found = books.row(sql, (item, number))
    system = found["SysNumber"] if found else _enter(books, names, item, number)
    change(books, stock, (item, system, warehouse), quantity)


def _enter(books: Books, table: str, item: str, number: str) -> int:
    system = books.next_number(f"{table}:{item}")
    sql = f"INSERT INTO {table} (ItemCode, DistNumber, SysNumber, InDate) VALUES (?, ?, ?, ?)"  # noqa: S608 - own names
    books.db.execute(sql, (item, number, system, books.today()))
    return system


def change(books: Books, table: str, place: tuple[str, int, str], delta: Decimal) -> None:
    """Change the quantity of one batch or serial in one warehouse."""
    sql = f"""INSERT INTO {table} VALUES (?, ?, ?, ?)
        ON CONFLICT (ItemCode, SysNumber, WhsCode) DO UPDATE SET Quantity = Quantity + ?"""  # noqa: S608 - own names
    books.db.execute(sql, (*place, float(delta), float(delta)))


def _quantity(books: Books, table: str, place: tuple[str, int, str]) -> Decimal:
    sql = f"SELECT Quantity FROM {table} WHERE ItemCode = ? AND SysNumber = ? AND WhsCode = ?"  # noqa: S608 - own names
    found = books.db.execute(sql, place).fetchone()
    return amount(found[0]) if found else Decimal(0)
