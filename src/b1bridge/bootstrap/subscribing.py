"""A shop's webhooks on a person's word: what stands, and registering what does not."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.bootstrap.lines import Lines
from b1bridge.domain.subscriptions import Subscription
from b1bridge.errors import NeedsOperator
from b1bridge.ports.webhooks import WebhookSubscriptions


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Asks shops about their webhooks to the `webhook_url` of the connection."""

    lines: Lines

    async def destination_of(self, connection: str) -> str:
        """Return our public address as the connection has it; nothing where it is polled only."""
        return str(getattr((await self.lines.line(connection)).settings, "webhook_url", ""))

    async def subscriptions(self, connection: str) -> tuple[str, tuple[Subscription, ...]]:
        """Return our address, and what the shop tells us of there."""
        shop, destination = await self._shop(connection)
        found = await shop.subscriptions()
        return destination, tuple(one for one in found if one.destination == destination)

    async def register(self, connection: str) -> tuple[str, ...]:
        """Make good what is missing or off, and return it."""
        shop, destination = await self._shop(connection)
        return await shop.subscribe(destination)

    async def _shop(self, connection: str) -> tuple[WebhookSubscriptions, str]:
        line = await self.lines.line(connection)
        destination = await self.destination_of(connection)
        if not isinstance(line.capabilities, WebhookSubscriptions):
            msg = f"{connection} ({line.connector.title}) has no webhooks that we could register"
            raise NeedsOperator(msg, reason="CAPABILITY", fix="register them at the other side")
        if not destination:
            msg = f"{connection} has no webhook_url"
            fix = f"enter https://YOUR-HOST/notices/{connection} as its webhook_url"
            raise NeedsOperator(msg, reason="SETTINGS", fix=fix)
        return line.capabilities, destination
