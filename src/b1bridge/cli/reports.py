"""`b1bridge report`: what shop, hub and books say, compared; one file per report."""

from __future__ import annotations

import typer

from b1bridge.cli.report_budget import budget
from b1bridge.cli.report_month_end import month_end
from b1bridge.cli.report_reconciliation import reconciliation
from b1bridge.cli.report_stock import coverage, drift

report = typer.Typer(help="Compare shop, hub and books.", no_args_is_help=True)
report.command("reconciliation")(reconciliation)
report.command("month-end")(month_end)
report.command("drift")(drift)
report.command("coverage")(coverage)
report.command("budget")(budget)
