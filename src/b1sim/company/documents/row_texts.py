"""Changing the rows of what stands in the ledger: their texts and nothing else (guess: which).

A row is found by its LineNum (sap-service-layer.md 5). Sending back a row as it was read changes
nothing and is no offence; the numbers below a row (batches, serials, bins) are not looked at.
"""

from b1sim.company import texts
from b1sim.company.books import Books, Row, extra_of
from b1sim.company.documents.refusals import fixed_row
from b1sim.company.kinds import Kind
from b1sim.company.shape.intake import Intake

_LINE = frozenset(["FreeTxt", "Text", "OcrCode", "OcrCode2", "OcrCode3", "Project", "ShipDate"])
_INSTALLMENT = frozenset(["DueDate", "Ordered", "DunnLevel", "LvlUpdDate"])


def change(books: Books, kind: Kind, entry: int, intake: Intake) -> None:
    """Change texts of rows; Refusal names the first row and column that may not change."""
    rows = (
        ("DocumentLines", kind.lines, "LineNum", _LINE),
        ("DocumentAdditionalExpenses", kind.expenses, "LineNum", frozenset(["Comments"])),
        ("DocumentInstallments", kind.installments, "InstlmntID", _INSTALLMENT),
        ("DownPaymentsToDraw", kind.draws, "LineNum", frozenset[str]()),
    )
    for name, table, key, free in rows:
        for position, sent in enumerate(intake.rows.get(name, [])):
            # Only rows of goods carry their number; the others come in their order (guess).
            number = sent.columns.get(key, None if name == "DocumentLines" else position)
            _change_row(books, table, {"DocEntry": entry, key: number}, sent, free)
    if "DocumentReferences" in intake.rows:
        _set_references(books, kind, entry, intake.rows["DocumentReferences"])


def _change_row(books: Books, table: str, key: Row, sent: Intake, free: frozenset[str]) -> None:
    where = " AND ".join(f'"{column}" = ?' for column in key)
    found = books.row(f"SELECT * FROM {table} WHERE {where}", tuple(key.values()))  # noqa: S608 - own names
    if found is None:
        raise fixed_row(table, "LineNum", key)
    changed = texts.changed_columns(found, sent)
    for column in changed:
        if column not in free:
            raise fixed_row(table, column, key)
    if sent.extra:
        changed["Extra"] = extra_of(found) | sent.extra
    books.update(table, key, changed)


def _set_references(books: Books, kind: Kind, entry: int, sent: list[Intake]) -> None:
    sql = f"DELETE FROM {kind.references} WHERE DocEntry = ?"  # noqa: S608 - own names
    books.db.execute(sql, (entry,))
    rows = [
        row.columns | {"DocEntry": entry, "LineNum": number, "Extra": row.extra}
        for number, row in enumerate(sent)
    ]
    books.insert(kind.references, rows)
