"""Where a command works: the home folder, the database, a hub open for as long as it takes."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.edge import INTERRUPTED
from b1bridge.cli.screen import warn
from b1bridge.errors import NeedsOperator

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """One installation: its home folder, and its database when that is not in the home."""

    home: Path
    database_url: str | None

    async def open(self, *, executor: str = "hub") -> Hub:
        """Open the hub; NeedsOperator where `init` has not been run."""
        if not self.home.is_dir():
            msg = f"there is no b1bridge home at {self.home}"
            fix = "run `b1bridge init`, or say where it is with --home or B1BRIDGE_HOME"
            raise NeedsOperator(msg, reason="NO_HOME", fix=fix)
        return await Hub.open(self.home, database_url=self.database_url, executor=executor)


def place_of(ctx: typer.Context) -> Place:
    """Return the installation that --home and --database-url chose."""
    chosen = ctx.find_object(Place)
    assert chosen is not None, "the root callback runs before every command"  # noqa: S101 - a fact about typer
    return chosen


def with_hub(
    ctx: typer.Context, work: Callable[[Hub], Awaitable[T]], *, executor: str = "hub"
) -> T:
    """Open the hub, do the work, close it; Ctrl-C leaves everything as it was last noted."""
    place = place_of(ctx)

    async def opened() -> T:
        async with await place.open(executor=executor) as hub:
            return await work(hub)

    return interruptible(opened())


def interruptible(work: Coroutine[Any, Any, T]) -> T:
    """Run work in an event loop; Ctrl-C ends it in words and with the code shells expect."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        warn("stopped by Ctrl-C; what was under way is noted and goes on when asked again")
        raise typer.Exit(INTERRUPTED) from None


def who() -> str:
    """Name the person at the keyboard for the audit trail."""
    return f"cli:{getpass.getuser()}"
