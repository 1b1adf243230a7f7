"""The short lists of codes that an order may name."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from b1bridge.bootstrap import Hub
from b1bridge.domain.codes import CodeKind
from b1bridge.web.api.lookup_words import CodeReader, Shown, looking
from b1bridge.web.api.numbers import Number


class CodeShown(Shown):
    """One entry."""

    code: str
    name: str
    rate: Number | None = Field(description="of a tax code, today, in per cent")


class CodesShown(Shown):
    """The whole list, ordered by code."""

    codes: list[CodeShown]


def codes(hub: Hub) -> APIRouter:
    """Make the route of the lists."""
    router = looking("codes")

    @router.get("/codes/{kind}")
    async def list_codes(bearer: CodeReader, kind: CodeKind) -> CodesShown:
        """Return a list; what somebody enters in SAP shows within a minute.

        An order names freight and shipping types by `name`, the others by `code`.
        """
        found = await hub.lookups.codes(bearer.connection, kind)
        return CodesShown(codes=[CodeShown.model_validate(one) for one in found])

    return router
