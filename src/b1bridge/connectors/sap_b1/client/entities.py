"""One entity set: create, read, change, delete and act on its entities (sap-service-layer.md 5)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client import odata
from b1bridge.connectors.sap_b1.client.merge import Conflict, merge
from b1bridge.connectors.sap_b1.client.odata import Filter, encoded, plain_name
from b1bridge.connectors.sap_b1.client.refusals import NOT_FOUND
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer, object_of
from b1bridge.connectors.sap_b1.client.tags import Tags, tag_in
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken, Rejected, Transient

Key = str | int | Mapping[str, str | int]
CHANGED_MEANWHILE = "-2039"
QUIET = "return-no-content"
_RESOURCE = re.compile(r".*/b1s/v\d/(?P<path>[^?]+)")


@dataclass(frozen=True, slots=True)
class Record:
    """An entity as it was read; `tag` is empty where SAP showed none that can be trusted."""

    path: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    tag: str = ""


class EditConflict(Rejected):
    """Somebody else set the same fields to other values; `conflicts` names them."""

    reason = "EDIT_CONFLICT"

    def __init__(self, path: str, conflicts: Sequence[Conflict]) -> None:
        told = "; ".join(str(conflict) for conflict in conflicts)
        super().__init__(
            f"{SYSTEM}: {path} was changed meanwhile: {told}",
            system=SYSTEM,
            code=CHANGED_MEANWHILE,
            fix="decide in SAP which value is right",
        )
        self.conflicts = tuple(conflicts)


class Entities:
    """The entities of one set; keys are a number, a text, or the parts of a composite key."""

    def __init__(self, service: ServiceLayer, name: str, *, tags: Tags | None = None) -> None:
        self._service = service
        self.name = name
        self.tags = tags or Tags()

    def path(self, key: Key) -> str:
        """Address one entity relative to the service root, percent-encoded."""
        if isinstance(key, Mapping):
            return odata.key(self.name, **key)
        return odata.key(self.name, key)

    async def get(self, key: Key, *, select: Sequence[str] = ()) -> Record:
        """Read one; Rejected NOT_FOUND where there is none. `select` spares up to 36 kB."""
        return await self._read(self.path(key), select)

    async def find(self, key: Key, *, select: Sequence[str] = ()) -> Record | None:
        """Read one, if there is one."""
        try:
            return await self.get(key, select=select)
        except Rejected as exc:
            if exc.code != NOT_FOUND:
                raise
            return None

    async def value(self, key: Key, name: str) -> Any:
        """Read one simple property; None where it is null (4.1)."""
        response = await self._service.call(
            "GET", f"{self.path(key)}/{plain_name(name)}", read=True
        )
        return object_of(response, self.name).get("value")

    async def count(self, where: Filter | None = None) -> int:
        """Count the entities, all or those that match."""
        query = f"?$filter={encoded(where.text)}" if where else ""
        response = await self._service.call("GET", f"{self.name}/$count{query}", read=True)
        text = response.text.strip()
        if not text.isdecimal():
            msg = f"{SYSTEM}: {self.name}/$count is no number: {text[:40]!r}"
            raise ContractBroken(msg, system=SYSTEM, payload=text[:400])
        return int(text)

    async def create(self, fields: Mapping[str, Any], *, quiet: bool = False) -> Record:
        """Create one, not safe to repeat; `quiet` asks SAP not to send all of it back.

        Without a path it is a document that approval took aside: see `post_document`.
        """
        headers = {"Prefer": QUIET} if quiet else {}
        response = await self._service.call("POST", self.name, fields, read=False, headers=headers)
        path = resource_in(response)
        record = Record(path, object_of(response, self.name), _tag_of(response))
        self.tags.note(path, record.tag)
        return record

    async def patch(
        self,
        key: Key,
        changes: Mapping[str, Any],
        *,
        tag: str = "",
        replace_collections: bool = False,
    ) -> None:
        """Change what is named; without a tag the last writer wins, silently.

        Rows that are not sent stay, unless `replace_collections` makes the sent ones all there are.
        """
        await self._patch(self.path(key), changes, tag, replace_collections=replace_collections)

    async def update(
        self, record: Record, changes: Mapping[str, Any], *, tries: int = 3
    ) -> dict[str, Any]:
        """Change a record that was read before, keeping what others changed since.

        Returns what was sent, which is nothing when SAP says so already. Raises EditConflict for
        fields that were set twice, and Transient when somebody is faster every time. Sets without
        tags (payments, journal entries) are compared too, but cannot be guarded (5.1).
        """
        current = record if record.tag else await self._read(record.path)
        for left in reversed(range(tries)):
            merged = merge(record.fields, changes, current.fields)
            if merged.conflicts:
                raise EditConflict(record.path, merged.conflicts)
            if not merged.changes:
                return {}
            try:
                await self._patch(record.path, merged.changes, current.tag)
            except Transient as exc:
                if exc.code != CHANGED_MEANWHILE or not left:
                    raise
                current = await self._read(record.path)
            else:
                return merged.changes
        msg = "an update needs at least one try"
        raise ValueError(msg)

    async def delete(self, key: Key, *, tag: str = "") -> None:
        """Delete one; documents refuse with -5006 and are cancelled instead."""
        path = self.path(key)
        await self._guarded("DELETE", path, None, tag)
        self.tags.note(path, "")

    async def act(
        self, key: Key, action: str, body: Mapping[str, Any] | None = None, *, tag: str = ""
    ) -> dict[str, Any]:
        """Run a bound action such as Close; CreateCancellationDocument answers with a document."""
        path = self.path(key)
        response = await self._guarded("POST", f"{path}/{plain_name(action)}", body or {}, tag)
        self.tags.note(path, "")
        return object_of(response, path)

    async def _read(self, path: str, select: Sequence[str] = ()) -> Record:
        query = f"?{odata.query(select=select)}" if select else ""
        response = await self._service.call("GET", path + query, read=True)
        if select:
            return Record(path, object_of(response, path))
        record = Record(path, object_of(response, path), _tag_of(response))
        self.tags.note(path, record.tag)
        return record

    async def _patch(
        self,
        path: str,
        changes: Mapping[str, Any],
        tag: str,
        *,
        replace_collections: bool = False,
    ) -> None:
        headers = {"B1S-ReplaceCollectionsOnPatch": "true"} if replace_collections else {}
        response = await self._guarded("PATCH", path, changes, tag, headers)
        self.tags.note(path, response.headers.get("ETag", ""))

    async def _guarded(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        tag: str,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        guard = {"If-Match": tag} if tag else {}
        sent = {**(headers or {}), **guard}
        try:
            return await self._service.call(method, path, body, read=False, headers=sent)
        except Transient as exc:
            if exc.code == CHANGED_MEANWHILE:
                self.tags.note(path, "")
            raise


def resource_in(response: httpx.Response) -> str:
    """Read the path of what was made from Location, be it absolute or a path; may be empty."""
    found = _RESOURCE.fullmatch(response.headers.get("Location", ""))
    return found["path"] if found else ""


def _tag_of(response: httpx.Response) -> str:
    header: str = response.headers.get("ETag", "")
    return header or tag_in(object_of(response, ""))
