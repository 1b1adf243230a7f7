"""What is still open on the rows of journal entries: SAP's BalDueDeb and BalDueCred.

Every row begins wholly open. A payment or another reconciliation takes from both sides alike, so
that the open amounts of a partner's rows always add up to its balance (guess: that SAP moves them
so; the columns are those of its SDK help).
"""

from decimal import Decimal

from b1sim.company.books import Books


def settle(
    books: Books, entry: int, partner: str, local: Decimal, *, line: int | None = None
) -> None:
    """Take an amount off the partner's row of an entry, whichever side it is on.

    A negative amount gives it back. Without a line it is the partner's only row, as in the
    entries of documents.
    """
    one = "" if line is None else " AND Line_ID = ?"
    params: list[object] = [float(local), float(local), entry, partner]
    books.db.execute(
        f"""UPDATE JDT1 SET
            BalDueDeb = CASE WHEN Debit <> 0 THEN ROUND(BalDueDeb - ?, 6) ELSE BalDueDeb END,
            BalDueCred = CASE WHEN Credit <> 0 THEN ROUND(BalDueCred - ?, 6) ELSE BalDueCred END
            WHERE TransId = ? AND ShortName = ?{one}""",  # noqa: S608 - own text, bound values
        params if line is None else [*params, line],
    )


def close(books: Books, *entries: int) -> None:
    """Leave nothing open on these entries: one reverses the other."""
    books.db.executemany(
        "UPDATE JDT1 SET BalDueDeb = 0, BalDueCred = 0 WHERE TransId = ?",
        [(entry,) for entry in entries],
    )
