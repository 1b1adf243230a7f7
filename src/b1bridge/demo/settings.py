"""What every demo is asked to do, and where its parts live."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from b1bridge.demo.processes import free_port

BOOKS = "sap"
SEED = 20261121


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """The options that all demos have.

    `count` is how much is sold, `away_seconds` how long SAP is away once, `lost_notices` the
    share of webhooks that never arrive and must be found by polling. `workers` work runs off
    beside the hub.
    """

    folder: Path
    count: int = 300
    seed: int = SEED
    away_seconds: float = 15.0
    lost_notices: float = 0.03
    copies: int = 2
    concurrency: int = 8
    workers: int = 0
    latency: str = "none"
    database_url: str | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Ports and files of one demo; `front_port` is where its shop or CRM answers."""

    folder: Path
    sap_port: int = field(default_factory=free_port)
    front_port: int = field(default_factory=free_port)
    hub_port: int = field(default_factory=free_port)

    @property
    def home(self) -> Path:
        """The hub's home."""
        return self.folder / "hub"

    @property
    def company(self) -> Path:
        """The file of the simulated company."""
        return self.folder / "company.db"

    @property
    def certificate(self) -> Path:
        """The self-signed certificate that b1sim shows."""
        return self.folder / "sap.pem"

    @property
    def sap_url(self) -> str:
        """Where the Service Layer answers."""
        return f"https://127.0.0.1:{self.sap_port}"

    @property
    def front_url(self) -> str:
        """Where the shop or the CRM answers."""
        return f"http://127.0.0.1:{self.front_port}"

    @property
    def hub_url(self) -> str:
        """Where the hub takes notices."""
        return f"http://127.0.0.1:{self.hub_port}"
