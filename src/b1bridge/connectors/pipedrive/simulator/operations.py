"""What an endpoint is: its version, method, path and cost in tokens, and who answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from .answers import Refused, read_json
from .records import Actor

Answering = Callable[["Call"], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint; `cost` is what the published contract calls x-token-cost."""

    version: str
    method: str
    path: str
    cost: int
    answer: Answering
    is_search: bool = False


class Api(Protocol):
    """A part of the API."""

    def operations(self) -> Iterator[Operation]:
        """Yield its endpoints."""
        ...


@dataclass(slots=True)
class Call:
    """One request that came through the gate."""

    request: Request
    body: bytes
    actor: Actor

    @property
    def query(self) -> Any:
        """Return the query parameters."""
        return self.request.query_params

    def number(self, name: str) -> int:
        """Return a number from the path; 404 for what is none."""
        text = str(self.request.path_params[name])
        if not text.isdecimal():
            raise Refused(400, f"{name} must be an integer")
        return int(text)

    def json(self) -> dict[str, Any]:
        """Return the body, which must be an object."""
        payload = read_json(self.body)
        if not isinstance(payload, dict):
            raise Refused(400, "Bad request: the body must be an object")
        return payload
