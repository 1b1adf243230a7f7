"""`b1sim grow`: a company file of any size, to try a client on."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from b1sim.company.company import Company
from b1sim.company.growing import Size, grow

_USUAL = Size()
_Many = Annotated[int, typer.Option(min=1)]


def grow_file(
    file: Annotated[Path, typer.Argument(help="File of the company; made when it is missing.")],
    *,
    items: _Many = _USUAL.items,
    warehouses: _Many = _USUAL.warehouses,
    price_lists: _Many = _USUAL.price_lists,
    partners: _Many = _USUAL.partners,
    lines: Annotated[
        int, typer.Option(min=0, help="Rows of orders, deliveries and invoices together.")
    ] = _USUAL.lines,
) -> None:
    """Let a company file grow to a size; what is there is kept, Ctrl-C loses nothing."""
    company = Company.open(file, seed=False)
    try:
        with Progress() as progress:
            grow(company, Size(items, warehouses, price_lists, partners, lines), _Bars(progress))
    finally:
        company.close()
    typer.echo(f"{file}: {file.stat().st_size / 1e6:,.0f} MB")


class _Bars:
    """One bar for each thing that is being made."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, wanted: int) -> None:
        if what not in self._bars:
            self._bars[what] = self._progress.add_task(what, total=wanted)
        self._progress.update(self._bars[what], completed=done)
