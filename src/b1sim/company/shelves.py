"""Reading entities: rows into property dicts, collections fetched in one query each."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.shape.intake import Kind, property_of
from b1sim.company.shape.model import Collection as Rows
from b1sim.company.shape.model import EntitySet, Property
from b1sim.company.shape.values import reader

_CHUNK = 500
Reader = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Plan:
    """How rows of one kind are read: which columns, and what each becomes."""

    kind: Kind
    columns: tuple[str, ...]
    fields: tuple[tuple[str, int, Reader], ...]
    extra: tuple[Property, ...]
    whole: bool


def query(  # noqa: PLR0913 - the parts of a query, each by name
    books: Books,
    name: str,
    *,
    where: str = "",
    params: Sequence[Any] = (),
    order_by: str = "",
    limit: int | None = None,
    offset: int = 0,
    columns: Collection[str] | None = None,
    with_collections: Collection[str] | None = None,
) -> list[Row]:
    """Read entities; `columns` and `with_collections` None mean everything."""
    entity_set = books.sets[name]
    plan = _plan_of(entity_set, columns)
    keys = ", ".join(f'"{column}"' for column in entity_set.key_columns)
    tail = f"ORDER BY {order_by or keys} LIMIT ? OFFSET ?"
    window = (-1 if limit is None else limit, offset)
    found = _fetch(books, plan, f"{_where(where)} {tail}", (*params, *window))
    wanted = entity_set.collections if with_collections is None else with_collections
    chosen = [c for c in entity_set.collections.values() if c.name in wanted]
    return [entity for _, entity in _with_rows(books, found, chosen)]


def count(books: Books, name: str, where: str = "", params: Sequence[Any] = ()) -> int:
    """Count entities."""
    table = books.sets[name].table
    sql = f'SELECT COUNT(*) FROM "{table}" {_where(where)}'  # noqa: S608 - own table, bound values
    return int(books.db.execute(sql, params).fetchone()[0])


def _where(where: str) -> str:
    return f"WHERE {where}" if where else ""


def _plan_of(kind: Kind, columns: Collection[str] | None) -> _Plan:
    if columns is not None:
        return _plan(kind, [property_of(kind, name) for name in columns], whole=False)
    return _whole_plan(kind)


@lru_cache(maxsize=2048)
def _whole_plan(kind: Kind) -> _Plan:
    return _plan(kind, [], whole=True)


def _plan(kind: Kind, chosen: Iterable[Property], *, whole: bool) -> _Plan:
    props = [*kind.properties.values(), *chosen] if whole else list(chosen)
    needed = [*_link_columns(kind), *(p.column for p in props if p.column), "Extra"]
    columns = tuple(dict.fromkeys(needed))
    place = {column: index for index, column in enumerate(columns)}
    fields = tuple((p.name, place[p.column], reader(p)) for p in props if p.column)
    extra = tuple(p for p in props if not p.column)
    return _Plan(kind, columns, fields, extra, whole)


def _link_columns(kind: Kind) -> tuple[str, ...]:
    if isinstance(kind, EntitySet):
        return kind.key_columns
    # A line is its batches' parent by DocEntry and LineNum, so both always come along.
    return (*(own for own, _ in kind.link), kind.row_column)


def _fetch(
    books: Books, plan: _Plan, tail: str, params: Sequence[Any]
) -> list[tuple[tuple[Any, ...], Row]]:
    names = ", ".join(f'"{column}"' for column in plan.columns)
    sql = f'SELECT {names} FROM "{plan.kind.table}" {tail}'  # noqa: S608 - own names, bound values
    width = len(_link_columns(plan.kind))
    return [(row[:width], _entity(plan, row)) for row in books.db.execute(sql, params)]


def _entity(plan: _Plan, row: tuple[Any, ...]) -> Row:
    entity = {
        name: value if read is None or value is None else read(value)
        for name, index, read in plan.fields
        for value in (row[index],)
    }
    text = row[plan.columns.index("Extra")]
    if text is not None or not plan.whole:
        _add_extra(entity, plan, extra_of({"Extra": text}))
    return entity


def _add_extra(entity: Row, plan: _Plan, extra: Row) -> None:
    """Add what has no column: when asked for by name also as null."""
    for prop in plan.extra:
        value = extra.get(prop.name)
        if value is None and plan.whole:
            continue
        read = reader(prop)
        entity[prop.name] = value if read is None or value is None else read(value)


Found = list[tuple[tuple[Any, ...], Row]]


def _with_rows(books: Books, parents: Found, collections: Sequence[Rows]) -> Found:
    for collection in collections:
        by_parent = _children(books, collection, [key for key, _ in parents])
        for key, entity in parents:
            entity[collection.name] = by_parent.get(key[: len(collection.link)], [])
    return parents


def _children(
    books: Books, collection: Rows, parents: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], list[Row]]:
    """Read the rows of many parents at once; a parent's key begins with the linked columns."""
    first = list(dict.fromkeys(key[0] for key in parents))
    found: dict[tuple[Any, ...], list[Row]] = {}
    for start in range(0, len(first), _CHUNK):
        rows = _rows_of(books, collection, first[start : start + _CHUNK])
        for key, row in rows:
            found.setdefault(key[: len(collection.link)], []).append(row)
    return found


def _rows_of(books: Books, collection: Rows, firsts: Sequence[Any]) -> Found:
    plan = _plan_of(collection, None)
    marks = ", ".join("?" * len(firsts))
    fixed = "".join(f' AND "{column}" = {value}' for column, value in collection.fixed)
    order = ", ".join(f'"{column}"' for column in _link_columns(collection))
    tail = f'WHERE "{collection.link[0][0]}" IN ({marks}){fixed} ORDER BY {order}'
    found = _fetch(books, plan, tail, firsts)
    return _with_rows(books, found, list(collection.collections.values()))
