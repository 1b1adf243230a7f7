"""The ledger: every posting is a journal entry whose sides agree, and moves the balances."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.ledger import open_rows
from b1sim.company.refusals import unbalanced, unknown_account
from b1sim.company.rules import numbering

ZERO = Decimal(0)
JOURNAL = 30


@dataclass(frozen=True)
class Side:
    """One row of a journal entry: debit when positive, credit when negative."""

    account: str
    amount: Decimal
    partner: str | None = None
    tax_code: str | None = None
    memo: str = ""
    foreign: Decimal = ZERO
    is_tax: bool = False


@dataclass(frozen=True)
class Cause:
    """What an entry is posted for."""

    type: int
    entry: int
    number: int
    day: str
    due: str
    tax_day: str
    memo: str = ""
    reference: str = ""
    currency: str | None = None


def post(books: Books, cause: Cause, sides: Iterable[Side], **header: object) -> int | None:
    """Book an entry and return its number; None when nothing of value moved."""
    rows = [side for side in sides if side.amount]
    if not rows:
        return None
    _check_balance(rows)
    for index, side in enumerate(rows):
        _check_account(books, side, index + 1)
    number = books.next_number("OJDT")
    series, document_number = numbering.draw(books, "OJDT", str(JOURNAL), None)
    books.insert("OJDT", [_header(books, cause, rows, number, series, document_number) | header])
    books.insert("JDT1", [_line(cause, side, number, i) for i, side in enumerate(rows)])
    _move_balances(books, rows)
    return number


def reverse(books: Books, original: int, cause: Cause) -> int | None:
    """Book the same entry with its sides exchanged."""
    rows = books.rows("SELECT * FROM JDT1 WHERE TransId = ? ORDER BY Line_ID", (original,))
    sides = [
        Side(
            account=row["Account"],
            amount=_decimal(row["Credit"]) - _decimal(row["Debit"]),
            partner=row["ShortName"] if row["ShortName"] != row["Account"] else None,
            tax_code=row["VatGroup"],
            memo=row["LineMemo"] or "",
            foreign=_decimal(row["FCCredit"]) - _decimal(row["FCDebit"]),
            is_tax=row["VatLine"] == "Y",
        )
        for row in rows
    ]
    number = post(books, cause, sides, StornoToTr=original)
    open_rows.close(books, original, *([] if number is None else [number]))
    return number


def _decimal(value: float | None) -> Decimal:
    return Decimal(str(value or 0))


def _check_balance(rows: list[Side]) -> None:
    debit = sum((side.amount for side in rows if side.amount > 0), ZERO)
    credit = -sum((side.amount for side in rows if side.amount < 0), ZERO)
    if debit != credit:
        raise unbalanced(debit, credit)


def _check_account(books: Books, side: Side, row: int) -> None:
    account = books.master("OACT", side.account)
    if account is None or account["Postable"] == "N" or account["FrozenFor"] == "Y":
        field = "JDT1.Account"
        raise unknown_account(field, side.account, row)


def _header(
    books: Books, cause: Cause, rows: list[Side], number: int, series: int, document_number: int
) -> Row:
    return {
        "TransId": number,
        "Number": document_number,
        "Series": series,
        "RefDate": cause.day,
        "DueDate": cause.due,
        "TaxDate": cause.tax_day,
        "VatDate": cause.tax_day,
        "Memo": cause.memo[:50],
        "TransType": str(cause.type),
        "CreatedBy": cause.entry or number,
        "BaseRef": str(cause.number or document_number),
        "Ref1": str(cause.number or ""),
        "Ref2": cause.reference[:100],
        "CreateDate": books.today(),
        "LocTotal": sum((side.amount for side in rows if side.amount > 0), ZERO),
    }


def _line(cause: Cause, side: Side, number: int, index: int) -> Row:
    return {
        "TransId": number,
        "Line_ID": index,
        "Account": side.account,
        "ShortName": side.partner or side.account,
        "Debit": max(side.amount, ZERO),
        "Credit": max(-side.amount, ZERO),
        "BalDueDeb": max(side.amount, ZERO),
        "BalDueCred": max(-side.amount, ZERO),
        "FCDebit": max(side.foreign, ZERO),
        "FCCredit": max(-side.foreign, ZERO),
        "FCCurrency": cause.currency,
        "DueDate": cause.due,
        "RefDate": cause.day,
        "TaxDate": cause.tax_day,
        "LineMemo": (side.memo or cause.memo)[:50],
        "Ref1": str(cause.number or ""),
        "Ref2": cause.reference[:100],
        "VatGroup": side.tax_code,
        "VatLine": "Y" if side.is_tax else "N",
    }


def _move_balances(books: Books, rows: list[Side]) -> None:
    accounts: dict[str, Decimal] = {}
    partners: dict[str, Decimal] = {}
    for side in rows:
        accounts[side.account] = accounts.get(side.account, ZERO) + side.amount
        if side.partner:
            partners[side.partner] = partners.get(side.partner, ZERO) + side.amount
    books.db.executemany(
        "UPDATE OACT SET CurrTotal = ROUND(CurrTotal + ?, 6) WHERE AcctCode = ?",
        [(float(delta), code) for code, delta in accounts.items()],
    )
    books.db.executemany(
        "UPDATE OCRD SET Balance = ROUND(Balance + ?, 6) WHERE CardCode = ?",
        [(float(delta), code) for code, delta in partners.items()],
    )
