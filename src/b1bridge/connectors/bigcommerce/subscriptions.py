"""Registers the store's webhooks and switches them on again (storefronts.md 1.7)."""

from __future__ import annotations

from typing import Any

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import SYSTEM, Client
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.connectors.bigcommerce.webhooks import SCOPES
from b1bridge.connectors.bigcommerce.wire import HOOKS, WireHook
from b1bridge.domain.subscriptions import Subscription
from b1bridge.sdk.reading import read_all


class Subscriptions(Account):
    """The WebhookSubscriptions of one store."""

    def __init__(self, connection: str, client: Client, settings: Settings) -> None:
        super().__init__(connection, client)
        self._settings = settings

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the hooks of this API account; those of other applications are not shown."""
        hooks = await self._hooks()
        return tuple(Subscription(h.scope, h.destination, h.is_active) for h in hooks)

    async def subscribe(self, destination: str) -> tuple[str, ...]:
        """Make the hooks that are missing, switch on those that BigCommerce switched off.

        There is one hook per scope and address. A switched-off one tells nothing of what it
        missed; looking finds that.
        """
        there = {h.scope: h for h in await self._hooks() if h.destination == destination}
        return tuple([s for s in SCOPES if await self._mended(s, destination, there.get(s))])

    async def _mended(self, scope: str, destination: str, hook: WireHook | None) -> bool:
        wanted: dict[str, Any] = {"is_active": True}
        if headers := self._headers():
            wanted["headers"] = headers
        if hook is None:
            await self._client.post(
                "v3/hooks", {"scope": scope, "destination": destination, **wanted}
            )
            return True
        if hook.is_active and headers.items() <= (hook.headers or {}).items():
            return False
        await self._client.put(f"v3/hooks/{hook.id}", wanted)
        return True

    def _headers(self) -> dict[str, str]:
        """Have the shared secret echoed on every notice, where the operator set one."""
        secret = self._settings.webhook_secret
        return {self._settings.webhook_header: secret.get_secret_value()} if secret else {}

    async def _hooks(self) -> list[WireHook]:
        return [
            hook
            async for page in self._client.v3_pages("v3/hooks")
            for hook in read_all(HOOKS, page, system=SYSTEM, record="webhooks")
        ]
