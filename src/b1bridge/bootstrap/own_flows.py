"""The flows that belong to the platform itself, and what they look with."""

from __future__ import annotations

from b1bridge.bootstrap.lines import Lines
from b1bridge.bootstrap.subscribing import Subscribing
from b1bridge.bootstrap.telling import Telling
from b1bridge.engine import looking, looking_again, metering, subscribing, sweeping, telling
from b1bridge.engine.flow import Flow
from b1bridge.storage.opening import Storage

LOOKS = (looking.NAME, sweeping.NAME, subscribing.NAME, metering.NAME, looking_again.NAME)
"""Those that read lists, and write nothing but what is to be done."""


def own_flows(storage: Storage, lines: Lines, tell: Telling) -> dict[str, Flow]:
    """Make them, by their names."""
    own = (
        looking.looking(storage.inbox, storage.watermarks),
        looking_again.looking_again(storage.syncs),
        sweeping.sweeping(storage.gaps, storage.watermarks),
        subscribing.keeping_webhooks(Subscribing(lines).destination_of),
        metering.watching_budgets(storage.usage.queued),
        telling.telling(tell),
    )
    return {flow.name: flow for flow in own}
