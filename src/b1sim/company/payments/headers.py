"""The header of a payment: to or from whom, when, in which currency."""

from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.ledger import controls
from b1sim.company.payments.kinds import PaymentKind
from b1sim.company.refusals import invalid_partner, not_simulated
from b1sim.company.rules import branches, currency, periods
from b1sim.company.shape.intake import Intake

CUSTOMER, SUPPLIER, ACCOUNT = "C", "S", "A"

# Money that would need postings of its own: better refused than silently left out.
_UNBOOKED = {"BankChargeAmount", "BillOfExchangeAmount", "DeductionSum", "WTAmount", "WTCode"}


def header_of(books: Books, kind: PaymentKind, intake: Intake) -> Row:
    """Complete and check a header; it has no number yet."""
    for name in _UNBOOKED & intake.extra.keys():
        if intake.extra[name]:
            what = f"{kind.entity_set} with {name}"
            raise not_simulated(what)
    header = {c: v for c, v in intake.columns.items() if v is not None}
    header |= _payee(books, kind, header, to_accounts="PaymentAccounts" in intake.rows)
    header.setdefault("DocDate", books.today())
    header.setdefault("TaxDate", header["DocDate"])
    header.setdefault("DocDueDate", header["DocDate"])
    dates = {column: header[column] for column in ("DocDate", "TaxDate", "DocDueDate")}
    periods.check(books, kind.header, **dates)
    branches.fill(books, kind.header, header)
    chosen = header.setdefault("DocCurr", books.settings.local_currency)
    header["DocRate"] = currency.rate_for(books, chosen, header["DocDate"], header.get("DocRate"))
    if header.get("TrsfrSum"):
        header.setdefault("TrsfrDate", header["DocDate"])
    header.setdefault("JrnlMemo", f"{kind.memo} - {header.get('CardCode') or ''}".rstrip(" -")[:50])
    header |= {"Canceled": "N", "WddStatus": "-", "CreateDate": books.today()}
    return header | {"ObjType": str(kind.type), "Extra": intake.extra}


def _payee(books: Books, kind: PaymentKind, header: Row, *, to_accounts: bool) -> Row:
    """Find who pays or is paid; a DocType that was not sent follows from it (guess)."""
    code = header.get("CardCode")
    if header.get("DocType") == ACCOUNT or (code is None and to_accounts):
        return {"DocType": ACCOUNT, "CardCode": None}
    partner = _partner(books, kind, code, header.get("DocType"))
    return {
        "DocType": partner["CardType"],
        "CardCode": partner["CardCode"],
        "CardName": header.get("CardName") or partner["CardName"],
        "BpAct": header.get("BpAct") or controls.account_of(books, partner),
    }


def _partner(books: Books, kind: PaymentKind, code: Any, wanted: str | None) -> Row:
    partner = books.master("OCRD", code)
    if partner is None or partner["CardType"] != (wanted or partner["CardType"]):
        raise invalid_partner(kind.header, code)
    if partner["CardType"] not in (CUSTOMER, SUPPLIER):
        raise invalid_partner(kind.header, code)
    return partner
