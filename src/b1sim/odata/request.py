"""One request as the wire sees it, apart from any web framework."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from b1sim.odata.refusing import bad_request
from b1sim.odata.versions import Version

_ANNOTATION = re.compile(r"(?:\w*@)?odata\.")
_OVERRIDDEN = {"PATCH", "PUT", "MERGE", "DELETE"}


@dataclass(frozen=True)
class Request:
    """A request below one version root; header names are in lower case, the path still encoded."""

    method: str
    version: Version
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = "https://localhost:50000"

    @property
    def verb(self) -> str:
        """Tell the method, which X-HTTP-Method-Override may change; MERGE is PATCH."""
        asked = self.headers.get("x-http-method-override", "").upper()
        verb = asked if self.method == "POST" and asked in _OVERRIDDEN else self.method
        return "PATCH" if verb == "MERGE" else verb

    @property
    def context(self) -> str:
        """Tell the URL that contexts in bodies begin with."""
        return f"{self.origin}{self.version.root}/$metadata#"

    def pairs(self) -> list[tuple[str, str]]:
        """Decode the query string in its order."""
        return parse_qsl(self.query, keep_blank_values=True)

    def json(self) -> dict[str, Any]:
        """Read the body as one JSON object; code and text of the refusal are a guess (16)."""
        try:
            hook = _without_annotations if b"odata." in self.body else None
            found = json.loads(self.body or b"{}", parse_float=Decimal, object_pairs_hook=hook)
            _check_text(self.body)
        except (ValueError, RecursionError) as error:
            msg = f"Invalid JSON format: {error}"
            raise bad_request(msg) from error
        if not isinstance(found, dict):
            msg = "Invalid JSON format: one object is expected"
            raise bad_request(msg)
        return found

    def preferences(self) -> list[str]:
        """Split the Prefer header."""
        return [piece.strip() for piece in self.headers.get("prefer", "").split(",")]

    def wants(self, header: str) -> bool:
        """Tell whether a B1S- header is switched on."""
        return self.headers.get(header.lower(), "").strip().lower() == "true"


def _without_annotations(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Leave out what OData says about data, as in an entity that is sent back as it was read.

    Guess: SAP passes over them too, as the protocol asks; nobody recorded it.
    """
    return {name: value for name, value in members if not _ANNOTATION.match(name)}


def _check_text(body: bytes) -> None:
    """Refuse half a surrogate pair, which JSON can escape and no database can keep."""
    if b"\\ud" in body.lower():
        json.dumps(json.loads(body), ensure_ascii=False).encode()
