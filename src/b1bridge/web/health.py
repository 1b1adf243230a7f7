"""What monitors ask: does it live, and does anything wait for a person."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import APIRouter

from b1bridge.bootstrap import Hub


def health(hub: Hub) -> APIRouter:
    """Make the pages for monitors; they name no record, so they need no login."""
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def alive() -> dict[str, str]:
        """Answer 200 while the process lives and its database answers, 503 otherwise."""
        await hub.counts()
        return {"status": "alive", "database": "reachable"}

    @router.get("/status")
    async def status() -> dict[str, Any]:
        """Count runs by state, paused connections and open cases by cause."""
        connections = await hub.connections()
        cases = await hub.cases()
        return {
            "counts": await hub.counts(),
            "connections": [
                {"name": c.name, "connector": c.connector, "paused": c.paused} for c in connections
            ],
            "open_cases": {
                "total": len(cases),
                "oldest": min((case.opened_at for case in cases), default=None),
                "by_reason": dict(Counter(case.reason for case in cases)),
            },
        }

    return router
