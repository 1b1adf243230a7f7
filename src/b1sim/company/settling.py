"""Settling documents: what is paid or credited of them, when they close, and open again."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import amounts, touch
from b1sim.company.kinds import Kind
from b1sim.company.ledger import open_rows

ZERO = Decimal(0)


def left(header: Row) -> tuple[Decimal, Decimal]:
    """Return what is not settled yet of a document, at home and in its currency."""
    return header["DocTotal"] - header["PaidToDate"], header["DocTotalFC"] - header["PaidToDateFC"]


def settle(
    books: Books,
    kind: Kind,
    header: Row,
    local: Decimal,
    foreign: Decimal = ZERO,
    *,
    installment: int | None = None,
) -> None:
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
    _settle_installments(books, kind, header["DocEntry"], local, installment)
    if header["TransId"] is not None:
        open_rows.settle(books, header["TransId"], header["CardCode"], local)
    if header["isIns"] != "Y":
        sql = f"UPDATE {kind.lines} SET LineStatus = ? WHERE DocEntry = ? AND OpenQty > 0"  # noqa: S608 - own names
        books.db.execute(sql, (header["DocStatus"], header["DocEntry"]))


def installments(books: Books, kind: Kind, entry: int) -> list[Row]:
    """Read the installments of a document with what is settled of each."""
    where = '"DocEntry" = ? ORDER BY "InstlmntID"'
    rows = amounts(books, kind.installments, where, (entry,))
    return [row | {"PaidToDate": row["PaidToDate"] or ZERO} for row in rows]


def _settle_installments(
    books: Books, kind: Kind, entry: int, local: Decimal, number: int | None
) -> None:
    """Settle one installment, or the first ones that are open (guess); open the last ones first."""
    rows = installments(books, kind, entry)
    for row in rows if local > 0 else reversed(rows):
        if number not in (None, row["InstlmntID"]):
            continue
        room = row["InsTotal"] - row["PaidToDate"] if local > 0 else row["PaidToDate"]
        part = max(min(local, room), -room)
        if part:
            key = {"DocEntry": entry, "InstlmntID": row["InstlmntID"]}
            books.update(kind.installments, key, {"PaidToDate": row["PaidToDate"] + part})
            local -= part
