"""What a payment can settle: documents, journal rows of a partner, money on account.

Each is found by InvoiceType and DocEntry (sap-service-layer.md 9.5); for a journal entry DocLine
says which row (guess: without it, the partner's only open one).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from b1sim.company import settling
from b1sim.company.books import Books, Row
from b1sim.company.document import amounts
from b1sim.company.kinds import BY_TYPE as DOCUMENTS
from b1sim.company.kinds import INVOICE, Kind
from b1sim.company.ledger import open_rows
from b1sim.company.ledger.ledger import JOURNAL
from b1sim.company.payments.kinds import BY_TYPE as PAYMENTS
from b1sim.company.payments.kinds import PaymentKind
from b1sim.company.payments.refusals import unknown_installment, wrong_card
from b1sim.company.refusals import not_found, not_simulated
from b1sim.company.shape.values import rounded

ZERO = Decimal(0)


@dataclass(frozen=True)
class OpenItem:
    """Something a partner owes us (side 1) or we owe the partner (side -1)."""

    side: int
    local: Decimal
    foreign: Decimal
    currency: str
    rate: Decimal
    is_open: bool
    settle: Callable[[Decimal, Decimal], None]
    """Settles local and foreign amounts; negative ones open it again."""
    branch: int | None = None
    free: Decimal | None = None
    """How much of what was settled can be opened again, if not all: a down payment is drawn."""
    booked: bool = True
    """Whether it stands in the ledger."""


def find(books: Books, kind: PaymentKind, card_code: str, row: Row) -> OpenItem:
    """Find what a row of a payment names; Refusal when it is another partner's or unknown."""
    item_type = int(row.setdefault("InvType", str(INVOICE.type)))
    if item_type in DOCUMENTS and DOCUMENTS[item_type].is_paid:
        return _document(books, kind, card_code, row, DOCUMENTS[item_type])
    row.setdefault("InstId", 1)
    if item_type == JOURNAL:
        return _journal_row(books, kind, card_code, row)
    if item_type in PAYMENTS:
        return _on_account(books, kind, card_code, row, PAYMENTS[item_type])
    what = f"payments of documents of type {item_type}"
    raise not_simulated(what)


def _document(
    books: Books, kind: PaymentKind, card_code: str, row: Row, document: Kind
) -> OpenItem:
    header = _one(books, document.header, "DocEntry", row.get("DocEntry"))
    _check_card(kind, card_code, header["CardCode"])
    rows = settling.installments(books, document, header["DocEntry"])
    if len(rows) <= 1:
        row.setdefault("InstId", 1)
    number = row.get("InstId")
    local, foreign = settling.left(header)
    if number not in (None, *(found["InstlmntID"] for found in rows)):
        raise unknown_installment(kind.applied, number)
    if number is not None and len(rows) > 1:
        local, foreign = _installment(header, rows[number - 1])
    return OpenItem(
        side=document.sign,
        local=local,
        foreign=foreign,
        currency=header["DocCur"],
        rate=header["DocRate"],
        is_open=header["DocStatus"] == "O" and header["CANCELED"] == "N" and local > 0,
        settle=partial(settling.settle, books, document, header, installment=number),
        branch=header["BPLId"],
        free=_free(header),
        booked=header["TransId"] is not None,
    )


def _free(header: Row) -> Decimal | None:
    """Return what was paid of a down payment and not drawn yet."""
    return header["PaidToDate"] - header["DpmAppl"] if header.get("DpmAppl") else None


def _installment(header: Row, installment: Row) -> tuple[Decimal, Decimal]:
    """Return what is open of one installment of a document."""
    local = installment["InsTotal"] - installment["PaidToDate"]
    if not header["DocTotalFC"]:
        return local, ZERO
    return local, rounded(local / header["DocRate"])


def _journal_row(books: Books, kind: PaymentKind, card_code: str, row: Row) -> OpenItem:
    entry = row.get("DocEntry")
    where, params = '"TransId" = ? AND "ShortName" = ?', (entry, card_code)
    found = amounts(books, "JDT1", f'{where} ORDER BY "BalDueDeb" + "BalDueCred" DESC', params)
    line = row.get("DocLine")
    chosen = next((r for r in found if line is None or r["Line_ID"] == line), None)
    if chosen is None:
        raise not_found() if not found else wrong_card(kind.applied, card_code)
    row["DocLine"] = chosen["Line_ID"]
    left = chosen["BalDueDeb"] + chosen["BalDueCred"]

    def settle(local: Decimal, _: Decimal) -> None:
        open_rows.settle(books, chosen["TransId"], card_code, local, line=chosen["Line_ID"])

    side = 1 if chosen["Debit"] else -1
    home = books.settings.local_currency
    branch = chosen["BPLId"]
    return OpenItem(side, left, ZERO, home, Decimal(1), left > 0, settle, branch)


def _on_account(
    books: Books, kind: PaymentKind, card_code: str, row: Row, payment: PaymentKind
) -> OpenItem:
    header = _one(books, payment.header, "DocEntry", row.get("DocEntry"))
    _check_card(kind, card_code, header["CardCode"])
    left, home = header["OpenBal"], books.settings.local_currency

    def settle(local: Decimal, _: Decimal) -> None:
        books.update(payment.header, {"DocEntry": header["DocEntry"]}, {"OpenBal": left - local})
        open_rows.settle(books, header["TransId"], card_code, local)

    is_open = left > 0 and header["Canceled"] == "N"
    branch = header["BPLId"]
    return OpenItem(-payment.sign, left, ZERO, home, Decimal(1), is_open, settle, branch)


def _one(books: Books, table: str, key: str, value: object) -> Row:
    found = amounts(books, table, f'"{key}" = ?', (value,))
    if not found:
        raise not_found()
    return found[0]


def _check_card(kind: PaymentKind, card_code: str, other: object) -> None:
    if other != card_code:
        raise wrong_card(kind.applied, card_code)
