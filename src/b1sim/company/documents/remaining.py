"""What is still open of a document: by row, by header, and as the partner's open balance."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document, touch
from b1sim.company.kinds import BY_TYPE, CREDIT_NOTE, DELIVERY, DOWN_PAYMENT, Kind
from b1sim.company.shape.values import rounded
from b1sim.company.stock import units

ZERO = Decimal(0)


def is_shut(kind: Kind, base: Document, row: Row) -> bool:
    """Tell whether a base row can no longer be drawn.

    What a return asks back may be closed (guess). A credit note goes by the invoice's header
    (sap-service-layer.md 9.2), a delivery by the row: a paid reserve invoice still waits for it.
    """
    if base.header["CANCELED"] != "N":
        return True
    if not kind.consumes and base.kind.moves:
        return False
    if base.kind is DOWN_PAYMENT and kind is CREDIT_NOTE:  # a paid one is credited to be refunded
        return base.header["DpmStatus"] != "O" or not base.is_booked
    if base.header["DocStatus"] != "O" and not (base.reserved and kind is DELIVERY):
        return True
    return not drawable(kind, base, row) or (row["LineStatus"] != "O" and not _credits(kind, base))


def _credits(kind: Kind, base: Document) -> bool:
    return kind is CREDIT_NOTE and base.kind.is_paid


def drawable(kind: Kind, base: Document, row: Row) -> Decimal:
    """Return what may still be drawn of a row: what is not credited yet, or what is open."""
    if not kind.consumes:
        return Decimal(row["Quantity"])
    return Decimal(row["OpenCreQty"] if _credits(kind, base) else row["OpenQty"])


def take(kind: Kind, base: Document, row: Row, quantity: Decimal) -> None:
    """Take a quantity off a base row; a credit note takes off what is not delivered yet first."""
    if not kind.consumes:
        return
    if _credits(kind, base):
        row["OpenCreQty"] = max(row["OpenCreQty"] - quantity, ZERO)
    row["OpenQty"] = max(row["OpenQty"] - quantity, ZERO)
    row["LineStatus"] = "O" if row["OpenQty"] else "C"


def give_back(kind: Kind, base: Document, row: Row, line: Row) -> Decimal:
    """Give back to a base row what a row drew that is cancelled; return what is open again."""
    if not kind.consumes:
        return ZERO
    quantity = line["Quantity"]
    if _credits(kind, base):
        row["OpenCreQty"] = min(row["OpenCreQty"] + quantity, row["Quantity"])
        if base.reserved and line["MovedQty"]:
            quantity -= abs(line["MovedQty"]) / (line["NumPerMsr"] or 1)
    freed: Decimal = min(quantity, row["Quantity"] - row["OpenQty"])
    row["OpenQty"] += freed
    row["LineStatus"] = "O" if row["OpenQty"] else "C"
    return freed


def keep_rows(books: Books, base: Document) -> None:
    """Write what is open of the rows of a base document."""
    books.db.executemany(
        f"""UPDATE {base.kind.lines} SET OpenQty = ?, OpenInvQty = ?, OpenCreQty = ?,
            OpenSum = ?, LineStatus = ?, TargetType = ?, TrgetEntry = ?
            WHERE DocEntry = ? AND LineNum = ?""",  # noqa: S608 - own names
        [
            (
                float(row["OpenQty"]),
                float(units.in_base(row, row["OpenQty"])),
                float(row["OpenCreQty"]),
                float(rounded(row["LineTotal"] * row["OpenQty"] / row["Quantity"])),
                row["LineStatus"],
                row["TargetType"],
                row["TrgetEntry"],
                base.entry,
                row["LineNum"],
            )
            for row in base.lines
        ],
    )


def settle(books: Books, base: Document, before: Decimal) -> None:
    """Open or close a header by its rows and move the partner's open balance accordingly."""
    status = "O" if any(row["LineStatus"] == "O" for row in base.lines) else "C"
    if base.kind.is_paid:  # closes by money; the rows of a reserve invoice wait for delivery
        changes = {"InvntSttus": status} if base.reserved else {}
        touch(books, base.kind, base.entry, **changes)
        return
    base.header["DocStatus"] = status
    touch(books, base.kind, base.entry, DocStatus=status, InvntSttus=status)
    move_exposure(books, base, exposure(base) - before)


def exposure(document: Document) -> Decimal:
    """Return what is still open of a document, in local currency and with tax.

    Rows drawn from what the same balance counts do not count again: a return of a delivery has
    already taken that off the delivery (guess).
    """
    lines = [line for line in document.lines if not _counted_before(document.kind, line)]
    if document.header["DocStatus"] != "O" or not lines:
        return ZERO
    gross = sum((line["GTotal"] for line in lines), ZERO)
    opened = sum((_open_gross(line) for line in lines), ZERO)
    return Decimal(document.header["DocTotal"] - gross + opened)


def _counted_before(kind: Kind, line: Row) -> bool:
    base = BY_TYPE.get(line["BaseType"])
    return bool(kind.balance) and base is not None and base.balance == kind.balance


def _open_gross(line: Row) -> Decimal:
    if line["LineStatus"] != "O":
        return ZERO
    return rounded(line["GTotal"] * line["OpenQty"] / line["Quantity"])


def move_exposure(books: Books, document: Document, delta: Decimal) -> None:
    """Move the partner's balance of open orders or open deliveries."""
    column = document.kind.balance
    if column and delta:
        sql = f"UPDATE OCRD SET {column} = ROUND({column} + ?, 6) WHERE CardCode = ?"  # noqa: S608 - own names
        signed = float(delta * document.kind.sign)
        books.db.execute(sql, (signed, document.header["CardCode"]))
