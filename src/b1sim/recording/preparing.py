"""Gives a fresh company the partners and items that a recording takes for granted."""

import json
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from b1sim.company import clerk
from b1sim.company.company import Company
from b1sim.company.refusals import Refusal
from b1sim.recording.exchange import Exchange

_PLENTY = "1000000"
_SETS = {"CardCode": "BusinessPartners", "ItemCode": "Items"}


def prepare(company: Company, exchanges: Iterable[Exchange]) -> int:
    """Add every partner and item that is met before it is made; return how many.

    How much stock there was is not recorded; what was there before has plenty.
    """
    made: set[tuple[str, str]] = set()
    added = 0
    for exchange in exchanges:
        if not exchange.status or exchange.status >= HTTPStatus.BAD_REQUEST:
            continue
        if own := _made_by(exchange):
            made.add(own)
        for name, row in _met_in(exchange):
            key = (name, row[name])
            if key not in made:
                made.add(key)
                added += _add(company, name, row)
    return added


def _add(company: Company, name: str, row: dict[str, Any]) -> bool:
    """Add one with what is known of it, or else with its key; a code that cannot be is left."""
    told = {"CardName", "CardType", "ItemName", "InventoryItem", name}
    try:
        added = company.create(_SETS[name], {n: v for n, v in row.items() if n in told and v})
        if added.get("InventoryItem") == "tYES":
            _stock(company, row[name])
    except Refusal:
        return False
    return True


def _stock(company: Company, item: str) -> None:
    for warehouse in company.query("Warehouses"):
        clerk.receive_stock(company, item, _PLENTY, warehouse=warehouse["WarehouseCode"])


def _made_by(exchange: Exchange) -> tuple[str, str] | None:
    """Tell which partner or item a request makes."""
    name = next((n for n, s in _SETS.items() if exchange.path.endswith(f"/{s}")), None)
    sent = _json(exchange.request.body) if exchange.method == "POST" else None
    return (name, str(sent.get(name))) if name and isinstance(sent, dict) else None


def _met_in(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every row that names a partner or an item."""
    texts = (exchange.request.body, exchange.reply.body)
    stack = [found for text in texts for found in _documents(text)]
    while stack:
        found = stack.pop()
        if isinstance(found, list):
            stack.extend(found)
        elif isinstance(found, dict):
            stack.extend(found.values())
            for name in _SETS:
                if isinstance(found.get(name), str) and found[name]:
                    yield name, found


def _documents(text: str | None) -> Iterator[Any]:
    """Yield the JSON of a body, or that of each part of a batch."""
    whole = _json(text)
    if whole is not None:
        yield whole
    elif text and text.lstrip().startswith("--"):
        yield from map(_json, re.findall(r"(?ms)^[ \t]*(\{.*?\})\s*^--", text))


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except ValueError:
        return None
