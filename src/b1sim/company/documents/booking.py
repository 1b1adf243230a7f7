"""What a document does to the ledger: partner, revenue, tax, freight, rounding and cost.

An invoice debits the partner and credits the rest; a credit note, and whatever a supplier sends,
is the same with its sides exchanged (Kind.sign). SAP's way of finding accounts is in none of our
sources: that the row, the item, the partner or the freight decides, else the company, is a guess.
"""

from collections.abc import Iterator
from decimal import Decimal

from b1sim.company import tax
from b1sim.company.books import Books
from b1sim.company.document import Document
from b1sim.company.documents import drawing
from b1sim.company.ledger import ledger
from b1sim.company.ledger.ledger import Cause, Side
from b1sim.company.refusals import unknown_account
from b1sim.company.shape.values import rounded
from b1sim.company.tax import ZERO


def cause_of(document: Document) -> Cause:
    """Describe a document as the reason of a journal entry."""
    header = document.header
    return Cause(
        type=document.kind.type,
        entry=header["DocEntry"],
        number=header["DocNum"],
        day=header["DocDate"],
        due=header["DocDueDate"],
        tax_day=header["TaxDate"],
        memo=header.get("JrnlMemo") or "",
        reference=header.get("NumAtCard") or "",
        currency=header["DocCur"] if document.foreign else None,
    )


def book(books: Books, document: Document) -> None:
    """Book what the document is worth to the partner, and the cost of the goods it moved."""
    sides = _cost(books, document)
    if document.is_booked:
        sides += [
            _partner(books, document),
            *_revenue(document),
            *_taxes(document),
            *_freight(books, document),
            _rounding(books, document),
            *drawing.sides(books, document),
        ]
    header = document.header
    header["TransId"] = ledger.post(books, cause_of(document), sides) if sides else None


def _partner(books: Books, document: Document) -> Side:
    header, sign, settings = document.header, document.kind.sign, books.settings
    control = settings.payables if document.kind.is_purchase else settings.receivables
    header["CtlAccount"] = account = header.get("CtlAccount") or control
    total = sign * (header["DocTotal"] + drawing.requested(document))
    foreign = sign * header["DocTotalFC"]
    return Side(account, total, partner=header["CardCode"], foreign=foreign)


def _rounding(books: Books, document: Document) -> Side:
    difference = -document.kind.sign * document.header["RoundDif"]
    return Side(books.settings.rounding, difference, memo="Rounding")


def _revenue(document: Document) -> Iterator[Side]:
    """Credit each row's account, less its share of the header discount."""
    sums: dict[str, Decimal] = {}
    for line in document.lines:
        sums[line["AcctCode"]] = sums.get(line["AcctCode"], ZERO) + line["LineTotal"]
    nets = list(sums.values())
    aside = document.header["DiscSum"] + document.header["Held"]
    if aside:
        parts = [rounded(net * document.kept) for net in nets]
        nets = tax.walk(nets, parts, sum(nets, ZERO) - aside)
    for account, net in zip(sums, nets, strict=True):
        yield Side(account, -document.kind.sign * net)


def _taxes(document: Document) -> Iterator[Side]:
    rows = [*document.lines, *document.freight]
    codes = [*document.taxes, *document.freight_taxes]
    sums: dict[tuple[str, str], Decimal] = {}
    for row, code in zip(rows, codes, strict=True):
        key = (code.account, code.code)
        sums[key] = sums.get(key, ZERO) + row["VatSum"]
    for (account, code_name), total in sums.items():
        yield Side(account, -document.kind.sign * total, tax_code=code_name, is_tax=True)


def _freight(books: Books, document: Document) -> Iterator[Side]:
    column = "ExpnsAcct" if document.kind.is_purchase else "RevAcct"
    for row in document.freight:
        account = (books.master("OEXD", row["ExpnsCode"]) or {}).get(column)
        if not account:
            field = f"OEXD.{column}"
            raise unknown_account(field, account, row["LineNum"] + 1)
        yield Side(account, -document.kind.sign * row["LineTotal"])


def _cost(books: Books, document: Document) -> list[Side]:
    """Move the worth of the goods between stock and cost of goods.

    Goods of a receipt wait for their invoice; an invoice without one books them by its rows.
    """
    moved = [line for line in document.lines if line["MovedQty"]]
    worth = sum((rounded(line["StockPrice"] * line["MovedQty"]) for line in moved), ZERO)
    settings, kind = books.settings, document.kind
    if not worth or (kind.is_purchase and document.is_booked):
        return []
    against = settings.stock_offset if kind.is_purchase else settings.cost_of_goods
    return [Side(against, -worth), Side(settings.stock, worth)]
