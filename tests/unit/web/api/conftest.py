"""A small API of its own routes, on the same base as the façade's."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from pydantic import BaseModel, ConfigDict

from b1bridge.bootstrap.token_desk import Bearer, Denied, Why
from b1bridge.connectors.rest.settings import Settings
from b1bridge.sdk.tokens import Scope
from b1bridge.web.api.bearer import Needs
from b1bridge.web.api.bodies import JsonBody
from b1bridge.web.api.cursors import cursor_of, parts_of
from b1bridge.web.methods import HeadIsGet
from b1bridge.web.problems import tell_problems
from b1bridge.web.request_ids import RequestIds


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")
    item: str
    amount: Decimal = Decimal(0)


class Basket(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reference: str
    lines: list[Row] = []


SCOPES = frozenset({"orders:write", "orders:read"})


def bearer(name="script", *, scopes=SCOPES, strict=True):
    return Bearer(name, "api", scopes, Settings(books="sap", strict=strict))


class Drawer:
    """Tokens of a hub, by their text."""

    def __init__(self):
        self.known = {
            "good": bearer(),
            "lax": bearer(strict=False),
            "reads": bearer("reads", scopes=frozenset({"orders:read"})),
            "old": Denied(Why.EXPIRED, "ended"),
            "gone": Denied(Why.REVOKED, "revoked"),
            "many": Denied(Why.TOO_MANY, "too many", 2.1),
        }

    async def bearer(self, text):
        return self.known.get(text, Denied(Why.UNKNOWN, "no such token"))


Writer = Annotated[Bearer, Depends(Needs(Scope.ORDERS_WRITE))]
Reader = Annotated[Bearer, Depends(Needs(Scope.ORDERS_READ))]
Sent = Annotated[Basket, Depends(JsonBody(Basket, example={"reference": "WEB-1"}))]


def routes():
    router = APIRouter(prefix="/v1")

    @router.post("/baskets", status_code=201)
    async def take(bearer: Writer, basket: Sent) -> dict[str, str]:
        total = sum((line.amount for line in basket.lines), Decimal(0))
        return {"reference": basket.reference, "by": bearer.token_name, "total": str(total)}

    @router.get("/baskets")
    async def baskets(
        bearer: Reader, limit: Annotated[int, Query(ge=1, le=10)] = 5, cursor: str = ""
    ) -> dict[str, str]:
        after = parts_of(cursor, str, int) if cursor else ["", 0]
        return {
            "by": bearer.token_name,
            "after": f"{after[0]} {after[1]}",
            "next": cursor_of("WEB-1", limit),
        }

    @router.get("/mistake")
    async def mistake(bearer: Reader) -> dict[str, str]:
        raise LookupError(bearer.token_name)

    return router


@pytest.fixture
def app():
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.hub = SimpleNamespace(tokens=Drawer())
    app.include_router(routes())
    tell_problems(app)
    app.add_middleware(HeadIsGet)
    app.add_middleware(RequestIds)
    return app


@pytest.fixture
async def client(app):
    line = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer good"}
    async with httpx.AsyncClient(
        transport=line, base_url="http://hub.test", headers=headers
    ) as client:
        yield client
