"""`b1bridge runs`: what ran for which record, and running it again."""

from __future__ import annotations

from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import AsJson, moment, say, say_json, say_table
from b1bridge.cli.session import who, with_hub
from b1bridge.domain.identity import Ref
from b1bridge.engine.records import RunRecord, State
from b1bridge.errors import NeedsOperator

runs = typer.Typer(help="Runs: one flow for one record.", no_args_is_help=True)


@runs.command("list")
def list_runs(
    ctx: typer.Context,
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    sync: Annotated[str | None, typer.Option(help="Only those of this sync.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    *,
    as_json: AsJson = False,
) -> None:
    """List runs, the newest first.

    Example: b1bridge runs list --state waiting
    """
    found = with_hub(ctx, lambda hub: hub.runs(state=state, sync=sync, limit=limit))
    if as_json:
        say_json(found)
    elif found:
        say_table(
            ("record", "flow", "state", "outcome", "#attempt", "queued", "why"), map(_row, found)
        )
    else:
        say("No run yet.")


@runs.command("start")
def start(
    ctx: typer.Context,
    sync: Annotated[str, typer.Argument(help="The sync, e.g. eu.")],
    record: Annotated[str, typer.Argument(metavar="REF", help="The record, e.g. shop/order/812.")],
) -> None:
    """Run one record again; every write looks for its own earlier work, so nothing doubles.

    Example: b1bridge runs start eu shop/order/812
    """
    ref = _ref_of(record)

    async def work(hub: Hub) -> str:
        return await hub.start(sync, ref, who())

    say(f"✓ queued as run {with_hub(ctx, work)}")


def _ref_of(text: str) -> Ref:
    try:
        return Ref.parse(text)
    except ValueError as exc:
        msg = f"'{text}' names no record"
        raise NeedsOperator(msg, reason="USAGE", fix="write connection/kind/id") from exc


def _row(run: RunRecord) -> tuple[object, ...]:
    why = run.reason or (f"held by {run.held_by}" if run.held_by else run.progress)
    return run.ref, run.flow, run.state, run.outcome, run.attempt, moment(run.queued_at), why
