"""Lets a program look on: what is sent, what comes back, what fails; without any secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from b1bridge.errors import BridgeError


@dataclass(frozen=True, slots=True)
class Call:
    """One request as onlookers may see it: no headers, no body, no query."""

    method: str
    path: str
    sent_bytes: int


def _nothing(*_seen: object) -> None:
    """Look away."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Called around every request, seconds with the answers; whatever one raises is its own bug."""

    before: Callable[[Call], None] = _nothing
    after: Callable[[Call, int, float], None] = _nothing
    failed: Callable[[Call, BridgeError, float], None] = _nothing
