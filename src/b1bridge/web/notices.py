"""The one inbound door: whoever knocks is checked, written down, and only then thanked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from b1bridge.bootstrap import Hub
from b1bridge.sdk.door import DOOR

MAX_NOTICE_BYTES = 1024 * 1024


def notices(hub: Hub, clock: Callable[[], datetime]) -> APIRouter:
    """Make the door of one hub; a 200 means that every notice in the body is on disk."""
    router = APIRouter(tags=["notices"])

    @router.post("/notices/{connection}")
    async def knock(connection: str, request: Request) -> dict[str, int]:
        """Take a webhook of a connection, its raw body exactly as signed."""
        body = await _body_of(request)
        accepted = await hub.accept(connection, request.headers, body, clock())
        return {"new": accepted.new, "duplicates": accepted.duplicates}

    @router.get("/notices/{connection}")
    async def look(connection: str) -> dict[str, str]:
        """Say whose door this is, so that a doctor who comes from outside knows it."""
        await hub.connector_of(connection)
        return {DOOR: connection}

    return router


async def _body_of(request: Request) -> bytes:
    """Return the raw body; stop reading at the first byte too many."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_NOTICE_BYTES:
            detail = f"a notice has at most {MAX_NOTICE_BYTES} bytes"
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        parts.append(part)
    return b"".join(parts)
