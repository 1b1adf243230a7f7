"""Finds how many calls at once serve best, by measuring; knows no HTTP and no clock.

Gains end somewhere between 20 and 60 calls at once, as machines differ (sap-service-layer.md 10).
Latency alone does not tell where: it may double while throughput still grows. So the knee is
sought where it shows, in the work done per second. By Little's law that is the calls in flight
divided by how slow each has become, which needs no clock and is not fooled by short windows.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field

# In SAP's own table nobody queues yet at 20 (10).
FIRST = 20
DOUBLE = 2.0
# A doubling that brings this share of itself tells that nobody queues yet.
UNHURRIED = 0.85
# Among limits that serve about equally well, the smallest wins: others use this SAP, too.
ABOUT_EQUAL = 0.97
# The knee is found when its neighbours are this close.
CLOSE_ENOUGH = 1.06
# Throughput that falls below this share, or rises by as much, has changed and not just strayed;
# so a doubled latency halves the limit.
CHANGED = 0.7
QUIET_WINDOWS = 12
FIRST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """A limit to try; the first `settle` calls after the change still meet the old queue."""

    limit: int
    settle: int
    answers: int


@dataclass(slots=True)
class _Window:
    """What was seen of one trial: seconds spent, and what the same work takes unhurried."""

    started: int = 0
    answers: int = 0
    spent: float = 0.0
    unhurried: float = 0.0


@dataclass(slots=True)
class _Price:
    """What one kind of call costs: the mean of its first answers, and then never changed.

    Only comparisons matter, and a price that moved between two windows would spoil them.
    """

    answers: int = 0
    seconds: float = 0.0

    def learn(self, seconds: float) -> None:
        if self.answers < FIRST_ANSWERS:
            self.answers += 1
            self.seconds += (seconds - self.seconds) / self.answers


Search = Generator[Trial, float, None]
# What each limit brought, and which of these measures can be relied on.
Seen = tuple[dict[int, float], set[int]]


@dataclass(slots=True)
class Knee:
    """The limit of calls at once, between 1 and `most`; it moves as answers tell."""

    most: int
    limit: int = field(init=False)
    era: int = field(default=0, init=False)
    """Counts the changes; a call carries the era that it started in."""
    _prices: dict[str, _Price] = field(default_factory=dict, init=False)
    _search: Search = field(init=False)
    _trial: Trial = field(init=False)
    _window: _Window = field(default_factory=_Window, init=False)

    def __post_init__(self) -> None:
        """Begin where SAP's own figures say that nobody queues yet."""
        self._begin(FIRST)

    def started(self) -> tuple[int, int]:
        """Count a start; return its era and its number therein, to come back with the answer."""
        self._window.started += 1
        return self.era, self._window.started

    def answered(self, ticket: tuple[int, int], kind: str, seconds: float, *, full: bool) -> None:
        """Learn from an answer; only what ran in a full house tells of the limit."""
        price = self._prices.setdefault(kind, _Price())
        price.learn(seconds)
        era, number = ticket
        if era != self.era or number <= self._trial.settle or not full:
            return
        window = self._window
        window.answers += 1
        window.spent += seconds
        window.unhurried += price.seconds
        if window.answers >= self._trial.answers and window.spent > 0:
            self._advance(self.limit * window.unhurried / window.spent)

    def overloaded(self, ticket: tuple[int, int]) -> None:
        """Halve, once for all the calls that were in flight together, and search anew."""
        if ticket[0] == self.era:
            self._begin(self.limit // 2)

    def widened(self) -> None:
        """Search anew from here: another session has opened the way to another node."""
        self._begin(self.limit)

    def _begin(self, limit: int) -> None:
        self._search = search(max(1, min(limit, self.most)), self.most)
        self._try(next(self._search))

    def _advance(self, throughput: float) -> None:
        self._try(self._search.send(throughput))

    def _try(self, trial: Trial) -> None:
        self._trial, self._window = trial, _Window()
        self.limit, self.era = trial.limit, self.era + 1


def search(start: int, most: int) -> Search:
    """Yield limits to try and receive the throughput of each, for ever."""
    limit = start
    while True:
        climbed = yield from _climb(limit, most)
        limit = yield from _narrow(climbed, most)
        limit = yield from _hold(limit, most)


def _climb(start: int, most: int) -> Generator[Trial, float, Seen]:
    """Double while that pays well, and double twice where nobody queues yet.

    Only the first measure is taken while the house still fills, and done again if it matters.
    """
    seen, sure = dict[int, float](), set[int]()
    limit, before, step = start, 0.0, DOUBLE
    while True:
        settle = limit - round(limit / step) if before else 0
        answers = max(min(2 * limit, 6), limit // 2)  # after trouble, calls one by one take long
        seen[limit] = now = yield Trial(limit, settle, answers)
        if settle:
            sure.add(limit)
        if limit == most or now < before * math.sqrt(step):
            return seen, sure
        unhurried = before > 0 and now > before * step * UNHURRIED
        above = min(round(limit * DOUBLE * (DOUBLE if unhurried else 1)), most)
        limit, before, step = above, now, above / limit


def _narrow(climbed: Seen, most: int) -> Generator[Trial, float, int]:
    """Look around the best limit, closer and closer; what is not sure is done again."""
    seen, sure = climbed
    while True:
        best = _smallest_of_the_best(seen)
        limit = _untried(best, seen, most) if best in sure else best
        if not limit:
            return best
        seen[limit] = yield Trial(limit, settle=limit // 2, answers=max(24, limit // 2))
        sure.add(limit)


def _hold(limit: int, most: int) -> Generator[Trial, float, int]:
    """Stay, with a look around now and then; return where to climb from when things changed."""
    usual = yield _steady(limit)
    quiet = QUIET_WINDOWS
    while True:
        for _ in range(quiet):
            now = yield _steady(limit)
            if not usual * CHANGED < now < usual / CHANGED:
                return max(1, limit // 2)
        around = {limit: usual}
        for nearby in {max(1, limit * 9 // 10), min(most, limit * 11 // 10 + 1)} - {limit}:
            around[nearby] = yield _steady(nearby)
        better = _smallest_of_the_best(around)
        quiet = QUIET_WINDOWS if better == limit else 1  # on the move, keep moving
        limit, usual = better, around[better]


def _steady(limit: int) -> Trial:
    return Trial(limit, settle=limit // 2, answers=max(32, limit * 3 // 2))


def _smallest_of_the_best(seen: dict[int, float]) -> int:
    enough = max(seen.values()) * ABOUT_EQUAL
    return min(limit for limit, throughput in seen.items() if throughput >= enough)


def _untried(best: int, seen: dict[int, float], most: int) -> int:
    """Return a limit in the wider gap beside the best, or beyond an end; 0 when all are close.

    Where the best brings nearly its share more than the next below, nobody queues between them.
    """
    below = max((limit for limit in seen if limit < best), default=0)
    above = min((limit for limit in seen if limit > best), default=0)
    lower = round(math.sqrt(below * best)) if below else best // 2
    if below and seen[best] > seen[below] * best / below * UNHURRIED:
        lower = 0
    upper = round(math.sqrt(best * above)) if above else min(best * 3 // 2, most)
    apart = {limit: max(limit, best) / min(limit, best) for limit in (lower, upper) if limit}
    wide = {
        limit: ratio
        for limit, ratio in apart.items()
        if limit not in seen and ratio >= CLOSE_ENOUGH
    }
    return max(wide, key=wide.__getitem__, default=0)
