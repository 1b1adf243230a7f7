"""What the shop's demo is asked to do besides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from b1bridge.demo.settings import DemoSettings

SHOP = "web"
WAREHOUSE = "01"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopDemo(DemoSettings):
    """`retail` is a file of real orders, of which `limit` are read; without it carts are made up.

    `replay` is how many finished orders are worked off once more at the end; `annotate` notes
    the invoice's number on the shop's order, which the shop answers with one more notice.
    """

    retail: Path | None = None
    limit: int | None = None
    annotate: bool = True
    replay: int = 50

    @property
    def currency(self) -> str:
        """The real orders are in pounds, the made-up ones in the demo company's euro."""
        return "GBP" if self.retail else "EUR"
