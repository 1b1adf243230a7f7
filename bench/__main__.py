"""Measures and prints: `python -m bench [PART ...] [--json FILE]`; every part by default."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import client, crm, engine, facade, gate, latency, notices, orders, sap, scale, stock
from bench.figures import Figure, Say

PARTS: Mapping[str, Callable[[Say], Awaitable[list[Figure]]]] = {
    "notices": notices.measure,
    "facade": facade.measure,
    "orders": orders.measure,
    "latency": latency.measure,
    "stock": stock.measure,
    "engine": engine.measure,
    "sap": sap.measure,
    "scale": scale.measure,
    "client": client.measure,
    "gate": gate.measure,
    "crm": crm.measure,
}


async def measured(parts: Iterable[str], screen: Console) -> list[Figure]:
    """Measure one part after the other; say on the screen what is going on."""
    found: list[Figure] = []
    for part in parts:
        begun = time.perf_counter()
        found += await PARTS[part](partial(screen.print, f"{part}:"))
        screen.print(f"{part}: done in {time.perf_counter() - begun:.0f} s")
    return found


def table(figures: Iterable[Figure], caption: str) -> Table:
    """Lay the figures out, parts apart."""
    drawn = Table("part", "what", caption=caption, title="b1bridge")
    drawn.add_column("figure", justify="right")
    drawn.add_column("unit")
    last = ""
    for figure in figures:
        if last and figure.part != last:
            drawn.add_section()
        part = "" if figure.part == last else figure.part
        drawn.add_row(part, figure.what, _number(figure.value), figure.unit)
        last = figure.part
    return drawn


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"  # noqa: PLR2004 - three digits tell enough


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    given = parser.parse_args()
    if unknown := sorted(set(given.part) - PARTS.keys()):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    before = os.getloadavg()[0]
    figures = asyncio.run(measured(given.part or PARTS, Console(stderr=True)))
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load before": round(before, 2),
        "load after": round(os.getloadavg()[0], 2),
    }
    Console().print(table(figures, ", ".join(f"{k} {v}" for k, v in machine.items())))
    if given.json is not None:
        rows = [{name: getattr(f, name) for name in Figure.__slots__} for f in figures]
        told = {"machine": machine, "figures": rows}
        given.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
