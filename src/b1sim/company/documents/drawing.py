"""Drawing down payments: an invoice takes what was paid in advance off its total (9.5).

A down payment invoice was booked and taxed when it was made out: drawing it books that back, part
by part. A request was only paper and what paid it stands with the partner: drawing it settles
that. How much may be drawn is what was paid and not drawn yet (guess); an amount without tax draws
its tax along. Tables: SAP SDK help, INV9.
"""

from collections.abc import Iterator
from decimal import Decimal

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
    if sent and document.foreign:
        what = "down payments drawn in a foreign currency"
        raise not_simulated(what)
    for position, intake in enumerate(sent):
        row = _drawn(books, document, intake) | {"LineNum": position, "Extra": intake.extra}
        document.draws.append(row)
    header = document.header
    header["DpmAmnt"] = _sum(document, "DrawnSum")
    header["DpmVat"] = sum((r["Vat"] for r in document.draws if r["Posted"] == "Y"), ZERO)
    gross = _sum(document, "Gross")
    if gross > header["DocTotal"]:
        raise overdrawn(document.kind.header, gross, header["DocTotal"])
    for total, taxes in (("DocTotal", "VatSum"), ("DocTotalSy", "VatSumSy")):
        header[total] -= gross
        header[taxes] -= header["DpmVat"]


def _sum(document: Document, column: str) -> Decimal:
    return sum((row[column] for row in document.draws), ZERO)


def _drawn(books: Books, document: Document, intake: Intake) -> Row:
    sent = {c: v for c, v in intake.columns.items() if v is not None}
    payment = load(books, DOWN_PAYMENT, sent.get("BaseAbs") or 0)
    table = f"{document.kind.prefix}9"
    if payment is None or payment.header["CardCode"] != document.header["CardCode"]:
        raise down_payment_not_open(table, sent.get("BaseAbs"))
    if payment.foreign:
        what = "down payments drawn in a foreign currency"
        raise not_simulated(what)
    left = available(payment)
    gross = _gross(payment, sent, left)
    if not ZERO < gross <= left or payment.header["CANCELED"] != "N":
        raise down_payment_not_open(table, payment.entry)
    header = payment.header
    vat = rounded(header["VatSum"] * gross / header["DocTotal"])
    return {
        "BaseAbs": payment.entry,
        "BaseDocNum": header["DocNum"],
        "Posted": header["Posted"],
        "DocDate": header["DocDate"],
        "DueDate": header["DocDueDate"],
        "IsGross": "Y" if sent.get("Gross") is not None else "N",
        "DrawnSum": gross - vat,
        "DrawnSumSc": gross - vat,
        "Vat": vat,
        "VatSc": vat,
        "Gross": gross,
        "GrossSc": gross,
    }


def available(payment: Document) -> Decimal:
    """Return what was paid of a down payment and not drawn or credited yet, with tax."""
    return Decimal(payment.header["PaidToDate"] - (payment.header["DpmAppl"] or ZERO))


def _gross(payment: Document, sent: Row, left: Decimal) -> Decimal:
    if sent.get("Gross") is not None:
        return rounded(sent["Gross"])
    if sent.get("DrawnSum") is None:
        return left
    net = payment.header["DocTotal"] - payment.header["VatSum"]
    return rounded(sent["DrawnSum"] * payment.header["DocTotal"] / net)


def requested(document: Document) -> Decimal:
    """Return what is drawn of requests: it stays with the partner until it is settled there."""
    return sum((row["Gross"] for row in document.draws if row["Posted"] != "Y"), ZERO)


def sides(books: Books, document: Document) -> Iterator[Side]:
    """Book back the drawn part of down payment invoices, to the accounts they were booked to."""
    for row in document.draws:
        payment = load(books, DOWN_PAYMENT, row["BaseAbs"])
        if row["Posted"] == "Y" and payment is not None:
            yield from _booked_back(books, payment, row["Gross"])


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
