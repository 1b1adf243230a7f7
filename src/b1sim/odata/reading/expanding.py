"""Fetches what `$expand` asks for, a page at a time, and prints it inside its entities (4.2).

The guide's samples show an expanded property before the entity's own, without a tag of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from b1sim.company.company import Company
from b1sim.odata.json_text import quoted
from b1sim.odata.reading.entities import Plan, plan_of
from b1sim.odata.reading.selecting import Expansion
from b1sim.odata.versions import Version

Row = Mapping[str, Any]
_CHUNK = 500


def expanded(
    company: Company,
    rows: Sequence[Row],
    expansions: Sequence[Expansion],
    version: Version,
    depth: int,
) -> list[list[str]]:
    """Print for each row the members that its expansions add; the row's brace is at `depth`."""
    columns = [_members(company, rows, expansion, version, depth) for expansion in expansions]
    return (
        [list(members) for members in zip(*columns, strict=True)] if columns else [[]] * len(rows)
    )


def _members(
    company: Company, rows: Sequence[Row], expansion: Expansion, version: Version, depth: int
) -> list[str]:
    link = expansion.link
    found = _found(company, rows, expansion)
    plan = plan_of(link.target, version, depth + (2 if link.many else 1), expansion.select)
    head = f"{quoted(link.name)} : "
    return [head + _printed(plan, found.get(row.get(link.own.name), []), link.many) for row in rows]


def _printed(plan: Plan, found: list[Row], many: bool) -> str:  # noqa: FBT001 - a trait of the link
    if many:
        return plan.rows(found)
    return plan.own(found[0]) if found else "null"


def _found(company: Company, rows: Sequence[Row], expansion: Expansion) -> dict[object, list[Row]]:
    """Read the other ends of all rows, grouped by the value that leads to them."""
    link, select = expansion.link, expansion.select
    values = list(dict.fromkeys(value for row in rows if (value := row.get(link.own.name))))
    found: dict[object, list[Row]] = {}
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        for row in company.query(
            link.target.name,
            where=f"{link.other.sql} IN ({', '.join('?' * len(chunk))})",
            params=chunk,
            columns=None if select is None else _columns(expansion),
            with_collections=[c for c in link.target.collections if select is None or c in select],
        ):
            found.setdefault(row[link.other.name], []).append(row)
    return found


def _columns(expansion: Expansion) -> tuple[str, ...]:
    kept = expansion.link.target.properties
    names = (name for name in expansion.select or () if name in kept)
    return tuple(dict.fromkeys((*names, expansion.link.other.name)))
