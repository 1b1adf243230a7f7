"""What webhooks say, in the words of v2 and of v1 (pipedrive-whatsapp.md 2.2, 2.3)."""

from __future__ import annotations

import base64
import json
from datetime import UTC
from typing import Any

from .answers import answer
from .company import Company
from .moments import v1_of
from .records import Change, Hook

_V1_ACTIONS = {"create": "added", "change": "updated", "delete": "deleted"}


def written(
    company: Company, change: Change, hook: Hook, attempt: int = 1
) -> tuple[dict[str, str], bytes]:
    """Return headers and raw body; nothing is signed, and no delivery has an id of its own."""
    say = _v2 if hook.version == "2.0" else _v1
    body = bytes(answer(say(company, change, hook, attempt)).body)
    headers = {
        "user-agent": "Pipedrive Webhooks",
        "accept": "application/json, text/plain, */*",
        "accept-encoding": "gzip",
        "content-type": "application/json",
    }
    if hook.auth_user is not None:
        given = f"{hook.auth_user}:{hook.auth_password or ''}".encode()
        headers["authorization"] = f"Basic {base64.b64encode(given).decode()}"
    return headers, body


def _v2(company: Company, change: Change, hook: Hook, attempt: int) -> dict[str, Any]:
    before, after = (
        _wrapped(company, change.before, change),
        _wrapped(company, change.after, change),
    )
    previous = before
    if change.action == "change" and before is not None and after is not None:
        previous = _changed(before, after)
        if "custom_fields" in previous:
            previous["custom_fields"] = _changed(before["custom_fields"], after["custom_fields"])
    at = change.at.astimezone(UTC)
    meta: dict[str, Any] = {
        "action": change.action,
        "company_id": str(company.company_id),
        "correlation_id": change.correlation,
        "entity_id": str(change.record),
        "entity": change.entity,
        "id": change.id,
        "is_bulk_edit": False,
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
        "type": "general",
        "user_id": str(change.actor.user_id),
        "version": "2.0",
        "webhook_id": str(hook.id),
        "webhook_owner_id": str(hook.owner_id),
        "change_source": change.actor.source,
        "permitted_user_ids": [str(user) for user in company.users],
        "attempt": attempt,
        "host": f"{company.domain}.pipedrive.com",
    }
    if change.merged_to is not None:
        meta["merged_to_id"] = str(change.merged_to)
    if change.merged_from is not None:
        meta["merged_from_id"] = str(change.merged_from)
    return {"data": after, "previous": previous, "meta": meta}


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what was before, of all that is not so now; null for what was not there."""
    names = [*before, *(name for name in after if name not in before)]
    return {name: before.get(name) for name in names if before.get(name) != after.get(name)}


def _wrapped(company: Company, row: dict[str, Any] | None, change: Change) -> dict[str, Any] | None:
    """Write a row as v2's webhooks do, which is not as REST does."""
    if row is None:
        return None
    told = {key: value for key, value in row.items() if key not in {"is_deleted", "label_ids"}}
    if "visible_to" in told:
        told["visible_to"] = str(told["visible_to"])
    if "is_linkable" in told:
        told["selectable"] = told.pop("is_linkable")
    if "custom_fields" in told:
        fields = company.fields[change.entity]
        told["custom_fields"] = {
            code: _typed(fields[code].kind, value)
            for code, value in told["custom_fields"].items()
            if code in fields and value is not None
        }
    return told


def _typed(kind: str, value: Any) -> dict[str, Any]:
    if kind == "monetary":
        return {"type": kind, **value}
    if kind == "enum":
        return {"type": kind, "id": value}
    if kind == "set":
        return {"type": kind, "values": [{"id": one} for one in value]}
    if kind in {"org", "people", "user"}:
        return {"type": kind, "id": value}
    return {"type": kind, "value": value}


def _v1(company: Company, change: Change, hook: Hook, attempt: int) -> dict[str, Any]:
    merged = change.merged_to is not None
    action = "merged" if merged else _V1_ACTIONS[change.action]
    micro = int(change.at.timestamp() * 1_000_000)
    meta = {
        "v": 1,
        "action": action,
        "object": change.entity,
        "id": change.record,
        "company_id": company.company_id,
        "user_id": change.actor.user_id,
        "host": f"{company.domain}.pipedrive.com",
        "timestamp": micro // 1_000_000,
        "timestamp_micro": micro,
        "prepublish_timestamp": micro // 1000,
        "permitted_user_ids": list(company.users),
        "trans_pending": False,
        "is_bulk_update": False,
        "pipedrive_service_name": False,
        "matches_filters": {"current": []},
        "change_source": change.actor.source,
        "webhook_id": str(hook.id),
    }
    if merged:
        meta["merged_to_id"] = change.merged_to
    return {
        "v": 1,
        "matches_filters": {"current": []},
        "meta": meta,
        "current": _flat(change.after),
        "previous": _flat(change.before),
        "retry": attempt - 1,
        "event": f"{action}.{change.entity}",
    }


def _flat(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """Write a row as v1 does: custom fields beside the others, with their companions."""
    if row is None:
        return None
    told = {key: value for key, value in row.items() if key != "custom_fields"}
    times = {key: v1_of(value) for key, value in told.items() if key.endswith("_time")}
    told |= times
    if "visible_to" in told:
        told["visible_to"] = str(told["visible_to"])
    for code, value in row.get("custom_fields", {}).items():
        is_money = isinstance(value, dict) and "currency" in value
        told[code] = value["value"] if is_money else value
        if is_money:
            told[f"{code}_currency"] = value["currency"]
    told_over_the_wire: dict[str, Any] = json.loads(bytes(answer(told).body))
    return told_over_the_wire
