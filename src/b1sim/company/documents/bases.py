"""Base documents: what a new document is drawn from, what stays open there, and when it closes."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import (
    BY_TYPE,
    DELIVERY,
    INVOICE,
    ORDER,
    Document,
    load,
    touch,
)
from b1sim.company.refusals import (
    base_card_differs,
    base_closed,
    base_item_differs,
    base_missing,
    over_base_quantity,
)
from b1sim.company.shape.values import rounded
from b1sim.company.stock import units

_COPIED = """
    ItemCode Dscription WhsCode VatGroup TaxCode AcctCode OcrCode OcrCode2 OcrCode3 Project
    CodeBars SubCatNum FreeTxt Text SlpCode UomCode UomEntry unitMsr
""".split()  # noqa: SIM905 - a list of columns reads best as words
_PRICED = ("LineTotal", "TotalFrgn", "Price", "PriceBefDi", "GTotal", "PriceAfVAT", "GPBefDisc")
_DRAWN_FROM = {DELIVERY: (ORDER, INVOICE), INVOICE: (ORDER, DELIVERY)}


class Bases:
    """The base documents of one new document, each read once."""

    def __init__(self, books: Books, target: Document) -> None:
        self._books = books
        self._target = target
        self._read: dict[tuple[int, int], Document] = {}
        self._before: dict[tuple[int, int], Decimal] = {}

    def of(self, line: Row) -> tuple[Document, Row] | None:
        """Find base document and base row of a row; None when it has none."""
        if line.get("BaseEntry") is None or (line.get("BaseType") or -1) < 0:
            return None
        number = line["LineNum"] + 1
        key = (line["BaseType"], line["BaseEntry"])
        if key not in self._read:
            self._read[key] = self._load(key, number)
            self._before[key] = exposure(self._read[key])
        base = self._read[key]
        for row in base.lines:
            if row["LineNum"] == (line.get("BaseLine") or 0):
                return base, row
        raise base_missing(self._target.kind.lines, number)

    def fill(self, line: Row) -> None:
        """Complete a row from its base row; Refusal when it is closed or does not fit."""
        found = self.of(line)
        if found is None:
            return
        base, row = found
        number = line["LineNum"] + 1
        # A paid reserve invoice is closed and still waits for its delivery.
        shut = base.header["DocStatus"] != "O" and base.kind is not INVOICE
        if shut or base.header["CANCELED"] != "N" or row["LineStatus"] != "O":
            raise base_closed()
        if base.header["CardCode"] != self._target.header["CardCode"]:
            raise base_card_differs()
        if line.get("ItemCode") not in (None, row["ItemCode"]):
            raise base_item_differs(number)
        self._copy(line, row)
        over = line["Quantity"] > row["OpenQty"]
        if over and self._books.settings.block_over_base_quantity:
            raise over_base_quantity(self._target.kind.lines, number)

    def draw(self) -> None:
        """Take the drawn quantities off the base rows and close what is used up."""
        for line in self._target.lines:
            found = self.of(line)
            if found is not None:
                row = found[1]
                row["OpenQty"] = max(row["OpenQty"] - line["Quantity"], Decimal(0))
                row["TargetType"] = self._target.kind.type
                row["TrgetEntry"] = self._target.entry
                row["LineStatus"] = "O" if row["OpenQty"] else "C"
        for key, base in self._read.items():
            _keep(self._books, base, self._before[key])

    def _load(self, key: tuple[int, int], number: int) -> Document:
        kind = BY_TYPE.get(key[0])
        base = load(self._books, kind, key[1]) if kind else None
        reachable = base is not None and base.kind in _DRAWN_FROM.get(self._target.kind, ())
        if base is None or not reachable or (base.kind is INVOICE and not base.reserved):
            raise base_missing(self._target.kind.lines, number)
        return base

    def _copy(self, line: Row, row: Row) -> None:
        for column in _COPIED:
            if line.get(column) is None:
                line[column] = row[column]
        if line.get("Quantity") is None:
            line["Quantity"] = row["OpenQty"]
        if not any(line.get(column) is not None for column in _PRICED):
            _copy_price(line, row, foreign=self._target.foreign)


def _copy_price(line: Row, row: Row, *, foreign: bool) -> None:
    """Keep the total when the whole row is drawn, else the unit price: no cent may move."""
    whole = line["Quantity"] == row["Quantity"]
    if row["GrossInput"] == "Y":
        line["GPBefDisc"] = row["GPBefDisc"]
        if whole:
            line["GTotal"] = row["GTotalFC"] if foreign else row["GTotal"]
        else:
            line["PriceAfVAT"] = row["PriceAfVAT"]
        return
    line["PriceBefDi"] = row["PriceBefDi"]
    if whole:
        line["LineTotal"] = row["TotalFrgn"] if foreign else row["LineTotal"]
    else:
        line["Price"] = row["Price"]


def _keep(books: Books, base: Document, before: Decimal) -> None:
    books.db.executemany(
        f"""UPDATE {base.kind.lines} SET OpenQty = ?, OpenInvQty = ?, LineStatus = ?,
            TargetType = ?, TrgetEntry = ? WHERE DocEntry = ? AND LineNum = ?""",  # noqa: S608 - own names
        [
            (
                float(row["OpenQty"]),
                float(units.in_base(row, row["OpenQty"])),
                row["LineStatus"],
                row["TargetType"],
                row["TrgetEntry"],
                base.entry,
                row["LineNum"],
            )
            for row in base.lines
        ],
    )
    settle(books, base, before)


def settle(books: Books, base: Document, before: Decimal) -> None:
    """Open or close a header by its rows and move the partner's open balance accordingly."""
    status = "O" if any(row["LineStatus"] == "O" for row in base.lines) else "C"
    if base.kind is INVOICE:  # an invoice closes by payment; its rows only wait for delivery
        touch(books, base.kind, base.entry, InvntSttus=status)
        return
    base.header["DocStatus"] = status
    touch(books, base.kind, base.entry, DocStatus=status, InvntSttus=status)
    move_exposure(books, base, exposure(base) - before)


def exposure(document: Document) -> Decimal:
    """Return what is still open of a document, in local currency and with tax."""
    if document.header["DocStatus"] != "O":
        return Decimal(0)
    gross = sum((line["GTotal"] for line in document.lines), Decimal(0))
    opened = sum((_open_gross(line) for line in document.lines), Decimal(0))
    return Decimal(document.header["DocTotal"] - gross + opened)


def _open_gross(line: Row) -> Decimal:
    if line["LineStatus"] != "O":
        return Decimal(0)
    return rounded(line["GTotal"] * line["OpenQty"] / line["Quantity"])


def move_exposure(books: Books, document: Document, delta: Decimal) -> None:
    """Move the partner's balance of open orders or open deliveries."""
    column = {ORDER: "OrdersBal", DELIVERY: "DNotesBal"}.get(document.kind)
    if column and delta:
        sql = f"UPDATE OCRD SET {column} = ROUND({column} + ?, 6) WHERE CardCode = ?"  # noqa: S608 - own names
        books.db.execute(sql, (float(delta), document.header["CardCode"]))
