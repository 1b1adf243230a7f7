"""What a system can do that tells us of its changes by itself."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from b1bridge.domain.subscriptions import Subscription


@runtime_checkable
class WebhookSubscriptions(Protocol):
    """Asks the other side to tell us what changes, and looks whether it still does.

    The address stands in the setting `webhook_url` of the connection.
    """

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return what this account's application is told of, switched off or not."""
        ...

    async def subscribe(self, destination: str) -> tuple[str, ...]:
        """Ask for every subject we read, at this address; return the subjects that were mended.

        What is missing is made and what is off is switched on; repeating it changes nothing.
        """
        ...
