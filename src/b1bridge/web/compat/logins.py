"""`POST /auth`: a token's name and text for a login of some minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.token_desk import Denied
from b1bridge.web.api.bearer import refuse as turn_away
from b1bridge.web.compat.refusals import refuse
from b1bridge.web.compat.route import OlderRoute, body_of


def logins(hub: Hub) -> APIRouter:
    """Make the door where older clients log in."""
    router = APIRouter(route_class=OlderRoute)

    @router.post("/auth")
    async def log_in(request: Request) -> dict[str, str]:
        """Answer 200 with an access token, 401 for whoever is not known."""
        username, password = _credentials(await body_of(request))
        found = await hub.tokens.login(username, password)
        if isinstance(found, Denied):
            turn_away(found)
        return {"access_token": found.jwt}

    return router


def _credentials(document: Any) -> tuple[str, str]:
    """Return name and text of a token."""
    said = document if isinstance(document, Mapping) else {}
    name, text = said.get("username"), said.get("password")
    if not isinstance(name, str) or not isinstance(text, str):
        refuse("username is a token's name, and password its text", "username")
    return name, text
