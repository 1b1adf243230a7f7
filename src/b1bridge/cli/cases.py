"""`b1bridge cases`: what waits for a person, by cause, and what the person decides."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from itertools import groupby
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import AsJson, age, counted, moment, progress, say, say_json, say_table
from b1bridge.cli.session import who, with_hub
from b1bridge.engine.records import Case
from b1bridge.errors import NeedsOperator

cases = typer.Typer(help="Exception cases: runs that wait for a person.", no_args_is_help=True)
_SHOWN_IDS = 8
_QUOTED = re.compile(r"'([^']*)'")

_Ids = Annotated[list[int] | None, typer.Argument(metavar="ID", help="Numbers of cases.")]
_Reason = Annotated[str | None, typer.Option(help="All open cases of a class: MISSING_ITEM …")]
_All = Annotated[bool, typer.Option("--all", help="All open cases.")]


@cases.command("list")
def list_cases(
    ctx: typer.Context,
    state: Annotated[str, typer.Option(help="open, retried, resolved or ignored.")] = "open",
    *,
    as_json: AsJson = False,
) -> None:
    """List cases, those with the same cause together.

    Example: b1bridge cases list
    """
    found = with_hub(ctx, lambda hub: hub.cases(state))
    if as_json:
        say_json(found)
    elif found:
        for group in by_cause(found):
            _say_group(group)
    else:
        say(f"No case is {state}.")


@cases.command("show")
def show(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="Number of a case.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one case: what happened, what both sides say, the way out.

    Example: b1bridge cases show 7
    """
    case = with_hub(ctx, lambda hub: _found(hub, number))
    if as_json:
        say_json(case)
    else:
        _say_case(case)


@cases.command("retry")
def retry(
    ctx: typer.Context,
    numbers: _Ids = None,
    reason: _Reason = None,
    *,
    everything: _All = False,
) -> None:
    """Try again from the start, with what both systems say now.

    Example: b1bridge cases retry --reason MISSING_ITEM
    """
    many = everything or reason is not None or len(numbers or ()) > 1

    async def one(hub: Hub, case: Case) -> None:
        await hub.retry_case(case.id, who(), slow=many)

    count = with_hub(ctx, lambda hub: _each(hub, numbers, reason, one, everything=everything))
    say(f"✓ {counted(count, 'case')} queued again")


@cases.command("ignore")
def ignore(
    ctx: typer.Context,
    because: Annotated[str, typer.Option(help="Why; kept in the audit trail.")],
    numbers: _Ids = None,
    reason: _Reason = None,
    *,
    everything: _All = False,
) -> None:
    """Close cases unposted, for a reason that is kept.

    Example: b1bridge cases ignore 7 --because "test order"
    """

    async def one(hub: Hub, case: Case) -> None:
        await hub.ignore_case(case.id, because, who())

    count = with_hub(ctx, lambda hub: _each(hub, numbers, reason, one, everything=everything))
    say(f"✓ {counted(count, 'case')} closed unposted")


def by_cause(found: Iterable[Case]) -> list[list[Case]]:
    """Group cases that one and the same deed would mend; the largest group first."""
    groups = [list(group) for _, group in groupby(sorted(found, key=_cause), key=_cause)]
    return sorted(groups, key=len, reverse=True)


def _cause(case: Case) -> tuple[str, ...]:
    """Return what equal causes share; messages quote what is missing: an item, a code."""
    return case.reason, case.flow, case.fix, *_QUOTED.findall(case.message)


async def _each(
    hub: Hub,
    numbers: list[int] | None,
    reason: str | None,
    deed: Callable[[Hub, Case], Awaitable[None]],
    *,
    everything: bool,
) -> int:
    """Do one thing to each chosen case, and return how many there were."""
    chosen = await _chosen(hub, numbers or [], reason, everything=everything)
    with progress() as bar:
        for case in bar.track(chosen, description="cases"):
            await deed(hub, case)
    return len(chosen)


async def _chosen(
    hub: Hub, numbers: list[int], reason: str | None, *, everything: bool
) -> list[Case]:
    if numbers:
        return [await _found(hub, number) for number in numbers]
    if not (reason or everything):
        msg = "no case is chosen"
        raise NeedsOperator(msg, reason="USAGE", fix="give numbers, --reason CLASS, or --all")
    return [case for case in await hub.cases() if everything or case.reason == reason]


async def _found(hub: Hub, number: int) -> Case:
    case = await hub.case(number)
    if case is None:
        msg = f"there is no case {number}"
        raise NeedsOperator(msg, reason="USAGE", fix="see `b1bridge cases list` for their numbers")
    return case


def _say_group(group: list[Case]) -> None:
    first = min(group, key=lambda case: case.opened_at)
    say(
        f"{first.reason}: {counted(len(group), 'record')}, oldest {age(first.opened_at)}, "
        f"{first.flow or first.connection}",
        style="bold",
    )
    say(f"  {first.message}")
    if first.fix:
        say(f"  Way out: {first.fix}")
    ids = " ".join(str(case.id) for case in group[:_SHOWN_IDS])
    more = f" and {len(group) - _SHOWN_IDS} more" if len(group) > _SHOWN_IDS else ""
    say(f"  Cases {ids}{more}")


def _say_case(case: Case) -> None:
    say(f"Case {case.id}, {case.state}: {case.reason}", style="bold")
    say(case.message)
    if case.fix:
        say(f"Way out: {case.fix}")
    facts = (
        ("record", case.ref),
        ("flow", case.flow),
        ("run", case.run),
        ("connection", case.connection),
        ("since", f"{moment(case.opened_at)} ({age(case.opened_at)})"),
        ("came back", f"{case.times} times" if case.times > 1 else ""),
        ("closed", f"{moment(case.closed_at)} by {case.closed_by}" if case.closed_at else ""),
        ("words", case.closing_words),
    )
    say_table(("", ""), [(name, value) for name, value in facts if value])
    if case.evidence:
        say(f"Evidence:\n{case.evidence}")
