"""Changing what is posted: texts of any document, rows of an open order or a draft."""

from b1sim.company import texts
from b1sim.company.books import Books, Row, extra_of
from b1sim.company.document import Document, load, touch
from b1sim.company.documents import totals
from b1sim.company.documents.bases import Bases, exposure, move_exposure
from b1sim.company.documents.drafts import as_sent
from b1sim.company.documents.freight import add_expenses
from b1sim.company.documents.headers import header_of
from b1sim.company.documents.lines import add_lines
from b1sim.company.documents.stocking import open_promises, promise
from b1sim.company.kinds import BY_TYPE, DRAFT, Kind
from b1sim.company.refusals import already_closed, not_found, refused
from b1sim.company.shape import schema
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import stock, units

_BASE = ("BaseType", "BaseEntry", "BaseLine")
_LINE_TEXTS = ("FreeTxt", "Text", "OcrCode", "OcrCode2", "OcrCode3", "Project", "ShipDate")
_FIGURES = ("PriceBefDi", "Price", "LineTotal", "GTotal", "PriceAfVAT", "GPBefDisc", "DiscPrcnt")


def change(books: Books, kind: Kind, entry: int, intake: Intake, *, replace: bool) -> None:
    """Change a document; what the ledger rests on is refused."""
    key = {"DocEntry": entry}
    before = books.row(f"SELECT * FROM {kind.header} WHERE DocEntry = ?", (entry,))  # noqa: S608 - own names
    if before is None:
        raise not_found()
    changed = texts.changed_columns(before, intake)
    if kind.books == "nothing" and (intake.rows or changed.keys() - texts.COLUMNS):
        _draw_up_again(books, kind, entry, intake, replace=replace)
        return
    texts.change(books, kind.header, key, intake)
    _change_line_texts(books, kind, before, intake)
    touch(books, kind, entry)


def _change_line_texts(books: Books, kind: Kind, before: Row, intake: Intake) -> None:
    for line in intake.rows.get("DocumentLines", []):
        changes = {c: v for c, v in line.columns.items() if c in _LINE_TEXTS}
        key = {"DocEntry": before["DocEntry"], "LineNum": line.columns.get("LineNum", -1)}
        if line.extra:
            where = f"SELECT Extra FROM {kind.lines} WHERE DocEntry = ? AND LineNum = ?"  # noqa: S608 - own names
            changes["Extra"] = extra_of(books.row(where, tuple(key.values())) or {}) | line.extra
        books.update(kind.lines, key, changes)


def _draw_up_again(books: Books, kind: Kind, entry: int, intake: Intake, *, replace: bool) -> None:
    """Complete and add up the document anew with its changes, and keep key and number."""
    before = load(books, kind, entry)
    if before is None:
        raise not_found()
    if before.header["DocStatus"] != "O":
        raise already_closed()
    sent = as_sent(before, Intake(columns=intake.columns, extra=intake.extra))
    for row in sent.rows["DocumentLines"]:  # what was drawn once is not drawn again
        row.columns = {c: v for c, v in row.columns.items() if c not in _BASE}
    numbers = _merge_lines(before, sent, intake, replace=replace)
    if "DocumentAdditionalExpenses" in intake.rows:
        sent.rows["DocumentAdditionalExpenses"] = intake.rows["DocumentAdditionalExpenses"]
    stood_for = BY_TYPE[int(before.header["ObjType"])] if kind is DRAFT else kind
    after = Document(kind, header_of(books, stood_for, sent))
    add_lines(books, after, sent.rows["DocumentLines"], Bases(books, after), numbers)
    add_expenses(books, after, sent.rows["DocumentAdditionalExpenses"])
    totals.total(books, after)
    _keep_drawn(before, after)
    _replace(books, before, after)


def _merge_lines(before: Document, sent: Intake, intake: Intake, *, replace: bool) -> list[int]:
    """Merge sent rows by LineNum, append those without one (guess); return the row numbers."""
    old = dict(zip((r["LineNum"] for r in before.lines), sent.rows["DocumentLines"], strict=True))
    if "DocumentLines" not in intake.rows:
        return list(old)
    merged = {} if replace else dict(old)
    for row in intake.rows["DocumentLines"]:
        number = row.columns.get("LineNum")
        if number in old:
            merged[number] = _merged(old[number], row)
        else:
            merged[max([*old, *merged], default=-1) + 1] = row
    sent.rows["DocumentLines"] = list(merged.values())
    return list(merged)


def _merged(old: Intake, new: Intake) -> Intake:
    """Let new prices replace old ones; a new quantity alone keeps the unit price."""
    columns = dict(old.columns)
    if new.has(*_FIGURES) or new.has("ItemCode"):
        columns = {c: v for c, v in columns.items() if c not in _FIGURES}
    elif new.has("Quantity"):
        total, price = ("GTotal", "PriceAfVAT") if "GTotal" in columns else ("LineTotal", "Price")
        columns[price] = columns.pop(total) / columns["Quantity"]
    return Intake(columns | new.columns, old.extra | new.extra, old.rows | new.rows)


def _keep_drawn(before: Document, after: Document) -> None:
    """Keep what was already drawn from each row."""
    old = {line["LineNum"]: line for line in before.lines}
    for line in after.lines:
        drawn_row = old.pop(line["LineNum"], None)
        if drawn_row is None:
            continue
        drawn = drawn_row["Quantity"] - drawn_row["OpenQty"]
        if line["Quantity"] < drawn:
            message = f"Quantity is below what was delivered  [line: {line['LineNum'] + 1}]"
            raise refused(-5002, message)
        line["OpenQty"] = line["Quantity"] - drawn
        line["OpenInvQty"] = units.in_base(line, line["OpenQty"])
        line |= {column: drawn_row[column] for column in ("TargetType", "TrgetEntry", *_BASE)}
        line["LineStatus"] = "O" if line["OpenQty"] else "C"
    if any(line["TrgetEntry"] is not None for line in old.values()):
        message = "Cannot remove a row that other documents were drawn from"
        raise refused(-5002, message)


def _replace(books: Books, before: Document, after: Document) -> None:
    kind, entry = before.kind, before.entry
    kept: tuple[str, ...] = (
        "DocEntry",
        "DocNum",
        "Series",
        "CreateDate",
        "CreateTS",
        "DataVers",
        "ObjType",
    )
    kept += ("WddStatus", "UserSign", "DocStatus", "InvntSttus")
    after.header |= {column: before.header[column] for column in kept}
    for row in (*after.lines, *after.expenses):
        row["DocEntry"] = entry
    promised = [
        promise(after, line, line["OpenQty"])
        for line in after.lines
        if kind.promises and stock.is_stocked(books, line)
    ]
    stock.move(books, kind.lines, [*open_promises(books, before), *promised])
    for table in (kind.lines, kind.expenses):
        books.db.execute(f"DELETE FROM {table} WHERE DocEntry = ?", (entry,))  # noqa: S608 - own names
    columns = schema.TABLES[kind.header]
    header = {c: v for c, v in after.header.items() if c in columns}
    books.update(kind.header, {"DocEntry": entry}, header)
    books.insert(kind.lines, after.lines)
    books.insert(kind.expenses, after.expenses)
    touch(books, kind, entry)
    move_exposure(books, after, exposure(after) - exposure(before))
