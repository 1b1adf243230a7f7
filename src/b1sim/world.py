"""A whole Service Layer in one process, for tests: company, wire, clerk and trouble."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, Self

import httpx

from b1sim.app import create_app
from b1sim.clerk_desk import ClerkDesk
from b1sim.company.company import Company
from b1sim.odata.bearer import Iam
from b1sim.odata.wire_quirks import WireQuirks
from b1sim.quirks.clock import MovableClock
from b1sim.quirks.faults import Fault
from b1sim.quirks.outage import ConnectionLost, ConnectionNotAccepted
from b1sim.quirks.passage import Sleep
from b1sim.quirks.trouble import Trouble
from b1sim.webhooks import messenger
from b1sim.webhooks.messenger import Messenger

Clock = Callable[[], datetime]


class World:
    """A simulated company behind an in-process Service Layer.

    `transport()` shows cut connections as httpx does on a real wire: `httpx.ConnectError` when
    nobody accepts, `httpx.RemoteProtocolError` when an accepted request gets no answer. Whoever
    calls `app` without it meets `b1sim.quirks.outage.ConnectionLost` instead. `receivers` is where
    webhooks are sent, instead of the network.
    """

    base_url = "https://b1sim.test:50000"

    def __init__(  # noqa: PLR0913 - the parts of a world, each by name
        self,
        *,
        path: Path | None = None,
        seed: bool = True,
        clock: Clock | None = None,
        quirks: WireQuirks | None = None,
        control: bool = False,
        nodes: int = 1,
        sleep: Sleep = asyncio.sleep,
        iam: Iam | None = None,
        receivers: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.clock = MovableClock(clock)
        self.company = Company.open(path, seed=seed, clock=self.clock)
        self.clerk = ClerkDesk(self.company)
        self.quirks = quirks or WireQuirks()
        self.trouble = Trouble(clock=self.clock, nodes=nodes)
        connect = partial(_connect, receivers) if receivers else messenger.connect
        self.messenger = Messenger(self.company, connect, sleep)
        self.app = create_app(
            self.company,
            quirks=self.quirks,
            trouble=self.trouble,
            control=control,
            clock=self.clock,
            sleep=sleep,
            iam=iam,
            messenger=self.messenger,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the company's database."""
        self.company.close()

    def settings(self) -> dict[str, str]:
        """Tell what a client needs to log in."""
        user, password = next(iter(self.company.settings.users.items()))
        return {
            "url": self.base_url,
            "company_db": self.company.settings.name,
            "user": user,
            "password": password,
        }

    def transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport for an httpx client; each client needs its own."""
        return WireTransport(self.app)

    # -- trouble -----------------------------------------------------------------------------
    def lose_reply(
        self, resource: str = "", *, method: str = "WRITE", nth: int = 1, times: int = 1
    ) -> Fault:
        """Commit the nth matching request from now on, and lose its answer."""
        return self._arm(
            Fault("hang_up", "after", method=method, resource=resource, nth=nth, times=times)
        )

    def drop_request(
        self, resource: str = "", *, method: str = "", nth: int = 1, times: int = 1
    ) -> Fault:
        """Close the connection before the nth matching request is executed."""
        return self._arm(Fault("hang_up", method=method, resource=resource, nth=nth, times=times))

    def bad_gateway(
        self,
        resource: str = "",
        *,
        method: str = "",
        when: Literal["before", "after"] = "before",
        nth: int = 1,
        times: int = 1,
    ) -> Fault:
        """Let the balancer answer 502 in HTML, before or after the work is done."""
        return self._arm(
            Fault("bad_gateway", when, method=method, resource=resource, nth=nth, times=times)
        )

    def refuse(
        self,
        resource: str,
        code: int,
        message: str,
        *,
        status: int = HTTPStatus.BAD_REQUEST,
        method: str = "",
        times: int = 1,
    ) -> Fault:
        """Answer a matching request with any code, text and status, without doing it."""
        return self._arm(
            Fault(
                "answer",
                method=method,
                resource=resource,
                status=status,
                code=code,
                message=message,
                times=times,
            )
        )

    def slow(self, resource: str, seconds: float, *, method: str = "", times: int = 1) -> Fault:
        """Let matching requests take their time, such as a slow `Login`."""
        return self._arm(
            Fault("delay", method=method, resource=resource, seconds=seconds, times=times)
        )

    def lose_node(self, number: int = 1, *, seconds: float = 60) -> None:
        """Let a node die now; it starts again after some seconds of the world's clock."""
        self.trouble.balancer.lose(number, seconds)

    def start_node(self, number: int = 1) -> None:
        """Start a dead node at once."""
        self.trouble.balancer.node(number).start()

    def restart(self) -> None:
        """Restart the Service Layer: new fields and tables show; sessions live on (2, 5.3)."""
        self.trouble.balancer.restart()
        self.company.restart()

    async def deliver_events(self) -> None:
        """Send what webhooks wait for, as a running server does by itself."""
        await self.messenger.deliver()

    def storm_of_401(self, times: int, *, resource: str = "") -> Fault:
        """Answer the next requests as if their sessions were gone, though they are not."""
        return self._arm(Fault("session_lost", resource=resource, times=times))

    def pass_time(self, seconds: float) -> None:
        """Let time pass at once."""
        self.clock.move(seconds)

    def drop_sessions(self) -> int:
        """Forget every session."""
        return int(self.app.state.service.sessions.drop_all())

    def go_away(self, seconds: float, mode: Literal["503", "refused"] = "503") -> None:
        """Be away for some seconds of the world's clock."""
        self.trouble.outage.begin(self.clock(), seconds, mode)

    def come_back(self) -> None:
        """End an outage at once."""
        self.trouble.outage.end()

    def calm(self) -> None:
        """Disarm every fault and end any outage."""
        self.trouble.faults.clear()
        self.come_back()

    def requests(self) -> dict[str, int]:
        """Count what was asked so far, as `POST Invoices`."""
        return dict(self.trouble.faults.requests)

    def _arm(self, fault: Fault) -> Fault:
        return self.trouble.faults.arm(fault)


def _connect(receivers: httpx.AsyncBaseTransport, verify: bool) -> httpx.AsyncClient:  # noqa: FBT001 - a hook's choice
    del verify
    return httpx.AsyncClient(transport=receivers)


class WireTransport(httpx.ASGITransport):
    """Shows cut connections as the network does."""

    def __init__(self, app: Any) -> None:
        super().__init__(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; translate a cut into httpx's own exceptions."""
        try:
            return await super().handle_async_request(request)
        except ConnectionNotAccepted as error:
            msg = "All connection attempts failed"
            raise httpx.ConnectError(msg, request=request) from error
        except ConnectionLost as error:
            msg = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(msg, request=request) from error
