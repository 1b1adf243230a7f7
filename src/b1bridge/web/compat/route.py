"""Routes of the older paths: they read what older clients send, and refuse in words they know."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from b1bridge.errors import BridgeError
from b1bridge.web.api.bodies import json_of
from b1bridge.web.compat.refusals import in_older_words
from b1bridge.web.problems import Refusal, refusal_of


async def body_of(request: Request) -> Any:
    """Read the body as JSON, whatever it is announced as: the older product looked at no header."""
    return await json_of(request, announced=False)


class OlderRoute(APIRoute):
    """Adds the members of the older product's errors to every problem document."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route as FastAPI makes it."""
        inner = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await inner(request)
            except Refusal as refusal:
                raise in_older_words(refusal) from refusal
            except BridgeError as error:
                raise in_older_words(refusal_of(error)) from error

        return answer
