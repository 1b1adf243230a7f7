"""Writes down every event that somebody subscribed to, in the transaction that made it."""

import json
import uuid
from datetime import UTC, date, time
from decimal import Decimal
from typing import Any

from b1sim.company import shelves
from b1sim.company.books import Books, Row
from b1sim.company.changes import Change
from b1sim.company.refusals import Refusal
from b1sim.company.shape.model import EntitySet


def write_down(books: Books, change: Change) -> None:
    """Keep a notification for each subscription that the change concerns."""
    if not books.settings.webhooks:
        return
    sql = """SELECT e.*, h.State FROM SIM_WEBHOOK_EVENTS e JOIN SIM_WEBHOOKS h USING (WebhookID)
        WHERE e.BusinessObject = ? AND e.TransactionType = ? ORDER BY WebhookID"""
    for wanted in books.rows(sql, (change.entity_set, change.event)):
        if _holds(books, change, wanted["FilterExpr"]):
            _notify(books, change, wanted)


def _notify(books: Books, change: Change, wanted: Row) -> None:
    event = _event(books, change, wanted["BizObjProps"])
    # Standard mode drops what happens while the receiver is down (6); that it is noted as dropped,
    # and that a paused webhook is down as well, are guesses.
    status = "Pending" if wanted["State"] == "Active" else "Dropped"
    row = {
        "EventID": event["id"],
        "WebhookID": wanted["WebhookID"],
        "BusinessObject": change.entity_set,
        "TransactionType": change.event,
        "KeyData": json.dumps(_texts(change.key), separators=(",", ":")),
        "Status": status,
        "RetryTimes": 0,
        "Number": books.next_number("SIM_NOTIFICATIONS"),
        "Event": json.dumps(event, separators=(",", ":"), ensure_ascii=False, default=_json),
        "MadeAt": books.clock().astimezone(UTC).isoformat(),
    }
    books.insert("SIM_NOTIFICATIONS", [row])


def _event(books: Books, change: Change, properties: str | None) -> Row:
    """Compose an event in the shape of CloudEvents, as SAP shows it (6)."""
    moment = books.clock().astimezone(UTC)
    return {
        "id": str(uuid.uuid4()),
        "specversion": "1.0",
        "source": f"/default/sap.b1/{books.settings.name}",
        "type": f"sap.b1.{change.entity_set}.{change.event}.v1",
        # Guess: how the parts of a compound key are joined.
        "subject": ",".join(_texts(change.key).values()),
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "datacontenttype": "application/json",
        "data": _data(books, change, properties),
    }


def _data(books: Books, change: Change, properties: str | None) -> Row:
    """Show the key as texts, or with what else was asked for with its types.

    A deleted record has nothing left but its key (guess).
    """
    kind = books.sets[change.entity_set]
    asked = [name.strip() for name in (properties or "").split(",")]
    # A user-defined field may be gone since somebody asked for it.
    names = [name for name in asked if name in kind.properties]
    where, params = _key(kind, change)
    found = shelves.query(
        books, kind.name, where=where, params=params, columns=names, with_collections=()
    )
    return _texts(change.key) if not names or not found else change.key | found[0]


def _holds(books: Books, change: Change, expression: str | None) -> bool:
    """Tell whether a FilterExpr is true of the record.

    Guesses: of a deleted record it is true; with a field that is gone it is true of none.
    """
    if not expression or change.event == "Deleted":
        return True
    kind = books.sets[change.entity_set]
    try:
        condition, values = books.outside.condition(kind, expression)
    except Refusal:
        return False
    where, params = _key(kind, change)
    return shelves.count(books, kind.name, f"{where} AND ({condition})", (*params, *values)) > 0


def _key(kind: EntitySet, change: Change) -> tuple[str, tuple[Any, ...]]:
    where = " AND ".join(f'"{column}" = ?' for column in kind.key_columns)
    return where, tuple(change.key[name] for name in kind.key)


def _texts(key: Row) -> dict[str, str]:
    return {name: str(value) for name, value in key.items()}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError
