"""`b1bridge report budget`: what a day has cost at a provider that counts."""

from __future__ import annotations

from typing import Annotated

import typer

from b1bridge.cli.screen import AsJson, say, say_json
from b1bridge.cli.session import with_hub

HIGH = 1


def budget(
    ctx: typer.Context,
    connection: Annotated[str, typer.Argument(help="A connection that is billed by use.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say what of the day's budget is used and left, and what the day will come to.

    The exit code is 1 once the share is used from which a case is opened.

    Example: b1bridge report budget crm
    """
    found = with_hub(ctx, lambda hub: hub.crm.budget(connection))
    if as_json:
        say_json(found)
    else:
        say(f"{found.day}: {found.used:,} of {found.daily:,} used ({found.share:.0%})")
        say(f"left {found.left:,}, expected in all {found.forecast:,}")
        if found.waiting:
            say(f"{found.waiting:,} more are asked for by work that waits for another day")
        say(f"renewed at {found.resets_at.isoformat()}")
    if found.is_high:
        raise typer.Exit(HIGH)
