"""User-defined fields of what is sent: defaults, mandatory values, linked tables (5.3)."""

from functools import lru_cache

from b1sim.company.books import Books
from b1sim.company.extension.refusals import missing_value, unlinked_value
from b1sim.company.shape import values
from b1sim.company.shape.intake import Intake, Kind
from b1sim.company.shape.model import Property


def fill(books: Books, kind: Kind, intake: Intake, *, new: bool) -> None:
    """Complete a new record, or check a change; rows that a change adds get no default (guess)."""
    if not books.known.is_extended:
        return
    for prop in _demanding(kind):
        _check(books, kind, prop, intake, new=new)
    for name, rows in intake.rows.items():
        for row in rows:
            fill(books, kind.collections[name], row, new=new)


@lru_cache(maxsize=2048)
def _demanding(kind: Kind) -> tuple[Property, ...]:
    return tuple(prop for prop in kind.properties.values() if prop.user is not None)


def _check(books: Books, kind: Kind, prop: Property, intake: Intake, *, new: bool) -> None:
    rules = prop.user
    if rules is None:
        return
    if new and rules.default is not None and intake.extra.get(prop.name) is None:
        intake.extra[prop.name] = values.parse(prop, kind.type_name, rules.default)
    value = intake.extra.get(prop.name)
    if rules.mandatory and value is None and (new or prop.name in intake.extra):
        raise missing_value(prop.name, kind.type_name)
    if rules.linked and value is not None and not _is_code(books, rules.linked, value):
        raise unlinked_value(prop.name, rules.linked, value)


def _is_code(books: Books, table: str, value: object) -> bool:
    sql = f'SELECT 1 FROM "{table}" WHERE Code = ?'  # noqa: S608 - a table that was there when it was linked
    return books.row(sql, (value,)) is not None
