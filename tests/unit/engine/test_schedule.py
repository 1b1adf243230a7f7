"""When a sync looks next, in every odd night of the year."""

from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.engine.records import Schedule
from b1bridge.engine.schedule import after_quiet, check, next_look

T0 = datetime(2026, 11, 2, 9, tzinfo=UTC)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_interval_counts_from_the_last_look():
    assert next_look(Schedule(every=90), T0) == T0 + timedelta(seconds=90)


def test_after_two_hours_away_there_is_one_look_to_come():
    schedule = Schedule(every=60)
    back = T0 + timedelta(hours=2)

    assert next_look(schedule, back) == back + timedelta(seconds=60)


def test_no_interval_and_no_cron_mean_never():
    assert next_look(Schedule(), T0) is None


def test_cron_is_read_in_the_time_zone_of_the_sync():
    schedule = Schedule(cron="0 6 * * *", time_zone="Europe/Berlin")

    assert next_look(schedule, utc("2026-11-01 12:00")) == utc("2026-11-02 05:00")
    assert next_look(schedule, utc("2026-07-01 12:00")) == utc("2026-07-02 04:00")


def test_a_daily_look_keeps_its_hour_when_the_clocks_change():
    schedule = Schedule(cron="30 8 * * *", time_zone="Europe/Berlin")

    before = next_look(schedule, utc("2026-03-28 00:00"))
    after = next_look(schedule, before)

    assert (before, after) == (utc("2026-03-28 07:30"), utc("2026-03-29 06:30"))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-02 21:59", "2026-11-02 21:59"),
        ("2026-11-02 22:00", "2026-11-03 06:00"),
        ("2026-11-03 05:59", "2026-11-03 06:00"),
        ("2026-11-03 06:00", "2026-11-03 06:00"),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(moment, until):
    assert after_quiet(Schedule(quiet="22:00-06:00"), utc(moment)) == utc(until)


def test_quiet_hours_within_a_day():
    schedule = Schedule(quiet="12:00-13:00", time_zone="America/New_York")

    assert after_quiet(schedule, utc("2026-07-01 16:30")) == utc("2026-07-01 17:00")
    assert after_quiet(schedule, utc("2026-07-01 12:30")) == utc("2026-07-01 12:30")


def test_quiet_hours_last_as_long_as_the_night_when_the_clocks_change():
    schedule = Schedule(quiet="22:00-06:00", time_zone="Europe/Berlin")

    spring = after_quiet(schedule, utc("2026-03-28 22:30"))
    autumn = after_quiet(schedule, utc("2026-10-24 21:30"))

    assert (spring, autumn) == (utc("2026-03-29 04:00"), utc("2026-10-25 05:00"))


def test_a_look_that_falls_into_quiet_hours_waits_for_their_end():
    schedule = Schedule(every=3600, quiet="09:30-11:00")

    assert next_look(schedule, T0) == utc("2026-11-02 11:00")


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(cron="every day"),
        Schedule(every=0),
        Schedule(every=60, quiet="at night"),
        Schedule(every=60, time_zone="Mars/Olympus"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(schedule):
    with pytest.raises((ValueError, KeyError)):
        check(schedule)


def test_a_schedule_that_can_be_kept_is_taken():
    check(Schedule(cron="*/5 * * * *", quiet="22:00-06:00", time_zone="Asia/Tokyo"))
