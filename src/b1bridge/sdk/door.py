"""Our inbound door, looked at from outside: what it answers, and what that proves."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from b1bridge.errors import BridgeError
from b1bridge.sdk.connector import Finding
from b1bridge.sdk.doctor import sick, well
from b1bridge.sdk.http import exchange
from b1bridge.sdk.reading import read_json

DOOR = "inbound door of"
"""The one field of what our door answers to a look; its value is the connection."""

_CHECK = "inbound door"
_MOST_BYTES = 64 * 1024
_FIX = (
    "start `b1bridge serve`, and let the reverse proxy pass /notices/ on to it, "
    "or correct webhook_url"
)


async def look_at_the_door(http: httpx.AsyncClient, url: str) -> Finding:
    """Ask the address that the shop sends its notices to.

    A good answer proves that name, certificate and reverse proxy lead to this hub as seen from
    this machine. Whether the shop gets through as well only the shop can tell.
    """
    try:
        request = http.build_request("GET", url, headers={"Accept": "application/json"})
        response = await exchange(http, request, system=url, max_bytes=_MOST_BYTES)
        connection = _opened_by(response)
    except (BridgeError, httpx.InvalidURL) as exc:
        return sick(_CHECK, f"notices cannot come in: {exc}", _FIX)
    if not connection:
        said = f"answers with HTTP {response.status_code}, which is not our door"
        return sick(_CHECK, f"notices cannot come in: {url} {said}", _FIX)
    return well(_CHECK, f"{url} leads from this machine to the door of '{connection}'")


def _opened_by(response: httpx.Response) -> str:
    """Return the connection whose door answered; nothing for somebody else's answer."""
    if response.status_code != HTTPStatus.OK:
        return ""
    said = read_json(response.content, system=str(response.request.url), record="the door")
    return str(said.get(DOOR, "")) if isinstance(said, dict) else ""
