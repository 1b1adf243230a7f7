"""Changing what is posted: texts only, everything else stands in the ledger."""

from decimal import Decimal

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.refusals import not_found, refused
from b1sim.company.shape.intake import Intake

# Guess: which columns.
_COLUMNS = """
    NumAtCard Comments JrnlMemo Ref1 Ref2 DocDueDate TrackNo TrnspCode SlpCode CntctCode
    Indicator Project PeyMethod Address Address2 ShipToCode PayToCode Confirmed PartSupply
    Printed AtcEntry CounterRef TrsfrRef Memo Ref3 TransCode PrjCode LangCode ReqDate CardName
"""
COLUMNS = frozenset(_COLUMNS.split())


def change(books: Books, table: str, key: Row, intake: Intake) -> None:
    """Change the texts of a posted record; whatever else would change is refused."""
    where = " AND ".join(f'"{column}" = ?' for column in key)
    before = books.row(f"SELECT * FROM {table} WHERE {where}", tuple(key.values()))  # noqa: S608 - own names
    if before is None:
        raise not_found()
    changed = changed_columns(before, intake)
    for column in changed:
        if column not in COLUMNS:
            message = f"Field cannot be updated  [{table}.{column}]"
            raise refused(-5002, message)
    if intake.extra:
        changed["Extra"] = extra_of(before) | intake.extra
    books.update(table, key, changed)


def changed_columns(before: Row, intake: Intake) -> Row:
    """Return the sent columns that differ from what is kept."""
    return {c: v for c, v in intake.columns.items() if not _same(v, before.get(c))}


def _same(sent: object, kept: object) -> bool:
    return float(sent) == kept if isinstance(sent, Decimal) else sent == kept
