"""Trouble on request (sap-service-layer.md 3.2, 3.3), before or after a request's work."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

What = Literal[
    "hang_up",
    "refuse",
    "bad_gateway",
    "unavailable",
    "empty",
    "session_lost",
    "node_lost",
    "answer",
    "delay",
]
WRITES = frozenset({"POST", "PATCH", "DELETE", "PUT"})
# Posted, yet they write nothing into the books.
_NO_WRITES = frozenset({"Login", "Logout"})


@dataclass
class Fault:
    """One kind of trouble for the nth matching request and `times` more of them in a row.

    hang_up closes the connection without an answer, refuse does not even accept it, bad_gateway
    and unavailable answer 502 and 503 as the balancer, empty answers 500 without a body,
    session_lost answers 401 with 301, node_lost lets the node die under the request for `seconds`,
    answer gives `status`, `code` and `message`, delay waits `seconds`.
    With `when` after, the work is done and committed first: a lost reply.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    what: What
    when: Literal["before", "after"] = "before"
    method: str = ""
    """Empty matches every method, WRITE every method that changes something."""
    resource: str = ""
    """The first segment without its key, such as Invoices; empty matches all."""
    action: str = ""
    """The last segment, such as Cancel; empty matches all."""
    nth: Annotated[int, Field(ge=1)] = 1
    times: Annotated[int, Field(ge=1)] = 1
    seconds: Annotated[float, Field(ge=0, le=86_400)] = 0
    status: Annotated[int, Field(ge=200, le=599)] = 500
    code: int = -1
    message: str = "Internal error"
    seen: int = 0
    fired: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a request is of the kind this fault waits for."""
        first, _, rest = path.strip("/").partition("/")
        resource, action = first.partition("(")[0], rest.rpartition("/")[2]
        writes = method in WRITES and resource not in _NO_WRITES and action != "List"
        return (
            self.method in {"", method, "WRITE" if writes else method}
            and self.resource in {"", resource}
            and self.action in {"", action}
        )

    def strikes(self, method: str, path: str) -> bool:
        """Count a request and tell whether it is the one."""
        if self.spent or not self.matches(method, path):
            return False
        self.seen += 1
        if self.seen < self.nth:
            return False
        self.fired += 1
        return True

    @property
    def spent(self) -> bool:
        """Tell whether it has happened as often as asked."""
        return self.fired >= self.times


@dataclass
class Faults:
    """All armed faults, and what was counted on the way."""

    armed: list[Fault] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    in_work: int = 0
    most_in_work: int = 0

    def arm(self, fault: Fault) -> Fault:
        """Let a fault wait for its request."""
        self.armed.append(fault)
        return fault

    def clear(self) -> None:
        """Disarm everything."""
        self.armed.clear()

    def struck(self, method: str, path: str) -> list[Fault]:
        """Count a request; return the faults that happen to it, in the order they were armed."""
        self.requests[f"{method} {path.strip('/').partition('/')[0].partition('(')[0]}"] += 1
        struck = [fault for fault in self.armed if fault.strikes(method, path)]
        self.armed = [fault for fault in self.armed if not fault.spent]
        self.happened.update(f"{fault.what} {fault.when}" for fault in struck)
        return struck

    @contextmanager
    def work(self) -> Iterator[None]:
        """Count a request as being in work while it lasts."""
        self.in_work += 1
        self.most_in_work = max(self.most_in_work, self.in_work)
        try:
            yield
        finally:
            self.in_work -= 1
