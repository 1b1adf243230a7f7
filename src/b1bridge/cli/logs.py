"""How the processes that stay write their log: JSON, a line each, on the error stream."""

from __future__ import annotations

import json
import logging
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


def log_from(level: Level) -> None:
    """Write the log of this process from a level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log = logging.getLogger("b1bridge")
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(level.value.upper())
