"""Big reads in windows ordered by key: rows that move meanwhile can neither repeat nor hide."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from b1bridge.connectors.sap_b1.client.odata import Filter, and_, gt
from b1bridge.connectors.sap_b1.client.service_layer import NO_HEADERS, ServiceLayer


async def windows(
    service: ServiceLayer,
    entity_set: str,
    *,
    key: str,
    select: Sequence[str],
    where: Filter | None = None,
    size: int = 500,
    headers: Mapping[str, str] = NO_HEADERS,
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield windows of rows in the order of `key`; `$skip` would shift under writes (4.2)."""
    window = where
    while True:
        page = await service.rows(
            entity_set,
            select=select,
            where=window,
            order_by=key,
            page_size=size,
            headers=headers,
        )
        if page.rows:
            yield page.rows
        if not page.rows or not (page.more or len(page.rows) >= size):
            return
        beyond = gt(key, page.rows[-1][key])
        window = beyond if where is None else and_(where, beyond)
