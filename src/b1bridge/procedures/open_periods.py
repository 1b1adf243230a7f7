"""Posts a record on its own day, or where finance allows it on the first day that is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from b1bridge.domain.identity import Posted
from b1bridge.domain.periods import Dated, PeriodPolicy, first_open_day, locked, moved_to
from b1bridge.errors import Rejected
from b1bridge.ports.books import PostingPeriods


async def post_in_period(
    books: PostingPeriods,
    record: Dated,
    policy: PeriodPolicy,
    post: Callable[[Dated], Awaitable[Posted]],
) -> Posted:
    """Try its own day first: periods are read only when the books refuse that.

    Raises NeedsOperator (PERIOD_LOCKED) with the name of the period.
    """
    try:
        return await post(record)
    except Rejected as refused:
        if refused.reason != "PERIOD_LOCKED":
            raise
        periods = await books.periods()
        day = first_open_day(record.posted_on, periods)
        if policy.locked_period == "case" or day is None or day == record.posted_on:
            raise locked(record.reference, record.posted_on, periods, f"{refused}") from refused
        return await post(moved_to(record, day, periods))
