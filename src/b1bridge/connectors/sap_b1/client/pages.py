"""Reads lists page by page along SAP's own links, where no key can order the rows.

Rows that come or go meanwhile shift the pages: `windows` is the safer way wherever there is a key.
Of a link only `$skip` counts, and the original query is kept: links were seen absolute, relative,
as `List?&$skip=5`, and without the options they belong to (sap-service-layer.md 4.2).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from b1bridge.connectors.sap_b1.client.service_layer import NO_HEADERS, ServiceLayer, page_of
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken

_SKIP = re.compile(r"[?&](?:\$|%24)skip=(\d+)", re.IGNORECASE)


async def pages(
    service: ServiceLayer,
    path: str,
    *,
    size: int = 500,
    max_pages: int | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the pages of a list; `path` carries its options, percent-encoded, without `$skip`.

    Raises ContractBroken for a link that cannot be followed, or that leads back.
    """
    asked = {"Prefer": f"odata.maxpagesize={size}", **headers}
    skip: int | None = 0
    number = 0
    while skip is not None and number != max_pages:
        body = await service.get(_skipped(path, skip), headers=asked)
        page = page_of(body)
        if page.rows:
            yield page.rows
        skip, number = next_skip(body, skip), number + 1


def next_skip(body: Mapping[str, Any], skipped: int) -> int | None:
    """Return how many rows the next page skips; None on the last page."""
    link = body.get("@odata.nextLink") or body.get("odata.nextLink")
    if not link:
        return None
    found = _SKIP.search(str(link))
    if found is None or int(found[1]) <= skipped:
        msg = f"{SYSTEM}: the link to the next page leads nowhere: {str(link)[:200]}"
        raise ContractBroken(msg, system=SYSTEM, payload=str(link)[:400])
    return int(found[1])


def _skipped(path: str, skip: int) -> str:
    if not skip:
        return path
    return f"{path}{'&' if '?' in path else '?'}$skip={skip}"
