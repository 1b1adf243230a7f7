"""`b1bridge trail`: the story of one record across systems, by any of its numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from b1bridge.cli.edge import WENT_WRONG
from b1bridge.cli.screen import AsJson, age, moment, say, say_json, say_table
from b1bridge.cli.session import with_hub
from b1bridge.engine.records import Case, Entry, RunRecord, Story


def trail(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(help="Order number, DocNum, DocEntry, payment, Ref, delivery id.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell the story of a record, oldest first.

    Leaves with 1 when nobody knows the number.

    Example: b1bridge trail 100812
    """
    story = with_hub(ctx, lambda hub: hub.trail(what))
    if as_json:
        say_json(story)
    elif story.refs:
        _tell(story)
    else:
        say(f"No record, document or notice is called '{what}'.")
    if not story.refs:
        raise typer.Exit(WENT_WRONG)


def _tell(story: Story) -> None:
    say(", ".join(story.refs), style="bold")
    for ref, other, kind in story.links:
        say(f"  {ref} is {other} ({kind})")
    say_table(("when", "who", "what", "step", "detail", "#ms"), map(_line, story.entries))
    for run in story.runs:
        say(_stands(run))
    for case in story.cases:
        say(_waits(case))


def _line(entry: Entry) -> tuple[object, ...]:
    took = entry.milliseconds or ""
    return moment(entry.at), entry.actor, entry.did, entry.step, entry.detail, took


def _stands(run: RunRecord) -> str:
    documents = ", ".join(f"{one.kind} {one.number}" for one in run.documents)
    parts = [f"{run.flow}: {run.state}", run.outcome, documents, run.reason]
    held = f"held by {run.held_by}" if run.held_by else ""
    return ", ".join(part for part in [*parts, held] if part)


def _waits(case: Case) -> str:
    way_out = f" Way out: {case.fix}" if case.fix else ""
    return f"case {case.id} {case.state} for {age(case.opened_at)}: {case.message}.{way_out}"
