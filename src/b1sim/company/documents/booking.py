"""What a document does to the ledger: receivable, revenue, tax, freight, rounding and cost."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from b1sim.company import tax
from b1sim.company.books import Books, Row
from b1sim.company.document import Document
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


def invoice(books: Books, document: Document, issued: Sequence[Row]) -> int | None:
    """Book an invoice, and the cost of what it takes out of stock."""
    sides = [
        *_receivable(books, document),
        *_revenue(document),
        *_taxes(document),
        *_freight(books, document),
        Side(books.settings.rounding, -document.header["RoundDif"], memo="Rounding"),
        *_cost(books, issued),
    ]
    return ledger.post(books, cause_of(document), sides)


def delivery(books: Books, document: Document, issued: Sequence[Row]) -> int | None:
    """Book the cost of delivered goods."""
    return ledger.post(books, cause_of(document), _cost(books, issued))


def _receivable(books: Books, document: Document) -> Iterator[Side]:
    header = document.header
    account = header.get("CtlAccount") or books.settings.receivables
    header["CtlAccount"] = account
    foreign = header["DocTotalFC"]
    yield Side(account, header["DocTotal"], partner=header["CardCode"], foreign=foreign)


def _revenue(document: Document) -> Iterator[Side]:
    """Credit each revenue account, less its share of the header discount."""
    sums: dict[str, Decimal] = {}
    for line in document.lines:
        sums[line["AcctCode"]] = sums.get(line["AcctCode"], ZERO) + line["LineTotal"]
    nets = list(sums.values())
    discount = document.header["DiscSum"]
    if discount:
        kept = 1 - document.header["DiscPrcnt"] / 100
        parts = [rounded(net * kept) for net in nets]
        nets = tax.walk(nets, parts, sum(nets, ZERO) - discount)
    for account, net in zip(sums, nets, strict=True):
        yield Side(account, -net)


def _taxes(document: Document) -> Iterator[Side]:
    rows = [*document.lines, *document.expenses]
    codes = [*document.taxes, *document.freight_taxes]
    sums: dict[tuple[str, str], Decimal] = {}
    for row, code in zip(rows, codes, strict=True):
        key = (code.account, code.code)
        sums[key] = sums.get(key, ZERO) + row["VatSum"]
    for (account, code_name), total in sums.items():
        yield Side(account, -total, tax_code=code_name, is_tax=True)


def _freight(books: Books, document: Document) -> Iterator[Side]:
    for row in document.expenses:
        account = (books.master("OEXD", row["ExpnsCode"]) or {}).get("RevAcct")
        if not account:
            field = "OEXD.RevAcct"
            raise unknown_account(field, account, row["LineNum"] + 1)
        yield Side(account, -row["LineTotal"])


def _cost(books: Books, issued: Sequence[Row]) -> list[Side]:
    cost = sum((rounded(line["StockPrice"] * line["InvQty"]) for line in issued), ZERO)
    settings = books.settings
    return [Side(settings.cost_of_goods, cost), Side(settings.stock, -cost)]
