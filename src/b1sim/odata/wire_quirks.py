"""How this Service Layer is set up: what differs between installations."""

from dataclasses import dataclass
from typing import Literal


@dataclass
class WireQuirks:
    """Switches of the wire; each default is the most often recorded form."""

    version: str = "1000280"
    page_size: int = 20
    session_minutes: int = 30
    flat_session_error: bool | None = None
    """Shape of the 401: None follows the version, True is the flat one that a production dump of
    version 1 shows, False the nested one (sap-service-layer.md 3.1)."""
    latency: Literal["none", "published"] = "none"
