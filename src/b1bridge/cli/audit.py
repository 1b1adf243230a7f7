"""`b1bridge audit`: the whole trail, and proof that nobody changed it afterwards."""

from __future__ import annotations

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.edge import WENT_WRONG
from b1bridge.cli.screen import AsJson, counted, say, say_json, say_json_line
from b1bridge.cli.session import with_hub

audit = typer.Typer(help="The audit trail: who did what, chained by hashes.", no_args_is_help=True)


@audit.command("verify")
def verify(
    ctx: typer.Context,
    *,
    as_json: AsJson = False,
) -> None:
    """Walk the whole chain.

    Leaves with 1 at the first row that does not fit.

    Example: b1bridge audit verify
    """
    verdict = with_hub(ctx, Hub.verify_audit)
    whole = verdict.broken_at is None
    if as_json:
        say_json(verdict)
    elif whole:
        say(f"✓ {counted(verdict.rows, 'entry')}, each fits the one before", style="green")
    else:
        say(f"✗ row {verdict.broken_at} does not fit: {verdict.why}", style="red")
    if not whole:
        raise typer.Exit(WENT_WRONG)


@audit.command("export")
def export(ctx: typer.Context) -> None:
    """Write the whole trail, one JSON object a line, oldest first.

    Each line carries the hashes of its row, so that the chain can be checked elsewhere.

    Example: b1bridge audit export > trail.jsonl
    """

    async def work(hub: Hub) -> None:
        last = 0
        while rows := await hub.audit_entries(after=last):
            for row in rows:
                say_json_line(row)
            last = rows[-1].seq

    with_hub(ctx, work)
