"""Times as Pipedrive writes them: RFC 3339 in v2, zoneless in v1 (pipedrive-whatsapp.md 1.4)."""

from __future__ import annotations

from datetime import UTC, datetime

from .answers import Refused


def v2_time(moment: datetime) -> str:
    """Write a v2 time, to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def v1_time(moment: datetime) -> str:
    """Write a v1 time, which is UTC and does not say so."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def v1_of(text: str | None) -> str | None:
    """Write a v2 time as v1 does."""
    return None if text is None else text.replace("T", " ").removesuffix("Z")


def moment_of(text: str, name: str) -> datetime:
    """Read a time of a filter; one without an offset is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise Refused(400, f"{name} is not a valid RFC3339 time") from exc
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
