"""The header of a warehouse document: dates and texts; it needs no partner."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.documents.headers import stamps
from b1sim.company.kinds import Kind
from b1sim.company.refusals import invalid_partner
from b1sim.company.rules import periods
from b1sim.company.shape.intake import Intake

_EMPTY = """DocTotalFC VatSum VatSumFC VatSumSy DiscPrcnt DiscSum DiscSumFC DiscSumSy
    PaidToDate PaidToDateFC PaidSys RoundDif RoundDifFC"""
_ZERO = dict.fromkeys(_EMPTY.split(), Decimal(0))
_CONSTANT: Row = {
    "DocType": "I",
    "Handwrtten": "N",
    "Printed": "N",
    "Confirmed": "Y",
    "CANCELED": "N",
    "DocStatus": "O",
    "InvntSttus": "O",
    "WddStatus": "-",
    "isIns": "N",
    "Rounding": "N",
    "DocSubType": "--",
    "PriceMode": "N",
    "SlpCode": -1,
    "UserSign": 1,
    "DataVers": 1,
}


def heading(books: Books, kind: Kind, intake: Intake) -> Row:
    """Complete a header; amounts are in local currency (guess: no foreign goods receipts)."""
    sent = {column: value for column, value in intake.columns.items() if value is not None}
    header = _ZERO | _CONSTANT | {"JrnlMemo": kind.memo} | sent | stamps(books)
    header |= {"DocCur": books.settings.local_currency, "DocRate": Decimal(1)}
    header |= {"ObjType": str(kind.type), "Extra": intake.extra}
    header.setdefault("DocDate", books.today())
    header.setdefault("TaxDate", header["DocDate"])
    header.setdefault("DocDueDate", header["DocDate"])
    _name_partner(books, kind, header)
    periods.check(books, kind.header, DocDate=header["DocDate"], TaxDate=header["TaxDate"])
    return header


def _name_partner(books: Books, kind: Kind, header: Row) -> None:
    """Name the partner that papers are addressed to, if one was sent; nothing is owed."""
    if header.get("CardCode"):
        partner = books.master("OCRD", header["CardCode"])
        if partner is None:
            raise invalid_partner(kind.header, header["CardCode"])
        header["CardCode"] = partner["CardCode"]
        header.setdefault("CardName", partner["CardName"])
