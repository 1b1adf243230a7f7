"""`b1bridge demo`: from a shopper's order to proved books, with no account anywhere."""

from __future__ import annotations

import shutil
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from b1bridge.cli.screen import say
from b1bridge.cli.session import interruptible
from b1bridge.demo.shop.report import Report
from b1bridge.demo.shop.settings import ShopDemo

BOOKS_DO_NOT_TIE = 1


class Latency(StrEnum):
    """How long SAP takes to answer."""

    NONE = "none"
    PUBLISHED = "published"


_Workers = Annotated[int, typer.Option(min=0, max=16, help="Workers beside the hub's own process.")]
_Annotate = Annotated[bool, typer.Option(help="Note the invoice's number on the shop's order.")]
_Latency = Annotated[Latency, typer.Option(help="published: SAP as slow as its own table says.")]
_DatabaseUrl = Annotated[
    str | None, typer.Option(help="PostgreSQL instead of SQLite.", show_default=False)
]


def demo(  # noqa: PLR0913, PLR0917 - typer reads the options off the signature
    count: Annotated[int, typer.Option(min=1, help="How many made-up orders.")] = 300,
    orders: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Replay the UCI Online Retail file (.csv.gz)."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many orders of the file.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write the figures here, as JSON.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Other shoppers, other disorder.")] = 20261121,
    away: Annotated[float, typer.Option(min=0, help="Seconds SAP is away, once.")] = 15.0,
    lost_notices: Annotated[
        float, typer.Option(min=0, max=1, help="Share of webhooks that never arrive.")
    ] = 0.03,
    replay: Annotated[
        int, typer.Option(min=0, help="Work so many finished orders off once more.")
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

    Orders come in with doubled, shuffled and lost webhooks, SAP is away once; then both ledgers
    are compared, past the hub. Ends with 0 only if nothing is lost, doubled, or a cent apart.

    Example: b1bridge demo --orders online_retail.csv.gz --limit 5000 --report figures.json
    """
    settings = ShopDemo(
        folder=_folder(keep),
        count=count,
        retail=orders,
        limit=limit,
        seed=seed,
        away_seconds=away,
        lost_notices=lost_notices,
        latency=latency.value,
        replay=replay,
        workers=workers,
        annotate=annotate,
        database_url=database_url,
    )
    told = _tell(settings, keep=keep is not None)
    told.show(Console())
    if report is not None:
        told.write(report)
        say(f"figures in {report}")
    if keep is not None:
        say(f"look around with: b1bridge --home {keep / 'hub'} cases list")
    raise typer.Exit(0 if told.holds else BOOKS_DO_NOT_TIE)


def _tell(settings: ShopDemo, *, keep: bool) -> Report:
    # The simulators are a third of all there is to import, and no other command needs them.
    from b1bridge.demo.shop.story import tell  # noqa: PLC0415

    try:
        with _bars() as bars:
            return interruptible(tell(settings, bars))
    finally:
        if not keep:
            shutil.rmtree(settings.folder, ignore_errors=True)


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
