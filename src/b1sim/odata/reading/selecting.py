"""What a read shows: `$select`, `$expand`, and how the two speak of each other (4.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from b1sim.company.shape.model import EntitySet
from b1sim.odata.reading.conditions import property_of
from b1sim.odata.reading.navigation import Link, Sets, is_navigation, link_of
from b1sim.odata.refusing import bad_request, not_simulated, unknown_property
from b1sim.odata.versions import Version

_EXPANDED = re.compile(r"\s*(?P<name>[\w/]+)\s*(?:\((?P<inside>.*)\))?\s*", re.DOTALL)
_NESTED_SELECT = re.compile(r"\s*\$select\s*=(?P<names>.*)", re.DOTALL)
Names = tuple[str, ...]


@dataclass(frozen=True)
class Expansion:
    """A navigation property that is shown inside its entity; `select` None means all of it."""

    link: Link
    select: Names | None = None


@dataclass(frozen=True)
class Selection:
    """What is shown of an entity; `names` None means every property."""

    names: Names | None = None
    expansions: tuple[Expansion, ...] = ()


def selection_of(
    entity_set: EntitySet, sets: Sets, version: Version, select: str, expand: str
) -> Selection:
    """Read both options; a path in `$select` that is not expanded is ignored in silence."""
    words = [word.strip() for word in pieces(select) if word.strip()]
    own = [word for word in words if _head(entity_set, word) is None]
    asked = [_expansion(entity_set, sets, piece) for piece in pieces(expand) if piece.strip()]
    chosen = (_chosen(expansion, entity_set, words, version) for expansion in asked)
    return Selection(
        names=names_of(own, entity_set) if own or not words else (),
        expansions=tuple(expansion for expansion in chosen if expansion is not None),
    )


def names_of(words: list[str], entity_set: EntitySet) -> Names | None:
    """Check plain names; `*` and nothing at all mean every property."""
    names = tuple(_selectable(word, entity_set) for word in words if word != "*")
    return None if not words or "*" in words else names


def pieces(text: str, separator: str = ",") -> Iterator[str]:
    """Split at the separators that stand outside of parentheses and quotes."""
    depth, quoted, start = 0, False, 0
    for place, letter in enumerate(text):
        quoted ^= letter == "'"
        if not quoted:
            depth += (letter == "(") - (letter == ")")
            if letter == separator and depth <= 0:
                yield text[start:place]
                start = place + 1
    yield text[start:]


def _head(entity_set: EntitySet, word: str) -> str | None:
    """Name the navigation property that a selected path begins with."""
    head = word.partition("/")[0]
    return head if is_navigation(entity_set, head) else None


def _expansion(entity_set: EntitySet, sets: Sets, piece: str) -> Expansion:
    found = _EXPANDED.fullmatch(piece)
    if found is None:
        msg = f"Query string error: cannot read $expand '{piece.strip()}'"
        raise bad_request(msg)
    link = _link(entity_set, sets, found["name"])
    if found["inside"] is None:
        return Expansion(link)
    nested = _NESTED_SELECT.fullmatch(found["inside"])
    if nested is None:
        # Only $select is documented inside (FP 2105). Guess: the refusal's text.
        msg = f"Query string error: only $select is supported in $expand, not '{found['inside']}'"
        raise bad_request(msg)
    words = [word.strip() for word in nested["names"].split(",") if word.strip()]
    return Expansion(link, names_of(words, link.target))


def _link(entity_set: EntitySet, sets: Sets, name: str) -> Link:
    if "/" in name:
        what = f"an $expand of several steps ({name})"
        raise not_simulated(what)
    if is_navigation(entity_set, name):
        return link_of(sets, entity_set, name)
    if name in entity_set.collections or name in entity_set.unsimulated:
        # Lines come inline; SAP's error for this was never captured (4.1). Guess: this text.
        msg = f"'{name}' of '{entity_set.type_name}' is not a navigation property"
        raise bad_request(msg)
    raise unknown_property(name, entity_set.type_name)


def _chosen(
    expansion: Expansion, entity_set: EntitySet, words: list[str], version: Version
) -> Expansion | None:
    """Join what `$select` says of an expanded property to what `$expand` said.

    Version 1 shows it only where `$select` names it or its properties. Guess: version 2 shows
    it whole where `$select` does not speak of it.
    """
    name = expansion.link.name
    paths = [word.partition("/")[2] for word in words if _head(entity_set, word) == name]
    inner = [path for path in paths if path]
    if inner and expansion.select is None and "" not in paths:
        return Expansion(expansion.link, names_of(inner, expansion.link.target))
    hidden = version.number == 1 and words and not paths and expansion.select is None
    return None if hidden else expansion


def _selectable(name: str, entity_set: EntitySet) -> str:
    if name in entity_set.collections or name in entity_set.properties:
        return name
    if name in entity_set.unsimulated:
        msg = f"the property {entity_set.type_name}.{name}"
        raise not_simulated(msg)
    found = property_of(entity_set, name)
    if found is None:
        raise unknown_property(name, entity_set.type_name)
    return found.name
