"""Big reads in windows ordered by key: rows that move meanwhile can neither repeat nor hide."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from b1bridge.connectors.sap_b1.client.odata import Filter, Value, and_, eq, gt, or_
from b1bridge.connectors.sap_b1.client.service_layer import NO_HEADERS, ServiceLayer
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken
from b1bridge.sdk.http import TOO_MUCH


async def windows(
    service: ServiceLayer,
    entity_set: str,
    *,
    key: str | Sequence[str],
    select: Sequence[str],
    where: Filter | None = None,
    size: int = 500,
    max_pages: int | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield windows of rows in the order of `key`; `$skip` would shift under writes (4.2).

    A window that is more than we swallow is asked for again with half the rows: nobody knows
    beforehand how long documents are, and one may have a thousand rows.

    `key` must tell each row from all others; several names are a composite key. To go on
    from the last key of an earlier read, pass `beyond` as the condition. Raises ContractBroken
    when SAP makes no headway.
    """
    names = (key,) if isinstance(key, str) else tuple(key)
    chosen = list(dict.fromkeys((*names, *select)))
    last: tuple[Any, ...] = ()
    number = 0
    while True:
        try:
            page = await service.rows(
                entity_set,
                select=chosen,
                where=_window(where, names, last),
                order_by=names,
                page_size=size,
                headers=headers,
            )
        except ContractBroken as exc:
            if exc.code != TOO_MUCH or size == 1:
                raise
            size //= 2
            continue
        number += 1
        if page.rows:
            yield page.rows
        if not page.rows or number == max_pages or not (page.more or len(page.rows) >= size):
            return
        reached = tuple(page.rows[-1][name] for name in names)
        if reached == last:
            msg = f"{SYSTEM}: {entity_set} shows the window after {last} again and again"
            raise ContractBroken(msg, system=SYSTEM)
        last = reached


def beyond(names: Sequence[str], last: Sequence[Value]) -> Filter:
    """Match the keys after `last` in the order of `names`; ValueError if they do not pair up."""
    steps = [
        and_(*(eq(*pair) for pair in pairs[:-1]), gt(*pairs[-1]))
        for pairs in _beginnings(list(zip(names, last, strict=True)))
    ]
    return or_(*steps)


def _beginnings(pairs: list[tuple[str, Value]]) -> list[list[tuple[str, Value]]]:
    return [pairs[:end] for end in range(1, len(pairs) + 1)]


def _window(where: Filter | None, names: Sequence[str], last: Sequence[Value]) -> Filter | None:
    if not last:
        return where
    rest = beyond(names, last)
    return rest if where is None else and_(where, rest)
