"""Many operations in one request: in order, change sets all or nothing (sap-service-layer.md 5.2).

SAP stops at the first part that fails and rolls nothing back across parts, so what came before it
stays, and what comes after it was not executed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from b1bridge.connectors.sap_b1.client.spelling import Version, as_sent
from b1bridge.sdk import exact_json

Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
# What could end the request line of a part and begin another one.
_BREAKS_THE_LINE = re.compile(r"[\s\x00-\x1f\x7f]")
_LINE_ENDS = re.compile(r"[\r\n]")
_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Operation:
    """One part of a batch; as text, in a later path of its change set, it is what this one made."""

    number: int
    method: Method
    path: str
    body: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        """Refer to what this operation made: f"{order}/Cancel"."""
        return f"${self.number}"

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Operations that happen all or not at all; GET is not allowed inside, so none is offered."""

    _batch: Batch = field(repr=False)
    operations: list[Operation] = field(default_factory=list)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Operation:
        """Create an entity, or call an action."""
        return self._add("POST", path, body or {})

    def patch(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] = _NO_HEADERS
    ) -> Operation:
        """Change an entity; SAP does not look at If-Match in a batch."""
        return self._add("PATCH", path, body, headers)

    def delete(self, path: str) -> Operation:
        """Delete an entity."""
        return self._add("DELETE", path)

    def _add(
        self,
        method: Method,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> Operation:
        operation = self._batch.numbered(method, path, body, headers)
        self.operations.append(operation)
        return operation


Step = Operation | ChangeSet


@dataclass(slots=True)
class Batch:
    """What is to be sent; steps happen in the order in which they were added."""

    steps: list[Step] = field(default_factory=list)
    _count: int = 0

    def get(self, path: str) -> Operation:
        """Read."""
        return self._alone("GET", path)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Operation:
        """Create an entity, or call an action, outside any change set."""
        return self._alone("POST", path, body or {})

    def patch(self, path: str, body: Mapping[str, Any]) -> Operation:
        """Change an entity outside any change set."""
        return self._alone("PATCH", path, body)

    def delete(self, path: str) -> Operation:
        """Delete an entity outside any change set."""
        return self._alone("DELETE", path)

    def change_set(self) -> ChangeSet:
        """Begin operations that happen all or not at all."""
        changes = ChangeSet(self)
        self.steps.append(changes)
        return changes

    @property
    def operations(self) -> list[Operation]:
        """All operations in their order."""
        return [operation for step in self.steps for operation in operations_of(step)]

    @property
    def writes(self) -> int:
        """How many of them change something."""
        return sum(not operation.is_read for operation in self.operations)

    def numbered(
        self,
        method: Method,
        path: str,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> Operation:
        """Make an operation under the next number; ValueError where its path breaks the line."""
        if not path or _BREAKS_THE_LINE.search(path):
            msg = f"a path in a batch has no blanks or line ends: {path!r}; encode it"
            raise ValueError(msg)
        if any(_LINE_ENDS.search(value) for value in headers.values()):
            msg = f"a header of {path} holds a line end"
            raise ValueError(msg)
        self._count += 1
        return Operation(self._count, method, path, body, headers)

    def _alone(self, method: Method, path: str, body: Mapping[str, Any] | None = None) -> Operation:
        operation = self.numbered(method, path, body)
        self.steps.append(operation)
        return operation


def operations_of(step: Step) -> list[Operation]:
    """Return the operations of a change set, or the one alone."""
    return step.operations if isinstance(step, ChangeSet) else [step]


def written(batch: Batch, version: Version) -> tuple[str, bytes]:
    """Write a batch as SAP reads it: the Content-Type, and the body.

    Every part carries a Content-ID, which version 2 wants and version 1 puts up with.
    """
    boundary = f"batch_{uuid.uuid4()}"
    parts = [
        _change_set(step, version) if isinstance(step, ChangeSet) else _part(step, version)
        for step in batch.steps
        if operations_of(step)
    ]
    return f"multipart/mixed;boundary={boundary}", _joined(parts, boundary).encode()


def _change_set(changes: ChangeSet, version: Version) -> str:
    boundary = f"changeset_{uuid.uuid4()}"
    parts = [_part(operation, version) for operation in changes.operations]
    head = f"Content-Type: multipart/mixed;boundary={boundary}{_LINE_END}{_LINE_END}"
    return head + _joined(parts, boundary)


def _part(operation: Operation, version: Version) -> str:
    """Write one operation; without a body, too, its head ends with an empty line."""
    sent = None if operation.body is None else as_sent(operation.body, operation.path, version)
    body = "" if sent is None else exact_json.dumps(sent)
    kind = {"Content-Type": "application/json"} if body else {}
    lines = [
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        f"Content-ID: {operation.number}",
        "",
        f"{operation.method} /b1s/{version}/{operation.path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in {**kind, **operation.headers}.items()),
        "",
        body,
    ]
    return _LINE_END.join(lines)


def _joined(parts: list[str], boundary: str) -> str:
    opened = "".join(f"--{boundary}{_LINE_END}{part}{_LINE_END}" for part in parts)
    return f"{opened}--{boundary}--{_LINE_END}"
