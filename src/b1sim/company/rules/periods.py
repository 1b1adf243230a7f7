"""Posting periods: which dates take postings."""

from b1sim.company.books import Books
from b1sim.company.refusals import date_out_of_range, period_locked


def check(books: Books, table: str, **dates: str) -> None:
    """Refuse a locked month (-4013), and any date outside the fiscal window."""
    for field, day in dates.items():
        check_window(books, table, field, day)
        if day[:7] in books.settings.locked_periods:
            raise period_locked(table, field)


def check_window(books: Books, table: str, field: str, day: str) -> None:
    """Refuse a date for which the company has no period; due dates may lie in a locked one."""
    settings = books.settings
    too_early = settings.first_period and day[:7] < settings.first_period
    too_late = settings.last_period and day[:7] > settings.last_period
    if too_early or too_late:
        raise date_out_of_range(table, field)
