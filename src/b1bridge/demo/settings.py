"""What a demo is asked to do, and where its parts live."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from b1bridge.demo.processes import free_port

SHOP = "web"
BOOKS = "sap"
WAREHOUSE = "01"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """The demo's options; `retail` is a file of real orders, without it carts are made up.

    `away_seconds` is how long SAP is away once, `lost_notices` the share of webhooks that
    never arrive and must be found by polling, `replay` how many finished orders are worked
    off once more at the end. `workers` work runs off beside the hub; `annotate` notes the
    invoice's number on the shop's order, which the shop answers with one more notice.
    """

    folder: Path
    count: int = 300
    retail: Path | None = None
    limit: int | None = None
    seed: int = 20261121
    away_seconds: float = 15.0
    lost_notices: float = 0.03
    copies: int = 2
    concurrency: int = 8
    workers: int = 0
    annotate: bool = True
    replay: int = 50
    latency: str = "none"
    database_url: str | None = None

    @property
    def currency(self) -> str:
        """The real orders are in pounds, the made-up ones in the demo company's euro."""
        return "GBP" if self.retail else "EUR"


@dataclass(frozen=True, slots=True)
class Places:
    """Ports and files of one demo."""

    folder: Path
    sap_port: int = field(default_factory=free_port)
    shop_port: int = field(default_factory=free_port)
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
    def shop_url(self) -> str:
        """Where the shop answers."""
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def hub_url(self) -> str:
        """Where the hub takes notices."""
        return f"http://127.0.0.1:{self.hub_port}"
