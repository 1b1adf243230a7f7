"""Incoming payments: money in, invoices closed, the rest on account.

In a payment in foreign currency the sums are in that currency and an invoice is settled by
AppliedFC at the rate of the invoice; the difference to the payment's rate stays on the partner,
as in SAP until its own reconciliation books it (guess: SumApplied is always local).
"""

from collections.abc import Iterator
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import INVOICE, Document, amounts, load, touch
from b1sim.company.ledger import ledger
from b1sim.company.ledger.ledger import Cause, Side
from b1sim.company.refusals import (
    already_closed,
    invalid_partner,
    invoice_closed,
    no_payment_means,
    not_found,
    not_simulated,
    overapplied,
    unknown_account,
    unknown_credit_card,
)
from b1sim.company.rules import currency, numbering, periods
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded

TYPE = 24
TABLE, APPLIED = "ORCT", "RCT2"
ZERO = Decimal(0)


def post(books: Books, intake: Intake) -> int:
    """Post a payment and return its DocEntry."""
    header = _header(books, intake)
    cards = _cards(books, intake.rows.get("PaymentCreditCards", []))
    means = list(_means(books, header, cards))
    paid = sum((side.amount for side in means), ZERO)
    if not means:
        raise no_payment_means()
    header["DocEntry"] = books.next_number("ORCT")
    header["Series"], header["DocNum"] = numbering.draw(
        books, "ORCT", str(TYPE), header.get("Series")
    )
    applied = _apply(books, header, intake.rows.get("PaymentInvoices", []), paid)
    total = sum((rounded(side.amount * header["DocRate"]) for side in means), ZERO)
    header |= {"DocTotal": total, "NoDocSum": rounded(paid - applied)}
    header["CreditSum"] = sum((card["CreditSum"] for card in cards), ZERO)
    header["TransId"] = _book(books, header, means, total)
    books.insert("ORCT", [header])
    books.insert("RCT3", [card | {"DocNum": header["DocEntry"]} for card in cards])
    return int(header["DocEntry"])


def _header(books: Books, intake: Intake) -> Row:
    header = {c: v for c, v in intake.columns.items() if v is not None}
    if header.setdefault("DocType", "C") != "C":
        what = "payments to accounts and suppliers"
        raise not_simulated(what)
    partner = books.master("OCRD", header.get("CardCode"))
    if partner is None or partner["CardType"] != "C":
        raise invalid_partner(TABLE, header.get("CardCode"))
    header.setdefault("CardName", partner["CardName"])
    header.setdefault("BpAct", partner["DebPayAcct"] or books.settings.receivables)
    header.setdefault("DocDate", books.today())
    header.setdefault("TaxDate", header["DocDate"])
    header.setdefault("DocDueDate", header["DocDate"])
    periods.check(books, "ORCT", DocDate=header["DocDate"], TaxDate=header["TaxDate"])
    chosen = header.setdefault("DocCurr", books.settings.local_currency)
    header["DocRate"] = currency.rate_for(books, chosen, header["DocDate"], header.get("DocRate"))
    header.setdefault("JrnlMemo", f"Incoming Payments - {header['CardCode']}")
    header |= {"Canceled": "N", "WddStatus": "-", "CreateDate": books.today()}
    return header | {"Extra": intake.extra}


def _cards(books: Books, sent: list[Intake]) -> list[Row]:
    cards = []
    for position, intake in enumerate(sent):
        card = {c: v for c, v in intake.columns.items() if v is not None}
        found = books.master("OCRC", card.get("CreditCard"))
        if found is None:
            raise unknown_credit_card(card.get("CreditCard"))
        card.setdefault("CreditAcct", found["AcctCode"])
        card.setdefault("CreditSum", ZERO)
        cards.append(card | {"LineID": position, "Extra": intake.extra})
    return cards


def _means(books: Books, header: Row, cards: list[Row]) -> Iterator[Side]:
    """List the money by account, in the payment's currency."""
    sums = [
        ("ORCT.CashAcct", header.get("CashAcct"), header.get("CashSum")),
        ("ORCT.TrsfrAcct", header.get("TrsfrAcct"), header.get("TrsfrSum")),
        *(("RCT3.CreditAcct", card["CreditAcct"], card["CreditSum"]) for card in cards),
    ]
    for field, account, money in sums:
        if not money:
            continue
        if money < 0:
            raise no_payment_means()
        if books.master("OACT", account) is None:
            raise unknown_account(field, account)
        yield Side(account, money)


def _apply(books: Books, header: Row, sent: list[Intake], paid: Decimal) -> Decimal:
    """Settle the named invoices and return how much of the payment that used up."""
    used, rows = ZERO, []
    for position, intake in enumerate(sent):
        row = {c: v for c, v in intake.columns.items() if v is not None}
        used += _settle(books, header, row)
        row |= {"DocNum": header["DocEntry"], "InvoiceId": position, "Extra": intake.extra}
        rows.append(row)
    if used > paid:
        raise overapplied(used, paid)
    books.insert("RCT2", rows)
    return used


def _settle(books: Books, header: Row, row: Row) -> Decimal:
    if row.setdefault("InvType", str(INVOICE.type)) != str(INVOICE.type):
        what = f"payments of documents of type {row['InvType']}"
        raise not_simulated(what)
    row.setdefault("InstId", 1)
    invoice = load(books, INVOICE, row.get("DocEntry") or 0)
    if invoice is None:
        raise not_found()
    if invoice.header["CardCode"] != header["CardCode"]:
        raise invalid_partner(APPLIED, header["CardCode"])
    if invoice.header["DocStatus"] != "O" or invoice.header["CANCELED"] != "N":
        raise invoice_closed()
    foreign = invoice.foreign and header["DocCurr"] == invoice.header["DocCur"]
    return _settle_foreign(books, invoice, row) if foreign else _settle_local(books, invoice, row)


def _settle_local(books: Books, invoice: Document, row: Row) -> Decimal:
    left = invoice.header["DocTotal"] - invoice.header["PaidToDate"]
    applied = rounded(row.get("SumApplied") or left)
    if applied > left:
        raise overapplied(applied, left)
    row["SumApplied"] = applied
    _pay(books, invoice, applied, ZERO)
    return applied


def _settle_foreign(books: Books, invoice: Document, row: Row) -> Decimal:
    header = invoice.header
    left = header["DocTotalFC"] - header["PaidToDateFC"]
    applied = rounded(row.get("AppliedFC") or left)
    if applied > left:
        raise overapplied(applied, left)
    rest = header["DocTotal"] - header["PaidToDate"]
    local = rest if applied == left else rounded(applied * header["DocRate"])
    row |= {"AppliedFC": applied, "SumApplied": local}
    _pay(books, invoice, local, applied)
    return applied


def _pay(books: Books, invoice: Document, local: Decimal, foreign: Decimal) -> None:
    """Move the paid amounts; a paid invoice closes with its rows, an unpaid one opens again."""
    header = invoice.header
    paid, paid_foreign = header["PaidToDate"] + local, header["PaidToDateFC"] + foreign
    status = "C" if paid >= header["DocTotal"] else "O"
    touch(
        books,
        INVOICE,
        invoice.entry,
        PaidToDate=float(paid),
        PaidSys=float(paid),
        PaidToDateFC=float(paid_foreign),
        DocStatus=status,
    )
    if invoice.reserved:  # its rows stay open for the delivery
        return
    sql = "UPDATE INV1 SET LineStatus = ? WHERE DocEntry = ? AND OpenQty > 0"
    books.db.execute(sql, (status, invoice.entry))


def _book(books: Books, header: Row, means: list[Side], total: Decimal) -> int | None:
    rate = header["DocRate"]
    sides = [
        Side(side.account, rounded(side.amount * rate), foreign=_foreign(side, rate))
        for side in means
    ]
    sides.append(Side(header["BpAct"], -total, partner=header["CardCode"]))
    return ledger.post(books, _cause(books, header), sides)


def _foreign(side: Side, rate: Decimal) -> Decimal:
    return ZERO if rate == 1 else side.amount


def _cause(books: Books, header: Row) -> Cause:
    foreign = header["DocCurr"] != books.settings.local_currency
    return Cause(
        type=TYPE,
        entry=header["DocEntry"],
        number=header["DocNum"],
        day=header["DocDate"],
        due=header["DocDueDate"],
        tax_day=header["TaxDate"],
        memo=header["JrnlMemo"],
        reference=header.get("CounterRef") or header.get("TrsfrRef") or "",
        currency=header["DocCurr"] if foreign else None,
    )


def cancel(books: Books, entry: int, *, today: bool = False) -> None:
    """Cancel a payment: its journal entry is reversed and its invoices open again."""
    found = amounts(books, "ORCT", '"DocEntry" = ?', (entry,))
    if not found:
        raise not_found()
    header = found[0]
    if header["Canceled"] == "Y":
        raise already_closed()
    if today:
        header["DocDate"] = books.today()
    periods.check(books, "ORCT", DocDate=header["DocDate"])
    for row in amounts(books, "RCT2", '"DocNum" = ?', (entry,)):
        invoice = load(books, INVOICE, row["DocEntry"])
        if invoice is not None:
            _pay(books, invoice, -row["SumApplied"], -(row["AppliedFC"] or ZERO))
    ledger.reverse(books, header["TransId"], _cause(books, header))
    books.update("ORCT", {"DocEntry": entry}, {"Canceled": "Y"})
