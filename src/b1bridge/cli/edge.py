"""The process's edge: whatever escapes a command becomes one paragraph and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from typer.core import TyperGroup

from b1bridge.cli.screen import warn
from b1bridge.errors import BridgeError, NeedsOperator
from b1bridge.storage.database import Unsupported
from b1bridge.storage.vault import Locked

WENT_WRONG = 1
CANNOT_BE_DONE_SO = 2
INTERRUPTED = 130


class Edge(TyperGroup):
    """The outermost group of commands. B1BRIDGE_DEBUG=1 shows tracebacks instead of words."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line and leave the process with its exit code."""
        try:
            return super().main(*args, **kwargs)
        except Exception as exc:
            if os.environ.get("B1BRIDGE_DEBUG") == "1":
                raise
            text, code = in_words(exc)
            warn(f"✗ {text}", style="red")
            sys.exit(code)


def in_words(exc: Exception) -> tuple[str, int]:
    """Return what to tell a person about an error, and the exit code that scripts see."""
    if isinstance(exc, NeedsOperator):
        return _with_fix(str(exc), exc.fix), CANNOT_BE_DONE_SO
    if isinstance(exc, BridgeError):
        return str(exc), WENT_WRONG
    if isinstance(exc, Locked | Unsupported):
        return str(exc), CANNOT_BE_DONE_SO
    if isinstance(exc, SQLAlchemyError):
        cause = str(getattr(exc, "orig", None) or exc).partition("\n")[0]
        fix = "see that the server runs and that --database-url is right"
        return _with_fix(f"the database does not answer: {cause}", fix), WENT_WRONG
    if isinstance(exc, OSError):
        return f"{exc.strerror or exc}{f': {exc.filename}' if exc.filename else ''}", WENT_WRONG
    bug = f"this is a bug in b1bridge ({type(exc).__name__}: {exc})"
    return _with_fix(bug, "run it again with B1BRIDGE_DEBUG=1 and report the traceback"), WENT_WRONG


def _with_fix(message: str, fix: str) -> str:
    return f"{message}\n  Way out: {fix}" if fix else message
