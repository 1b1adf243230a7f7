"""`b1bridge sync`: flows switched on between two connections, and looking now."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from b1bridge.bootstrap import Hub
from b1bridge.cli.looking import look_now
from b1bridge.cli.questions import json_or_text, parse_pairs
from b1bridge.cli.screen import AsJson, say, say_json, say_table
from b1bridge.cli.session import with_hub
from b1bridge.engine.records import Schedule, Sync
from b1bridge.errors import NeedsOperator

_LOOK_EVERY = 300.0
"""Seconds; notices get lost, so a source is looked through even where it sends them."""


class FlowOrCommand(TyperGroup):
    """Reads `sync order-to-invoice` as `sync run order-to-invoice`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Take a first word that is no command here for the name of a flow or sync."""
        known = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if known else ["run", *args])


sync = typer.Typer(
    cls=FlowOrCommand,
    subcommand_metavar="COMMAND | FLOW [--since DATE] [--dry-run]",
    help="Switch flows on between connections, or look at one now.",
    epilog="Example: b1bridge sync order-to-invoice --since 2026-11-01 --dry-run",
    no_args_is_help=True,
)
sync.command("run")(look_now)


@sync.command()
def add(  # noqa: PLR0913 - each one is a word people type
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What you call it, e.g. eu-orders.")],
    flow: Annotated[str, typer.Option(help="One of `b1bridge flows`, e.g. order-to-invoice.")],
    source: Annotated[str, typer.Option("--from", help="The connection that is read.")],
    target: Annotated[str, typer.Option("--to", help="The connection that is written.")],
    *,
    options: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="KEY=VALUE", help="One option of the flow."),
    ] = None,
    every: Annotated[
        float | None, typer.Option(min=1, help="Look every so many seconds; 300 without --cron.")
    ] = None,
    cron: Annotated[str, typer.Option(help="Look by cron, e.g. '0 5 * * *'.")] = "",
    quiet: Annotated[str, typer.Option(help="Never look then, e.g. 22:00-06:00.")] = "",
    time_zone: Annotated[str, typer.Option(help="Zone of --cron and --quiet.")] = "UTC",
) -> None:
    """Switch a flow on between two connections.

    A name that exists is replaced.

    Example: b1bridge sync add eu --flow order-to-invoice --from shop --to sap --every 60
    """
    seconds = every if every or cron else _LOOK_EVERY
    schedule = Schedule(every=seconds, cron=cron, quiet=quiet, time_zone=time_zone)
    chosen = {
        name: json_or_text(text)
        for name, text in parse_pairs(options or (), option="--option").items()
    }

    async def work(hub: Hub) -> Sync:
        return await hub.add_sync(
            name, flow=flow, source=source, target=target, options=chosen, schedule=schedule
        )

    added = with_hub(ctx, work)
    say(f"✓ {added.name}: {added.flow} from {added.source} to {added.target}, {_when(added)}")


@sync.command("list")
def list_syncs(
    ctx: typer.Context,
    *,
    as_json: AsJson = False,
) -> None:
    """List syncs, also those switched off.

    Example: b1bridge sync list
    """
    found = with_hub(ctx, Hub.syncs)
    if as_json:
        say_json(found)
    elif found:
        say_table(("name", "flow", "from", "to", "on", "looks", "options"), map(_row, found))
    else:
        say("No sync yet. Next: b1bridge sync add NAME --flow FLOW --from SOURCE --to TARGET")


@sync.command()
def enable(ctx: typer.Context, name: str) -> None:
    """Switch a sync on.

    Example: b1bridge sync enable eu
    """
    _switch(ctx, name, on=True)


@sync.command()
def disable(ctx: typer.Context, name: str) -> None:
    """Switch a sync off; what it was told is kept.

    Example: b1bridge sync disable eu
    """
    _switch(ctx, name, on=False)


def _switch(ctx: typer.Context, name: str, *, on: bool) -> None:
    async def work(hub: Hub) -> None:
        one = replace(await _named(hub, name), enabled=on)
        await hub.add_sync(
            one.name,
            flow=one.flow,
            source=one.source,
            target=one.target,
            options=one.options,
            schedule=one.schedule,
            enabled=one.enabled,
        )

    with_hub(ctx, work)
    say(f"✓ {name} is {'on' if on else 'off'}")


async def _named(hub: Hub, name: str) -> Sync:
    found = {one.name: one for one in await hub.syncs()}
    if name not in found:
        msg = f"there is no sync '{name}'"
        fix = f"choose from {', '.join(found)}" if found else "add one with `b1bridge sync add`"
        raise NeedsOperator(msg, reason="USAGE", fix=fix)
    return found[name]


def _row(one: Sync) -> tuple[str, ...]:
    options = " ".join(f"{key}={value}" for key, value in one.options.items())
    return (
        one.name,
        one.flow,
        one.source,
        one.target,
        "yes" if one.enabled else "no",
        _when(one),
        options,
    )


def _when(one: Sync) -> str:
    schedule = one.schedule
    if schedule.every is None and not schedule.cron:
        return "on notices only"
    when = f"every {schedule.every:g} s" if schedule.every is not None else f"by '{schedule.cron}'"
    zone = f" {schedule.time_zone}" if schedule.cron or schedule.quiet else ""
    return when + (f", never {schedule.quiet}" if schedule.quiet else "") + zone
