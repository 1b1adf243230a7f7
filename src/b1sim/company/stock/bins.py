"""Bins: in a warehouse that has them, every row says from which bin or into which one.

A row that names none uses the item's default bin in that warehouse, else the warehouse's
(sap-service-layer.md 9.4, inferred). Tables: SAP SDK help, OBIN, OIBQ, OBBQ, OSBQ, INV19.
"""

from collections.abc import Sequence
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.stock.batches import BATCH, SERIAL, Sort, moved_quantity, named_by
from b1sim.company.stock.refusals import (
    incomplete_bins,
    negative_bin,
    no_bins_here,
    unknown_bin,
)
from b1sim.company.stock.ways import IN, OUT, Way

ZERO = Decimal(0)
_HELD = {BATCH: "OBBQ", SERIAL: "OSBQ"}


def move(books: Books, document: Document, rows: Sequence[Row], way: Way) -> None:
    """Check, complete and move the bin allocations of every row that moves goods."""
    for row in rows:
        warehouse = books.master("OWHS", row["WhsCode"]) or {}
        sent = [a for a in document.bins if _is_for(a, row, way)]
        if warehouse.get("BinActivat") != "Y":
            if sent:
                raise no_bins_here(row["LineNum"] + 1, row["WhsCode"])
            continue
        sort, parts = _parts(books, document, row)
        if not sent:
            sent = _by_default(books, row, warehouse, parts, way)
            document.bins += sent
        _check_complete(row, parts, sent)
        for allocation in sent:
            _move_one(books, row, sort, allocation, way)
    _number(document)


def _is_for(allocation: Row, row: Row, way: Way) -> bool:
    """Tell the two ways of a transfer's row apart, by the action of its allocations."""
    action = allocation.get("BinActTyp") or way.bin_action
    mine = allocation.get("ItemCode") in (None, row["ItemCode"])
    return bool(allocation["LineNum"] == row["LineNum"] and mine and action == way.bin_action)


def _parts(books: Books, document: Document, row: Row) -> tuple[Sort | None, list[Row]]:
    """Split a row by its batches or serials: each part has its number and its quantity."""
    item = books.master("OITM", row["ItemCode"]) or {}
    for sort in (BATCH, SERIAL):
        if item.get(sort.managed) == "Y":
            named = named_by(document, sort, row)
            return sort, [{"Quantity": n["Quantity"], "System": n[sort.system]} for n in named]
    return None, [{"Quantity": moved_quantity(row), "System": None}]


def _by_default(books: Books, row: Row, warehouse: Row, parts: list[Row], way: Way) -> list[Row]:
    sql = "SELECT DftBinAbs FROM OITW WHERE ItemCode = ? AND WhsCode = ?"
    of_item = books.row(sql, (row["ItemCode"], row["WhsCode"])) or {}
    chosen = of_item.get("DftBinAbs") or warehouse.get("DftBinAbs")
    if chosen is None:
        raise incomplete_bins(row["LineNum"] + 1, row["ItemCode"])
    return [
        {"BinAbs": chosen, "Quantity": part["Quantity"], "SnBLine": index, "AllowNeg": "N"}
        | {"LineNum": row["LineNum"], "BinActTyp": way.bin_action}
        for index, part in enumerate(parts)
    ]


def _check_complete(row: Row, parts: list[Row], sent: list[Row]) -> None:
    """Every part must be allocated whole; an allocation without a base line means the first."""
    for allocation in sent:
        allocation["SnBLine"] = max(allocation.get("SnBLine") or 0, 0)
    for index, part in enumerate(parts):
        given = sum((a.get("Quantity") or ZERO for a in sent if a["SnBLine"] == index), ZERO)
        if given != part["Quantity"]:
            raise incomplete_bins(row["LineNum"] + 1, row["ItemCode"])
    for allocation in sent:
        outside = allocation["SnBLine"] >= len(parts)
        if outside or (allocation.get("Quantity") or ZERO) <= 0:
            raise incomplete_bins(row["LineNum"] + 1, row["ItemCode"])
        allocation["System"] = parts[allocation["SnBLine"]]["System"]


def _move_one(books: Books, row: Row, sort: Sort | None, allocation: Row, way: Way) -> None:
    found = books.master("OBIN", allocation.get("BinAbs"))
    if found is None or found["WhsCode"] != row["WhsCode"] or found["Disabled"] == "Y":
        raise unknown_bin(row["LineNum"] + 1, allocation.get("BinAbs"))
    system = allocation.pop("System")
    number = _number_entry(books, sort, row["ItemCode"], system)
    allocation |= {"ItemCode": row["ItemCode"], "WhsCode": row["WhsCode"], "SnBMDAbs": number}
    allocation |= {"BinActTyp": way.bin_action}
    if way is OUT and allocation.get("AllowNeg") != "Y":
        _check_there(books, sort, allocation, row["LineNum"] + 1, found["BinCode"])
    _change(books, sort, allocation, way.sign * allocation["Quantity"])


def _number_entry(books: Books, sort: Sort | None, item: str, system: int | None) -> int | None:
    if sort is None:
        return None
    sql = f"SELECT AbsEntry FROM {sort.names} WHERE ItemCode = ? AND SysNumber = ?"  # noqa: S608 - own names
    return int((books.row(sql, (item, system)) or {"AbsEntry": -1})["AbsEntry"])


def _check_there(
    books: Books, sort: Sort | None, allocation: Row, line: int, bin_code: str
) -> None:
    place = (allocation["ItemCode"], allocation["BinAbs"])
    sql = "SELECT OnHandQty FROM OIBQ WHERE ItemCode = ? AND BinAbs = ?"
    there = books.figure(sql, place)
    if sort is not None:
        sql = f"SELECT OnHandQty FROM {_HELD[sort]} WHERE SnBMDAbs = ? AND BinAbs = ?"  # noqa: S608 - own names
        there = min(there, books.figure(sql, (allocation["SnBMDAbs"], allocation["BinAbs"])))
    if there < allocation["Quantity"]:
        raise negative_bin(line, allocation["ItemCode"], bin_code)


def _change(books: Books, sort: Sort | None, allocation: Row, delta: Decimal) -> None:
    place = (allocation["ItemCode"], allocation["BinAbs"], allocation["WhsCode"])
    books.db.execute(
        """INSERT INTO OIBQ (ItemCode, BinAbs, WhsCode, OnHandQty) VALUES (?, ?, ?, ?)
        ON CONFLICT (ItemCode, BinAbs)
        DO UPDATE SET OnHandQty = ROUND(OnHandQty + excluded.OnHandQty, 6)""",
        (*place, float(delta)),
    )
    if sort is not None:
        sql = f"""INSERT INTO {_HELD[sort]} (ItemCode, BinAbs, WhsCode, SnBMDAbs, OnHandQty)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT (SnBMDAbs, BinAbs)
            DO UPDATE SET OnHandQty = ROUND(OnHandQty + excluded.OnHandQty, 6)"""  # noqa: S608 - own names
        books.db.execute(sql, (*place, allocation["SnBMDAbs"], float(delta)))


def _number(document: Document) -> None:
    for sequence, allocation in enumerate(document.bins):
        allocation |= {"DocEntry": document.entry, "BinAllocSe": sequence}


def put_back(books: Books, document: Document) -> None:
    """Undo what a cancelled document moved in its bins."""
    for allocation in document.bins:
        if allocation["WhsCode"] is None:
            continue
        sort = _sort_of(books, allocation)
        came_in = allocation["BinActTyp"] == IN.bin_action
        if came_in:
            _check_there(books, sort, allocation, allocation["LineNum"] + 1, "")
        _change(books, sort, allocation, allocation["Quantity"] * (-1 if came_in else 1))


def _sort_of(books: Books, allocation: Row) -> Sort | None:
    item = books.master("OITM", allocation["ItemCode"]) or {}
    return next((sort for sort in (BATCH, SERIAL) if item.get(sort.managed) == "Y"), None)


def mirrored(rows: Sequence[Row], entry: int) -> list[Row]:
    """Copy the allocations of a cancelled document to its mirror, moving the other way."""
    turned = {IN.bin_action: OUT.bin_action, OUT.bin_action: IN.bin_action}
    return [row | {"DocEntry": entry, "BinActTyp": turned.get(row["BinActTyp"])} for row in rows]


def open_warehouse(books: Books, warehouse: str) -> int:
    """Give a warehouse its system bin, and put into it what lies there (guess).

    SAP makes `<warehouse>-SYSTEM-BIN-LOCATION` when bins are switched on (guess: the name).
    """
    entry = books.next_number("OBIN")
    system = {
        "AbsEntry": entry,
        "BinCode": f"{warehouse}-SYSTEM-BIN-LOCATION",
        "WhsCode": warehouse,
        "SysBin": "Y",
        "Disabled": "N",
        "ReceiveBin": "N",
    }
    books.insert("OBIN", [system])
    books.db.execute(
        """INSERT INTO OIBQ (ItemCode, BinAbs, WhsCode, OnHandQty)
        SELECT ItemCode, ?, WhsCode, OnHand FROM OITW WHERE WhsCode = ? AND OnHand <> 0""",
        (entry, warehouse),
    )
    for names, held, table in (("OBTN", "OBTQ", "OBBQ"), ("OSRN", "OSRQ", "OSBQ")):
        books.db.execute(
            f"""INSERT INTO {table} (ItemCode, BinAbs, WhsCode, SnBMDAbs, OnHandQty)
            SELECT q.ItemCode, ?, q.WhsCode, n.AbsEntry, q.Quantity FROM {held} q
            JOIN {names} n ON n.ItemCode = q.ItemCode AND n.SysNumber = q.SysNumber
            WHERE q.WhsCode = ? AND q.Quantity <> 0""",  # noqa: S608 - own names
            (entry, warehouse),
        )
    return entry
