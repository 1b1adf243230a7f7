"""What an endpoint is: its version, method, path and cost in tokens, and who answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from .answers import Refused, read_json
from .records import Actor

_TRUE, _FALSE = {"true", "1"}, {"false", "0"}
_MOST_DIGITS = 15
Answering = Callable[["Call"], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint; `cost` is what the published contract calls x-token-cost.

    `query` are the parameters that it takes: what else is asked for is not simulated.
    """

    version: str
    method: str
    path: str
    cost: int
    answer: Answering
    query: tuple[str, ...] = ()
    is_search: bool = False


def whole_number(text: str, name: str) -> int:
    """Read a number that stands in an address."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS:
        raise Refused(400, f"{name} must be an integer")
    return int(text)


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
        """Return a number from the path; 400 for what is none."""
        return whole_number(str(self.request.path_params[name]), name)

    def flag(self, name: str) -> bool | None:
        """Return a parameter that is true or false, or None where it is not given."""
        text = self.query.get(name)
        if text not in {None, *_TRUE, *_FALSE}:
            raise Refused(400, f"{name} must be a boolean")
        return None if text is None else text in _TRUE

    def json(self) -> dict[str, Any]:
        """Return the body, which must be an object."""
        payload = read_json(self.body)
        if not isinstance(payload, dict):
            raise Refused(400, "Bad request: the body must be an object")
        return payload
