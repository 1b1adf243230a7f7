"""`b1bridge rebuild`: after the hub's database was lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.rebuilding import Rebuilt
from b1bridge.cli.report_reconciliation import Progressing, shops_of
from b1bridge.cli.screen import AsJson, counted, moment, say, say_json
from b1bridge.cli.session import who, with_hub
from b1bridge.reports.scope import day_named

_BACK = timedelta(days=400)


def rebuild(
    ctx: typer.Context,
    connection: Annotated[
        str | None, typer.Option(help="The shop; all there are when left out.")
    ] = None,
    books: Annotated[str, typer.Option(help="The books, where the syncs do not tell.")] = "",
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="From then on; 400 days when left out.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Restore links and watermarks from the books and the shop.

    Connections, crosswalks and syncs come first: they are nowhere else and must be entered
    again. Neither side is written to.

    Example: b1bridge rebuild --since 2026-01-01
    """
    start = day_named(since)[0] if since else datetime.now(UTC).date() - _BACK
    found = with_hub(ctx, lambda hub: _rebuilt(hub, connection, start, books))
    if as_json:
        say_json(found)
        return
    for one in found:
        say(f"✓ {one.shop}: {counted(one.links, 'link')} restored")
        say(f"  {counted(one.orders, 'order')} in the shop, {one.unlinked:,} without a document")
        say(f"  the next look begins at {moment(one.read_from)}")
    say("Next: b1bridge report reconciliation --month MONTH, then b1bridge serve")


async def _rebuilt(hub: Hub, connection: str | None, since: date, books: str) -> list[Rebuilt]:
    with Progressing() as told:
        return [
            await hub.rebuilding.rebuild(shop, since, told, who(), books=books)
            for shop in await shops_of(hub, connection)
        ]
