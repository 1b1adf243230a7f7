"""What the process logs of its work: keys and names, never what stands in a record.

Whoever runs a process chooses how lines are written (cli.logs); each has its facts in `extra`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from b1bridge.engine.store import Settlement

_log = logging.getLogger("b1bridge.logbook")
# Commands that end soon show what happened themselves; without this Python would print it twice.
_log.addHandler(logging.NullHandler())


def settled(end: Settlement) -> None:
    """Tell how a run ended, and whether it waits for a person now."""
    if not _log.isEnabledFor(logging.WARNING if end.problem else logging.INFO):
        return
    facts = {
        "run": end.run.id,
        "attempt": end.run.attempt,
        "sync": end.run.sync,
        "ref": str(end.run.ref),
        "step": end.notes[-1].step if end.notes else "",
        "state": str(end.state),
    }
    _tell(logging.INFO, "run settled", facts | {"outcome": end.outcome})
    if end.problem is not None:
        _tell(logging.WARNING, "case opened", facts | {"reason": end.problem.reason})
    if end.pauses:
        _tell(logging.ERROR, "connection paused", {"connection": end.pauses})


def breaker_opened(connection: str, until: datetime) -> None:
    """Tell that a system is left alone for a while."""
    _tell(logging.WARNING, "breaker opened", {"connection": connection, "until": until.isoformat()})


def breaker_closed(connection: str) -> None:
    """Tell that a system answers again."""
    _tell(logging.WARNING, "breaker closed", {"connection": connection})


def notice_refused(connection: str) -> None:
    """Tell that somebody knocked who is not trusted; their words are not repeated."""
    _tell(logging.WARNING, "notice refused", {"connection": connection})


def _tell(level: int, what: str, facts: Mapping[str, object]) -> None:
    _log.log(level, what, extra={"facts": facts})
