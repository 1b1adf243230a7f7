"""Posting periods: which dates take postings.

SAP keeps three windows per period: for the posting date, the due date and the document date; a
locked period is -4013, a date outside its window "Date deviates from permissible range"
(sap-service-layer.md 9.1). A company that entered periods (OFPR) is held to them; one that did not
knows months only: locked ones, a first and a last (a guess that spares the demo its calendar).
"""

from datetime import date

from b1sim.company.books import Books, Row
from b1sim.company.refusals import date_out_of_range, period_locked

POSTING, DUE, TAX = "RefDate", "DueDate", "TaxDate"
_LOCKED = ("Y", "C")


def check(books: Books, table: str, **dates: str) -> None:
    """Check dates by the names of their columns; the first is the posting date."""
    posting_field, posting_day = next(iter(dates.items()))
    period = _period(books, posting_day)
    if period is None:
        _check_months(books, table, dates)
        return
    if not period:
        raise date_out_of_range(table, posting_field)
    if period["PeriodStat"] in _LOCKED:
        raise period_locked(table, posting_field)
    for field, day in dates.items():
        window = POSTING if field == posting_field else TAX if field == TAX else DUE
        if not period[f"F_{window}"] <= day <= period[f"T_{window}"]:
            raise date_out_of_range(table, field)


def _period(books: Books, day: str) -> Row | None:
    """Find the period of a posting date; none at all: None, none for this day: an empty row."""
    sql = "SELECT * FROM OFPR WHERE ? BETWEEN F_RefDate AND T_RefDate"
    found = books.row(sql, (day,))
    if found is not None:
        return found
    return {} if books.row("SELECT 1 FROM OFPR LIMIT 1") else None


def _check_months(books: Books, table: str, dates: dict[str, str]) -> None:
    """Check months; a due date may lie in a locked one."""
    settings = books.settings
    for field, day in dates.items():
        too_early = settings.first_period and day[:7] < settings.first_period
        too_late = settings.last_period and day[:7] > settings.last_period
        if too_early or too_late:
            raise date_out_of_range(table, field)
        if day[:7] in settings.locked_periods and "Due" not in field:
            raise period_locked(table, field)


def add(
    books: Books,
    code: str,
    posting: tuple[date | str, date | str],
    *,
    due: tuple[date | str, date | str] | None = None,
    tax: tuple[date | str, date | str] | None = None,
    locked: bool = False,
) -> None:
    """Enter a posting period or change it; windows that are not given are that of posting."""
    windows = [str(day) for window in (posting, due or posting, tax or posting) for day in window]
    books.db.execute(
        "INSERT OR REPLACE INTO OFPR VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (code, code, *windows, "Y" if locked else "N"),
    )
