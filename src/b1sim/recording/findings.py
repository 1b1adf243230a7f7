"""Gathers the differences of a replay by endpoint, and knows which of them are allowed."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from b1sim.recording.differences import Difference
from b1sim.recording.exchange import Exchange


class Allowed(BaseModel):
    """One entry of a differences file; each of the three may hold `*`."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = "*"
    kind: str = "*"
    where: str = "*"
    why: str

    def covers(self, endpoint: str, difference: Difference) -> bool:
        """Tell whether a difference is one of those that are allowed."""
        pairs = [
            (endpoint, self.endpoint),
            (difference.kind, self.kind),
            (difference.where, self.where),
        ]
        return all(fnmatchcase(found, _pattern(allowed)) for found, allowed in pairs)


class UnreadableAllowances(Exception):
    """The differences file cannot be read; says why."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    allowed: list[Allowed] = []


@dataclass
class Finding:
    """One difference of one endpoint, how often it was seen, and where first."""

    endpoint: str
    difference: Difference
    first: int
    times: int = 1

    def as_json(self) -> dict[str, Any]:
        """Tell it in JSON's terms."""
        seen = {"times": self.times, "first": self.first}
        return {"endpoint": self.endpoint} | asdict(self.difference) | seen


@dataclass
class Findings:
    """All that a replay found."""

    allowed: list[Allowed] = field(default_factory=list)
    compared: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    waived: int = 0
    _found: dict[tuple[str, Difference], Finding] = field(default_factory=dict)

    def skip(self, why: str) -> None:
        """Count an exchange that was not replayed."""
        self.skipped[why] = self.skipped.get(why, 0) + 1

    def add(self, exchange: Exchange, differences: Iterable[Difference]) -> None:
        """Count what one exchange came to; the same difference twice in it counts once."""
        endpoint = endpoint_of(exchange)
        self.compared[endpoint] = self.compared.get(endpoint, 0) + 1
        for difference in dict.fromkeys(differences):
            if any(allowed.covers(endpoint, difference) for allowed in self.allowed):
                self.waived += 1
            elif known := self._found.get((endpoint, difference)):
                known.times += 1
            else:
                finding = Finding(endpoint, difference, exchange.number)
                self._found[endpoint, difference] = finding

    def all(self) -> list[Finding]:
        """Return the findings by endpoint."""
        return sorted(self._found.values(), key=lambda found: (found.endpoint, found.difference))

    def of(self, endpoint: str) -> int:
        """Count the differences of an endpoint."""
        return sum(found.endpoint == endpoint for found in self._found.values())

    def as_json(self) -> dict[str, Any]:
        """Tell everything in JSON's terms."""
        summary = [
            {"endpoint": endpoint, "compared": times, "differences": self.of(endpoint)}
            for endpoint, times in sorted(self.compared.items())
        ]
        return {
            "summary": summary,
            "differences": [found.as_json() for found in self.all()],
            "allowed": self.waived,
            "skipped": self.skipped,
        }


def endpoint_of(exchange: Exchange) -> str:
    """Name what was asked without whom: `GET /b1s/v2/Orders(…)/Cancel`."""
    path = re.sub(r"\((?:'(?:[^']|'')*'|[^()'])*\)", "(…)", exchange.path.replace("%27", "'"))
    return f"{exchange.method} {re.sub(r'/+', '/', path)}"


def read_allowed(path: Path) -> list[Allowed]:
    """Read a differences file: TOML with `[[allowed]]` entries."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).allowed
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        msg = f"{path} is no differences file: {error}"
        raise UnreadableAllowances(msg) from error


def _pattern(allowed: str) -> str:
    """Read `[*]` as it is written; only `*` alone stands for anything."""
    return allowed.replace("[", "[[]")
