"""One page of a long list, read in the order of its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """Some rows; `last` is the key to go on after, and empty where the list ends."""

    rows: tuple[T, ...]
    last: str = ""


def first_of(found: Sequence[tuple[str, T]], limit: int) -> Listed[T]:
    """Keep the first rows of a page that was read with one more row than is wanted."""
    kept = found[:limit]
    last = kept[-1][0] if len(found) > limit else ""
    return Listed(tuple(row for _, row in kept), last)
