"""What a measurement came to, and what a process has used (read from Linux's /proc)."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Say = Callable[[str], None]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    part: str
    what: str
    value: float
    unit: str


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of one process, user and system, its children aside."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def peak_megabytes(pid: int) -> float:
    """Return the most memory that a process has had resident."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def spread(part: str, what: str, seconds: Sequence[float]) -> list[Figure]:
    """Return median, 99th percentile and maximum of answer times, in milliseconds."""
    cents = statistics.quantiles(seconds, n=100)
    named = {"p50": cents[49], "p99": cents[98], "max": max(seconds)}
    return [Figure(part, f"{what}, {name}", took * 1000, "ms") for name, took in named.items()]
