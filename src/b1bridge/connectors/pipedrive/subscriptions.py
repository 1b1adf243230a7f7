"""Registers the company's webhooks, and again those that Pipedrive deleted (2.1, 2.4)."""

from __future__ import annotations

from b1bridge.connectors.pipedrive.account import Account, Company
from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.operations import WEBHOOKS
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.connectors.pipedrive.webhooks import SUBJECTS
from b1bridge.connectors.pipedrive.wire import HOOKS, WireHook
from b1bridge.domain.subscriptions import Subscription
from b1bridge.sdk.reading import read_all


class Subscriptions(Account):
    """The WebhookSubscriptions of one company."""

    def __init__(self, company: Company, settings: Settings) -> None:
        super().__init__(company)
        self._settings = settings

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the webhooks of our user."""
        return tuple(
            Subscription(hook.event_object, hook.subscription_url, bool(hook.is_active))
            for hook in await self._hooks()
        )

    async def subscribe(self, destination: str) -> tuple[str, ...]:
        """Make the webhooks that are missing; those that are off are deleted and made anew.

        Nothing at Pipedrive keeps one from being registered twice: of such, one is left.
        """
        there = [hook for hook in await self._hooks() if hook.subscription_url == destination]
        return tuple([s for s in SUBJECTS if await self._mended(s, destination, there)])

    async def _mended(self, subject: str, destination: str, there: list[WireHook]) -> bool:
        mine = [hook for hook in there if hook.event_object == subject]
        good = [hook for hook in mine if hook.is_active and hook.event_action == "*"]
        for hook in mine:
            if hook not in good[:1]:
                await self._client.call(WEBHOOKS["delete"], id_=str(hook.id))
        if good:
            return len(good) > 1
        password = self._settings.webhook_password
        payload = {
            "subscription_url": destination,
            "event_action": "*",
            "event_object": subject,
            "name": f"b1bridge {self._connection} {subject}",
            "version": "2.0",
        }
        if password is not None:
            payload["http_auth_user"] = self._settings.webhook_user
            payload["http_auth_password"] = password.get_secret_value()
        await self._client.call(WEBHOOKS["add"], payload=payload)
        return True

    async def _hooks(self) -> list[WireHook]:
        found = await self._client.call(WEBHOOKS["list"])
        return read_all(HOOKS, found.get("data") or [], system=SYSTEM, record="webhooks")
