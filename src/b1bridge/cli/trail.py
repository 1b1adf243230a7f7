"""`b1bridge trail`: the story of one record across systems, by any of its numbers."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Annotated, Any

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
    for ref, other, number in story.links:
        say(f"  {ref} is {other}{f', number {number}' if number else ''}")
    happened = [*map(_notice, story.notices), *map(_entry, story.entries)]
    lines = [(moment(at), *rest) for at, *rest in sorted(happened, key=itemgetter(0))]
    say_table(("when", "who", "what", "step", "detail", "#ms"), lines)
    for run in story.runs:
        say(_stands(run))
    for case in story.cases:
        say(_waits(case))


def _notice(notice: tuple[datetime, str, str]) -> tuple[Any, ...]:
    at, connection, delivery = notice
    return at, connection, "notice", "", delivery, ""


def _entry(entry: Entry) -> tuple[Any, ...]:
    return entry.at, entry.actor, entry.did, entry.step, entry.detail, entry.milliseconds or ""


def _stands(run: RunRecord) -> str:
    documents = ", ".join(f"{one.kind} {one.number}" for one in run.documents)
    parts = [f"{run.flow}: {run.state}", run.outcome, documents, run.reason]
    held = f"held by {run.held_by}" if run.held_by else ""
    return ", ".join(part for part in [*parts, held] if part)


def _waits(case: Case) -> str:
    if case.closed_at is not None:
        return f"case {case.id}: {case.state} by {case.closed_by}, {case.closing_words}"
    way_out = f"\n  Way out: {case.fix}" if case.fix else ""
    return f"case {case.id}: {case.state} for {age(case.opened_at)}: {case.message}{way_out}"
