"""The areas of a company, put together."""

from collections.abc import Iterator, Mapping
from typing import Any

from b1sim.company.shape.area import Area, Shelf
from b1sim.company.shape.areas.approvals import APPROVALS
from b1sim.company.shape.areas.attachments import ATTACHMENTS
from b1sim.company.shape.areas.documents import DOCUMENTS
from b1sim.company.shape.areas.extension import EXTENSION
from b1sim.company.shape.areas.goods import GOODS
from b1sim.company.shape.areas.masters import MASTERS
from b1sim.company.shape.areas.money import MONEY
from b1sim.company.shape.areas.people import PEOPLE
from b1sim.company.shape.areas.places import PLACES
from b1sim.company.shape.areas.prices import PRICES
from b1sim.company.shape.areas.relations import RELATIONS
from b1sim.company.shape.areas.rules import RULES
from b1sim.company.shape.areas.webhooks import WEBHOOKS

AREAS: tuple[Area, ...] = (
    MASTERS,
    DOCUMENTS,
    MONEY,
    GOODS,
    PRICES,
    RULES,
    PEOPLE,
    PLACES,
    RELATIONS,
    APPROVALS,
    ATTACHMENTS,
    EXTENSION,
    WEBHOOKS,
)


def _joined(name: str) -> dict[str, Any]:
    return dict(_entries(name))


def _entries(name: str) -> Iterator[tuple[str, Any]]:
    for area in AREAS:
        yield from getattr(area, name).items()


def _summed(name: str) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for key, entries in _entries(name):
        found[key] = (*found.get(key, ()), *entries)
    return found


TABLES: Mapping[str, str] = _joined("tables")
SHELVES: Mapping[str, Mapping[str, Shelf]] = _joined("shelves")
ACTIONS: Mapping[str, tuple[str, ...]] = _joined("actions")
COLUMNS: Mapping[str, str] = _joined("columns")
READ_ONLY: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split()) for name, words in _entries("read_only")
}
MAX_LENGTHS: Mapping[str, Mapping[str, int]] = _joined("max_lengths")
HIDDEN: dict[str, dict[str, str]] = _joined("hidden")
DEFAULTS: dict[str, dict[str, Any]] = _joined("defaults")
USES: Mapping[str, tuple[tuple[str, str], ...]] = _summed("uses")
REFERS: Mapping[str, tuple[tuple[str, str], ...]] = _summed("refers")
OWN_SETS: Mapping[str, Mapping[str, Any]] = _joined("own_sets")
OWN_TYPES: Mapping[str, Mapping[str, str]] = _joined("own_types")
SUPPORT: str = "".join(area.support for area in AREAS)
