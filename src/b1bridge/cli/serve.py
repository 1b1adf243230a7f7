"""`b1bridge serve` and `b1bridge worker`: the processes that stay."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.edge import INTERRUPTED
from b1bridge.cli.logs import Level, LogLevel, logged_from
from b1bridge.cli.screen import say
from b1bridge.cli.session import with_hub
from b1bridge.worker.running import run_worker

_Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Runs at the same time.")]
_Executor = Annotated[
    str, typer.Option(help="Name of this process; workers that share a database need several.")
]


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="Put a reverse proxy with TLS in front.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8080,
    concurrency: _Concurrency = 8,
    executor: _Executor = "hub",
    log_level: LogLevel = Level.WARNING,
) -> None:
    """Take notices, work runs off, keep the schedule.

    Stays until Ctrl-C or SIGTERM. Logs JSON lines on the error stream.

    Example: b1bridge serve --host 0.0.0.0 --port 8080
    """
    # FastAPI takes a third of a second to import, and no other command needs it.
    from b1bridge.web.app import create_app  # noqa: PLC0415
    from b1bridge.web.server import listen, serving  # noqa: PLC0415

    async def work(hub: Hub) -> signal.Signals:
        with listen(host, port) as sock:
            async with serving(create_app(hub), sock) as web:

                def ready() -> None:
                    say(f"b1bridge serves {web.url}: notices at {web.url}/notices/CONNECTION")
                    say("Ctrl-C stops it; what is under way is finished or kept")

                # The door stays open until the last run has ended: what comes in is kept.
                return await run_worker(
                    hub, concurrency=concurrency, beside=[web.answering], ready=ready
                )

    with logged_from(log_level):
        stopped_by = with_hub(ctx, work, executor=executor)
    _leave(stopped_by)


def worker(
    ctx: typer.Context,
    concurrency: _Concurrency = 8,
    executor: _Executor = "hub",
    log_level: LogLevel = Level.WARNING,
) -> None:
    """Work runs off and keep the schedule, without a door.

    Stays until Ctrl-C or SIGTERM. Several workers share a PostgreSQL database. Logs JSON lines
    on the error stream.

    Example: b1bridge worker --executor second --concurrency 16
    """

    def ready() -> None:
        say("b1bridge works runs off; Ctrl-C stops it, what is under way is finished or kept")

    async def work(hub: Hub) -> signal.Signals:
        return await run_worker(hub, concurrency=concurrency, ready=ready)

    with logged_from(log_level):
        stopped_by = with_hub(ctx, work, executor=executor)
    _leave(stopped_by)


def _leave(stopped_by: signal.Signals) -> None:
    say(f"stopped by {stopped_by.name}; nothing is lost")
    if stopped_by == signal.SIGINT:
        raise typer.Exit(INTERRUPTED)
