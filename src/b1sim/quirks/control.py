"""The control API: arms faults, shows counts, lets a clerk work; absent unless asked for."""

import json
from decimal import Decimal
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from b1sim.clerk_desk import ClerkDesk
from b1sim.company.refusals import Refusal
from b1sim.odata.service import ServiceLayer
from b1sim.odata.versions import VERSIONS
from b1sim.odata.wire_quirks import WireQuirks
from b1sim.openapi.document import openapi_of
from b1sim.quirks.clock import MovableClock
from b1sim.quirks.faults import Fault
from b1sim.quirks.latency import factor_of
from b1sim.quirks.trouble import Trouble

_FAULT = TypeAdapter(Fault)
_QUIRKS = TypeAdapter(WireQuirks)
_A_YEAR = 31_536_000


class Away(BaseModel):
    """How long to be away, and how that looks."""

    seconds: float = Field(ge=0, le=_A_YEAR)
    mode: Literal["503", "refused"] = "503"


class NodeAway(BaseModel):
    """How long a node stays dead."""

    seconds: float = Field(default=60, ge=0, le=_A_YEAR)


class Passing(BaseModel):
    """How much time passes at once."""

    seconds: float = Field(ge=0, le=_A_YEAR)


def control_app(service: ServiceLayer, trouble: Trouble) -> Starlette:
    """Build the control API for one Service Layer."""
    desk = ControlDesk(service, trouble)
    return Starlette(
        routes=[
            Route("/state", desk.state, methods=["GET"]),
            Route("/faults", desk.arm, methods=["POST"]),
            Route("/faults", desk.disarm, methods=["DELETE"]),
            Route("/away", desk.go_away, methods=["POST"]),
            Route("/away", desk.come_back, methods=["DELETE"]),
            Route("/nodes/{number:int}/away", desk.lose_node, methods=["POST"]),
            Route("/nodes/{number:int}/away", desk.start_node, methods=["DELETE"]),
            Route("/restart", desk.restart, methods=["POST"]),
            Route("/sessions", desk.drop_sessions, methods=["DELETE"]),
            Route("/openapi.json", desk.describe, methods=["GET"]),
            Route("/quirks", desk.show_quirks, methods=["GET"]),
            Route("/quirks", desk.change_quirks, methods=["PATCH"]),
            Route("/clock", desk.move_clock, methods=["POST"]),
            Route("/clerk", desk.list_verbs, methods=["GET"]),
            Route("/clerk/{verb}", desk.clerk, methods=["POST"]),
        ],
        exception_handlers={
            ValidationError: _invalid,
            ValueError: _invalid,
            TypeError: _invalid,
            LookupError: _invalid,
            Refusal: _refused,
        },
    )


class ControlDesk:
    """Carries out what the control API asks."""

    def __init__(self, service: ServiceLayer, trouble: Trouble) -> None:
        self._service = service
        self._trouble = trouble
        self._clerk = ClerkDesk(service.company)

    async def state(self, request: Request) -> Response:
        """Show counts of requests, faults, sessions and documents."""
        del request
        faults = self._trouble.faults
        return JSONResponse(
            {
                "requests": dict(faults.requests),
                "happened": dict(faults.happened),
                "armed": [_FAULT.dump_python(fault) for fault in faults.armed],
                "sessions": self._service.sessions.count(),
                "nodes": self._nodes(),
                "relogins": self._trouble.balancer.relogins,
                "most_in_work": faults.most_in_work,
                "away": self._trouble.outage.lasts(self._trouble.clock()),
                "records": {
                    name: self._service.company.count(name) for name in self._service.company.sets
                },
            }
        )

    def _nodes(self) -> list[dict[str, int | bool]]:
        balancer = self._trouble.balancer
        return [
            {"number": node.number, "up": up, "in_work": node.in_work, "requests": node.requests}
            for node, up in zip(balancer.nodes, balancer.up(), strict=True)
        ]

    async def arm(self, request: Request) -> Response:
        """Arm one fault, given as the fields of `Fault`."""
        fault = self._trouble.faults.arm(_FAULT.validate_python(await request.json()))
        return JSONResponse(_FAULT.dump_python(fault), HTTPStatus.CREATED)

    async def disarm(self, request: Request) -> Response:
        """Disarm all faults."""
        del request
        self._trouble.faults.clear()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def go_away(self, request: Request) -> Response:
        """Be away for some seconds."""
        away = Away.model_validate(await request.json())
        self._trouble.outage.begin(self._trouble.clock(), away.seconds, away.mode)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def come_back(self, request: Request) -> Response:
        """End an outage at once."""
        del request
        self._trouble.outage.end()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def lose_node(self, request: Request) -> Response:
        """Let a node die for some seconds; requests that it works on are answered 502."""
        seconds = NodeAway.model_validate(await request.json()).seconds
        self._trouble.balancer.lose(request.path_params["number"], seconds)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def start_node(self, request: Request) -> Response:
        """Start a dead node at once."""
        self._trouble.balancer.node(request.path_params["number"]).start()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def restart(self, request: Request) -> Response:
        """Restart the Service Layer, so that new fields and tables show; sessions live on (2)."""
        del request
        self._trouble.balancer.restart()
        self._service.company.restart()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def drop_sessions(self, request: Request) -> Response:
        """Forget all sessions."""
        del request
        return JSONResponse({"dropped": self._service.sessions.drop_all()})

    async def show_quirks(self, request: Request) -> Response:
        """Show every switch of the wire as it stands."""
        del request
        return JSONResponse(_QUIRKS.dump_python(self._service.quirks, mode="json"))

    async def change_quirks(self, request: Request) -> Response:
        """Set the switches that are named; all of them or, where one is wrong, none."""
        sent, quirks = await request.json(), self._service.quirks
        known = _QUIRKS.dump_python(quirks, mode="json")
        if not isinstance(sent, dict) or not sent.keys() <= known.keys():
            msg = f"switches are {', '.join(known)}"
            raise LookupError(msg)
        changed = _QUIRKS.validate_python(known | sent)
        factor_of(changed.latency)
        for name in sent:
            setattr(quirks, name, getattr(changed, name))
        return await self.show_quirks(request)

    async def move_clock(self, request: Request) -> Response:
        """Let time pass at once, for sessions, tokens, nodes and the books."""
        seconds = Passing.model_validate(await request.json()).seconds
        clock = self._trouble.clock
        if not isinstance(clock, MovableClock):
            msg = "this world has a clock of its own; move that"
            raise TypeError(msg)
        clock.move(seconds)
        return JSONResponse({"now": clock().isoformat()})

    async def describe(self, request: Request) -> Response:
        """Describe the Service Layer as OpenAPI; `version` is v1 or v2."""
        version = VERSIONS[request.query_params.get("version", "v2")]
        return JSONResponse(openapi_of(self._service.company, version))

    async def list_verbs(self, request: Request) -> Response:
        """Show the clerk's verbs and what each takes."""
        del request
        return JSONResponse(self._clerk.verbs())

    async def clerk(self, request: Request) -> Response:
        """Run one verb with the body's members as its arguments; a list runs it for each."""
        sent = json.loads(await request.body() or b"{}", parse_float=Decimal)
        verb = request.path_params["verb"]
        if not isinstance(sent, list):
            return JSONResponse({"done": self._clerk.run(verb, sent)})
        with self._service.company.transaction():
            done = [self._clerk.run(verb, arguments) for arguments in sent]
        return JSONResponse({"done": done})


async def _invalid(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _refused(request: Request, error: Exception) -> Response:
    del request
    status = error.status if isinstance(error, Refusal) else HTTPStatus.BAD_REQUEST
    return JSONResponse({"error": str(error)}, status)
