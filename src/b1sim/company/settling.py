"""Settling documents: what is paid or credited of them, when they close, and open again."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import touch
from b1sim.company.kinds import Kind
from b1sim.company.ledger import open_rows

ZERO = Decimal(0)


def left(header: Row) -> tuple[Decimal, Decimal]:
    """Return what is not settled yet of a document, at home and in its currency."""
    return header["DocTotal"] - header["PaidToDate"], header["DocTotalFC"] - header["PaidToDateFC"]


def settle(books: Books, kind: Kind, header: Row, local: Decimal, foreign: Decimal = ZERO) -> None:
    """Settle a part of a document, or with negative amounts open it again.

    A settled document closes with its rows (sap-service-layer.md 9.5); those of a reserve invoice
    stay open for the delivery. The header is brought up to date in the hand of the caller, too.
    """
    header["PaidToDate"] += local
    header["PaidToDateFC"] += foreign
    header["DocStatus"] = "C" if header["PaidToDate"] >= header["DocTotal"] else "O"
    paid = float(header["PaidToDate"])
    changes = {"PaidToDate": paid, "PaidSys": paid, "PaidToDateFC": float(header["PaidToDateFC"])}
    touch(books, kind, header["DocEntry"], **changes, DocStatus=header["DocStatus"])
    if header["TransId"] is not None:
        open_rows.settle(books, header["TransId"], header["CardCode"], local)
    if header["isIns"] != "Y":
        sql = f"UPDATE {kind.lines} SET LineStatus = ? WHERE DocEntry = ? AND OpenQty > 0"  # noqa: S608 - own names
        books.db.execute(sql, (header["DocStatus"], header["DocEntry"]))
