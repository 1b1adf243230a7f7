"""The hub of a demo, in processes of its own, as `b1bridge serve` and `worker` start it."""

from __future__ import annotations

from b1bridge.demo.processes import Child, Family
from b1bridge.demo.settings import DemoSettings, Places


async def start_hub(
    family: Family, settings: DemoSettings, places: Places, name: str = "hub"
) -> Child:
    """Start the hub with its inbound door and wait until that is open."""
    what = ["serve", "--port", str(places.hub_port), "--concurrency", str(settings.concurrency)]
    hub = family.start(name, "b1bridge.cli", [*_where(settings, places), *what])
    await hub.ready(places.hub_port)
    return hub


def start_workers(family: Family, settings: DemoSettings, places: Places) -> list[Child]:
    """Start as many workers beside it as the demo wants."""
    names = [f"worker {number}" for number in range(1, settings.workers + 1)]
    return [
        family.start(
            name,
            "b1bridge.cli",
            [
                *_where(settings, places),
                "worker",
                "--executor",
                name.replace(" ", "-"),
                "--concurrency",
                str(settings.concurrency),
            ],
        )
        for name in names
    ]


def _where(settings: DemoSettings, places: Places) -> list[str]:
    database = ["--database-url", settings.database_url] if settings.database_url else []
    return ["--home", str(places.home), *database]
