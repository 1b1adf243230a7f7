"""How the processes that stay write their log: JSON, a line each, on the error stream."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer


class Level(StrEnum):
    """From which gravity on lines are written."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


LogLevel = Annotated[
    Level, typer.Option(help="info tells of every run, warning of what needs attention.")
]


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how grave, what, and its facts by name."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


@contextmanager
def logged_from(level: Level) -> Iterator[None]:
    """Write the log of this process from a level on, while the block runs."""
    log = logging.getLogger("b1bridge")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    before = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(level.value.upper())
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before[0])
        log.propagate = before[1]
