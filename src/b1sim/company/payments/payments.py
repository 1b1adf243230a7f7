"""Payments: money in or out, documents closed, the rest on account or straight to accounts.

Sum of means must equal the sum applied, or the rest is on account (sap-service-layer.md 9.5).
"""

from dataclasses import dataclass
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import amounts
from b1sim.company.ledger import controls, ledger, open_rows
from b1sim.company.ledger.ledger import Cause, Side
from b1sim.company.payments import applying
from b1sim.company.payments.applying import Applied
from b1sim.company.payments.headers import ACCOUNT, header_of
from b1sim.company.payments.kinds import PaymentKind
from b1sim.company.payments.means import Means, means_of
from b1sim.company.payments.refusals import partly_used, unbalanced_accounts
from b1sim.company.refusals import (
    already_closed,
    control_account,
    not_found,
    not_simulated,
    unknown_account,
)
from b1sim.company.rules import numbering, periods
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded

ZERO = Decimal(0)


@dataclass
class _Worth:
    """What the money of a payment is worth at home."""

    sides: list[Side]
    total: Decimal


def post(books: Books, kind: PaymentKind, intake: Intake) -> int:
    """Post a payment and return its DocEntry."""
    header = header_of(books, kind, intake)
    means = means_of(books, kind, header, intake)
    header["DocEntry"] = books.next_number(kind.header)
    header["Series"], header["DocNum"] = numbering.draw(
        books, kind.header, str(kind.type), header.get("Series")
    )
    worth = _at_home(kind, header, means)
    header |= {"DocTotal": worth.total, "NoDocSum": ZERO, "OpenBal": ZERO}
    header["CreditSum"] = sum((card["CreditSum"] for card in means.cards), ZERO)
    header["CheckSum"] = sum((cheque["CheckSum"] for cheque in means.cheques), ZERO)
    header["DocTotalFC"] = means.total if _is_foreign(books, header) else ZERO
    if header["DocType"] == ACCOUNT:
        _book_accounts(books, kind, header, intake, worth)
    else:
        _book_partner(books, kind, header, intake, worth, means.total)
    _keep(books, kind, header, means, intake)
    return int(header["DocEntry"])


def _at_home(kind: PaymentKind, header: Row, means: Means) -> _Worth:
    rate, sides = header["DocRate"], []
    for account, money in means.sums:
        foreign = ZERO if rate == 1 else kind.sign * money
        sides.append(Side(account, kind.sign * rounded(money * rate), foreign=foreign))
    return _Worth(sides, sum((abs(side.amount) for side in sides), ZERO))


def _book_partner(
    books: Books, kind: PaymentKind, header: Row, intake: Intake, worth: _Worth, paid: Decimal
) -> None:
    """Book money against a partner; a rate that moved meanwhile is gain or loss."""
    applied = applying.apply(books, kind, header, intake.rows.get("PaymentInvoices", []), paid)
    books.insert(kind.applied, applied.rows)
    on_account = rounded((paid - applied.used) * header["DocRate"])
    difference = worth.total - on_account - applied.local
    if not books.settings.book_exchange_differences:
        on_account, difference = on_account + difference, ZERO
    header |= {"NoDocSum": on_account, "OpenBal": on_account}
    foreign = ZERO if header["DocRate"] == 1 else -kind.sign * paid
    partner = -kind.sign * (applied.local + on_account)
    sides = [
        *worth.sides,
        Side(header["BpAct"], partner, partner=header["CardCode"], foreign=foreign),
        Side(books.settings.exchange_differences, -kind.sign * difference),
    ]
    header["TransId"] = ledger.post(books, _cause(books, kind, header), sides)
    _settle_own_row(books, header, applied)


def _settle_own_row(books: Books, header: Row, applied: Applied) -> None:
    """Leave open of the payment's own journal row only what is on account.

    A down payment request has no journal row of its own: what paid it stays open here until an
    invoice draws it.
    """
    if header["TransId"] is not None and applied.booked:
        open_rows.settle(books, header["TransId"], header["CardCode"], applied.booked)


def _book_accounts(
    books: Books, kind: PaymentKind, header: Row, intake: Intake, worth: _Worth
) -> None:
    """Book money straight to accounts; their rows must add up to it."""
    rows, sides = [], []
    for position, sent in enumerate(intake.rows.get("PaymentAccounts", [])):
        row = {c: v for c, v in sent.columns.items() if v is not None}
        row |= {"DocNum": header["DocEntry"], "LineId": position, "Extra": sent.extra}
        sides.append(_account_side(books, kind, row))
        rows.append(row)
    booked = sum((abs(side.amount) for side in sides), ZERO)
    if booked != worth.total:
        raise unbalanced_accounts(kind.accounts, booked, worth.total)
    books.insert(kind.accounts, rows)
    header["TransId"] = ledger.post(books, _cause(books, kind, header), [*worth.sides, *sides])


def _account_side(books: Books, kind: PaymentKind, row: Row) -> Side:
    number = row["LineId"] + 1
    account = books.master("OACT", row.get("AcctCode"))
    if account is None:
        field = f"{kind.accounts}.AcctCode"
        raise unknown_account(field, row.get("AcctCode"), number)
    if controls.is_control(books, account["AcctCode"]):
        raise control_account(account["AcctCode"], number)
    if row.get("VatGroup"):
        what = "tax on payments to accounts"
        raise not_simulated(what)
    row.setdefault("AcctName", account["AcctName"])
    amount = row.setdefault("SumApplied", ZERO)
    return Side(account["AcctCode"], -kind.sign * amount, memo=row.get("Descrip") or "")


def _keep(books: Books, kind: PaymentKind, header: Row, means: Means, intake: Intake) -> None:
    entry = {"DocNum": header["DocEntry"]}
    books.insert(kind.header, [header])
    books.insert(kind.cards, [card | entry for card in means.cards])
    books.insert(kind.cheques, [cheque | entry for cheque in means.cheques])
    flows = [
        row.columns
        | {"SrcObj": kind.type, "SrcEntry": header["DocEntry"], "Extra": row.extra}
        | {"CFTId": books.next_number("OCFT"), "JDTId": header["TransId"]}
        for row in intake.rows.get("CashFlowAssignments", [])
    ]
    books.insert("OCFT", flows)


def _is_foreign(books: Books, header: Row) -> bool:
    return bool(header["DocCurr"] != books.settings.local_currency)


def _cause(books: Books, kind: PaymentKind, header: Row) -> Cause:
    return Cause(
        type=kind.type,
        entry=header["DocEntry"],
        number=header["DocNum"],
        day=header["DocDate"],
        due=header["DocDueDate"],
        tax_day=header["TaxDate"],
        memo=header["JrnlMemo"],
        reference=header.get("CounterRef") or header.get("TrsfrRef") or "",
        currency=header["DocCurr"] if _is_foreign(books, header) else None,
    )


def cancel(books: Books, kind: PaymentKind, entry: int, *, today: bool = False) -> None:
    """Cancel a payment: its journal entry is reversed and what it settled opens again."""
    found = amounts(books, kind.header, '"DocEntry" = ?', (entry,))
    if not found:
        raise not_found()
    header = found[0]
    if header["Canceled"] == "Y":
        raise already_closed()
    if header["OpenBal"] != header["NoDocSum"]:
        raise partly_used()
    if today:
        header["DocDate"] = books.today()
    periods.check(books, kind.header, DocDate=header["DocDate"])
    rows = amounts(books, kind.applied, '"DocNum" = ?', (entry,))
    applying.reopen(books, kind, header, rows)
    if header["TransId"] is not None:
        ledger.reverse(books, header["TransId"], _cause(books, kind, header))
    books.update(kind.header, {"DocEntry": entry}, {"Canceled": "Y", "OpenBal": 0})
