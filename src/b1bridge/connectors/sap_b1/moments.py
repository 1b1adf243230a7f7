"""When a record changed, where SAP tells it by stamps, by days, or by nothing but its keys.

A look tells one change of a record from another by their moments (engine/looking.py). Stamps are
taken for wall-clock times of the company's own zone (sap-service-layer.md 7). What bears a day
alone gets a moment of that day which its key makes its own, so that it is told once however often
it is read again, and the next one of the same day is told too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from b1bridge.connectors.sap_b1.client.changes import Changes, Watermark, stamp_of
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.domain.identity import Ref

# SQL writes a day without its dashes, an entity with a time behind it (sap-service-layer.md 4.3).
Day = Annotated[date, BeforeValidator(lambda said: date.fromisoformat(str(said)[:10]))]
Told = set[tuple[datetime, str]]
"""Moments, and the keys of what changed then."""
_DAY = timedelta(days=1)


def changes_of(
    service: ServiceLayer,
    entity_set: str,
    key: str,
    select: Iterable[str],
    moment: datetime,
    zone: ZoneInfo,
) -> Changes:
    """Read a set from a moment on, by its stamps."""
    since = Watermark(moment.astimezone(zone).replace(tzinfo=None))
    return Changes(service, entity_set, key, list(select), since=since, zone=zone, size=100)


def stamped(row: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    """Return the moment of a row's stamp; the earlier one of an hour that a clock shows twice."""
    at = stamp_of(row)
    return at.at.replace(tzinfo=zone) if at else None


def within(day: date, key: int, zone: ZoneInfo) -> datetime:
    """Return the moment of a day that belongs to a key: its first one, and a little for the key."""
    begin = datetime.combine(day, time.min, zone)
    return begin + timedelta(microseconds=key) % _DAY


def in_order(told: Told, connection: str, kind: str) -> list[tuple[Ref, datetime]]:
    """Return records with their moments, oldest first."""
    return [(Ref(connection, kind, key), moment) for moment, key in sorted(told)]
