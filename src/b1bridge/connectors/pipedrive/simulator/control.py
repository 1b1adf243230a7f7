"""An HTTP door to the clerk's verbs, so that another process can drive the company."""

from __future__ import annotations

import dataclasses
import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .answers import answer
from .clerk import Clerk, verbs_of
from .postman import Postman


class Control:
    """Lets a test process work in the app, deliver webhooks and look at the truth."""

    def __init__(self, clerk: Clerk, postman: Postman) -> None:
        self._clerk = clerk
        self._verbs = verbs_of(clerk)
        self._postman = postman

    def routes(self) -> list[Route]:
        """Return the control routes."""
        return [
            Route("/control/state", self._state),
            Route("/control/deliver", self._deliver, methods=["POST"]),
            Route("/control/bulk", self._bulk, methods=["POST"]),
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
        report = await self._postman.deliver(**json.loads(await request.body()))
        return answer(dataclasses.asdict(report))

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
