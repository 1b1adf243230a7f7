"""Customers, webhooks and what the store says of itself."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .answers import answer, page_of, v3_error, v3_page
from .records import Hook
from .store import Store

# Per store, application and scope (storefronts.md 1.1).
_MAX_HOOKS = 10


class AccountApi:
    """Answers about shoppers, hooks and settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the customer, webhook, store and tax-setting routes."""
        return [
            Route("/v2/store", self._about),
            Route("/v2/time", self._time),
            Route("/v3/tax/settings", self._tax_settings),
            Route("/v3/customers", self._customers),
            Route("/v3/customers/addresses", self._addresses),
            Route("/v3/hooks", self._hooks, methods=["GET"]),
            Route("/v3/hooks", self._create_hook, methods=["POST"]),
            Route("/v3/hooks/{hook_id:int}", self._hook, methods=["GET", "PUT", "DELETE"]),
        ]

    async def _about(self, _request: Request) -> Response:
        return answer(
            {
                "id": self._store.store_hash,
                "domain": "shop.example",
                "secure_url": "https://shop.example",
                "status": "live",
                "name": "Simulated store",
                "country": "Germany",
                "country_code": "DE",
                "timezone": {"name": "Europe/Berlin", "raw_offset": 3600, "dst_correction": True},
                "currency": self._store.currency,
                "decimal_places": 2,
                "plan_level": "Standard",
                "is_price_entered_with_tax": self._store.inclusive,
                "store_id": 1025646,
            }
        )

    async def _time(self, _request: Request) -> Response:
        return answer({"time": int(self._store.clock().timestamp())})

    async def _tax_settings(self, _request: Request) -> Response:
        settings = {
            "tax_entered_with_prices": self._store.inclusive,
            "document_submission_strategy": "ON_ORDER_CREATION",
        }
        return answer({"data": settings, "meta": {}})

    async def _customers(self, request: Request) -> Response:
        query = request.query_params
        found = [
            customer
            for customer in self._store.customers.values()
            if _among(query.get("id:in"), customer["id"])
            and _among(query.get("email:in"), customer["email"])
        ]
        rows = page_of(query, found)
        return answer({"data": rows, "meta": v3_page(query, found)})

    async def _addresses(self, request: Request) -> Response:
        query = request.query_params
        found = [
            address
            for address in self._store.addresses
            if _among(query.get("customer_id:in"), address["customer_id"])
            and _among(query.get("id:in"), address["id"])
        ]
        return answer({"data": page_of(query, found), "meta": v3_page(query, found)})

    async def _hooks(self, request: Request) -> Response:
        query = request.query_params
        found = [
            hook
            for hook in self._store.hooks.values()
            if query.get("scope", hook.scope) == hook.scope
            and query.get("destination", hook.destination) == hook.destination
        ]
        rows = [self._hook_json(hook) for hook in page_of(query, found)]
        return answer({"data": rows, "meta": v3_page(query, found)})

    async def _create_hook(self, request: Request) -> Response:
        wanted = json.loads(await request.body())
        if not wanted["destination"].startswith("https://"):
            return v3_error(422, "Destination must use https", {"destination": "invalid"})
        if sum(hook.scope == wanted["scope"] for hook in self._store.hooks.values()) >= _MAX_HOOKS:
            return v3_error(422, "There are too many hooks for this scope")
        if any(_same(hook, wanted) for hook in self._store.hooks.values()):
            return v3_error(422, "A hook with this scope and destination exists already")
        now = int(self._store.clock().timestamp())
        hook = Hook(
            next(self._store.ids),
            wanted["scope"],
            wanted["destination"],
            wanted.get("headers") or {},
            wanted.get("is_active", True),
            now,
            now,
        )
        self._store.hooks[hook.id] = hook
        return answer({"data": self._hook_json(hook), "meta": {}})

    async def _hook(self, request: Request) -> Response:
        hook = self._store.hooks.get(request.path_params["hook_id"])
        if hook is None:
            return v3_error(404, "The hook was not found")
        if request.method == "DELETE":
            del self._store.hooks[hook.id]
        if request.method == "PUT":
            for name, value in json.loads(await request.body()).items():
                setattr(hook, name, value)
            hook.updated_at = int(self._store.clock().timestamp())
        return answer({"data": self._hook_json(hook), "meta": {}})

    def _hook_json(self, hook: Hook) -> dict[str, Any]:
        return {
            "id": hook.id,
            "client_id": "sim-client",
            "store_hash": self._store.store_hash,
            "scope": hook.scope,
            "destination": hook.destination,
            "headers": hook.headers,
            "is_active": hook.is_active,
            "created_at": hook.created_at,
            "updated_at": hook.updated_at,
        }


def _among(wanted: str | None, value: Any) -> bool:
    """Match one of a comma-separated list; e-mail addresses match whatever their case."""
    return wanted is None or str(value).lower() in wanted.lower().split(",")


def _same(hook: Hook, wanted: dict[str, Any]) -> bool:
    return (hook.scope, hook.destination) == (wanted["scope"], wanted["destination"])
