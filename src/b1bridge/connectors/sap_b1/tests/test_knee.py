"""The gate finds the best number of calls by itself, in a server of the test's own making."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.knee import FIRST, Knee

FIXED = (1, 4, 8, 16, 40, 80)

# Concurrent calls -> average seconds, as SAP published them (sap-service-layer.md 10).
TABLE = {
    "Orders": ((1, 4.2), (20, 4.2), (40, 3.2), (60, 3.9)),
    "DeliveryNotes": ((1, 9.4), (20, 9.4), (40, 10.1), (60, 18.4)),
    "Invoices": ((1, 6.9), (20, 6.9), (40, 6.3), (60, 8.0)),
}


def published(kind: str, load: int) -> float:
    row = TABLE[kind]
    for (low, first), (high, second) in pairwise(row):
        if load <= high or high == row[-1][0]:
            return first + (second - first) / (high - low) * (load - low)
    raise AssertionError


def queue(cores: int) -> Callable[[str, int], float]:
    """So many at once without waiting; beyond that, everybody waits his turn."""
    return lambda _kind, load: max(1.0, load / cores)


def thrashing(_kind: str, load: int) -> float:
    """Twelve at once are fine; each more costs everybody."""
    return 1.0 if load <= 12 else (load / 12) ** 2


@dataclass
class Fixed:
    limit: int

    def started(self):
        return None

    def answered(self, ticket, kind, seconds, *, full):
        pass


@dataclass
class Server:
    """A closed loop: `clients` always want something; times stray by a fifth."""

    latency: Callable[[str, int], float]
    clients: int = 200
    kinds: tuple[str, ...] = ("Orders",)
    now: float = 0.0
    done: int = 0
    _random: Random = field(default_factory=lambda: Random(7))  # noqa: S311  times, no secrets
    _flying: list = field(default_factory=list)

    def run(self, knee, seconds: float) -> float:
        """Let time pass; return the answers per second."""
        end, before, begin = self.now + seconds, self.done, self.now
        while self.now < end:
            while len(self._flying) < min(knee.limit, self.clients):
                self._start(knee)
            self.now, _, kind, since, ticket = heapq.heappop(self._flying)
            full = len(self._flying) + 1 >= knee.limit
            self.done += 1
            knee.answered(ticket, kind, self.now - since, full=full)
        return (self.done - before) / (self.now - begin)

    def _start(self, knee) -> None:
        kind = self._random.choice(self.kinds)
        average = self.latency(kind, len(self._flying) + 1)
        takes = average * self._random.uniform(0.8, 1.2)
        order = self._random.random()
        heapq.heappush(self._flying, (self.now + takes, order, kind, self.now, knee.started()))


def best_fixed(latency, kinds, seconds):
    return max(Server(latency, kinds=kinds).run(Fixed(limit), seconds) for limit in FIXED)


@pytest.mark.parametrize(
    ("latency", "kinds"),
    [
        (published, ("Orders",)),
        (published, ("DeliveryNotes",)),
        (published, ("Invoices",)),
        (published, ("Orders", "DeliveryNotes", "Invoices")),
        (queue(1), ("Orders",)),
        (queue(4), ("Orders",)),
        (queue(16), ("Orders",)),
        (thrashing, ("Orders",)),
    ],
    ids=["orders", "deliveries", "invoices", "mixed", "1 core", "4 cores", "16 cores", "thrashing"],
)
def test_it_comes_within_five_percent_of_the_best_fixed_number(latency, kinds):
    best = best_fixed(latency, kinds, 2000)
    knee = Knee(80)
    server = Server(latency, kinds=kinds)

    server.run(knee, 500)

    assert server.run(knee, 2000) >= 0.95 * best


def test_even_the_search_costs_less_than_a_fifth():
    best = best_fixed(published, ("DeliveryNotes",), 2000)

    assert Server(published, kinds=("DeliveryNotes",)).run(Knee(80), 500) >= 0.8 * best


def test_what_nobody_gains_from_is_not_asked_for():
    knee = Knee(80)

    Server(queue(2)).run(knee, 5000)

    assert knee.limit <= 12


def test_few_clients_teach_nothing_about_the_limit():
    knee = Knee(80)

    Server(published, clients=3).run(knee, 1000)

    assert knee.limit == FIRST


def test_a_doubled_latency_halves_the_limit():
    slowness = [1.0]
    knee = Knee(80)
    server = Server(lambda kind, load: slowness[0] * queue(16)(kind, load))
    server.run(knee, 300)
    before = knee.limit

    slowness[0] = 2.5
    lowest = before
    for _ in range(60):
        server.run(knee, 2)
        lowest = min(lowest, knee.limit)

    assert lowest <= before // 2


def test_overload_halves_once_for_all_calls_in_flight_together():
    knee = Knee(80)
    tickets = [knee.started() for _ in range(FIRST)]

    for ticket in tickets:
        knee.overloaded(ticket)

    assert knee.limit == FIRST // 2


def test_a_server_in_lasting_trouble_gets_one_call_at_a_time():
    knee = Knee(80)

    for _ in range(20):
        knee.overloaded(knee.started())

    assert knee.limit == 1


def test_after_trouble_it_recovers_by_itself():
    best = best_fixed(published, ("Orders",), 2000)
    knee = Knee(80)
    server = Server(published)
    server.run(knee, 300)
    for _ in range(10):
        knee.overloaded(knee.started())

    server.run(knee, 300)

    assert server.run(knee, 1000) >= 0.95 * best


@given(st.integers(1, 200), st.lists(st.floats(0.001, 100), max_size=300))
def test_the_limit_stays_between_one_and_the_most(most, times):
    knee = Knee(most)

    for seconds in times:
        knee.answered(knee.started(), "Orders", seconds, full=True)
        assert 1 <= knee.limit <= most
