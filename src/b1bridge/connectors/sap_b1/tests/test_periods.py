"""Posting periods as the company entered them."""

from datetime import date

import pytest

from b1bridge.domain.periods import Window
from b1sim.company.rules import periods

pytestmark = pytest.mark.anyio


async def test_periods_tell_their_three_windows_and_whether_they_are_open(books, world):
    october, november = ("2026-10-01", "2026-10-31"), ("2026-11-01", "2026-11-30")
    periods.add(world.company.books, "2026-10", october, locked=True)
    later = ("2026-11-01", "2027-01-31")
    periods.add(world.company.books, "2026-11", november, due=later, tax=november)

    one, other = await books.periods()

    assert (one.code, one.is_open, other.code, other.is_open) == ("2026-10", False, "2026-11", True)
    assert one.posting == Window(date(2026, 10, 1), date(2026, 10, 31))
    assert other.due == Window(date(2026, 11, 1), date(2027, 1, 31))


async def test_a_company_that_entered_none_tells_none(books):
    assert await books.periods() == ()
