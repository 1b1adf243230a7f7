"""Drafts of payments: kept as they were sent, posted later, or thrown away.

Nothing is settled or booked before SaveDraftToDocument; that the draft is gone after it is a
guess, and so is what a draft is checked for (partner and dates).
"""

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.document import amounts
from b1sim.company.payments import payments
from b1sim.company.payments.headers import header_of
from b1sim.company.payments.kinds import BY_TYPE, INCOMING, PaymentKind
from b1sim.company.refusals import not_found
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet

TABLE = "OPDF"
_OWN = ("DocEntry", "DocNum", "Canceled", "WddStatus", "CreateDate", "ObjType", "Extra")


def save(books: Books, kind: EntitySet, intake: Intake) -> int:
    """Keep a draft and return its DocEntry; DocObjectCode says whether money comes in (default)."""
    header = header_of(books, _kind_of(intake.columns), intake)
    header["DocEntry"] = header["DocNum"] = books.next_number(TABLE)
    books.insert(TABLE, [header])
    for name, rows in intake.rows.items():
        collection = kind.collections[name]
        link = {own: header[above] for own, above in collection.link} | dict(collection.fixed)
        books.insert(
            collection.table,
            [
                row.columns | link | {collection.row_column: position, "Extra": row.extra}
                for position, row in enumerate(rows)
            ],
        )
    return int(header["DocEntry"])


def post(books: Books, kind: EntitySet, entry: int) -> int:
    """Post a draft as the payment it stands for, and return the payment's DocEntry."""
    found = amounts(books, TABLE, '"DocEntry" = ?', (entry,))
    if not found:
        raise not_found()
    rows = {name: _rows(books, kind, name, entry) for name in kind.collections}
    sent = Intake(
        columns={c: v for c, v in found[0].items() if c not in _OWN and v is not None},
        extra=extra_of(found[0]),
        rows={name: intakes for name, intakes in rows.items() if intakes},
    )
    payment = payments.post(books, _kind_of(found[0]), sent)
    delete(books, kind, entry)
    return payment


def _rows(books: Books, kind: EntitySet, name: str, entry: int) -> list[Intake]:
    collection = kind.collections[name]
    own = {column for column, _ in (*collection.link, *collection.fixed)}
    own |= {collection.row_column, "Extra"}
    found = amounts(books, collection.table, *_of(kind, name, entry))
    return [
        Intake({c: v for c, v in row.items() if c not in own and v is not None}, extra_of(row))
        for row in found
    ]


def delete(books: Books, kind: EntitySet, entry: int) -> None:
    """Throw a draft away."""
    for name, collection in kind.collections.items():
        where, params = _of(kind, name, entry)
        books.db.execute(f"DELETE FROM {collection.table} WHERE {where}", params)  # noqa: S608 - own names
    books.db.execute(f"DELETE FROM {TABLE} WHERE DocEntry = ?", (entry,))  # noqa: S608 - own name


def _of(kind: EntitySet, name: str, entry: int) -> tuple[str, tuple[int, ...]]:
    collection = kind.collections[name]
    fixed = "".join(f' AND "{column}" = {value}' for column, value in collection.fixed)
    return f'"{collection.link[0][0]}" = ?{fixed}', (entry,)


def _kind_of(columns: Row) -> PaymentKind:
    return BY_TYPE[int(columns.get("ObjType") or INCOMING.type)]
