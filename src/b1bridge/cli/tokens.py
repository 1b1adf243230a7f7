"""`b1bridge tokens`: who may speak to the API, and for what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import AsJson, say, say_json, say_table, warn
from b1bridge.cli.session import who, with_hub
from b1bridge.sdk.tokens import Scope, Token

tokens = typer.Typer(help="Who may speak to the API, and for what.", no_args_is_help=True)


@tokens.callback()
def speaking() -> None:
    """Give out tokens to clients of the API, list them, and revoke them."""


@tokens.command("create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Who will use it, e.g. webshop; the trail names it.")],
    connection: Annotated[
        str, typer.Option("--for", help="The connection (to rest) it speaks for.")
    ],
    scopes: Annotated[
        list[str],
        typer.Option("--scope", metavar="SCOPE", help=f"What it may do: {', '.join(Scope)}."),
    ],
    days: Annotated[
        int | None,
        typer.Option(min=1, max=36500, help="How long it lasts; without, until it is revoked."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Give out a token and show it, this once, on standard output.

    The hub keeps only a digest of it: a token that is lost is replaced, not found again.

    Example: b1bridge tokens create webshop --for api --scope orders:write --scope orders:read
    """
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)

    async def work(hub: Hub) -> tuple[Token, str]:
        return await hub.tokens.create(
            name, connection=connection, scopes=scopes, expires_at=expires_at, actor=who()
        )

    token, text = with_hub(ctx, work)
    if as_json:
        say_json({"token": text, "id": token.id, "name": name, "expires_at": expires_at})
        return
    say(text)
    until = "until it is revoked" if days is None else f"for {days} days"
    warn(f"✓ {name} may speak for {connection} {until}: {', '.join(sorted(token.scopes))}", "green")
    warn("Keep the text above now: it is shown this once.")


@tokens.command("list")
def list_tokens(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """List tokens, those that ended too; never their texts.

    Example: b1bridge tokens list
    """
    found = with_hub(ctx, lambda hub: hub.tokens.list())
    if as_json:
        say_json(found)
    elif found:
        now = datetime.now(UTC)
        columns = ("name", "id", "connection", "state", "last used", "scopes")
        say_table(columns, (_row(one, now) for one in found))
    else:
        say("No token yet. Next: b1bridge tokens create NAME --for CONNECTION --scope SCOPE")


@tokens.command("revoke")
def revoke(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="The token's name, or its id.")]
) -> None:
    """End a token; a running hub turns its bearer away within two seconds.

    Example: b1bridge tokens revoke webshop
    """
    token = with_hub(ctx, lambda hub: hub.tokens.revoke(name, actor=who()))
    say(f"✓ {token.name} ({token.id}) is revoked")


def _row(one: Token, now: datetime) -> tuple[str, ...]:
    used = "never" if one.last_used_at is None else f"{one.last_used_at:%Y-%m-%d %H:%M}"
    return one.name, one.id, one.connection, _state(one, now), used, " ".join(sorted(one.scopes))


def _state(one: Token, now: datetime) -> str:
    if one.revoked_at is not None:
        return f"revoked {one.revoked_at:%Y-%m-%d}"
    if one.expires_at is None:
        return "good"
    return f"{'good until' if one.expires_at > now else 'ended'} {one.expires_at:%Y-%m-%d %H:%M}"
