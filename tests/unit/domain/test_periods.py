"""Which day takes a record whose own day does not."""

from datetime import date

from b1bridge.domain.periods import Period, Window, first_open_day, locked, period_of


def month(number, *, is_open):
    window = Window(date(2026, number, 1), date(2026, number, 28))
    return Period(f"2026-{number:02}", is_open, window, window, window)


YEAR = (month(9, is_open=True), month(10, is_open=False), month(11, is_open=True))


def test_the_first_open_day_is_never_before_the_records_own():
    assert first_open_day(date(2026, 10, 31), YEAR) == date(2026, 11, 1)
    assert first_open_day(date(2026, 9, 30), YEAR) == date(2026, 11, 1)
    assert first_open_day(date(2026, 11, 5), YEAR) == date(2026, 11, 5)
    assert first_open_day(date(2026, 12, 1), YEAR) is None


def test_a_day_between_two_periods_has_none_and_the_case_says_so():
    day = date(2026, 10, 30)

    assert period_of(day, YEAR) is None
    assert "open a posting period for 2026-10-30" in locked("shop/order/1", day, YEAR, "no").fix
