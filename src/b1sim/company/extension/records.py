"""Records of user tables: created, changed and deleted as sent, with unique keys kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import IntegrityError

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.extension.user_tables import GIVEN, TYPES, TableType
from b1sim.company.keeper import Undeletable
from b1sim.company.refusals import duplicate_row, missing_code, not_found
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet
from b1sim.company.shape.values import hhmmss, stored


class RecordKeeper(Undeletable):
    """Keeps the records of every user table."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a record; the company numbers those whose type says so."""
        key = _key(books, kind, intake)
        rest = {c: v for c, v in intake.columns.items() if c not in key}
        names = ", ".join(f'"{column}"' for column in key)
        marks = ", ".join("?" * len(key))
        sql = f'INSERT INTO "{kind.table}" ({names}) VALUES ({marks})'  # noqa: S608 - own names
        with _unique():
            books.db.execute(sql, [stored(value) for value in key.values()])
            given = _given(books, kind, key, "Create")
            books.update(kind.table, key, rest | given | {"Extra": intake.extra})
        return key

    def patch(
        self,
        books: Books,
        kind: EntitySet,
        key: Row,
        intake: Intake,
        *,
        replace: bool,  # noqa: ARG002 - it has no rows
    ) -> None:
        """Change what was sent; the key stays."""
        before = _found(books, kind, key)
        changes = {c: v for c, v in intake.columns.items() if c not in key}
        extra = extra_of(before) | intake.extra
        given = _given(books, kind, {}, "Update")
        with _unique():
            books.update(kind.table, key, changes | given | {"Extra": extra})

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Delete a record."""
        where = " AND ".join(f'"{column}" = ?' for column in key)
        books.db.execute(f'DELETE FROM "{kind.table}" WHERE {where}', tuple(key.values()))  # noqa: S608 - own names


@contextmanager
def _unique() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise duplicate_row() from None


def _type_of(books: Books, kind: EntitySet) -> TableType:
    sql = "SELECT ObjectType FROM OUTB WHERE TblName = ?"
    found = books.row(sql, (kind.table.removeprefix("@"),))
    if found is None:
        raise not_found()
    return TYPES[found["ObjectType"]]


def _key(books: Books, kind: EntitySet, intake: Intake) -> Row:
    kept = _type_of(books, kind)
    *above, last = kept.key
    key = {column: intake.columns.get(column) for column in kept.key}
    for column in above:
        _demand(kind, column, key[column])
    if key[last] is None and kept.numbered:
        link = {column: key[column] for column in above}
        key[last] = _next(books, kind.table, link, last)
    _demand(kind, last, key[last])
    return key


def _demand(kind: EntitySet, column: str, value: object) -> None:
    if value in (None, ""):
        field = f"{kind.table}.{column}"
        raise missing_code(field)


def _next(books: Books, table: str, link: Row, column: str) -> int:
    where = " AND ".join(["1 = 1", *(f'"{name}" = ?' for name in link)])
    sql = f'SELECT COALESCE(MAX("{column}"), 0) + 1 FROM "{table}" WHERE {where}'  # noqa: S608 - own names
    return int(books.figure(sql, tuple(link.values())))


def _found(books: Books, kind: EntitySet, key: Row) -> Row:
    where = " AND ".join(f'"{column}" = ?' for column in key)
    sql = f'SELECT * FROM "{kind.table}" WHERE {where}'  # noqa: S608 - own names
    found = books.row(sql, tuple(key.values()))
    if found is None:
        raise not_found()
    return found


def _given(books: Books, kind: EntitySet, key: Row, event: str) -> Row:
    """Stamp what the company stamps; on creation both stamps are alike (guess)."""
    now, columns = books.now(), GIVEN & kind.properties.keys()
    events = ("Create", "Update") if event == "Create" else (event,)
    stamp: Row = {f"{name}Date": now.date().isoformat() for name in events}
    stamp |= {f"{name}Time": hhmmss(now) for name in events}
    if event == "Create":
        stamp |= {"DocNum": key.get("DocEntry"), "Object": kind.name.removeprefix("U_")}
    return {column: value for column, value in stamp.items() if column in columns}
