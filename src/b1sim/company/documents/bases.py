"""Base documents: what a new document is drawn from, and what it takes over from there."""

from collections.abc import Iterable
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document, load
from b1sim.company.documents.refusals import base_type_differs
from b1sim.company.documents.remaining import (
    drawable,
    exposure,
    is_shut,
    keep_rows,
    settle,
    take,
)
from b1sim.company.kinds import BY_TYPE, DELIVERY, DOWN_PAYMENT, INVOICE, Kind
from b1sim.company.refusals import (
    base_card_differs,
    base_closed,
    base_item_differs,
    base_missing,
    over_base_quantity,
)
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded

ZERO = Decimal(0)
_COPIED = """
    ItemCode Dscription WhsCode VatGroup TaxCode OcrCode OcrCode2 OcrCode3 Project
    CodeBars SubCatNum FreeTxt Text SlpCode UomCode UomEntry unitMsr UseBaseUn TreeType
""".split()  # noqa: SIM905 - a list of columns reads best as words
_PRICED = ("LineTotal", "TotalFrgn", "Price", "PriceBefDi", "GTotal", "PriceAfVAT", "GPBefDisc")


def first_base(books: Books, kind: Kind, rows: Iterable[Intake]) -> Document | None:
    """Read the document that the first drawn row names; the header follows that one."""
    for row in rows:
        base = BY_TYPE.get(row.columns.get("BaseType") or -1)
        if base is not None and base.type in kind.bases:
            return load(books, base, row.columns.get("BaseEntry") or 0)
    return None


class Bases:
    """The base documents of one new document, each read once."""

    def __init__(self, books: Books, target: Document, first: Document | None = None) -> None:
        self._books = books
        self._target = target
        self._read: dict[tuple[int, int], Document] = {}
        self._rows: dict[tuple[int, int], dict[int, Row]] = {}
        self._before: dict[tuple[int, int], Decimal] = {}
        if first is not None:
            self._keep((first.kind.type, first.entry), first)

    def all(self) -> Iterable[Document]:
        """Return every base document that a row named."""
        return self._read.values()

    def of(self, line: Row) -> tuple[Document, Row] | None:
        """Find base document and base row of a row; None when it has none."""
        if line.get("BaseEntry") is None or (line.get("BaseType") or -1) < 0:
            return None
        number = line["LineNum"] + 1
        key = (line["BaseType"], line["BaseEntry"])
        if key not in self._read:
            self._keep(key, self._load(key, number))
        base = self._read[key]
        self._check_reachable(base, number)
        row = self._rows[key].get(line.get("BaseLine") or 0)
        if row is None:
            raise base_missing(self._target.kind.lines, number)
        return base, row

    def fill(self, line: Row) -> None:
        """Complete a row from its base row; Refusal when it is closed or does not fit."""
        found = self.of(line)
        if found is None:
            return
        base, row = found
        kind, number = self._target.kind, line["LineNum"] + 1
        if is_shut(kind, base, row):
            raise base_closed()
        if base.header["CardCode"] != self._target.header["CardCode"]:
            raise base_card_differs()
        if base.header["DocType"] != self._target.header["DocType"]:
            raise base_type_differs(kind.lines, number)
        if line.get("ItemCode") not in (None, row["ItemCode"]):
            raise base_item_differs(number)
        self._copy(line, base, row)
        over = line["Quantity"] > drawable(kind, base, row)
        if over and self._books.settings.block_over_base_quantity:
            raise over_base_quantity(kind.lines, number)

    def draw(self) -> None:
        """Take the drawn quantities off the base rows and close what is used up."""
        kind = self._target.kind
        for line in self._target.lines:
            found = self.of(line)
            if found is not None:
                base, row = found
                take(kind, base, row, line["Quantity"])
                row |= {"TargetType": kind.type, "TrgetEntry": self._target.entry}
        for key, base in self._read.items():
            keep_rows(self._books, base)
            settle(self._books, base, self._before[key])

    def _keep(self, key: tuple[int, int], base: Document) -> None:
        self._read[key] = base
        self._rows[key] = {row["LineNum"]: row for row in base.lines}
        self._before[key] = exposure(base)

    def _load(self, key: tuple[int, int], number: int) -> Document:
        kind = BY_TYPE.get(key[0])
        base = load(self._books, kind, key[1]) if kind else None
        if base is None:
            raise base_missing(self._target.kind.lines, number)
        return base

    def _check_reachable(self, base: Document, number: int) -> None:
        """Refuse what this kind is not drawn from; goods are delivered of reserve invoices only."""
        kind = self._target.kind
        undelivered = base.kind is not INVOICE or base.reserved or kind is not DELIVERY
        if base.kind.type not in kind.bases or not undelivered:
            raise base_missing(kind.lines, number)

    def _copy(self, line: Row, base: Document, row: Row) -> None:
        kind = self._target.kind
        for column in _COPIED:
            if line.get(column) is None:
                line[column] = row[column]
        if line.get("AcctCode") is None and not kind.is_purchase and kind.books != "prepayment":
            line["AcctCode"] = row["AcctCode"]
        if line.get("Quantity") is None:
            line["Quantity"] = _quantity(base, row, line, drawable(kind, base, row))
        if kind.moves > 0:  # goods come back at the cost they left at
            line["StockPrice"] = row["StockPrice"]
        if base.kind is DOWN_PAYMENT:  # money that was asked for in advance brings no goods
            line["NoInvtryMv"] = "Y"
        if not any(line.get(column) is not None for column in _PRICED):
            _copy_price(line, row, foreign=self._target.foreign)


def _quantity(base: Document, row: Row, line: Row, left: Decimal) -> Decimal:
    """Draw all that is left, or of a service as much of its one as was sent of its amount (guess).

    SAP keeps the open amount of a service row; here its open quantity says what share is open.
    """
    gross = line.get("GTotal") is not None
    sent = line.get("GTotal") if gross else line.get("LineTotal")
    foreign, own = ("GTotalFC", "GTotal") if gross else ("TotalFrgn", "LineTotal")
    whole = row[foreign] if base.foreign else row[own]
    if base.header["DocType"] != "S" or sent is None or not whole:
        return left
    share = rounded(row["Quantity"] * sent / whole, 6)
    is_all = sent >= rounded(whole * left / row["Quantity"]) or share <= 0
    return left if is_all else share


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
