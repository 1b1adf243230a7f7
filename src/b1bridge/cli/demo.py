"""`b1bridge demo`: from a sale to proved books, with no account anywhere."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from b1bridge.cli.screen import say
from b1bridge.cli.session import interruptible
from b1bridge.demo.crm.settings import CrmDemo
from b1bridge.demo.settings import SEED
from b1bridge.demo.shop.settings import ShopDemo

DOES_NOT_HOLD = 1
_SHOP_ONLY = ("orders", "limit", "replay", "annotate")


class Front(StrEnum):
    """What stands on the other side of the hub."""

    BIGCOMMERCE = "bigcommerce"
    PIPEDRIVE = "pipedrive"


class Latency(StrEnum):
    """How long SAP takes to answer."""

    NONE = "none"
    PUBLISHED = "published"


class Told(Protocol):
    """What a demo came to."""

    @property
    def holds(self) -> bool:
        """Everything is proved."""

    def show(self, console: Console) -> None:
        """Print it for people."""

    def write(self, path: Path) -> None:
        """Write it for programs."""


_Connector = Annotated[Front, typer.Option("--connector", help="Whose story is told.")]
_Orders = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Shop: the UCI Online Retail file (.csv.gz)."),
]
_Limit = Annotated[
    int | None, typer.Option(min=1, help="Shop: at most so many orders of the file.")
]
_Report = Annotated[
    Path | None, typer.Option(dir_okay=False, help="Write the figures here, as JSON.")
]
_Away = Annotated[float | None, typer.Option(min=0, help="Seconds SAP is away, once [15, or 8].")]
_LostNotices = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Share of webhooks that never arrive [0.03, or 0.1]."),
]
_Workers = Annotated[int, typer.Option(min=0, max=16, help="Workers beside the hub's own process.")]
_Annotate = Annotated[bool, typer.Option(help="Shop: note the invoice's number on the order.")]
_Latency = Annotated[Latency, typer.Option(help="published: SAP as slow as its own table says.")]
_DatabaseUrl = Annotated[
    str | None, typer.Option(help="PostgreSQL instead of SQLite.", show_default=False)
]


def demo(  # noqa: PLR0913, PLR0917 - typer reads the options off the signature
    ctx: typer.Context,
    connector: _Connector = Front.BIGCOMMERCE,
    count: Annotated[
        int | None,
        typer.Option(min=1, help="How many made-up orders [300], or won deals [40]."),
    ] = None,
    orders: _Orders = None,
    limit: _Limit = None,
    report: _Report = None,
    seed: Annotated[int, typer.Option(help="Other shoppers, other disorder.")] = SEED,
    away: _Away = None,
    lost_notices: _LostNotices = None,
    replay: Annotated[
        int, typer.Option(min=0, help="Shop: work so many finished orders off once more.")
    ] = 50,
    workers: _Workers = 0,
    annotate: _Annotate = True,  # noqa: FBT002 - a switch on the command line
    latency: _Latency = Latency.NONE,
    database_url: _DatabaseUrl = None,
    keep: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Keep databases and logs in this new folder."),
    ] = None,
) -> None:
    """Run the whole hub against simulators and prove the books.

    A shop's orders, or with --connector pipedrive the deals of a CRM, come in with doubled,
    shuffled and lost webhooks, SAP is away once; then both sides are compared, past the hub. Ends
    with 0 only if nothing is lost, doubled, or a cent apart.

    Example: b1bridge demo --connector pipedrive --report figures.json
    """
    _refuse_foreign_options(ctx, connector)
    given = {"count": count, "away_seconds": away, "lost_notices": lost_notices}
    common: dict[str, Any] = {name: one for name, one in given.items() if one is not None}
    common |= {
        "folder": _folder(keep),
        "seed": seed,
        "workers": workers,
        "latency": latency.value,
        "database_url": database_url,
    }
    settings: ShopDemo | CrmDemo
    if connector is Front.PIPEDRIVE:
        settings = CrmDemo(**common)
    else:
        settings = ShopDemo(retail=orders, limit=limit, replay=replay, annotate=annotate, **common)
    told = _tell(settings, keep=keep is not None)
    told.show(Console())
    if report is not None:
        told.write(report)
        say(f"figures in {report}")
    if keep is not None:
        say(f"look around with: b1bridge --home {keep / 'hub'} cases list")
    raise typer.Exit(0 if told.holds else DOES_NOT_HOLD)


def _refuse_foreign_options(ctx: typer.Context, connector: Front) -> None:
    """Say that an option means nothing here, rather than leave it unheard."""
    for name in _SHOP_ONLY if connector is not Front.BIGCOMMERCE else ():
        source = ctx.get_parameter_source(name)
        if source is not None and source.name != "DEFAULT":
            msg = f"belongs to the shop's demo; {connector} has nothing of the kind"
            raise typer.BadParameter(msg, param_hint=f"--{name}")


def _tell(settings: ShopDemo | CrmDemo, *, keep: bool) -> Told:
    try:
        with _bars() as bars:
            return interruptible(_story(settings, bars))
    finally:
        if not keep:
            shutil.rmtree(settings.folder, ignore_errors=True)


def _story(settings: ShopDemo | CrmDemo, bars: Progress) -> Coroutine[Any, Any, Told]:
    # The simulators are a third of all there is to import, and no other command needs them.
    if isinstance(settings, CrmDemo):
        from b1bridge.demo.crm import story as sales  # noqa: PLC0415

        return sales.tell(settings, bars)
    from b1bridge.demo.shop import story as shop  # noqa: PLC0415

    return shop.tell(settings, bars)


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="b1bridge-demo-"))
    keep.mkdir(parents=True, exist_ok=False)
    return keep


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr),
    )
