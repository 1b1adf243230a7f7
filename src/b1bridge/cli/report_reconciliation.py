"""`b1bridge report reconciliation`: a day or a month, compared to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import progress, say, say_table
from b1bridge.cli.session import with_hub
from b1bridge.errors import NeedsOperator
from b1bridge.reports.formats import csv_of, html_of, json_of, title_of, verdict_of
from b1bridge.reports.reconciliation import Reconciliation
from b1bridge.reports.rows import figures_sheet
from b1bridge.reports.scope import day_named, month_named
from b1bridge.reports.stories import Progress

DIFFERS = 1


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


_WRITTEN = {Format.HTML: html_of, Format.CSV: csv_of, Format.JSON: json_of}


def reconciliation(
    ctx: typer.Context,
    day: Annotated[str | None, typer.Option(help="One day, e.g. 2026-11-21.")] = None,
    month: Annotated[str | None, typer.Option(help="One month, e.g. 2026-11.")] = None,
    connection: Annotated[
        str | None, typer.Option(help="The shop; all there are when left out.")
    ] = None,
    books: Annotated[str, typer.Option(help="The books, where the syncs do not tell.")] = "",
    form: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option(help="A file, instead of the screen.")] = None,
    *,
    closely: Annotated[bool, typer.Option("--closely", help="Ask for every payment.")] = False,
) -> None:
    """Compare storefront, hub and books for a day or a month, and name every difference.

    Nothing is written to either side. The exit code is 1 when there are differences that nothing
    explains.

    Example: b1bridge report reconciliation --day 2026-11-21
    """
    since, until = days_of(day, month)
    found = with_hub(
        ctx, lambda hub: compared(hub, connection, since, until, Asked(books, closely))
    )
    if form is Format.TABLE and out is None:
        for one in found:
            _say(one)
    else:
        write = _WRITTEN.get(form, html_of)
        _write("".join(write(one) for one in found), out)
    if any(one.unexplained for one in found):
        raise typer.Exit(DIFFERS)


def days_of(day: str | None, month: str | None) -> tuple[date, date]:
    """Read the one of --day and --month that was given."""
    if bool(day) == bool(month):
        msg = "a reconciliation is of one day or of one month"
        raise NeedsOperator(msg, reason="USAGE", fix="give --day 2026-11-21 or --month 2026-11")
    return day_named(day) if day else month_named(month or "")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which books are compared, and whether the shop is asked for every single payment."""

    books: str = ""
    closely: bool = False


async def compared(
    hub: Hub, connection: str | None, since: date, until: date, asked: Asked
) -> list[Reconciliation]:
    """Compare the days of one shop or of all, with a bar for whoever watches."""
    with Progressing() as told:
        return [
            await hub.reports.reconcile(
                shop, since, until, told, books=asked.books, closely=asked.closely
            )
            for shop in await shops_of(hub, connection)
        ]


async def shops_of(hub: Hub, connection: str | None) -> list[str]:
    """Return the shop that was named, or all whose sales can be listed."""
    shops = [connection] if connection else await hub.reports.shops()
    if not shops:
        msg = "no connection can list what it sold"
        raise NeedsOperator(msg, reason="CAPABILITY", fix="connect a shop with `b1bridge connect`")
    return shops


class Progressing:
    """A bar that shows what is being read, for as long as it is."""

    def __init__(self) -> None:
        self._bar = progress()
        self._task = self._bar.add_task("reading", total=None)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self._told

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _told(self, what: str, done: int, of: int) -> None:
        self._bar.update(self._task, description=what, completed=done, total=of or None)


def _say(found: Reconciliation) -> None:
    say(title_of(found), style="bold")
    sheet = figures_sheet(found)
    say_table(sheet.columns, sheet.rows)
    for one in found.differences:
        mark = "·" if one.explained else "✗"
        off = f" ({one.off} off)" if one.off else ""
        say(f"{mark} {one.order}: {one.kind.value}{off}")
        say(f"  {one.message}")
        say(f"  explained: {one.explained}" if one.explained else f"  {one.owner}: {one.fix}")
    say(f"{'✗' if found.unexplained else '✓'} {verdict_of(found)}")


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    say(f"✓ {out}")
