"""Finds fields that a published schema does not know; schemas seldom forbid them by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Live orders carry these two although the document lags behind (storefronts.md 7a).
RECORDED = {"custom_status", "credit_card_type"}


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow references inside one document."""
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def unpublished(
    document: dict[str, Any], schema: dict[str, Any], value: Any, at: str = "$"
) -> Iterator[str]:
    """Yield the place of every field that no branch of the schema names."""
    if isinstance(value, list):
        rows = _items(document, schema)
        for number, item in enumerate(value):
            yield from unpublished(document, rows, item, f"{at}[{number}]")
    if isinstance(value, dict):
        known = _properties(document, schema)
        for name, item in value.items() if known else ():
            if name in known:
                yield from unpublished(document, known[name], item, f"{at}.{name}")
            elif name not in RECORDED:
                yield f"{at}.{name}"


def _branches(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    node = resolved(document, schema)
    yield node
    for word in ("allOf", "oneOf", "anyOf"):
        for branch in node.get(word, []):
            yield from _branches(document, branch)


def _properties(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for branch in _branches(document, schema):
        found |= branch.get("properties") or {}
    return found


def _items(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    listed = (branch["items"] for branch in _branches(document, schema) if "items" in branch)
    rows: dict[str, Any] = next(listed, {})
    return rows
