"""Two clients behind one set of verbs, each used as its own documentation shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from b1bridge.connectors.sap_b1.client import Batch, ClientSettings, ServiceLayer, connected
from b1bridge.connectors.sap_b1.client.windows import windows

FIELDS = ("ItemCode", "ItemName", "QuantityOnStock")
PAGE = 1000


class Client(Protocol):
    """What both are asked to do."""

    async def read(self) -> int:
        """Read three fields of every item; return how many there were."""
        ...

    async def create(self, order: dict[str, Any]) -> None:
        """Create one order and read SAP's answer."""
        ...

    async def create_all(self, orders: Sequence[dict[str, Any]]) -> None:
        """Create some orders in one change set and read SAP's answers."""
        ...


class Ours:
    """The client of this repository."""

    def __init__(self, service: ServiceLayer) -> None:
        self._service = service

    async def read(self) -> int:
        """Read in key windows, which rows that come and go cannot shift."""
        pages = windows(self._service, "Items", key="ItemCode", select=FIELDS, size=PAGE)
        return sum([len(rows) async for rows in pages])

    async def create(self, order: dict[str, Any]) -> None:
        """Create one order."""
        await self._service.post("Orders", order)

    async def create_all(self, orders: Sequence[dict[str, Any]]) -> None:
        """Create them all or none."""
        batch = Batch()
        changes = batch.change_set()
        made = [changes.post("Orders", order) for order in orders]
        result = await self._service.send_batch(batch)
        for operation in made:
            result.fields(operation)


class B1sl:
    """b1sl-python, its asynchronous client."""

    def __init__(self, b1: Any, document: Any) -> None:
        self._b1 = b1
        self._document = document

    async def read(self) -> int:
        """Read along SAP's links; its stream has no other way."""
        stream = self._b1.items.select(*FIELDS).stream(page_size=PAGE)
        return sum([1 async for _ in stream])

    async def create(self, order: dict[str, Any]) -> None:
        """Create one order."""
        await self._b1.orders.create(self._document.model_validate(order))

    async def create_all(self, orders: Sequence[dict[str, Any]]) -> None:
        """Create them all or none."""
        async with self._b1.batch() as batch:
            async with batch.changeset() as changes:
                for order in orders:
                    await changes.orders.create(self._document.model_validate(order))
            results = await batch.execute()
        results.raise_for_failures()
        for result in results:
            _ = result.entity  # parsed only when asked for


@asynccontextmanager
async def ours(login: dict[str, str]) -> AsyncIterator[Client]:
    """Log in with our client."""
    settings = ClientSettings.model_validate(login)
    async with connected(settings) as service:
        await service.open()
        yield Ours(service)


@asynccontextmanager
async def b1sl(login: dict[str, str]) -> AsyncIterator[Client]:
    """Log in with b1sl-python; ImportError where it is not installed."""
    from b1sl.b1sl import AsyncB1Client, B1Config  # noqa: PLC0415 - one of the test tools
    from b1sl.b1sl.entities import Document  # noqa: PLC0415

    config = B1Config(
        base_url=f"{login['url']}/b1s/v2",
        username=login["user"],
        password=login["password"],
        company_db=login["company_db"],
    )
    async with AsyncB1Client(config, version="v2") as b1:
        await b1.connect()
        yield B1sl(b1, Document)
