"""Remembers the ETags that reads showed, but never one of a `$select` read: SAP's are wrong there.

A read with `$select` has no ETag header and always shows the tag of the first version in its
body; using it gives a false 412 (sap-service-layer.md 5.1, recorded on 2511).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

MOST_TAGS = 10_000


class Tags:
    """The last tag of each entity, by path; the longest unused one goes first."""

    def __init__(self, most: int = MOST_TAGS) -> None:
        self._most = most
        self._known: OrderedDict[str, str] = OrderedDict()

    def of(self, path: str) -> str:
        """Return the tag, or nothing."""
        if path in self._known:
            self._known.move_to_end(path)
        return self._known.get(path, "")

    def note(self, path: str, tag: str) -> None:
        """Remember what a full read or a create showed; nothing to show forgets."""
        self._known.pop(path, None)
        if path and tag:
            self._known[path] = tag
        while len(self._known) > self._most:
            self._known.popitem(last=False)


def tag_in(body: Mapping[str, Any]) -> str:
    """Read the tag of a full entity, in either version's spelling."""
    return str(body.get("@odata.etag") or body.get("odata.etag") or "")
