"""The simulated Pipedrive through its control door: what salespeople do, and what they see."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from b1bridge.demo.crm.settings import WEBHOOK_PASSWORD, WEBHOOK_USER

Act = tuple[str, dict[str, Any]]
_CLERK = {"x-api-token": "clerk-token"}
_HOOK_COST = 10


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as salespeople choose it; prices are without tax, by currency."""

    id: int
    code: str
    tax: Decimal
    prices: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Market:
    """What there is to sell, and to whom: organizations by the code of their customer.

    `key` is the custom field that holds the code.
    """

    key: str
    organizations: Mapping[str, int] = field(default_factory=dict)
    offers: Sequence[Offer] = ()


class App:
    """One company of Pipedrive; `spent` are the tokens that others than the hub used."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.spent = 0

    async def act(self, verb: str, **arguments: Any) -> Any:
        """Do one thing in the app."""
        [result] = await self.bulk([(verb, arguments)])
        return result

    async def bulk(self, acts: Sequence[Act]) -> list[Any]:
        """Do many things one after the other."""
        results: list[Any] = (await self._post("/control/bulk", acts))["results"]
        return results

    async def state(self) -> Any:
        """Return every record as it is."""
        return await self._get("/control/state")

    async def bill(self) -> Any:
        """Return what every day has cost, the requests by kind, and how many were refused."""
        return await self._get("/control/ledger")

    async def fields(self, entity: str) -> dict[str, str]:
        """Return the codes of the custom fields by their names; costs tokens."""
        listed = await self._get(f"/api/v2/{entity}Fields", limit="500")
        return {one["field_name"]: one["field_code"] for one in listed["data"]}

    async def post_notices(self, *, copies: int = 1, shuffle: int = 0, drop: float = 0.0) -> None:
        """Send what waits in the outbox: several times, out of order, some never."""
        await self._post("/control/deliver", {"copies": copies, "shuffle": shuffle, "drop": drop})

    async def add_old_webhooks(self, url: str, subjects: Iterable[str]) -> None:
        """Register webhooks of the old form, as an app of former years left them behind."""
        for subject in subjects:
            hook = {
                "subscription_url": url,
                "event_action": "*",
                "event_object": subject,
                "name": f"old {subject}",
                "version": "1.0",
                "http_auth_user": WEBHOOK_USER,
                "http_auth_password": WEBHOOK_PASSWORD,
            }
            (await self._http.post("/v1/webhooks", json=hook, headers=_CLERK)).raise_for_status()
            self.spent += _HOOK_COST

    async def market(self, customer: str) -> Market:
        """Look at what may be sold; `customer` is a code that some organization carries."""
        state = await self.state()
        key = key_field(state["organization"], customer)
        by_code = {
            row["custom_fields"][key]: row["id"]
            for row in state["organization"]
            if row["custom_fields"].get(key)
        }
        offers = [_offer(row) for row in state["product"] if row["is_linkable"] and row["prices"]]
        return Market(key, by_code, sorted(offers, key=lambda one: one.code))

    async def _post(self, path: str, body: Any) -> Any:
        return _read(await self._http.post(path, json=body))

    async def _get(self, path: str, **params: str) -> Any:
        return _read(await self._http.get(path, params=params, headers=_CLERK))


def key_field(organizations: Iterable[Mapping[str, Any]], customer: str) -> str:
    """Return the code of the custom field that holds this customer's code."""
    return next(
        str(code)
        for row in organizations
        for code, value in row["custom_fields"].items()
        if value == customer
    )


def _offer(row: Mapping[str, Any]) -> Offer:
    prices = {one["currency"]: Decimal(one["price"]) for one in row["prices"]}
    return Offer(row["id"], row["code"], Decimal(row["tax"]), prices)


def _read(reply: httpx.Response) -> Any:
    reply.raise_for_status()
    return json.loads(reply.content, parse_float=Decimal)
