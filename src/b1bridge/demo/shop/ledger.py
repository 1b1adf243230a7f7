"""Reads the shop as it is, past the hub and its connector: every order, and the stock shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

import httpx


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """What the shop says of one order."""

    id: int
    status: int
    total: Decimal
    tax: Decimal
    captured: Decimal
    refunded: Decimal = Decimal(0)


class ShopLedger:
    """The shop's own view, through the simulator's control door."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def orders(self) -> list[ShopOrder]:
        """Return every order the shop ever took."""
        state = json.loads(self._get("/control/state"), parse_float=Decimal)
        return [
            ShopOrder(
                id=row["id"],
                status=row["status_id"],
                total=Decimal(row["total_inc_tax"]),
                tax=Decimal(row["total_tax"]),
                captured=Decimal(row["captured"]),
                refunded=Decimal(row["refunded"]),
            )
            for row in state["orders"]
        ]

    def waiting_notices(self) -> int:
        """Return how many notices the shop has not got rid of yet."""
        waiting: int = json.loads(self._get("/control/state"))["outbox"]
        return waiting

    def stock(self) -> dict[str, int]:
        """Return what the shop shows per SKU, all locations together."""
        return {
            sku: sum(held.values()) for sku, held in json.loads(self._get("/control/stock")).items()
        }

    def _get(self, path: str) -> bytes:
        reply = self._http.get(path)
        reply.raise_for_status()
        return reply.content
