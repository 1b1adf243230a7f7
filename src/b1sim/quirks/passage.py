"""One request's way through a node: the trouble that strikes it, its time, its answer."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.types import Receive, Scope

from b1sim.company.outside import HandshakeNeeded
from b1sim.company.refusals import Refusal
from b1sim.odata.batch import NodeKilled
from b1sim.odata.reply import Reply, balancer_page
from b1sim.odata.request import Request
from b1sim.odata.service import ServiceLayer
from b1sim.odata.sessions import started_by
from b1sim.quirks.faults import Fault
from b1sim.quirks.latency import Stopwatch, factor_of
from b1sim.quirks.nodes import Node, NodeLost, route_cookie, routed_to
from b1sim.quirks.outage import hang_up
from b1sim.quirks.trouble import Trouble
from b1sim.webhooks.messenger import Messenger

# Guess: how long a node that a batch killed is away.
_RESTART_SECONDS = 30
Sleep = Callable[[float], Awaitable[None]]


class Passage:
    """Leads requests through the nodes of one Service Layer."""

    def __init__(
        self,
        service: ServiceLayer,
        trouble: Trouble,
        messenger: Messenger,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._service = service
        self._messenger = messenger
        self._trouble = trouble
        self._sleep = sleep
        self._stopwatch = Stopwatch(service.quirks.seed)
        self._lives = trouble.balancer.lives()

    async def reply(self, request: Request, scope: Scope, receive: Receive) -> Reply | None:
        """Answer through the node that the balancer chooses; None when the line was cut."""
        node = self._trouble.balancer.route(request.headers.get("cookie", ""))
        if node is None:
            return unavailable_page()
        self._learn()
        try:
            with self._trouble.faults.work(), node.work():
                reply = await self._in_node(node, request, scope, receive)
        except NodeLost:
            reply = bad_gateway_page()
        except NodeKilled:
            self._trouble.balancer.lose(node.number, _RESTART_SECONDS)
            reply = bad_gateway_page()
        if reply is not None and routed_to(request.headers.get("cookie", "")) != node.number:
            reply.headers.append(route_cookie(node))
        return reply

    def _learn(self) -> None:
        """Know what the company has of its own, once every node was started again (5.3).

        Guess: of several nodes SAP's each know more as soon as they are back; here none does
        before the last one.
        """
        lives = self._trouble.balancer.lives()
        if lives > self._lives:
            self._lives = lives
            self._service.company.restart()

    async def _in_node(
        self, node: Node, request: Request, scope: Scope, receive: Receive
    ) -> Reply | None:
        if request.headers.get("expect", "").lower() == "100-continue":
            return _empty(request)
        struck = self._trouble.faults.struck(request.verb, request.path)
        for fault in (fault for fault in struck if fault.when == "before"):
            if fault.what != "delay":
                return await self._happen(fault, node, request, scope, receive)
            await self._pass(node, fault.seconds)
        reply = await self._worked(node, request)
        for fault in (fault for fault in struck if fault.when == "after"):
            if fault.what != "delay":
                return await self._happen(fault, node, request, scope, receive)
            await self._pass(node, fault.seconds)
        return reply

    async def _worked(self, node: Node, request: Request) -> Reply:
        """Take the request's time; half of it passes after the work is committed (guess)."""
        await self._log_in_again(node, request)
        factor = factor_of(self._service.quirks.latency)
        if request.path.strip("/") == "Login":
            reply = self._service.answer(request)
            accepted = reply.status < HTTPStatus.BAD_REQUEST
            await self._pass(node, self._stopwatch.login(accepted=accepted) * factor)
            self._remember(node, reply)
            return reply
        resource = request.path.strip("/").partition("/")[0].partition("(")[0]
        # A node has its share of the machine: n requests on one of N nodes take as long as n * N
        # over all of them (guess: the table names no nodes). So one session cannot use it all.
        load = node.in_work * len(self._trouble.balancer.nodes)
        took = self._stopwatch.work(request.verb, resource, load) * factor
        await self._pass(node, took / 2)
        reply = await self._answer(request)
        await self._pass(node, took / 2)
        return reply

    async def _answer(self, request: Request) -> Reply:
        """Answer at once, or after the receiver of a webhook was greeted (6)."""
        try:
            return self._service.attempt(request)
        except HandshakeNeeded as needed:
            failure = await self._messenger.greet(needed.hook)
        outside = self._service.company.books.outside
        outside.greeted = failure
        try:
            return self._service.answer(request)
        finally:
            outside.greeted = None

    async def _log_in_again(self, node: Node, request: Request) -> None:
        """Let a node that does not know a living session log it in, silently and slowly (2)."""
        session = self._service.sessions.find(request.headers.get("cookie", ""))
        if session is None or (node.number, node.lives) in session.logged_in_on:
            return
        session.logged_in_on.add((node.number, node.lives))
        self._trouble.balancer.relogins += 1
        factor = factor_of(self._service.quirks.latency)
        await self._pass(node, self._stopwatch.login(accepted=True) * factor)

    def _remember(self, node: Node, reply: Reply) -> None:
        session = self._service.sessions.find(started_by(reply.headers))
        if session is not None:
            session.logged_in_on.add((node.number, node.lives))

    async def _pass(self, node: Node, seconds: float) -> None:
        if seconds > 0:
            await node.survives(self._sleep(seconds))

    async def _happen(
        self, fault: Fault, node: Node, request: Request, scope: Scope, receive: Receive
    ) -> Reply | None:
        match fault.what:
            case "bad_gateway":
                return bad_gateway_page()
            case "unavailable":
                return unavailable_page()
            case "empty":
                return _empty(request)
            case "node_lost":
                self._trouble.balancer.lose(node.number, fault.seconds)
                raise NodeLost
            case "answer":
                refusal = Refusal(fault.status, fault.code, fault.message)
                return self._service.refuse(request, refusal)
            case "session_lost":
                return self._service.refuse_session(request)
        await hang_up(scope, receive, accepted=fault.what != "refuse")
        return None


def bad_gateway_page() -> Reply:
    """Answer as the balancer does when a node dies under a request (3.1)."""
    sentence = "The proxy server received an invalid response. Reason: "
    return balancer_page(HTTPStatus.BAD_GATEWAY, sentence + "Error reading from remote server")


def unavailable_page() -> Reply:
    """Answer as the balancer does when no node takes the request (3.2)."""
    sentence = "The server is temporarily unable to service your request."
    return balancer_page(HTTPStatus.SERVICE_UNAVAILABLE, sentence)


def _empty(request: Request) -> Reply:
    """Answer as the balancer does to Expect: 500 with an empty body (1, 15.7)."""
    return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, b"", [request.version.header])
