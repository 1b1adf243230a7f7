"""The web application of one hub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import FastAPI

from b1bridge.bootstrap import Hub
from b1bridge.web.api import api
from b1bridge.web.compat import older_paths
from b1bridge.web.health import health
from b1bridge.web.methods import HeadIsGet
from b1bridge.web.notices import notices
from b1bridge.web.problems import tell_problems
from b1bridge.web.request_ids import RequestIds


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(hub: Hub, *, clock: Callable[[], datetime] = _now) -> FastAPI:
    """Put the doors of a hub together; the hub stays its opener's to close."""
    # FastAPI's documentation pages load scripts from the internet, which a server room lacks.
    app = FastAPI(
        title="b1bridge",
        version=version("b1bridge"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.hub = hub
    app.include_router(notices(hub, clock))
    app.include_router(health(hub))
    app.include_router(older_paths(hub), include_in_schema=False)
    # The façade describes itself at /v1/openapi.json.
    app.include_router(api(hub), include_in_schema=False)
    tell_problems(app)
    app.add_middleware(HeadIsGet)
    app.add_middleware(RequestIds)
    return app
