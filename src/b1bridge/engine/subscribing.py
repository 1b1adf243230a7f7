"""Keeps shops telling us what changes: webhooks that went missing or off are made good.

Shops switch them off by themselves: BigCommerce after two days without a 2xx, or 90 days
without traffic (storefronts.md 1.7). Looking and sweeping find everything too, only later.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.looking import NoOptions
from b1bridge.engine.records import Sync
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.webhooks import WebhookSubscriptions

NAME = "keep-webhooks"
_FIX = (
    "see that the API account may manage webhooks and that the connection's `webhook_url` "
    "is right, then retry the case"
)


def keeping_webhooks(destination_of: Callable[[str], Awaitable[str]]) -> Flow:
    """Make the flow that registers what is missing; its record is `all/webhooks`."""

    async def body(run: Run, source: object, target: object, options: NoOptions) -> Outcome:
        del target, options
        connection = run.ref.connection
        destination = await destination_of(connection)
        if not destination or not isinstance(source, WebhookSubscriptions):
            return Outcome(Did.SKIPPED, f"{connection} is polled only")
        mended = await _subscribed(connection, source, destination)
        if not mended:
            return Outcome(Did.ALREADY_THERE, f"all webhooks to {destination} stand")
        return Outcome(Did.POSTED, f"registered {', '.join(mended)} at {destination}")

    return Flow(
        name=NAME, on="schedule", source=object, target=object, body=body, options=NoOptions
    )


def webhooks_sync(source: str) -> tuple[Sync, Ref]:
    """Name the sync and the record under which a connection's webhooks are looked after."""
    sync = Sync(name=f"{NAME}/{source}", flow=NAME, source=source, target=source)
    return sync, Ref(source, "all", "webhooks")


async def _subscribed(
    connection: str, source: WebhookSubscriptions, destination: str
) -> tuple[str, ...]:
    try:
        return await source.subscribe(destination)
    except NeedsOperator as error:
        msg = f"{connection} does not tell us what changes: {error}"
        raise NeedsOperator(msg, reason="WEBHOOKS_OFF", fix=_FIX) from error
