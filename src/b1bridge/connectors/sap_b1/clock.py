"""Whether SAP's stamps fit the time zone that the connection names (sap-service-layer.md 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from b1bridge.connectors.sap_b1.client.changes import changed_since, stamp_of
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.errors import BridgeError
from b1bridge.sdk.connector import Finding
from b1bridge.sdk.doctor import sick, well

_CHECK = "clock"
_STAMPED = {"Items": "ItemCode", "BusinessPartners": "CardCode", "Invoices": "DocEntry"}
_ALLOWED = timedelta(minutes=10)


async def clock(service: ServiceLayer, settings: Settings) -> Finding:
    """Look for changes yet to come: where there are some, SAP's clock is ahead of the zone.

    A zone that is itself ahead is not found out: what SAP stamped then looks like long ago.
    """
    here = datetime.now(UTC).astimezone(ZoneInfo(settings.time_zone)).replace(tzinfo=None)
    for entity_set in _STAMPED:
        ahead = await _later_than(service, entity_set, here + _ALLOWED)
        if ahead:
            said = f"SAP stamps changes with {ahead:%H:%M}, when it is {here:%H:%M} in"
            return sick(
                _CHECK,
                f"{said} {settings.time_zone}",
                "set time_zone to that of SAP's server, such as Europe/Berlin, or mend its clock",
            )
    return well(_CHECK, f"nothing is stamped later than now in {settings.time_zone}")


async def _later_than(service: ServiceLayer, entity_set: str, moment: datetime) -> datetime | None:
    """Return a stamp of that moment or later, if there is one; a set that is closed has none."""
    try:
        page = await service.rows(
            entity_set,
            select=[_STAMPED[entity_set], "UpdateDate", "UpdateTime"],
            where=changed_since(moment.date(), moment.time()),
            page_size=1,
        )
    except BridgeError:
        return None
    stamps = [at.at for row in page.rows if (at := stamp_of(row))]
    return max(stamps, default=None)
