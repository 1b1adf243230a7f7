"""Writes a recording: one redacted exchange after another, each on the disk at once."""

import os
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Self

from pydantic import BaseModel

from b1sim.recording.exchange import FORMAT, Exchange, Head
from b1sim.recording.redaction import Headers, Redaction

MOST_BYTES = 4 * 1024 * 1024
"""Bodies beyond this size are left out, so that a recorder's memory has a bound."""


class Heard:
    """What passes of one message: its headers and, up to a bound, its body."""

    def __init__(self, headers: Headers | None = None) -> None:
        self.headers = headers or []
        self.size = 0
        self._pieces: list[bytes] = []

    def hear(self, piece: bytes) -> None:
        """Note a piece of the body; what was noted is dropped once it is too much."""
        self.size += len(piece)
        if self.size <= MOST_BYTES:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    @property
    def body(self) -> bytes | None:
        """Return the whole body; None when it was too long."""
        return b"".join(self._pieces) if self.size <= MOST_BYTES else None


class Tape:
    """A recording that is being written; threads may write at once."""

    def __init__(self, path: Path, redaction: Redaction, head: Head) -> None:
        """Begin a new file that only its owner may read; FileExistsError when it is there."""
        self.path = path
        self.written = 0
        self._redaction = redaction
        self._lock = Lock()
        opened = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._file = os.fdopen(opened, "w", encoding="utf-8", errors="backslashreplace")
        self._line(head)

    @classmethod
    def begin(
        cls, path: Path, redaction: Redaction, *, scheme: str, now: datetime, hides: bool
    ) -> Self:
        """Begin a recording of today's format."""
        head = Head(b1sim_recording=FORMAT, scheme=scheme, began=now, amounts_hidden=hides)
        return cls(path, redaction, head)

    def write(self, exchange: Exchange, request: Heard, reply: Heard) -> None:
        """Hide what is to be hidden, and write one exchange."""
        hidden = exchange.model_copy(
            update={
                "target": self._redaction.target(exchange.target),
                "request": self._message(request),
                "reply": self._message(reply),
            }
        )
        with self._lock:
            self._line(hidden)
            self.written += 1

    def _message(self, heard: Heard) -> object:
        return self._redaction.message(heard.headers, heard.body, heard.size)

    def _line(self, line: BaseModel) -> None:
        self._file.write(line.model_dump_json() + "\n")
        self._file.flush()

    def close(self) -> None:
        """End the file."""
        self._file.close()
