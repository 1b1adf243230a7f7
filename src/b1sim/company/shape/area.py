"""What the names-and-types file does not say, declared area by area: tables, rows, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Shelf:
    """Where the rows of a collection lie and how they hang on their parent."""

    table: str
    row_key: str
    link: tuple[tuple[str, str], ...]
    """Pairs of own column and parent's column."""
    fixed: tuple[tuple[str, int], ...] = ()
    """Own columns with one value, where several parents share a table."""
    inner: Mapping[str, "Shelf"] = field(default_factory=dict)
    """The collections inside the rows."""


@dataclass(frozen=True)
class Area:
    """One part of the company; every entity set belongs to exactly one."""

    tables: Mapping[str, str] = field(default_factory=dict)
    """The table of each entity set."""
    shelves: Mapping[str, Mapping[str, Shelf]] = field(default_factory=dict)
    """The collections that b1sim keeps, by entity set."""
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The bound actions that b1sim offers, by entity set."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """By type: `Property`, or `Property:Column` where the names differ; others go to Extra."""
    read_only: Mapping[str, str] = field(default_factory=dict)
    """By type: properties that are silently ignored when sent (sap-service-layer.md 5)."""
    max_lengths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By type. CardCode, NumAtCard, distribution rules and Title are recorded
    (sap-service-layer.md 5); the metadata names no lengths at all, so the others are the widths
    of the database columns as far as we know them: a guess each."""
    hidden: Mapping[str, dict[str, str]] = field(default_factory=dict)
    """By table, or by the type of its rows: columns that SAP's tables have and its entities do
    not show, with their SQLite types."""
    defaults: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """By table: what a new record has unless it says otherwise."""
    uses: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """By table: the columns that point at its records, which then cannot be deleted."""
    refers: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """By table: columns that must name a record of another table, when they are sent."""
    own_sets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Sets that the file of names lacks, as they would stand in it."""
    own_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By name: the types of such sets, with the types of their properties."""
    support: str = ""
    """SQL of tables and indices that belong to no entity set."""
