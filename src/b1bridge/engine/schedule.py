"""When a sync looks next: arithmetic over intervals, cron, quiet hours and time zones."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from b1bridge.engine.records import Schedule


def next_look(schedule: Schedule, after: datetime) -> datetime | None:
    """Return the first moment after `after` at which the sync looks; None for never.

    However long the hub was away, this is one moment: what was missed is not made up for.
    """
    if schedule.cron:
        due = _next_cron(schedule.cron, after.astimezone(ZoneInfo(schedule.time_zone)))
    elif schedule.every:
        due = after + timedelta(seconds=schedule.every)
    else:
        return None
    return after_quiet(schedule, due).astimezone(UTC)


def after_quiet(schedule: Schedule, moment: datetime) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into."""
    if not schedule.quiet:
        return moment
    start, end = quiet_hours(schedule.quiet)
    local = moment.astimezone(ZoneInfo(schedule.time_zone))
    clock = local.time()
    overnight = start > end
    quiet = (clock >= start or clock < end) if overnight else start <= clock < end
    if not quiet:
        return moment
    day = local.date() + timedelta(days=1 if overnight and clock >= start else 0)
    return datetime.combine(day, end, local.tzinfo).astimezone(UTC)


def quiet_hours(text: str) -> tuple[time, time]:
    """Read "22:00-06:00"; raises ValueError for anything else."""
    start, _, end = text.partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


def check(schedule: Schedule) -> None:
    """Raise ValueError with a sentence when a schedule cannot be kept."""
    if schedule.cron and not croniter.is_valid(schedule.cron):
        msg = f"'{schedule.cron}' is no cron expression (minute hour day month weekday)"
        raise ValueError(msg)
    if schedule.every is not None and schedule.every <= 0:
        msg = "an interval must be longer than 0 seconds"
        raise ValueError(msg)
    if schedule.quiet:
        quiet_hours(schedule.quiet)
    ZoneInfo(schedule.time_zone)


def _next_cron(cron: str, local: datetime) -> datetime:
    found: datetime = croniter(cron, local).get_next(datetime)
    return found
