"""`b1bridge doctor`: what is wrong with a connection, layer by layer, and the way out."""

from __future__ import annotations

from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.edge import WENT_WRONG
from b1bridge.cli.screen import AsJson, say, say_json
from b1bridge.cli.session import with_hub
from b1bridge.sdk.connector import Finding


def doctor(
    ctx: typer.Context,
    connection: Annotated[
        str | None, typer.Argument(help="One connection; all of them when left out.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with connections, and the way out.

    Looks from the outside in: name, port, certificate, login, rights.
    Leaves with 1 when anything is not well.

    Example: b1bridge doctor sap
    """

    async def work(hub: Hub) -> bool:
        names = [connection] if connection else [one.name for one in await hub.connections()]
        if as_json:
            found = {name: [finding async for finding in hub.doctor(name)] for name in names}
            say_json(found)
            return all(finding.well for findings in found.values() for finding in findings)
        return all([await show_findings(hub, name) for name in names])

    if not with_hub(ctx, work):
        raise typer.Exit(WENT_WRONG)


async def show_findings(hub: Hub, connection: str) -> bool:
    """Print each finding as it is made, and tell whether all is well."""
    say(connection, style="bold")
    all_well = True
    async for finding in hub.doctor(connection):
        _show(finding)
        all_well = all_well and finding.well
    return all_well


def _show(finding: Finding) -> None:
    mark, style = ("✓", "green") if finding.well else ("✗", "red")
    say(f"  {mark} {finding.check}: {finding.message}", style=style)
    if finding.fix:
        say(f"    Way out: {finding.fix}")
