"""Writes the tables of a report: one page of HTML, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from html import escape

from b1bridge.reports.reconciliation import Reconciliation
from b1bridge.reports.rows import Sheet, differences_sheet, figures_sheet, plain_of, sheets_of

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem;
       color: #1b1f24; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #d9dde2;
         vertical-align: top; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.good { color: #0a6b2d; } .bad { color: #a40e26; } .scroll { overflow-x: auto; }
"""


def html_of(found: Reconciliation) -> str:
    """Write one page that needs nothing from anywhere else."""
    return page(title_of(found), verdict_of(found), sheets_of(found), good=not found.unexplained)


def csv_of(found: Reconciliation) -> str:
    """Write one line per difference, then the totals."""
    differences = differences_sheet("differences", "", found.differences)
    return "\n".join((csv_sheet(differences), csv_sheet(figures_sheet(found))))


def json_of(found: Reconciliation) -> str:
    """Write everything under keys that stay as they are."""
    return json.dumps(plain_of(found), indent=2, ensure_ascii=False) + "\n"


def title_of(found: Reconciliation) -> str:
    """Name the shop and the days."""
    scope = found.scope
    days = f"{scope.since}" if scope.since == scope.until else f"{scope.since} to {scope.until}"
    return f"Reconciliation of {scope.connection}, {days}"


def verdict_of(found: Reconciliation) -> str:
    """Say in one sentence how it ended."""
    left, explained = len(found.unexplained), len(found.differences) - len(found.unexplained)
    said = f"{left} to look at" if left else "no difference to look at"
    hub = "" if found.hub_known else "; what the hub knew is unknown"
    return f"{found.orders:,} orders compared: {said}, {explained} explained{hub}."


def csv_sheet(sheet: Sheet) -> str:
    """Write a table under its headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.removeprefix("#") for column in sheet.columns])
    writer.writerows([_no_formula(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def page(title: str, verdict: str, sheets: Iterable[Sheet], *, good: bool) -> str:
    """Write tables as one self-contained page."""
    tables = "\n".join(_table(sheet) for sheet in sheets)
    mark, tone = ("✓", "good") if good else ("✗", "bad")
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f'<p class="{tone}">{mark} {escape(verdict)}</p>\n{tables}\n</body>\n</html>\n'
    )


def _table(sheet: Sheet) -> str:
    heading = f"<h2>{escape(sheet.title)} ({len(sheet.rows)})</h2>"
    if not sheet.rows:
        return f"{heading}\n<p>None.</p>"
    names = (column.removeprefix("#") for column in sheet.columns)
    head = _row("th", names, sheet.columns)
    rows = "\n".join(_row("td", row, sheet.columns) for row in sheet.rows)
    return (
        f'{heading}\n<div class="scroll"><table>\n<thead>{head}</thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _row(tag: str, cells: Iterable[str], columns: Sequence[str]) -> str:
    marks = (' class="number"' if column.startswith("#") else "" for column in columns)
    told = (f"<{tag}{mark}>{escape(cell)}</{tag}>" for cell, mark in zip(cells, marks, strict=True))
    return f"<tr>{''.join(told)}</tr>"


def _no_formula(cell: str) -> str:
    """Keep spreadsheets from running what a shopper typed; amounts below zero stay numbers."""
    if cell.startswith(("=", "+", "@", "\t")) or (cell.startswith("-") and not _is_number(cell)):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdecimal()
