"""`b1bridge secrets`: the key that seals the secrets of connections."""

from __future__ import annotations

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import counted, say
from b1bridge.cli.session import with_hub

secrets = typer.Typer(help="Secrets of connections are sealed with a key.", no_args_is_help=True)


@secrets.callback()
def sealing() -> None:
    """Secrets of connections are sealed with the key file in the home, or B1BRIDGE_SECRET_KEY."""


@secrets.command("rotate")
def rotate(ctx: typer.Context) -> None:
    """Seal every secret again with the newest key.

    Set B1BRIDGE_SECRET_KEY to "new,old", rotate, then set it to the new key alone.

    Example: b1bridge secrets rotate
    """
    number = with_hub(ctx, Hub.rotate_secrets)
    say(f"✓ secrets of {counted(number, 'connection')} sealed with the newest key")
