"""Service operations of the company, such as `CompanyService_GetItemPrice`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from b1sim.company.books import Books, Row


@dataclass(frozen=True)
class Bare:
    """A JSON value by itself."""

    value: Any


@dataclass(frozen=True)
class Complex:
    """One value of a complex type."""

    type_name: str
    members: Row


@dataclass(frozen=True)
class Listed:
    """Several values of a complex type."""

    type_name: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Whole:
    """An entity as its set shows it; nothing of it need be kept, as in a preview."""

    entity_set: str
    entity: Row


Result = Bare | Complex | Listed | Whole | None
"""None: done, nothing to say (204)."""
Service = Callable[[Books, Mapping[str, Any]], Result]
"""Answers one operation on what was sent; runs inside a transaction and refuses by raising."""
