"""How this Service Layer is set up: what differs between installations.

Each group is a class of its own; WireQuirks has them all, as one flat list that
`PATCH /control/quirks` sets by name.
"""

from dataclasses import dataclass, field

from b1sim.odata.allowlist import Allowlist

DEMO = "demo.schema"
# SAP ships a file of this name; what is in it is not public, so this is the guide's sample.
DEMO_SCHEMA = {
    "Document": ["DocEntry", "DocNum", "DocumentLines"],
    "DocumentLine": ["LineNum", "ItemCode", "Quantity"],
}


@dataclass
class Configured:
    """What an administrator sets in b1s.conf and beside it."""

    version: str = "1000280"
    """What Login tells; 930190 to 1000321 were seen (2)."""
    page_size: int = 20
    """Rows of a page where the request names no number (4.2)."""
    session_minutes: int = 30
    """How long a session lives without requests; a hoster had 1500 (2)."""
    schemas: dict[str, dict[str, list[str]]] = field(default_factory=lambda: {DEMO: DEMO_SCHEMA})
    """Schema files by name, for the header B1S-Schema: by type, the properties to show (4.2)."""
    sql_allowlist: Allowlist = field(default_factory=Allowlist)
    """What stored queries may read (4.3)."""


@dataclass
class Granted:
    """Who may do what, and how many at once."""

    sessions_per_user: int | None = None
    """Sessions that one user may hold at once; SAP publishes no number (10), None is no limit."""
    licences: int | None = None
    """Users who may be logged in at once, with any number of sessions each; None is no limit."""
    sql_queries_permitted: bool = True
    """Off, every user is a normal one without rights: running, making and changing stored queries
    answers 403 -6006, reading them does not (4.3)."""
    views_permitted: bool = True
    """Off, every user is a normal one without rights on views: 401 -1 below `sml.svc`, 403 804
    below `view.svc` (4.4)."""


@dataclass
class Spoken:
    """How answers look, where recordings differ from each other or nobody made one."""

    flat_session_error: bool | None = None
    """Shape of the 401: None follows the version, True is the flat one that a production dump of
    version 1 shows, False the nested one (sap-service-layer.md 3.1)."""
    error_details: bool = False
    """Errors of version 2 carry an array `details` with one empty entry, as 1000310 does (3.1)."""
    secure_cookies: bool = False
    """Cookies end in `;Secure;SameSite=None`, and ROUTEID counts for every path: two clients quote
    this of newer installations, where all recordings have the bare form (2)."""
    compression: bool = True
    """Bodies are packed for clients that take gzip, as recorded replies had been (1)."""
    session_header: bool = False
    """A header `SessionId` is as good as the cookie: some clients of a live system send it, and
    nobody knows whether it alone suffices (2)."""
    if_none_match: bool = False
    """Whether a read whose If-None-Match names the present tag answers 304: one SDK tries it, and
    nobody has seen it work (5.1, 16)."""
    metadata_scopes: bool = True
    """Whether `$metadata` of version 2 takes the options of FP 2608: scope, entityset, dependency
    and annotation; a release that does not know them ignores them (guess)."""


@dataclass
class Burdened:
    """How slow it is and what breaks it."""

    latency: str = "none"
    """`none`, `published` (SAP's table, 10), `published/100` or a factor such as `0.01`."""
    seed: int = 0
    """The same seed draws the same times."""
    batch_kills_node: bool = False
    """A stored procedure that refuses inside a change set kills the node: 502 instead of the
    refusal, and nothing is kept (5.2, B1SLayer issue 18). Off, the refusal is told."""


@dataclass
class WireQuirks(Burdened, Spoken, Granted, Configured):
    """Switches of the wire; each default is what sap-service-layer.md says was recorded."""
