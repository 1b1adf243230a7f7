"""Serves a simulated company with its control door; `--port` says where."""

from __future__ import annotations

import argparse

import uvicorn

from .clocks import MovableClock
from .ledger import Plan
from .world import Simulator


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A Pipedrive company in memory")
    parser.add_argument("--port", type=int, default=8702)
    parser.add_argument("--currency", default="EUR")
    parser.add_argument("--plan", choices=[plan.name for plan in Plan], default="ULTIMATE")
    parser.add_argument("--seats", type=int, default=100)
    chosen = parser.parse_args()
    world = Simulator(
        currency=chosen.currency,
        plan=chosen.plan,
        seats=chosen.seats,
        clock=MovableClock(),
        base_url=f"http://127.0.0.1:{chosen.port}",
        control=True,
    )
    uvicorn.run(world.app, host="127.0.0.1", port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
