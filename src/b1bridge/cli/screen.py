"""What people and scripts see: plain lines, tables, ages, JSON; never colour alone."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic_core import to_json
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
_WIDTH_OF_A_FILE = 160
_UNITS = (("day", 86400), ("h", 3600), ("min", 60), ("s", 1))


def say(text: str = "", style: str = "") -> None:
    """Print a line for people; square brackets in it are text (SAP writes [INV1.ItemCode])."""
    _console(sys.stdout).print(text, style=style or None, soft_wrap=True)


def warn(text: str, style: str = "yellow") -> None:
    """Print a line beside the output, where it spoils no pipe."""
    _console(sys.stderr).print(text, style=style or None, soft_wrap=True)


def say_json(value: Any) -> None:
    """Print a value for programs; dataclasses, times and decimals included."""
    sys.stdout.write(to_json(value, indent=2).decode() + "\n")


def say_json_line(value: Any) -> None:
    """Print one value of many for programs, on a line of its own."""
    sys.stdout.write(to_json(value).decode() + "\n")


def say_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings; a heading that begins with '#' holds numbers."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 3, 0, 0))
    table.show_header = any(columns)
    for column in columns:
        table.add_column(
            column.removeprefix("#"), justify="right" if column.startswith("#") else "left"
        )
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    _console(sys.stdout).print(table)


def progress() -> Progress:
    """Return a bar for long work, on the error stream; silent where nobody watches."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=_console(sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def age(moment: datetime, now: datetime | None = None) -> str:
    """Say how long ago something was, in its largest unit: 12 min, 3 days."""
    seconds = max(0.0, ((now or datetime.now(UTC)) - moment).total_seconds())
    for unit, size in _UNITS:
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}s" if unit == "day" and number > 1 else f"{number} {unit}"
    return "now"


def moment(at: datetime | None) -> str:
    """Write a time in this machine's zone, to the second."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if at else ""


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 run, 1,204 runs, 3 entries."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def _console(stream: Any) -> Console:
    width = None if stream.isatty() else _WIDTH_OF_A_FILE
    return Console(file=stream, markup=False, highlight=False, width=width)
