"""An HTTP door to the clerk's verbs, so that another process can drive the company."""

from __future__ import annotations

import dataclasses
import json
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .answers import answer
from .clerk import Clerk, verbs_of
from .clocks import MovableClock
from .company import Company
from .ledger import Ledger
from .oauth import OAuth
from .postman import Postman


class World(Protocol):
    """What stands behind the door."""

    company: Company
    ledger: Ledger
    oauth: OAuth
    postman: Postman


class Control:
    """Lets a test process work in the app, deliver webhooks and look at the truth."""

    def __init__(self, clerk: Clerk, world: World) -> None:
        self._clerk = clerk
        self._verbs = verbs_of(clerk)
        self._world = world

    def routes(self) -> list[Route]:
        """Return the control routes."""
        return [
            Route("/control/state", self._state),
            Route("/control/deliver", self._deliver, methods=["POST"]),
            Route("/control/bulk", self._bulk, methods=["POST"]),
            Route("/control/clock", self._clock, methods=["POST"]),
            Route("/control/install", self._install, methods=["POST"]),
            Route("/control/ledger", self._ledger),
            Route("/control/{verb}", self._act, methods=["POST"]),
        ]

    async def _act(self, request: Request) -> Response:
        verb = request.path_params["verb"]
        if verb not in self._verbs:
            return answer({"error": f"no verb {verb}", "verbs": sorted(self._verbs)}, 404)
        return answer({"result": self._verbs[verb](**json.loads(await request.body() or b"{}"))})

    async def _bulk(self, request: Request) -> Response:
        """Do many things in one request: a list of [verb, arguments]."""
        acts = json.loads(await request.body())
        return answer({"results": [self._verbs[verb](**arguments) for verb, arguments in acts]})

    async def _deliver(self, request: Request) -> Response:
        report = await self._world.postman.deliver(**json.loads(await request.body()))
        return answer(dataclasses.asdict(report))

    async def _clock(self, request: Request) -> Response:
        """Move the clock by so many seconds."""
        clock = self._world.company.clock
        if not isinstance(clock, MovableClock):
            return answer({"error": "this world has a clock of its own; move that"}, 409)
        clock.move(**json.loads(await request.body()))
        return answer({"now": clock().isoformat()})

    async def _install(self, _request: Request) -> Response:
        """Install the app, as a customer does in the marketplace; return what opens it."""
        app = self._world.oauth
        return answer(
            {
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "refresh_token": app.install(),
            }
        )

    async def _ledger(self, _request: Request) -> Response:
        """Tell what every day has cost, and who was refused."""
        ledger = self._world.ledger
        return answer(
            {
                "daily": ledger.daily,
                "spent": ledger.spent,
                "requests": dict(ledger.requests),
                "refused": dict(ledger.refused),
                "writes": len(self._world.company.changes),
            }
        )

    async def _state(self, _request: Request) -> Response:
        company = self._clerk.company
        rows = {name: list(table.values()) for name, table in company.rows.items()}
        return answer(
            {
                **rows,
                "lines": list(company.lines.values()),
                "notes": list(company.notes.values()),
                "outbox": len(company.outbox),
                "changes": len(company.changes),
            }
        )
