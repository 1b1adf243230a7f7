"""Serves a simulated store with its control door; `--port` says where."""

from __future__ import annotations

import argparse

import uvicorn

from .world import Simulator


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A BigCommerce store in memory")
    parser.add_argument("--port", type=int, default=8701)
    parser.add_argument("--currency", default="EUR")
    parser.add_argument("--prices-exclude-tax", action="store_true")
    parser.add_argument("--quota", type=int, default=None, help="requests per 30 s")
    chosen = parser.parse_args()
    world = Simulator(
        currency=chosen.currency,
        prices_include_tax=not chosen.prices_exclude_tax,
        quota=chosen.quota,
        base_url=f"http://127.0.0.1:{chosen.port}",
        control=True,
    )
    uvicorn.run(world.app, host="127.0.0.1", port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
