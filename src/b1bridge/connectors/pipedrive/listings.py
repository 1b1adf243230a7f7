"""How each directory is read: which list, which key, and since when."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import partial

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.client import Client
from b1bridge.connectors.pipedrive.directory import Directories, Directory, Entry, Listing
from b1bridge.connectors.pipedrive.fields import Fields
from b1bridge.connectors.pipedrive.operations import (
    NOTES,
    ORGANIZATIONS,
    PERSONS,
    PRODUCTS,
    Operation,
)
from b1bridge.connectors.pipedrive.wire import NOTES as NOTE_ROWS
from b1bridge.connectors.pipedrive.wire import PRODUCTS as PRODUCT_ROWS
from b1bridge.connectors.pipedrive.wire import RECORDS
from b1bridge.domain.crm import CrmRecord
from b1bridge.sdk.reading import read_all

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_IDS = 100
_KEY_IN_NOTE = re.compile(r"<p>Record ([^<\s]+)</p>")


def directories_of(client: Client, fields: Fields) -> Directories:
    """Make the directories of one company; nothing is read before somebody asks."""
    organizations = _keyed(client, fields, ORGANIZATIONS["list"], CrmRecord.ORGANIZATION)
    persons = _keyed(client, fields, PERSONS["list"], CrmRecord.PERSON)
    clock = client.budget.clock
    return Directories(
        Directory("organization", organizations, clock),
        Directory("person", persons, clock),
        Directory("product", partial(_products, client), clock),
        Directory("note", partial(_notes, client), clock),
    )


def _keyed(client: Client, fields: Fields, operation: Operation, record: CrmRecord) -> Listing:
    """List records by the custom field that carries our key."""

    async def listing(since: datetime | None, ids: Sequence[str]) -> AsyncIterator[Entry]:
        code = await fields.key_code(record)
        params = {"custom_fields": code, "sort_by": "update_time"} | _only(since, ids)
        async for page in client.pages(operation, params):
            for row in read_all(RECORDS, page, system=SYSTEM, record=str(record)):
                key = "" if row.is_deleted else str(row.custom_fields.get(code) or "")
                yield Entry(str(row.id), key, row.update_time or _NEVER)

    return listing


async def _products(
    client: Client, since: datetime | None, ids: Sequence[str]
) -> AsyncIterator[Entry]:
    """Read the newest first until what is known: products have no `updated_since` (1.4)."""
    params = {"sort_by": "update_time", "sort_direction": "desc"} | _only(None, ids)
    async for page in client.pages(PRODUCTS["list"], params):
        rows = read_all(PRODUCT_ROWS, page, system=SYSTEM, record="products")
        for row in rows:
            key = "" if row.is_deleted else row.code or ""
            yield Entry(str(row.id), key, row.update_time or _NEVER)
        if since and rows and (rows[-1].update_time or _NEVER) < since:
            return


async def _notes(
    client: Client, since: datetime | None, ids: Sequence[str]
) -> AsyncIterator[Entry]:
    del ids  # v1 lists all or what was updated
    async for page in client.v1_pages(NOTES["list"], _only(since, ())):
        for row in read_all(NOTE_ROWS, page, system=SYSTEM, record="notes"):
            key = _KEY_IN_NOTE.search(row.content) if row.active_flag else None
            yield Entry(str(row.id), key.group(1) if key else "", row.update_time)


def key_line(key: str) -> str:
    """Write the line of a note by which it is found again."""
    return f"<p>Record {key}</p>"


def _only(moment: datetime | None, ids: Sequence[str]) -> dict[str, str]:
    if ids:
        return {"ids": ",".join(ids[:_MOST_IDS])}
    if moment is None:
        return {}
    return {"updated_since": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
