"""`b1bridge init`: the home folder, its key, its database."""

from __future__ import annotations

import typer
from sqlalchemy.engine import make_url

from b1bridge.cli.screen import say
from b1bridge.cli.session import interruptible, place_of


def init(ctx: typer.Context) -> None:
    """Create the home folder, its key and its database.

    The key seals the secrets of connections.

    Safe to repeat: what is there is kept, a database of an older version is migrated.

    Example: b1bridge --home /var/lib/b1bridge init
    """
    place = place_of(ctx)
    there = {path.name for path in place.home.glob("*")} if place.home.is_dir() else set()
    if place.home.is_dir():
        say(f"home      {place.home} was there")
    else:
        place.home.mkdir(parents=True, mode=0o700)
        say(f"home      {place.home} created, readable by you only")

    async def opened() -> None:
        async with await place.open():
            pass

    interruptible(opened())
    for path in sorted(place.home.iterdir()):
        word = "was there" if path.name in there else "created"
        say(f"{'':10}{path.name} {word}")
    if place.database_url:
        say(f"database  {make_url(place.database_url).render_as_string()} is ready")
    say("Next: b1bridge connect CONNECTOR NAME")
