"""The query options of a read, checked against the entity set (sap-service-layer.md 4.2)."""

from dataclasses import dataclass
from urllib.parse import quote

from b1sim.company.shape.model import EntitySet
from b1sim.odata.reading.conditions import EVERYTHING, Where, compile_filter, property_of
from b1sim.odata.reading.navigation import Sets
from b1sim.odata.reading.selecting import Expansion, selection_of
from b1sim.odata.refusing import bad_request, unknown_property
from b1sim.odata.request import Request

_KNOWN = {
    *("$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$count", "$inlinecount"),
    *("$apply", "$format"),
}

_MOST_DIGITS = 9
# Left unescaped in a link, as clients and SAP write them.
_PLAIN = "$'(),:@"


@dataclass(frozen=True)
class Options:
    """What a read asks for; `select` None means every property."""

    where: Where = EVERYTHING
    select: tuple[str, ...] | None = None
    order_by: str = ""
    top: int | None = None
    skip: int = 0
    count: bool = False
    expansions: tuple[Expansion, ...] = ()


@dataclass(frozen=True)
class Page:
    """How many rows one answer holds (0: all) and which preference to echo."""

    size: int
    applied: str | None = None


def options_of(
    request: Request, entity_set: EntitySet, sets: Sets, *, ignore_case: bool = False
) -> Options:
    """Read and check the query options of a request."""
    asked = asked_of(request)
    select, expand = asked.get("$select", ""), asked.get("$expand", "")
    shown = selection_of(entity_set, sets, request.version, select, expand)
    return Options(
        where=_where(asked.get("$filter", ""), entity_set, ignore_case=ignore_case),
        select=shown.names,
        order_by=_order_by(asked.get("$orderby", ""), entity_set),
        top=whole("$top", asked["$top"]) if "$top" in asked else None,
        skip=whole("$skip", asked.get("$skip", "0")),
        count=_counts(asked),
        expansions=shown.expansions,
    )


def asked_of(request: Request) -> dict[str, str]:
    """Name the options of a request; one that SAP does not name is refused (guess: `$Filter`)."""
    asked = {name: value for name, value in request.pairs() if name.startswith("$")}
    for name in asked:
        if name not in _KNOWN:
            msg = f"Query string error: unknown query option '{name}'"
            raise bad_request(msg)
    return asked


def _counts(asked: dict[str, str]) -> bool:
    """Tell whether a count is wanted; `$inlinecount` is `allpages`, `none` or an error (SAP).

    Guess: `$count` with anything but `true` asks for none.
    """
    inline = asked.get("$inlinecount", "none")
    if inline not in {"allpages", "none"}:
        msg = f"Query string error: $inlinecount is allpages or none, not '{inline}'"
        raise bad_request(msg)
    return asked.get("$count") == "true" or inline == "allpages"


def page_of(request: Request, default: int) -> Page:
    """Read the page size: Prefer wins over B1S-PageSize, 0 disables paging."""
    for preference in request.preferences():
        name, _, value = preference.partition("=")
        if name.strip() == "odata.maxpagesize":
            return Page(whole("odata.maxpagesize", value.strip()), preference)
    asked = request.headers.get("b1s-pagesize")
    return Page(default if asked is None else whole("B1S-PageSize", asked.strip()))


def next_query(request: Request, skip: int, top: int | None) -> str:
    """Write the query of the next page: the asked one with `$skip` (and `$top`) moved on.

    Guess: that it keeps the other options; some clients claim that it loses them (4.2).
    """
    kept = [(n, v) for n, v in request.pairs() if n not in {"$skip", "$top"}]
    if top is not None:
        kept.append(("$top", str(top)))
    kept.append(("$skip", str(skip)))
    return "&".join(f"{quote(name, safe='$')}={quote(value, safe=_PLAIN)}" for name, value in kept)


def _where(text: str, entity_set: EntitySet, *, ignore_case: bool) -> Where:
    if not text.strip():
        return EVERYTHING
    return compile_filter(entity_set, text, ignore_case=ignore_case)


def _order_by(text: str, entity_set: EntitySet) -> str:
    """Order as asked, then by key, so that pages do not overlap (guess: SAP's order of equals)."""
    asked = [_ordered(piece, entity_set) for piece in text.split(",") if piece.strip()]
    return ", ".join(asked + [f'"{column}"' for column in entity_set.key_columns])


def _ordered(piece: str, entity_set: EntitySet) -> str:
    name, *direction = piece.split()
    found = property_of(entity_set, name)
    if found is None:
        raise unknown_property(name, entity_set.type_name)
    if direction not in ([], ["asc"], ["desc"]):
        msg = f"Query string error: cannot read $orderby '{piece.strip()}'"
        raise bad_request(msg)
    return f"{found.sql} {(direction or ['asc'])[0].upper()}"


def whole(name: str, text: str) -> int:
    """Read a number that must not be negative; refuse one beyond nine digits."""
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        msg = f"Query string error: {name} needs a whole number, not '{text}'"
        raise bad_request(msg)
    return int(text)
