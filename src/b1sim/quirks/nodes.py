"""The nodes behind the balancer: who gets a request, and what happens when one dies (1, 2, 10)."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Clock = Callable[[], datetime]
_ROUTE = re.compile(r'(?:^|;)\s*ROUTEID="?\.node(\d{1,4})"?\s*(?:;|$)')


class NodeLost(Exception):
    """The node died while it worked on a request; the balancer reads no answer."""


@dataclass
class Node:
    """One group of Apache processes; which sessions it has logged in is kept in the sessions."""

    number: int
    in_work: int = 0
    requests: int = 0
    lives: int = 1
    """How often it was started; a session must be logged in anew in each life."""
    down_until: datetime | None = None
    known_dead: bool = False
    """The balancer has met the dead node and sends nothing there until it is back."""
    _in_wait: set[asyncio.Future[None]] = field(default_factory=set, repr=False)

    def is_up(self, now: datetime) -> bool:
        """Tell whether it works; a node whose time has come is back."""
        if self.down_until is not None and now >= self.down_until:
            self.start()
        return self.down_until is None

    def start(self) -> None:
        """Begin a new life at once."""
        if self.down_until is not None:
            self.down_until, self.known_dead, self.lives = None, False, self.lives + 1

    def die(self, until: datetime) -> None:
        """Be gone until then; every request that it works on is lost."""
        self.down_until, self.known_dead = until, False
        for lost in list(self._in_wait):
            lost.get_loop().call_soon_threadsafe(_settle, lost)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Count a request as being in this node while it lasts."""
        self.in_work, self.requests = self.in_work + 1, self.requests + 1
        try:
            yield
        finally:
            self.in_work -= 1

    async def survives(self, wait: Awaitable[None]) -> None:
        """Wait inside the node; NodeLost when it dies meanwhile."""
        lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = asyncio.ensure_future(wait)
        self._in_wait.add(lost)
        try:
            await asyncio.wait({lost, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._in_wait.discard(lost)
            waiting.cancel()
        if lost.done():
            raise NodeLost


def _settle(lost: asyncio.Future[None]) -> None:
    if not lost.done():
        lost.set_result(None)


@dataclass
class Balancer:
    """Sends each request to the node that its ROUTEID names, else to the next one in turn."""

    clock: Clock
    nodes: list[Node]
    relogins: int = 0
    """How often a node had to log a session in again, silently and slowly (2)."""
    _turn: int = 0

    @classmethod
    def of(cls, count: int, clock: Clock) -> "Balancer":
        """Start so many nodes; ValueError for fewer than one."""
        if count < 1:
            msg = f"a Service Layer has at least one node, not {count}"
            raise ValueError(msg)
        return cls(clock, [Node(number) for number in range(1, count + 1)])

    def route(self, cookies: str) -> Node | None:
        """Choose the node of a request; None when the balancer answers 503.

        The first request that meets a dead node gets the 503, and from then on the others take
        over (guess: SAP says only that another node takes over, 2).
        """
        now = self.clock()
        node = self._named(cookies, now) or self._next(now)
        if node is None or node.is_up(now):
            return node
        node.known_dead = True
        return None

    def node(self, number: int) -> Node:
        """Find a node; LookupError when there is none of that number."""
        if not 1 <= number <= len(self.nodes):
            msg = f"node {number} does not exist"
            raise LookupError(msg)
        return self.nodes[number - 1]

    def lose(self, number: int, seconds: float) -> None:
        """Let a node die now and start again after some seconds of the clock."""
        self.node(number).die(self.clock() + timedelta(seconds=seconds))

    def restart(self) -> None:
        """Let every node die and start again at once; what they work on is lost."""
        for node in self.nodes:
            node.die(self.clock())
            node.start()

    def lives(self) -> int:
        """Tell how often every node was started at least."""
        return min(node.lives for node in self.nodes)

    def up(self) -> list[bool]:
        """Tell of each node whether it works."""
        now = self.clock()
        return [node.is_up(now) for node in self.nodes]

    def _named(self, cookies: str, now: datetime) -> Node | None:
        number = routed_to(cookies)
        if not 1 <= number <= len(self.nodes):
            return None
        node = self.nodes[number - 1]
        return node if node.is_up(now) or not node.known_dead else None

    def _next(self, now: datetime) -> Node | None:
        willing = [node for node in self.nodes if node.is_up(now) or not node.known_dead]
        if not willing:
            return None
        node = willing[self._turn % len(willing)]
        self._turn += 1
        return node


def routed_to(cookies: str) -> int:
    """Read the node that a request names; 0 when it names none."""
    found = _ROUTE.search(cookies)
    return int(found[1]) if found else 0


def route_cookie(node: Node) -> tuple[str, str]:
    """Spell the balancer's cookie as recorded: a refusal brings it, too (2).

    Replies to a client that already names their node brought none.
    """
    return ("Set-Cookie", f"ROUTEID=.node{node.number}; path=/b1s")
