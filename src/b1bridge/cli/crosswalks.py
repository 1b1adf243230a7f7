"""`b1bridge crosswalk`: tables of equal codes, entered one by one or from a file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.screen import AsJson, counted, progress, say, say_json, say_table
from b1bridge.cli.session import who, with_hub
from b1bridge.errors import NeedsOperator

crosswalk = typer.Typer(
    help="Tables of equal codes: tax, warehouse, payment method.", no_args_is_help=True
)
_COLUMNS = 2


@crosswalk.command("list")
def list_crosswalks(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """List the tables and how many pairs each has.

    Example: b1bridge crosswalk list
    """
    found = with_hub(ctx, Hub.crosswalks)
    if as_json:
        say_json(found)
    elif found:
        say_table(("table", "#pairs"), found.items())
    else:
        say("No crosswalk yet. Next: b1bridge crosswalk set NAME CODE OTHER")


@crosswalk.command("show")
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The table, e.g. tax.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one table.

    Example: b1bridge crosswalk show tax
    """
    found = with_hub(ctx, lambda hub: hub.crosswalk(name))
    if as_json:
        say_json(found)
    elif found:
        say_table(("code", "is"), sorted(found.items()))
    else:
        say(f"Nothing in {name} yet. Next: b1bridge crosswalk set {name} CODE OTHER")


@crosswalk.command("set")
def enter(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The table, e.g. tax.")],
    code: Annotated[str, typer.Argument(help="What the source calls it, e.g. 20.")],
    other: Annotated[str, typer.Argument(help="What the target calls it, e.g. A20.")],
) -> None:
    """Enter or change one pair of codes.

    Example: b1bridge crosswalk set tax 20 A20
    """
    with_hub(ctx, lambda hub: hub.set_crosswalk(name, code, other, actor=who()))
    say(f"✓ {name}: '{code}' is '{other}'")


@crosswalk.command("unset")
def take_out(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The table, e.g. tax.")],
    code: Annotated[str, typer.Argument(help="What the source calls it, e.g. 20.")],
) -> None:
    """Take one pair of codes out again.

    Example: b1bridge crosswalk unset tax 20
    """
    if not with_hub(ctx, lambda hub: hub.unset_crosswalk(name, code, actor=who())):
        msg = f"'{code}' has no entry in the {name} crosswalk"
        raise NeedsOperator(msg, reason="USAGE", fix=f"see `b1bridge crosswalk show {name}`")
    say(f"✓ {name}: '{code}' is taken out")


@crosswalk.command("import")
def import_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The table, e.g. sku.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: code, other.")],
) -> None:
    """Enter the pairs of a CSV file: first column the source's code, second the target's.

    The whole file is read before anything is entered; a wrong line enters nothing.

    Example: b1bridge crosswalk import sku skus.csv
    """
    pairs = _pairs_of(file)

    async def work(hub: Hub) -> None:
        with progress() as bar:
            for code, other in bar.track(pairs, description=name):
                await hub.set_crosswalk(name, code, other, actor=who())

    with_hub(ctx, work)
    say(f"✓ {name}: {counted(len(pairs), 'pair')} entered")


def _pairs_of(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        rows = [(reader.line_num, row) for row in reader if any(row)]
    for line, row in rows:
        if len(row) != _COLUMNS or not all(cell.strip() for cell in row):
            msg = f"{file}, line {line}: two filled columns expected, not {len(row)}: {row}"
            raise NeedsOperator(msg, reason="USAGE", fix="correct the line; nothing was entered")
    pairs = [(row[0].strip(), row[1].strip()) for _, row in rows]
    return pairs[1:] if pairs[:1] == [("code", "other")] else pairs
