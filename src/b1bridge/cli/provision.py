"""`b1bridge provision`: the custom fields that our flows fill, made where they are missing."""

from __future__ import annotations

from typing import Annotated

import typer

from b1bridge.cli.edge import WENT_WRONG
from b1bridge.cli.screen import AsJson, counted, say, say_json
from b1bridge.cli.session import with_hub


def provision(
    ctx: typer.Context,
    connection: Annotated[str, typer.Argument(help="A CRM.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Only say what is missing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the custom fields that are missing in a CRM; may be repeated.

    With --check nothing is made, and the exit code is 1 while any are missing.

    Example: b1bridge provision crm
    """
    if check:
        found = with_hub(ctx, lambda hub: hub.crm.missing_fields(connection))
    else:
        found = with_hub(ctx, lambda hub: hub.crm.provision(connection))
    if as_json:
        say_json(found)
    else:
        for one in found:
            say(f"{'✗' if check else '✓'} {one.record}: {one.name} ({one.kind})")
        said = "missing" if check else "made"
        say(f"{counted(len(found), 'field')} {said}" if found else "All of them are there.")
    if check and found:
        raise typer.Exit(WENT_WRONG)
