"""`b1bridge report drift` and `report coverage`: stock and SKUs of shop and books, compared."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import counted, say, say_json, say_table
from b1bridge.cli.session import with_hub
from b1bridge.domain.coverage import Covered
from b1bridge.domain.drift import Drift

DIFFERS = 1


class Format(StrEnum):
    """How a list is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Chosen = Annotated[str, typer.Option("--sync", help="The stock sync, where there are several.")]
Form = Annotated[Format, typer.Option("--format", help="How it is written.")]


def drift(ctx: typer.Context, sync: Chosen = "", form: Form = Format.TABLE) -> None:
    """List where the shop shows other stock than the books promise, each with its cause.

    What costs most comes first: units that differ times units sold a day. Nothing is written.

    Example: b1bridge report drift --format csv
    """

    async def work(hub: Hub) -> list[Drift]:
        return await hub.stock_reports.drift(sync)

    found = with_hub(ctx, work)
    columns = ("SKU", "location", "#shows", "#should", "#units off", "#a day", "cause", "facts")
    rows = [
        (d.sku, d.location, d.shows, d.wanted, _n(d.off), _n(d.per_day), d.cause.value, d.told)
        for d in found
    ]
    _write(form, columns, rows, found, f"{counted(len(found), 'difference')} in stock")


def coverage(ctx: typer.Context, sync: Chosen = "", form: Form = Format.TABLE) -> None:
    """List SKUs without an item, items without a SKU, and items that need attention.

    The exit code is 1 while anything would keep an order from being posted.

    Example: b1bridge report coverage
    """

    async def work(hub: Hub) -> list[Covered]:
        return await hub.stock_reports.coverage(sync)

    found = with_hub(ctx, work)
    columns = ("", "SKU", "item", "finding", "facts")
    rows = [("✗" if c.blocks else "·", c.sku, c.item, c.gap.value, c.told) for c in found]
    blocking = sum(one.blocks for one in found)
    _write(form, columns, rows, found, f"{counted(blocking, 'SKU')} not ready to be sold")
    if blocking:
        raise typer.Exit(DIFFERS)


def _write(
    form: Format,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    found: Sequence[Any],
    verdict: str,
) -> None:
    if form is Format.JSON:
        say_json(found)
    elif form is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow([column.removeprefix("#") or "blocks" for column in columns])
        writer.writerows(rows)
    else:
        if rows:
            say_table(columns, rows)
        say(verdict)


def _n(number: object) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
