"""Journal entries that people post themselves (sap-service-layer.md 9.6)."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.ledger import controls, ledger
from b1sim.company.ledger.ledger import JOURNAL, Cause, Side
from b1sim.company.ledger.refusals import reconciled, two_sides, unknown_currency
from b1sim.company.refusals import (
    already_closed,
    control_account,
    invalid_partner,
    no_lines,
    not_found,
    unknown_account,
)
from b1sim.company.rules import currency, periods, references
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded

ZERO = Decimal(0)
TABLE, ROWS = "OJDT", "JDT1"


def post(books: Books, intake: Intake) -> int:
    """Post an entry and return its number."""
    header = {c: v for c, v in intake.columns.items() if v is not None}
    day = header.setdefault("RefDate", books.today())
    header.setdefault("TaxDate", day)
    header.setdefault("DueDate", day)
    periods.check(books, TABLE, RefDate=day, TaxDate=header["TaxDate"])
    lines = intake.rows.get("JournalEntryLines", [])
    for line in lines:
        references.check(books, ROWS, line)
    sides = [_side(books, day, line.columns, index + 1) for index, line in enumerate(lines)]
    number = ledger.post(books, _cause(header), sides) if sides else None
    if number is None:
        raise no_lines(TABLE)
    _keep_texts(books, number, header | {"Extra": intake.extra}, lines)
    return number


def _cause(header: Row) -> Cause:
    return Cause(
        type=JOURNAL,
        entry=0,
        number=0,
        day=header["RefDate"],
        due=header["DueDate"],
        tax_day=header["TaxDate"],
        memo=header.get("Memo") or "",
    )


def _side(books: Books, day: str, line: Row, number: int) -> Side:
    debit, credit = rounded(line.get("Debit") or ZERO), rounded(line.get("Credit") or ZERO)
    foreign = (line.get("FCDebit") or ZERO) - (line.get("FCCredit") or ZERO)
    if foreign:
        _check_foreign(books, line, number)
    if foreign and not debit and not credit:
        debit = rounded(foreign * currency.rate_of(books, line["FCCurrency"], day))
    if bool(debit) == bool(credit):
        raise two_sides(number)
    account, partner = _target(books, line, number)
    memo, tax_code = line.get("LineMemo") or "", line.get("VatGroup")
    return Side(account, debit - credit, partner, tax_code, memo, foreign)


def _check_foreign(books: Books, line: Row, number: int) -> None:
    """Demand a currency of the company, and one side; the home amount may be left to the rate."""
    if books.master("OCRN", line.get("FCCurrency")) is None:
        raise unknown_currency(number, line.get("FCCurrency"))
    if line.get("FCDebit") and line.get("FCCredit"):
        raise two_sides(number)


def _target(books: Books, line: Row, number: int) -> tuple[str, str | None]:
    """Find account and partner: a control account is reached through a partner only."""
    name = line.get("ShortName")
    partner = books.master("OCRD", name)
    if partner is not None:
        return controls.account_of(books, partner), partner["CardCode"]
    account = line.get("Account") or name
    if books.master("OACT", account) is None:
        if name and not line.get("Account"):
            raise invalid_partner(ROWS, name)
        field = "JDT1.Account"
        raise unknown_account(field, account, number)
    if controls.is_control(books, str(account)):
        raise control_account(str(account), number)
    return str(account), None


def _keep_texts(books: Books, number: int, header: Row, lines: list[Intake]) -> None:
    """Put what was sent beside the figures: references, project, cost centre."""
    books.update(TABLE, {"TransId": number}, _texts(header, ("TransId", "Number", "Series")))
    for index, line in enumerate(lines):
        money = ("Line_ID", "Debit", "Credit", "Account", "ShortName", "FCDebit", "FCCredit")
        changes = _texts(line.columns | {"Extra": line.extra}, money)
        books.update(ROWS, {"TransId": number, "Line_ID": index}, changes)


def _texts(columns: Row, without: tuple[str, ...]) -> Row:
    return {c: v for c, v in columns.items() if v is not None and c not in without}


def cancel(books: Books, number: int) -> None:
    """Reverse an entry with a new one, once; entries of documents are cancelled with those."""
    found = books.row("SELECT * FROM OJDT WHERE TransId = ?", (number,))
    if found is None:
        raise not_found()
    reversed_before = books.row("SELECT 1 FROM OJDT WHERE StornoToTr = ?", (number,))
    if reversed_before or found["TransType"] != str(JOURNAL) or found["StornoToTr"]:
        raise already_closed()
    settled = """SELECT 1 FROM JDT1
        WHERE TransId = ? AND (BalDueDeb <> Debit OR BalDueCred <> Credit)"""
    if books.row(settled, (number,)):
        raise reconciled()
    periods.check(books, TABLE, RefDate=found["RefDate"])
    memo = f"{found['Memo'] or ''} (Reversal)"
    cause = Cause(JOURNAL, 0, 0, found["RefDate"], found["DueDate"], found["TaxDate"], memo)
    ledger.reverse(books, number, cause)
