"""Several ways in at once: one session cannot use more than one node (sap-service-layer.md 10)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from b1bridge.connectors.sap_b1.client.access import Access
from b1bridge.connectors.sap_b1.client.cookies import SavedSession
from b1bridge.errors import BridgeError

# So many calls in flight in each session make it worth a login, 3 to 8 s (2), to open another.
BUSY = 2
# After a refused login, for want of licences perhaps, no other session is tried for so long.
NO_MORE = 300.0


@dataclass(slots=True)
class _Member:
    access: Access
    in_flight: int = 0


class Pool:
    """The sessions of one event loop: a call gets the one with the least in flight.

    It opens another while all are busy, in the background, up to `most`. Should SAP refuse that
    one, the others go on.
    """

    def __init__(
        self,
        make: Callable[[], Access],
        most: int,
        *,
        resumed: Sequence[Access] = (),
        widened: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._most = most
        self._members = [_Member(access) for access in resumed] or [_Member(make())]
        self._widened = widened
        self._clock = clock
        self._growing: asyncio.Task[None] | None = None
        self._grow_from = clock()

    @contextmanager
    def lent(self) -> Iterator[Access]:
        """Lend the session with the least in flight."""
        member = min(self._members, key=lambda one: one.in_flight)
        if member.in_flight >= BUSY:
            self._grow()
        member.in_flight += 1
        try:
            yield member.access
        finally:
            member.in_flight -= 1

    def retire(self, access: Access) -> bool:
        """Drop a session that SAP does not renew, as long as there are others."""
        left = [member for member in self._members if member.access is not access]
        if not left:
            return False
        self._members = left
        self._grow_from = self._clock() + NO_MORE
        return True

    def sessions(self) -> list[Access]:
        """Return all ways in that are open or will be."""
        return [member.access for member in self._members]

    def saved(self) -> list[SavedSession]:
        """Return what another process needs to go on in these sessions."""
        found = (access.saved() for access in self.sessions())
        return [saved for saved in found if saved is not None]

    async def close(self, *, log_out: bool = True) -> None:
        """Log out everywhere, unless somebody else goes on in these sessions."""
        if self._growing is not None:
            self._growing.cancel()
            with suppress(asyncio.CancelledError):
                await self._growing
        if log_out:
            await asyncio.gather(*(access.close() for access in self.sessions()))

    def _grow(self) -> None:
        if self._growing or len(self._members) >= self._most or self._clock() < self._grow_from:
            return
        self._growing = asyncio.create_task(self._open_another(), name="SAP session")
        self._growing.add_done_callback(self._grown)

    async def _open_another(self) -> None:
        access = self._make()
        try:
            await access.headers()
        except BridgeError:
            self._grow_from = self._clock() + NO_MORE
            return
        except asyncio.CancelledError:
            await access.close()
            raise
        self._members.append(_Member(access))
        self._widened()

    def _grown(self, _task: asyncio.Task[None]) -> None:
        self._growing = None
