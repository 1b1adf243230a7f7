"""Who answers here, for which company, and whether its books answer too."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from fastapi import APIRouter
from pydantic import Field

from b1bridge.bootstrap import Hub
from b1bridge.domain.directory import CompanyCard
from b1bridge.errors import BridgeError, NeedsOperator
from b1bridge.web.api.lookup_words import CodeReader, Shown, looking

_PATIENCE = 5.0
"""Seconds after which books that do not answer count as away."""


class CompanyShown(Shown):
    """The company whose books a token works with."""

    name: str
    currency: str
    time_zone: str = Field(description="in which its days end")


class InfoShown(Shown):
    """The hub, the company, and how they are."""

    version: str
    connection: str
    books_reachable: bool = Field(
        description="orders are taken while it is false, and posted later"
    )
    company: CompanyShown | None = Field(description="null while the books are away")


def info(hub: Hub) -> APIRouter:
    """Make the page that tells a client where it is."""
    router = looking("info")

    @router.get("/info")
    async def about(bearer: CodeReader) -> InfoShown:
        """Say who answers; asks SAP, so that it is known to be there."""
        return await info_for(hub, bearer.connection)

    return router


async def info_for(hub: Hub, connection: str) -> InfoShown:
    """Say how the hub and the books of a connection are."""
    company = await _company(hub, connection)
    return InfoShown(
        version=version("b1bridge"),
        connection=connection,
        books_reachable=company is not None,
        company=CompanyShown.model_validate(company) if company else None,
    )


async def _company(hub: Hub, connection: str) -> CompanyCard | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await hub.lookups.company(connection)
    except NeedsOperator:
        raise
    except (BridgeError, TimeoutError):
        return None
