"""What a recording is made of: one line of JSON for its head, then one for each exchange."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

FORMAT = 1
Line = TypeVar("Line", bound=BaseModel)


class UnreadableRecording(Exception):
    """The file is no recording, or one that this version cannot read; says where."""


class Head(BaseModel):
    """The first line: what was recorded, when, and what is hidden in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    b1sim_recording: int
    scheme: str
    """http or https; cookies and headers differ between them."""
    began: datetime
    amounts_hidden: bool = False


class Message(BaseModel):
    """Headers and body of one direction; names keep their case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    left_out: int = 0
    """Bytes of a body that is not written down: a file, a page, metadata, or far too long."""

    def header(self, name: str) -> str:
        """Return the first header of a name in lower case; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class Exchange(BaseModel):
    """One request and what came back; status 0 when nothing did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    at: datetime
    seconds: float
    method: str
    target: str
    """Path and query, still encoded."""
    request: Message
    status: int
    reply: Message
    trouble: str = ""
    """Why the answer is missing or not whole."""

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.partition("?")[0]


def read_recording(path: Path) -> tuple[Head, list[Exchange]]:
    """Read a whole recording, in the order in which its requests came."""
    lines = _lines(path)
    first = next(lines, None)
    if first is None:
        msg = f"{path} is empty"
        raise UnreadableRecording(msg)
    head = _parsed(Head, path, *first)
    if head.b1sim_recording != FORMAT:
        msg = f"{path} has format {head.b1sim_recording}; this b1sim reads {FORMAT}"
        raise UnreadableRecording(msg)
    exchanges = [_parsed(Exchange, path, *line) for line in lines]
    return head, sorted(exchanges, key=lambda exchange: exchange.number)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, but no last one that a lost process could not end."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.endswith("\n"):
                    yield number, line
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise UnreadableRecording(msg) from error


def _parsed(kind: type[Line], path: Path, number: int, line: str) -> Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        what = error.errors(include_url=False)[0]["msg"]
        msg = f"{path}, line {number} is no line of a recording: {what}"
        raise UnreadableRecording(msg) from error
