"""How long SAP takes: its published table for 32 HANA cores and 10 of Service Layer (10)."""

from bisect import bisect_left
from functools import lru_cache
from random import Random

# Concurrent requests -> average seconds. The table starts at 20. Below it the first row goes on
# (guess): throughput triples from 20 to 40, so at 20 nobody queues yet.
_LOADS = (1, 20, 40, 60)
_SECONDS = {
    "Orders": (4.2, 4.2, 3.2, 3.9),
    "DeliveryNotes": (9.4, 9.4, 10.1, 18.4),
    "Invoices": (6.9, 6.9, 6.3, 8.0),
}
KNEE = 40
"""Gains stop around so many requests at once (10)."""
# Recorded: good logins took 3 to 8 seconds, rejected ones 10 to 13 (2).
_ACCEPTED, _REJECTED = (3.0, 8.0), (10.0, 13.0)
# Guesses, as nobody published them: other writes take half a second and a small read a tenth of
# one up to the knee, and from there on longer in proportion, as in any queue.
_OTHER_WRITE = 0.5
_READ = 0.1
# Guess: single answers stray by a fifth around the published averages.
_STRAY = 0.2


@lru_cache(maxsize=64)
def factor_of(profile: str) -> float:
    """Read `none`, `published`, `published/100` or a factor such as `0.01`; ValueError else."""
    if profile == "none":
        return 0.0
    name, slash, divisor = profile.partition("/")
    over = float(divisor) if slash else 1.0
    factor = 1.0 if name == "published" else float(name)
    if not (0 <= factor < float("inf") and 0 < over < float("inf")):
        msg = f"no latency: {profile}"
        raise ValueError(msg)
    return factor / over


def seconds(method: str, resource: str, concurrent: float) -> float:
    """Tell how long a request takes on average when so many are in work on the whole machine."""
    if method == "POST" and resource in _SECONDS:
        return _between(_SECONDS[resource], concurrent)
    calm = _READ if method == "GET" else _OTHER_WRITE
    return calm * max(1.0, concurrent / KNEE)


def _between(row: tuple[float, ...], concurrent: float) -> float:
    """Interpolate in the table; beyond its end the last slope goes on."""
    after = min(max(bisect_left(_LOADS, concurrent), 1), len(_LOADS) - 1)
    low, high = _LOADS[after - 1], _LOADS[after]
    slope = (row[after] - row[after - 1]) / (high - low)
    return row[after - 1] + slope * (max(concurrent, 1) - low)


class Stopwatch:
    """Draws how long each request takes; the same seed draws the same times."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311  times, no secrets

    def work(self, method: str, resource: str, concurrent: float) -> float:
        """Draw the time of a request."""
        average = seconds(method, resource, concurrent)
        return average * self._random.uniform(1 - _STRAY, 1 + _STRAY)

    def login(self, *, accepted: bool) -> float:
        """Draw the time of a login; a node that logs a session in again takes it too."""
        return self._random.uniform(*(_ACCEPTED if accepted else _REJECTED))
