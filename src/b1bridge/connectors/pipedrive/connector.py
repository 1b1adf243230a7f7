"""What the platform knows about Pipedrive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

import httpx

from b1bridge.connectors.pipedrive.account import Company
from b1bridge.connectors.pipedrive.budget import Budget
from b1bridge.connectors.pipedrive.bursts import Bursts, most_at_once
from b1bridge.connectors.pipedrive.client import Client
from b1bridge.connectors.pipedrive.deals import Deals
from b1bridge.connectors.pipedrive.doctor import look
from b1bridge.connectors.pipedrive.fields import Fields
from b1bridge.connectors.pipedrive.listings import directories_of
from b1bridge.connectors.pipedrive.notes import Notes
from b1bridge.connectors.pipedrive.oauth import OAuth
from b1bridge.connectors.pipedrive.organizations import Organizations
from b1bridge.connectors.pipedrive.products import Products
from b1bridge.connectors.pipedrive.provisioning import Provisioning
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.connectors.pipedrive.subscriptions import Subscriptions
from b1bridge.connectors.pipedrive.webhooks import notices
from b1bridge.domain.budgets import BudgetReport
from b1bridge.ports.crm import (
    CrmMerges,
    DealSource,
    FieldProvisioning,
    NoteTarget,
    OrganizationTarget,
    ProductTarget,
)
from b1bridge.ports.kept import Kept
from b1bridge.ports.renewed import Renewed, RenewedHere
from b1bridge.ports.usage import Metered, Usage
from b1bridge.ports.webhooks import WebhookSubscriptions
from b1bridge.sdk.connector import Connector, Finding
from b1bridge.sdk.http import open_client


class Pipedrive(Subscriptions, Provisioning, Organizations, Products, Notes, Deals):
    """Everything that one connected company can do."""

    async def budget(self) -> BudgetReport:
        """Say what the day has cost so far and will have cost at its end."""
        return await self._client.budget.report()

    async def examined(self) -> AsyncIterator[Finding]:
        """Look as `doctor` does, with the tokens that the hub keeps: a look may renew them."""
        async for finding in look(self._company, self._settings):
            yield finding

    async def aclose(self) -> None:
        """Write down what was spent since it was last written down."""
        await self._client.budget.save()


class _Forgotten:
    """The usage of a look from outside, which nobody adds up."""

    async def add(self, connection: str, hour: str, cost: int) -> None:
        """Forget it."""

    async def since(self, connection: str, hour: str) -> Mapping[str, int]:
        """Know of nothing."""
        del connection, hour
        return {}


def _now() -> datetime:
    return datetime.now(UTC)


def http(settings: Settings) -> httpx.AsyncClient:
    """Open the line to the company's API."""
    return open_client(settings.api_url)


def build(connection: str, settings: Settings, line: httpx.AsyncClient, kept: Kept) -> Pipedrive:
    """Make the capabilities of one connection."""
    return Pipedrive(
        _company(connection, settings, line, kept.usage, kept.renewed, kept.clock), settings
    )


async def doctor(settings: Settings, line: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Look at a connection from the outside in."""
    company = _company("CONNECTION", settings, line, _Forgotten(), RenewedHere())
    async for finding in look(company, settings):
        yield finding


def _company(
    connection: str,
    settings: Settings,
    line: httpx.AsyncClient,
    usage: Usage,
    renewed: Renewed,
    clock: Callable[[], datetime] = _now,
) -> Company:
    budget = Budget(connection, settings, usage, clock)
    bursts = Bursts(most_at_once(settings))
    oauth = OAuth(connection, settings, line, renewed, clock)
    client = Client(settings, line, budget, oauth, bursts)
    fields = Fields(client)
    return Company(connection, client, fields, directories_of(client, fields))


CONNECTOR = Connector(
    key="pipedrive",
    title="Pipedrive",
    settings=Settings,
    capabilities=(
        OrganizationTarget,
        CrmMerges,
        ProductTarget,
        NoteTarget,
        DealSource,
        FieldProvisioning,
        WebhookSubscriptions,
        Metered,
    ),
    http=http,
    build_kept=build,
    doctor=doctor,
    notices=notices,
)
