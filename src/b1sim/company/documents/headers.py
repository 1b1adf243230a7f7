"""The header of a document: the minimum that must be sent, and everything SAP fills in."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.kinds import Kind
from b1sim.company.refusals import (
    duplicate_reference,
    inactive_partner,
    invalid_partner,
    missing_due_date,
)
from b1sim.company.rules import activity, addresses, branches, currency, numbering, periods
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import amount, hhmmss

_CONSTANT: Row = {
    "DocType": "I",
    "Handwrtten": "N",
    "Printed": "N",
    "Confirmed": "Y",
    "PartSupply": "Y",
    "CANCELED": "N",
    "DocStatus": "O",
    "InvntSttus": "O",
    "WddStatus": "-",
    "isIns": "N",
    "Rounding": "N",
    "DocSubType": "--",
    "SlpCode": -1,
    "UserSign": 1,
    "DataVers": 1,
    "PaidToDate": Decimal(0),
    "PaidToDateFC": Decimal(0),
    "PaidSys": Decimal(0),
}


# What a document takes over from the one it is drawn from, unless it says otherwise (guess: which;
# our reference, NumAtCard, is not among them).
_COPIED = """
    DocType DocCur DiscPrcnt SlpCode CntctCode GroupNum PeyMethod TrnspCode ShipToCode PayToCode
    Project Indicator Address Address2 LangCode BPLId
""".split()  # noqa: SIM905 - a list of columns reads best as words


def header_of(books: Books, kind: Kind, intake: Intake, base: Document | None = None) -> Row:
    """Complete and check a header; it has no number yet."""
    partner = partner_of(books, kind, intake.columns.get("CardCode"))
    sent = {column: value for column, value in intake.columns.items() if value is not None}
    header = _CONSTANT | _from_partner(kind, partner) | _from_base(kind, base, partner) | sent
    header["CardCode"] = partner["CardCode"]
    header["ObjType"] = str(kind.type)
    if kind.books == "prepayment":  # invoice or request is asked for (9.5); invoice is a guess
        header = {"Posted": "Y", "DpmStatus": "O", "DpmAppl": Decimal(0)} | header
    addresses.check_extension(books, intake.extra)
    header["Extra"] = _addresses(books, header) | intake.extra
    _set_dates(books, kind, header)
    _set_currency(books, kind, header, partner)
    _check_reference(books, kind, header)
    branches.fill(books, kind.header, header)
    return header | stamps(books)


def blank(books: Books, kind: Kind) -> Row:
    """Return the header of a document that nothing was entered into yet."""
    day, currency_code = books.today(), books.settings.local_currency
    dates = {"DocDate": day, "TaxDate": day, "DocCur": currency_code, "DocRate": Decimal(1)}
    return _CONSTANT | dates | {"ObjType": str(kind.type), "DocStatus": "O"}


def partner_of(books: Books, kind: Kind, code: Any) -> Row:
    """Find the partner; Refusal when it is of a type that the kind is not made out to."""
    partner = books.master("OCRD", code)
    if partner is None or partner["CardType"] not in kind.partners:
        raise invalid_partner(kind.header, code)
    if not activity.may_be_used(books, partner):
        raise inactive_partner(kind.header, partner["CardCode"])
    return partner


def number(books: Books, kind: Kind, header: Row) -> None:
    """Give the header its key and its number."""
    header["DocEntry"] = books.next_number(kind.header)
    header["Series"], header["DocNum"] = numbering.draw(
        books, kind.header, str(kind.type), header.get("Series"), header.get("DocSubType")
    )


def stamps(books: Books) -> Row:
    """Return creation and change stamps of this moment."""
    now = books.now()
    day, clock = now.date().isoformat(), hhmmss(now)
    return {"CreateDate": day, "CreateTS": clock, "UpdateDate": day, "UpdateTS": clock}


def _from_partner(kind: Kind, partner: Row) -> Row:
    return {
        "CardName": partner["CardName"],
        "GroupNum": partner["GroupNum"],
        "DiscPrcnt": amount(partner["Discount"]),
        "SlpCode": partner["SlpCode"] if partner["SlpCode"] is not None else -1,
        "ShipToCode": partner["ShipToDef"],
        "PayToCode": partner["BillToDef"],
        "LicTradNum": partner["LicTradNum"],
        "PeyMethod": partner["PymCode"],
        "CtlAccount": partner["DebPayAcct"],
        "JrnlMemo": f"{kind.memo} - {partner['CardCode']}"[:50],
    }


def _from_base(kind: Kind, base: Document | None, partner: Row) -> Row:
    if base is None or base.header["CardCode"] != partner["CardCode"]:
        return {}
    copied = [*_COPIED, "DocRate"] if kind.is_paid and base.kind.is_paid else _COPIED
    found = {c: base.header[c] for c in copied if base.header[c] is not None}
    if base.kind.books == "prepayment":  # a part was asked for, and a part is credited
        found["DiscPrcnt"] = (1 - base.kept) * 100
    return found


def _set_dates(books: Books, kind: Kind, header: Row) -> None:
    header.setdefault("DocDate", books.today())
    header.setdefault("TaxDate", header["DocDate"])
    if "DocDueDate" not in header:
        if kind.needs_due_date:
            raise missing_due_date(kind.header)
        header["DocDueDate"] = due_date(books, header["GroupNum"], header["DocDate"])
    dates = {column: header[column] for column in ("DocDate", "TaxDate", "DocDueDate")}
    periods.check(books, kind.header, **dates)


def due_date(books: Books, terms: int | None, day: str) -> str:
    """Add the months and days of the payment terms."""
    found = books.master("OCTG", terms) or {"ExtraMonth": 0, "ExtraDays": 0}
    return later(day, found["ExtraMonth"] or 0, found["ExtraDays"] or 0)


def later(day: str, months: int = 0, days: int = 0) -> str:
    """Move a date on; a day that the month does not have becomes its last."""
    start = date.fromisoformat(day)
    months += start.month - 1
    year, month = start.year + months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return (date(year, month, min(start.day, last)) + timedelta(days=days)).isoformat()


def _set_currency(books: Books, kind: Kind, header: Row, partner: Row) -> None:
    header["DocCur"] = currency.currency_of(books, kind.header, header, partner)
    header["DocRate"] = currency.rate_for(
        books, header["DocCur"], header["DocDate"], header.get("DocRate")
    )


def _check_reference(books: Books, kind: Kind, header: Row) -> None:
    reference = header.get("NumAtCard")
    if books.settings.duplicate_reference != "block" or not reference:
        return
    sql = f"""SELECT 1 FROM {kind.header}
        WHERE NumAtCard = ? AND CardCode = ? AND CANCELED = 'N' AND DocEntry <> ?"""  # noqa: S608 - own table
    if books.row(sql, (reference, header["CardCode"], header.get("DocEntry") or 0)):
        raise duplicate_reference(kind.header, reference)


_ADDRESS_PARTS = {
    "Street": "Street",
    "StreetNo": "StreetNo",
    "Block": "Block",
    "Building": "Building",
    "City": "City",
    "ZipCode": "ZipCode",
    "County": "County",
    "State": "State",
    "Country": "Country",
}


def _addresses(books: Books, header: Row) -> Row:
    """Take the partner's default addresses for a document that brings none."""
    sql = "SELECT * FROM CRD1 WHERE CardCode = ? AND Address IN (?, ?)"
    codes = (header["CardCode"], header.get("ShipToCode"), header.get("PayToCode"))
    rows = books.rows(sql, codes) if codes[1] or codes[2] else []
    extension = {}
    for row in rows:
        side = "ShipTo" if row["AdresType"] == "S" else "BillTo"
        for part, column in _ADDRESS_PARTS.items():
            extension[f"{side}{part}"] = row[column]
    return {"AddressExtension": extension} if extension else {}
