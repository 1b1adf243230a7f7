"""Changing what is posted: texts of any document, rows of an open order or a draft."""

from dataclasses import replace as but

from b1sim.company import texts
from b1sim.company.books import Books, Row
from b1sim.company.document import Document, erase_rows, load, touch, write_rows
from b1sim.company.documents import row_texts
from b1sim.company.documents.drafts import as_sent
from b1sim.company.documents.posting import draw_up
from b1sim.company.documents.remaining import exposure, move_exposure
from b1sim.company.documents.stocking import open_promises, promise
from b1sim.company.kinds import BY_TYPE, DRAFT, Kind
from b1sim.company.refusals import already_closed, not_found, refused
from b1sim.company.shape import schema
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import placing, stock, units

_BASE = ("BaseType", "BaseEntry", "BaseLine")
_KEPT = """
    DocEntry DocNum Series CreateDate CreateTS DataVers ObjType WddStatus UserSign DocStatus
    InvntSttus
""".split()  # noqa: SIM905 - a list of columns reads best as words
_OF_PARTNER = ("CardName", "ShipToCode", "PayToCode", "GroupNum", "SlpCode", "PeyMethod", "Address")
_TYPED_IN = {"PriceBefDi", "DiscPrcnt"}
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
    row_texts.change(books, kind, entry, intake)
    touch(books, kind, entry)


def _draw_up_again(books: Books, kind: Kind, entry: int, intake: Intake, *, replace: bool) -> None:
    """Complete and add up the document anew with its changes, and keep key and number."""
    before = load(books, kind, entry)
    if before is None:
        raise not_found()
    if before.header["DocStatus"] != "O":
        raise already_closed()
    sent = as_sent(_without_partner(before, intake), intake)
    sent.columns["DocEntry"] = entry
    for row in sent.rows["DocumentLines"]:  # what was drawn once is not drawn again
        row.columns = {c: v for c, v in row.columns.items() if c not in _BASE}
    numbers = _merge_lines(before, sent, intake, replace=replace)
    sent.rows |= {name: rows for name, rows in intake.rows.items() if name != "DocumentLines"}
    stood_for = BY_TYPE[int(before.header["ObjType"])] if kind is DRAFT else kind
    after, bases = draw_up(books, stood_for, sent, numbers)
    if kind is not DRAFT:
        bases.draw()
    _keep_drawn(before, after)
    emptied = {c for c in texts.COLUMNS & intake.columns.keys() if not after.header.get(c)}
    after.header |= {c: intake.columns[c] for c in emptied}
    _replace(books, before, but(after, kind=kind))


def _without_partner(before: Document, intake: Intake) -> Document:
    """Forget what came from the old partner when another one is named."""
    if intake.columns.get("CardCode") in (None, before.header["CardCode"]):
        return before
    kept = {c: v for c, v in before.header.items() if c not in _OF_PARTNER}
    return but(before, header=kept)


def _merge_lines(before: Document, sent: Intake, intake: Intake, *, replace: bool) -> list[int]:
    """Merge sent rows by LineNum, append those without one (guess); return the row numbers."""
    old = dict(zip((r["LineNum"] for r in before.lines), sent.rows["DocumentLines"], strict=True))
    if "DocumentLines" not in intake.rows:
        return list(old)
    merged = {} if replace else dict(old)
    stored = {line["LineNum"]: line for line in before.lines}
    for row in intake.rows["DocumentLines"]:
        number = row.columns.get("LineNum")
        if number in old:
            merged[number] = _merged(old[number], _news(stored[number], row))
        else:
            merged[max([*old, *merged], default=-1) + 1] = row
    sent.rows["DocumentLines"] = list(merged.values())
    return list(merged)


def _news(line: Row, row: Intake) -> Intake:
    """Leave out what stands there already: a row sent back as it was read changes nothing.

    Guess: where a figure is new, the old ones that follow from others are passed over, too.
    """
    new = {column for column, value in row.columns.items() if line.get(column) != value}
    kept = new | (_TYPED_IN if new & {*_FIGURES, "ItemCode"} else set())
    return but(row, columns={c: v for c, v in row.columns.items() if c in kept})


def _merged(old: Intake, new: Intake) -> Intake:
    """Let new prices replace old ones; a new quantity or discount alone keeps the unit price."""
    columns = dict(old.columns)
    if new.columns.keys() & {*_FIGURES, "ItemCode"} == {"DiscPrcnt"}:
        columns = {c: v for c, v in columns.items() if c not in ("LineTotal", "GTotal")}
    elif new.has(*_FIGURES) or new.has("ItemCode"):
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
    after.header |= {column: before.header[column] for column in _KEPT}
    placing.point_rows(after)
    promised = [
        promise(after, line, line["OpenQty"])
        for line in after.lines
        if kind.promises and stock.is_stocked(books, line)
    ]
    stock.move(books, kind.lines, [*open_promises(books, before), *promised])
    erase_rows(books, kind, entry)
    columns = schema.TABLES[kind.header]
    header = {c: v for c, v in after.header.items() if c in columns}
    books.update(kind.header, {"DocEntry": entry}, header)
    write_rows(books, after)
    touch(books, kind, entry)
    move_exposure(books, before, -exposure(before))
    move_exposure(books, after, exposure(after))
