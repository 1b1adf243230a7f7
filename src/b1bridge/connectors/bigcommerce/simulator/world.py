"""A BigCommerce store in memory: the API as an ASGI app, and a clerk who works in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from .account_api import AccountApi
from .answers import answer
from .catalog_api import CatalogApi
from .checked import Checked
from .clerk import Clerk
from .contract import contract_at
from .control import Control
from .gate import Gate, Quota
from .notices import Postman, signed
from .orders_api import OrdersApi
from .records import Location, Notice
from .refunds_api import RefundsApi
from .shipments_api import ShipmentsApi
from .store import Store

BASE_URL = "https://api.bigcommerce.com"


def _now() -> datetime:
    return datetime.now(UTC)


class Simulator(Clerk):
    """One store. `quota` is requests per 30 s; `contract` the folder of published documents."""

    def __init__(  # noqa: PLR0913 - each is a fact of the store that a test may choose
        self,
        *,
        store_hash: str = "simstore",
        access_token: str = "sim-token",  # noqa: S107 - opens nothing but the simulator
        client_secret: str = "sim-secret",  # noqa: S107 - opens nothing but the simulator
        currency: str = "EUR",
        prices_include_tax: bool = True,
        clock: Callable[[], datetime] = _now,
        quota: int | None = None,
        stock_lag: timedelta = timedelta(0),
        base_url: str = BASE_URL,
        contract: Path | None = None,
        control: bool = False,
    ) -> None:
        self.base_url = base_url
        self.store = Store(
            store_hash,
            access_token,
            client_secret,
            currency,
            prices_include_tax,
            clock,
            base_url,
            stock_lag,
        )
        self.store.locations[1] = Location(1, "BC-LOCATION-1", "Default location")
        super().__init__(self.store)
        self.quota = Quota(quota, clock)
        self.violations: list[str] = []
        self.postman = Postman(self.store)
        self.deliver = self.postman.deliver
        self.app = self._app(contract, control=control)

    def settings(self) -> dict[str, Any]:
        """Return settings that open a connection to this store."""
        return {
            "store_hash": self.store.store_hash,
            "access_token": self.store.access_token,
            "client_secret": self.store.client_secret,
            "api_url": self.base_url,
        }

    def opens_location(self, number: int, code: str) -> int:
        """Open another location and return its id."""
        self.store.locations[number] = Location(number, code, code)
        return number

    def notice(
        self, order_id: int, scope: str = "store/order/updated"
    ) -> tuple[dict[str, str], bytes]:
        """Return headers and raw body of a signed notice about an order."""
        now = int(self.store.clock().timestamp())
        data = {"type": "order", "id": order_id}
        return signed(self.store, Notice(f"msg_{next(self.store.ids)}", scope, data, now))

    def _app(self, contract: Path | None, *, control: bool) -> ASGIApp:
        prefix = f"/stores/{self.store.store_hash}"
        apis = (
            RefundsApi(self.store),
            ShipmentsApi(self.store),
            OrdersApi(self.store),
            CatalogApi(self.store),
            AccountApi(self.store),
        )
        routes = [route for api in apis for route in api.routes()]
        api: ASGIApp = Starlette(routes=[*routes, Route("/{rest:path}", _unknown, methods=_ANY)])
        inner = Gate(api, self.store, self.quota)
        outer = Starlette(
            routes=[
                *(Control(self.store, self, self.postman).routes() if control else []),
                Mount(prefix, inner),
                Route("/{rest:path}", _unknown, methods=_ANY),
            ]
        )
        if contract is None:
            return outer
        return Checked(outer, contract_at(contract), prefix, self.violations)


_ANY = ["GET", "POST", "PUT", "DELETE", "PATCH"]


async def _unknown(request: Request) -> Response:
    """Say loudly what is not simulated, instead of guessing an answer."""
    text = f"the simulator does not know {request.method} {request.url.path}"
    return answer([{"status": 501, "message": text}], 501)
