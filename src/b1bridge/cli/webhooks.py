"""`b1bridge webhooks`: does the shop still tell us what changes, and where."""

from __future__ import annotations

from typing import Annotated

import typer

from b1bridge.cli.edge import WENT_WRONG
from b1bridge.cli.screen import AsJson, counted, say, say_json
from b1bridge.cli.session import who, with_hub

webhooks = typer.Typer(help="What shops tell us of by themselves.", no_args_is_help=True)

_Connection = Annotated[str, typer.Argument(help="A connection that has a webhook_url.")]


@webhooks.command("check")
def check(ctx: typer.Context, connection: _Connection, *, as_json: AsJson = False) -> None:
    """Say what the shop tells us of at our address; changes nothing.

    Leaves with 1 when nothing is registered or something is switched off.

    Example: b1bridge webhooks check shop-eu
    """
    destination, found = with_hub(ctx, lambda hub: hub.subscriptions(connection))
    well = bool(found) and all(one.active for one in found)
    if as_json:
        say_json({"destination": destination, "well": well, "subscriptions": found})
    else:
        for one in found:
            say(f"{'✓' if one.active else '✗ off:'} {one.subject}")
        say(f"{counted(len(found), 'webhook')} to {destination}")
        if not well:
            say(f"Way out: b1bridge webhooks register {connection}")
    if not well:
        raise typer.Exit(WENT_WRONG)


@webhooks.command("register")
def register(ctx: typer.Context, connection: _Connection) -> None:
    """Register what is missing and switch on what is off; may be repeated.

    `b1bridge serve` and `worker` do the same every hour.

    Example: b1bridge webhooks register shop-eu
    """
    mended = with_hub(ctx, lambda hub: hub.register_webhooks(connection, who()))
    for subject in mended:
        say(f"✓ {subject}")
    say(f"{counted(len(mended), 'webhook')} mended" if mended else "All of them stand already.")
