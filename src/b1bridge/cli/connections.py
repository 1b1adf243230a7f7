"""`b1bridge connect` and `b1bridge connections`: accounts in other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.doctor import show_findings
from b1bridge.cli.edge import WENT_WRONG
from b1bridge.cli.questions import gather
from b1bridge.cli.screen import AsJson, say, say_json, say_table
from b1bridge.cli.session import who, with_hub
from b1bridge.connectors import discover
from b1bridge.engine.records import Connection
from b1bridge.errors import NeedsOperator
from b1bridge.sdk.connector import Connector

connections = typer.Typer(invoke_without_command=True, help="List connections, pause and resume.")


def connect(
    ctx: typer.Context,
    connector: Annotated[str, typer.Argument(help="The kind of system, e.g. sap-b1.")],
    name: Annotated[str, typer.Argument(help="What you call this account, e.g. sap.")],
    pairs: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="One setting.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--settings", exists=True, dir_okay=False, help="Settings as a JSON object."),
    ] = None,
    *,
    check: Annotated[bool, typer.Option(help="Run the doctor afterwards.")] = True,
) -> None:
    """Open a connection, or change one.

    --set changes what it names, --settings replaces all; what is then missing is asked for.
    Secrets are asked for unseen; a script gives them as B1BRIDGE_<SETTING>.

    Example: b1bridge connect sap-b1 sap --set url=https://sap.example:50000
    """
    chosen = _chosen(connector)

    same = with_hub(ctx, lambda hub: _same(hub, name, connector))
    # A file is a whole description; what it leaves out is meant to be left out.
    known = None if file else same
    # Asked outside the event loop, which would keep Ctrl-C from a prompt.
    settings = gather(
        chosen.settings,
        known=known.settings if known else {},
        sealed=known.secrets if known else (),
        file=file,
        pairs=pairs or (),
    )

    async def work(hub: Hub) -> bool:
        await hub.add_connection(name, connector, settings)
        say(f"✓ connection {name} ({chosen.title}) is kept, its secrets encrypted")
        return not check or await show_findings(hub, name)

    if not with_hub(ctx, work):
        say(f"The connection is kept. Mend it and run: b1bridge doctor {name}")
        raise typer.Exit(WENT_WRONG)


@connections.callback()
def list_connections(
    ctx: typer.Context,
    *,
    as_json: AsJson = False,
) -> None:
    """List connections, without their secrets.

    Example: b1bridge connections --json
    """
    if ctx.invoked_subcommand:
        return
    found = with_hub(ctx, Hub.connections)
    if as_json:
        say_json(found)
    elif found:
        say_table(("name", "connector", "state", "settings", "secrets"), map(_row, found))
    else:
        say("No connection yet. Next: b1bridge connect CONNECTOR NAME")


@connections.command()
def pause(
    ctx: typer.Context,
    name: str,
    because: Annotated[str, typer.Option(help="Shown to whoever wonders.")] = "paused by hand",
) -> None:
    """Let the runs of a connection wait; none is lost.

    Example: b1bridge connections pause sap --because "month end"
    """
    with_hub(ctx, lambda hub: hub.pause(name, reason=because, actor=who()))
    say(f"✓ {name} is paused; notices are still taken, their runs wait")


@connections.command()
def resume(ctx: typer.Context, name: str) -> None:
    """Take up again what waited for a connection.

    Example: b1bridge connections resume sap
    """
    with_hub(ctx, lambda hub: hub.resume(name, actor=who()))
    say(f"✓ {name} is open again; what waited is queued")


def _chosen(key: str) -> Connector[Any]:
    offered = discover()
    if key not in offered:
        msg = f"there is no connector '{key}'"
        raise NeedsOperator(msg, reason="USAGE", fix=f"choose from {', '.join(sorted(offered))}")
    return offered[key]


async def _same(hub: Hub, name: str, connector: str) -> Connection | None:
    """Return the connection that is to be changed, if it is not a new one."""
    same = [one for one in await hub.connections() if one.name == name]
    if same and same[0].connector != connector:
        msg = f"{name} is a connection to {same[0].connector}"
        raise NeedsOperator(msg, reason="USAGE", fix=f"choose another name for the {connector} one")
    return same[0] if same else None


def _row(one: Connection) -> tuple[str, ...]:
    state = f"paused: {one.paused_because}" if one.paused else "open"
    settings = " ".join(
        f"{key}={value}" for key, value in one.settings.items() if value not in ("", None)
    )
    return one.name, one.connector, state, settings, ", ".join(one.secrets)
