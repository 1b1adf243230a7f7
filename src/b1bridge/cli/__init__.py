"""The command line, one file per group of commands."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from b1bridge.cli.audit import audit
from b1bridge.cli.cases import cases
from b1bridge.cli.connections import connect, connections
from b1bridge.cli.crosswalks import crosswalk
from b1bridge.cli.customers import customers
from b1bridge.cli.demo import demo
from b1bridge.cli.doctor import doctor
from b1bridge.cli.edge import Edge
from b1bridge.cli.flows import flows
from b1bridge.cli.init import init
from b1bridge.cli.provision import provision
from b1bridge.cli.rebuild import rebuild
from b1bridge.cli.reports import report
from b1bridge.cli.runs import runs
from b1bridge.cli.screen import say
from b1bridge.cli.secrets import secrets
from b1bridge.cli.serve import serve, worker
from b1bridge.cli.session import Place
from b1bridge.cli.status import status
from b1bridge.cli.syncs import sync
from b1bridge.cli.tokens import tokens
from b1bridge.cli.trail import trail
from b1bridge.cli.webhooks import webhooks

app = typer.Typer(
    name="b1bridge",
    cls=Edge,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(init)
app.command()(demo)
app.command()(connect)
app.add_typer(connections, name="connections")
app.command()(flows)
app.add_typer(sync, name="sync")
app.add_typer(crosswalk, name="crosswalk")
app.command()(doctor)
app.command()(provision)
app.command()(serve)
app.command()(worker)
app.command()(status)
app.add_typer(cases, name="cases")
app.add_typer(customers, name="customers")
app.add_typer(runs, name="runs")
app.add_typer(webhooks, name="webhooks")
app.add_typer(tokens, name="tokens")
app.command()(trail)
app.add_typer(report, name="report")
app.command()(rebuild)
app.add_typer(audit, name="audit")
app.add_typer(secrets, name="secrets")


def main() -> None:
    """Be the process: read the command line, do it, leave with its exit code."""
    app()


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the flag's value
    if wanted:
        say(f"b1bridge {version('b1bridge')}")
        raise typer.Exit


@app.callback()
def choose_place(
    ctx: typer.Context,
    home: Annotated[
        Path, typer.Option(envvar="B1BRIDGE_HOME", help="Folder of this installation.")
    ] = Path("b1bridge-home"),
    database_url: Annotated[
        str | None,
        typer.Option(
            envvar="B1BRIDGE_DATABASE_URL",
            help="PostgreSQL to use instead of SQLite in the home folder.",
            show_default=False,
        ),
    ] = None,
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Integration hub for SAP Business One: exactly once, to the cent, never silent.

    First steps: b1bridge init, b1bridge connect, b1bridge sync add, b1bridge serve.
    """
    ctx.obj = Place(home, database_url)
