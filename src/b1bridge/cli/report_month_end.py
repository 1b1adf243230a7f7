"""`b1bridge report month-end`: what finance closes a month with, as one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.report_reconciliation import DIFFERS, Progressing, shops_of
from b1bridge.cli.screen import say
from b1bridge.cli.session import with_hub
from b1bridge.reports.formats import (
    csv_of,
    csv_sheet,
    html_of,
    json_of,
    page,
    title_of,
    verdict_of,
)
from b1bridge.reports.month_end import Pack
from b1bridge.reports.scope import month_named


def month_end(
    ctx: typer.Context,
    month: Annotated[str, typer.Option(help="The month, e.g. 2026-11.")],
    out: Annotated[Path, typer.Option(help="The folder to write; made when it is not there.")],
    connection: Annotated[
        str | None, typer.Option(help="The shop; all there are when left out.")
    ] = None,
    books: Annotated[str, typer.Option(help="The books, where the syncs do not tell.")] = "",
) -> None:
    """Write the month-end pack: sales, tax, payments, clearing, cases, cut-off, reconciliation.

    The exit code is 1 when the reconciliation has differences that nothing explains.

    Example: b1bridge report month-end --month 2026-11 --out november
    """
    since, until = month_named(month)

    async def work(hub: Hub) -> list[Pack]:
        with Progressing() as told:
            return [
                await hub.reports.month_end(shop, since, until, told, books=books)
                for shop in await shops_of(hub, connection)
            ]

    packs = with_hub(ctx, work)
    for pack in packs:
        _write(pack, out / pack.reconciliation.scope.connection)
    if any(pack.reconciliation.unexplained for pack in packs):
        raise typer.Exit(DIFFERS)


def _write(pack: Pack, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = pack.reconciliation
    title = title_of(found).replace("Reconciliation", "Month-end pack", 1)
    texts = {
        "month-end.html": page(title, verdict_of(found), pack.sheets, good=not found.unexplained),
        "reconciliation.html": html_of(found),
        "reconciliation.csv": csv_of(found),
        "reconciliation.json": json_of(found),
    } | {f"{sheet.name}.csv": csv_sheet(sheet) for sheet in pack.sheets}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    say(f"✓ {folder}: {len(texts)} files. {verdict_of(found)}")
