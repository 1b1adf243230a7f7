"""Drawing down payments: an invoice takes what was paid in advance off its total (9.5).

A down payment invoice was booked and taxed when it was made out: drawing it books that back, part
by part. A request was only paper and what paid it stands with the partner: drawing it settles
that. How much may be drawn is what was paid and not drawn yet (guess); an amount without tax draws
its tax along. Tables: SAP SDK help, INV9.

What was paid in a foreign currency is drawn in that currency: the invoice goes down at its own
rate, the down payment at the rate it was booked at, and the difference is gain or loss (guess).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from b1sim.company import tax
from b1sim.company.books import Books, Row
from b1sim.company.document import Document, load, touch
from b1sim.company.documents.refusals import down_payment_not_open, overdrawn
from b1sim.company.kinds import DOWN_PAYMENT
from b1sim.company.ledger import open_rows
from b1sim.company.ledger.ledger import Side
from b1sim.company.refusals import not_simulated
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import amount, rounded

ZERO = Decimal(0)


def draw(books: Books, document: Document, sent: list[Intake]) -> None:
    """Take the named down payments off the document's totals."""
    for position, intake in enumerate(sent):
        row = _drawn(books, document, intake) | {"LineNum": position, "Extra": intake.extra}
        document.draws.append(row)
    header = document.header
    header["DpmAmnt"] = _sum(document, "DrawnSum")
    header["DpmVat"] = sum((r["Vat"] for r in document.draws if r["Posted"] == "Y"), ZERO)
    header["Drawn"] = _worth(document)
    for total, taxes in (("DocTotal", "VatSum"), ("DocTotalSy", "VatSumSy")):
        header[total] -= header["Drawn"]
        header[taxes] -= header["DpmVat"]
    header["DocTotalFC"] -= _sum(document, "GrossFc")
    header["VatSumFC"] -= _sum(document, "VatFc")


def _worth(document: Document) -> Decimal:
    """Return what the drawn amounts are worth at the document's own rate."""
    header, column = document.header, "FC" if document.foreign else ""
    gross = _sum(document, "GrossFc" if document.foreign else "Gross")
    if gross > header[f"DocTotal{column}"]:
        raise overdrawn(document.kind.header, gross, header[f"DocTotal{column}"])
    if gross == header[f"DocTotal{column}"]:
        return Decimal(header["DocTotal"])
    return rounded(gross * header["DocRate"])


def _sum(document: Document, column: str) -> Decimal:
    return sum((row[column] for row in document.draws), ZERO)


def _drawn(books: Books, document: Document, intake: Intake) -> Row:
    sent = {c: v for c, v in intake.columns.items() if v is not None}
    payment = load(books, DOWN_PAYMENT, sent.get("BaseAbs") or 0)
    table = f"{document.kind.prefix}9"
    if payment is None or payment.header["CardCode"] != document.header["CardCode"]:
        raise down_payment_not_open(table, sent.get("BaseAbs"))
    _check_currency(document, payment)
    left = available(payment)
    if left <= 0 or payment.header["CANCELED"] != "N":
        raise down_payment_not_open(table, payment.entry)
    of_left = rounded(left * payment.header[_total(payment)] / payment.header["DocTotal"])
    asked = _gross(payment, sent, of_left)
    header = payment.header
    share = asked / header[_total(payment)]
    gross = left if asked == of_left else rounded(header["DocTotal"] * share)
    if not ZERO < asked <= of_left or not gross:
        raise down_payment_not_open(table, payment.entry)
    vat = rounded(header["VatSum"] * gross / header["DocTotal"])
    abroad = (asked, rounded(header["VatSumFC"] * share)) if payment.foreign else (ZERO, ZERO)
    return _amounts(gross, vat, *abroad) | {
        "BaseAbs": payment.entry,
        "BaseDocNum": header["DocNum"],
        "Posted": header["Posted"],
        "DocDate": header["DocDate"],
        "DueDate": header["DocDueDate"],
        "IsGross": "Y" if _sent(payment, sent, "Gross") is not None else "N",
    }


def _amounts(gross: Decimal, vat: Decimal, gross_foreign: Decimal, vat_foreign: Decimal) -> Row:
    home = {"DrawnSum": gross - vat, "Vat": vat, "Gross": gross}
    system = {f"{column}Sc": value for column, value in home.items()}
    foreign = {"GrossFc": gross_foreign, "VatFc": vat_foreign}
    return home | system | foreign | {"DrawnSumFc": gross_foreign - vat_foreign}


def _check_currency(document: Document, payment: Document) -> None:
    differs = document.header["DocCur"] != payment.header["DocCur"]
    if differs or document.foreign != payment.foreign:
        what = "down payments drawn in another currency"
        raise not_simulated(what)
    if payment.foreign and payment.header["Posted"] != "Y":
        what = "down payment requests drawn in a foreign currency"
        raise not_simulated(what)


def _total(payment: Document) -> str:
    return "DocTotalFC" if payment.foreign else "DocTotal"


def _sent(payment: Document, sent: Row, column: str) -> Any:
    """Return an amount that was sent in the currency of the down payment."""
    return sent.get(f"{column}Fc" if payment.foreign else column)


def available(payment: Document) -> Decimal:
    """Return what was paid of a down payment and not drawn or credited yet, with tax."""
    return Decimal(payment.header["PaidToDate"] - (payment.header["DpmAppl"] or ZERO))


def _gross(payment: Document, sent: Row, left: Decimal) -> Decimal:
    gross, net = (_sent(payment, sent, column) for column in ("Gross", "DrawnSum"))
    if gross is not None:
        return rounded(gross)
    if net is None:
        return left
    total, taxes = payment.header[_total(payment)], "VatSumFC" if payment.foreign else "VatSum"
    return rounded(net * total / (total - payment.header[taxes]))


def requested(document: Document) -> Decimal:
    """Return what is drawn of requests: it stays with the partner until it is settled there."""
    return sum((row["Gross"] for row in document.draws if row["Posted"] != "Y"), ZERO)


def sides(books: Books, document: Document) -> Iterator[Side]:
    """Book back the drawn part of down payment invoices, to the accounts they were booked to."""
    for row in document.draws:
        payment = load(books, DOWN_PAYMENT, row["BaseAbs"])
        if row["Posted"] == "Y" and payment is not None:
            yield from _booked_back(books, payment, row["Gross"])
    difference = document.header.get("Drawn", ZERO) - _sum(document, "Gross")
    yield Side(books.settings.exchange_differences, difference)


def _booked_back(books: Books, payment: Document, gross: Decimal) -> Iterator[Side]:
    entry = (payment.header["TransId"], payment.header["CardCode"])
    rows = books.rows("SELECT * FROM JDT1 WHERE TransId = ? AND ShortName <> ?", entry)
    booked = [amount(row["Credit"]) - amount(row["Debit"]) for row in rows]
    parts = [rounded(value * gross / payment.header["DocTotal"]) for value in booked]
    for row, part in zip(rows, tax.walk(booked, parts, gross), strict=True):
        yield Side(row["Account"], part, tax_code=row["VatGroup"], is_tax=row["VatLine"] == "Y")


def keep(books: Books, document: Document, *, sign: int = 1) -> None:
    """Note on the down payments what was drawn of them, or with sign -1 give it back."""
    for row in document.draws:
        move(books, row["BaseAbs"], sign * row["Gross"])
        if row["Posted"] != "Y":
            _settle_payments(books, document.header["CardCode"], row, sign)
    own = requested(document)
    if own and sign > 0:
        open_rows.settle(books, document.header["TransId"], document.header["CardCode"], own)


def move(books: Books, entry: int, gross: Decimal) -> None:
    """Count what was drawn or credited of a down payment; when all of it is, it is done with."""
    payment = load(books, DOWN_PAYMENT, entry)
    if payment is None:
        return
    drawn = (payment.header["DpmAppl"] or ZERO) + gross
    status = "C" if drawn >= payment.header["DocTotal"] else "O"
    touch(books, DOWN_PAYMENT, entry, DpmAppl=float(drawn), DpmStatus=status)


def _settle_payments(books: Books, card_code: str, row: Row, sign: int) -> None:
    """Settle the journal rows of the payments of a request, oldest first."""
    left = row["Gross"]
    sql = """SELECT TransId, SumApplied, BalDueCred FROM RCT2
        JOIN ORCT ON ORCT.DocEntry = RCT2.DocNum JOIN JDT1 USING (TransId)
        WHERE RCT2.DocEntry = ? AND InvType = ? AND Canceled = 'N' AND ShortName = ?
        ORDER BY TransId"""
    for paid in books.rows(sql, (row["BaseAbs"], str(DOWN_PAYMENT.type), card_code)):
        applied, still_open = amount(paid["SumApplied"]), amount(paid["BalDueCred"])
        part = min(left, applied, still_open if sign > 0 else applied)
        open_rows.settle(books, paid["TransId"], card_code, sign * part)
        left -= part
