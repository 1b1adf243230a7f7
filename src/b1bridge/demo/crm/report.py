"""The demo's last word: a table for people, a JSON file for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from b1bridge.demo.crm.proof import Check

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmReport:
    """What the demo came to; CPU seconds are by process, `seconds` is wall clock of the run."""

    checks: Sequence[Check]
    examples: Sequence[str] = ()
    seconds: float
    cpu_seconds: Mapping[str, float]
    peak_megabytes: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Every single check holds."""
        return all(check.holds for check in self.checks)

    def write(self, path: Path) -> None:
        """Write every figure, and whatever parts by name."""
        body: dict[str, Any] = {
            "holds": self.holds,
            "checks": [
                {"name": one.name, "crm": one.crm, "sap": one.sap, "apart": list(one.apart)}
                for one in self.checks
            ],
            "examples": list(self.examples),
            "figures": dict(self.figures),
            "counts": dict(self.counts),
            "seconds": round(self.seconds, 1),
            "cpu_seconds": dict(self.cpu_seconds),
            "peak_megabytes": dict(self.peak_megabytes),
        }
        path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print the proof table, and name what does not hold."""
        console.print(self._table())
        for check in (one for one in self.checks if not one.holds):
            console.print(f"✗ {check.name}", style="bold red")
            for one in check.apart[:_NAMED]:
                console.print(f"    {one}", markup=False, highlight=False)
            if len(check.apart) > _NAMED:
                console.print(f"    and {len(check.apart) - _NAMED} more")
        for one in self.examples:
            console.print(f"Sales reads: {one}", markup=False, highlight=False)
        told = ", ".join(f"{count:,} {name}" for name, count in self.figures.items())
        console.print(f"{self.seconds:.1f} s; {told}", highlight=False)
        verdict = "All of it is proved." if self.holds else "NOT ALL OF IT HOLDS."
        console.print(verdict, style="bold green" if self.holds else "bold red")

    def _table(self) -> Table:
        table = Table(title="Pipedrive against SAP", title_justify="left")
        for heading in ("", "Pipedrive", "SAP, hub", "apart"):
            table.add_column(heading, justify="right" if heading else "left")
        for check in self.checks:
            table.add_row(check.name, check.crm, check.sap, str(len(check.apart)))
        return table
