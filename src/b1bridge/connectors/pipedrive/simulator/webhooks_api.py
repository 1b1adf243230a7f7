"""Registering for news, over v1 (pipedrive-whatsapp.md 2.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from starlette.responses import Response

from .answers import answer
from .company import Company
from .operations import Call, Operation
from .records import Hook
from .shapes import only

_ACTIONS = ("create", "change", "delete", "*")
_OBJECTS = (
    "activity", "deal", "lead", "note", "organization", "person", "pipeline", "product", "stage",
    "user", "*",
)  # fmt: skip
_KNOWN = {
    "subscription_url", "event_action", "event_object", "name", "user_id", "http_auth_user",
    "http_auth_password", "version",
}  # fmt: skip
_MOST = 40


class WebhooksApi:
    """The endpoints of webhooks; nothing keeps anyone from registering twice.

    Guess: that the owner is who registered it, also where it was to see as another user.
    """

    def __init__(self, company: Company, *, https_only: bool) -> None:
        self._company = company
        self._https_only = https_only

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        yield Operation("v1", "GET", "/webhooks", 10, self._list)
        yield Operation("v1", "POST", "/webhooks", 10, self._make)
        yield Operation("v1", "DELETE", "/webhooks/{id}", 6, self._delete)

    def _list(self, call: Call) -> Response:
        """List them all; passwords are not told."""
        del call
        rows = [self._shown(hook) for hook in self._company.hooks.values()]
        return answer({"status": "ok", "success": True, "data": rows})

    def _make(self, call: Call) -> Response:
        given = call.json()
        wrong = self._faults(given)
        mine = [h for h in self._company.hooks.values() if h.user_id == call.actor.user_id]
        if not wrong and len(mine) >= _MOST:
            wrong = {"webhook": [f"a user has at most {_MOST} webhooks"]}
        if wrong:
            return answer({"status": "error", "success": False, "errors": wrong}, 400)
        hook = Hook(
            id=self._company.next_id("webhook"),
            url=given["subscription_url"],
            action=given["event_action"],
            object=given["event_object"],
            name=given["name"],
            version=given.get("version", "2.0"),
            user_id=given.get("user_id", call.actor.user_id),
            owner_id=call.actor.user_id,
            auth_user=given.get("http_auth_user"),
            auth_password=given.get("http_auth_password"),
            added_at=self._company.clock(),
        )
        self._company.hooks[hook.id] = hook
        return answer({"status": "ok", "success": True, "data": self._shown(hook)}, 201)

    def _delete(self, call: Call) -> Response:
        if self._company.hooks.pop(call.number("id"), None) is None:
            wrong = {"id": ["not found"]}
            return answer({"status": "error", "success": False, "errors": wrong}, 404)
        return answer({"status": "ok", "success": True})

    def _faults(self, given: dict[str, Any]) -> dict[str, list[str]]:
        url = _address(given.get("subscription_url"))
        schemes = {"https"} if self._https_only else {"https", "http"}
        only(given, _KNOWN)
        wrong = {}
        if url.scheme not in schemes or not url.hostname:
            wrong["subscription_url"] = ["invalid or non-reachable URL"]
        if given.get("event_action") not in _ACTIONS:
            wrong["event_action"] = [f"must be one of {', '.join(_ACTIONS)}"]
        if given.get("user_id", 0) not in [0, *self._company.users]:
            wrong["user_id"] = ["not found"]
        for name in ("http_auth_user", "http_auth_password"):
            if not isinstance(given.get(name), str | None):
                wrong[name] = ["must be a string"]
        if given.get("event_object") not in _OBJECTS:
            wrong["event_object"] = [f"must be one of {', '.join(_OBJECTS)}"]
        if not isinstance(given.get("name"), str):
            wrong["name"] = ["required"]
        if given.get("version", "2.0") not in ("1.0", "2.0"):
            wrong["version"] = ["must be 1.0 or 2.0"]
        return wrong

    def _shown(self, hook: Hook) -> dict[str, Any]:
        last = hook.last_try.strftime("%Y-%m-%dT%H:%M:%S.000Z") if hook.last_try else None
        return {
            "id": hook.id,
            "company_id": self._company.company_id,
            "owner_id": hook.owner_id,
            "user_id": hook.user_id,
            "event_action": hook.action,
            "event_object": hook.object,
            "subscription_url": hook.url,
            "version": hook.version,
            "is_active": int(hook.active),
            "add_time": hook.added_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "remove_time": None,
            "type": "general",
            "http_auth_user": hook.auth_user,
            "http_auth_password": None,
            "remove_reason": None,
            "last_delivery_time": last,
            "last_http_status": hook.last_status,
            "admin_id": hook.owner_id,
            "name": hook.name,
        }


def _address(text: Any) -> SplitResult:
    try:
        return urlsplit(text if isinstance(text, str) else "")
    except ValueError:
        return urlsplit("")
