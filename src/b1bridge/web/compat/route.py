"""A route of the older paths: whatever it refuses, older clients can read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from b1bridge.errors import BridgeError
from b1bridge.web.compat.refusals import in_older_words
from b1bridge.web.problems import Refusal, refusal_of


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
