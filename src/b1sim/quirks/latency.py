"""How long SAP takes: its published table for 32 HANA cores and 10 of Service Layer (10)."""

from bisect import bisect_left

# Concurrent requests -> average seconds. The table starts at 20; the row for one is a guess: a
# quarter, as an idle server has no queue.
_LOADS = (1, 20, 40, 60)
_SECONDS = {
    "Orders": (1.05, 4.2, 3.2, 3.9),
    "DeliveryNotes": (2.35, 9.4, 10.1, 18.4),
    "Invoices": (1.7, 6.9, 6.3, 8.0),
}
# Not in the table: a log-in takes 3 to 8 seconds (2), other writes are taken for half an order,
# and a small read for a tenth of a second (guesses).
_LOGIN = 3.0
_OTHER_WRITE = 0.5
_READ = 0.1


def seconds(method: str, resource: str, concurrent: int) -> float:
    """Tell how long a request takes when so many are in work."""
    if resource == "Login":
        return _LOGIN
    if method == "GET":
        return _READ
    if method == "POST" and resource in _SECONDS:
        return _between(_SECONDS[resource], concurrent)
    return _OTHER_WRITE


def _between(row: tuple[float, ...], concurrent: int) -> float:
    """Interpolate in the table; beyond its end the last slope goes on, which is the knee."""
    after = min(max(bisect_left(_LOADS, concurrent), 1), len(_LOADS) - 1)
    low, high = _LOADS[after - 1], _LOADS[after]
    slope = (row[after] - row[after - 1]) / (high - low)
    return row[after - 1] + slope * (max(concurrent, 1) - low)
