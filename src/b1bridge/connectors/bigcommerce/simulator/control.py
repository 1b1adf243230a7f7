"""An HTTP door to the clerk's verbs, so that another process can drive the store."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .answers import answer
from .clerk import Clerk, verbs_of
from .notices import Postman
from .pricing import totals_of
from .refund_prices import returned
from .store import Store


class Control:
    """Lets a test process place orders, deliver notices and look at the truth."""

    def __init__(self, store: Store, clerk: Clerk, postman: Postman) -> None:
        self._store = store
        self._verbs = verbs_of(clerk)
        self._postman = postman
        self._clerk = clerk

    def routes(self) -> list[Route]:
        """Return the control routes."""
        return [
            Route("/control/state", self._state),
            Route("/control/stock", self._stock),
            Route("/control/deliver", self._deliver, methods=["POST"]),
            Route("/control/bulk", self._bulk, methods=["POST"]),
            Route("/control/{verb}", self._act, methods=["POST"]),
        ]

    async def _act(self, request: Request) -> Response:
        verb = request.path_params["verb"]
        if verb not in self._verbs:
            return answer({"error": f"no verb {verb}", "verbs": sorted(self._verbs)}, 404)
        return answer({"result": self._verbs[verb](**json.loads(await request.body() or b"{}"))})

    async def _bulk(self, request: Request) -> Response:
        """Do many things in one request: a list of [verb, arguments]."""
        acts = json.loads(await request.body())
        return answer({"results": [self._verbs[verb](**arguments) for verb, arguments in acts]})

    async def _deliver(self, request: Request) -> Response:
        report = await self._postman.deliver(**json.loads(await request.body()))
        return answer(dataclasses.asdict(report))

    async def _state(self, _request: Request) -> Response:
        orders = [self._order(number) for number in self._store.orders]
        waiting = len(self._store.outbox)
        return answer({"orders": orders, "outbox": waiting})

    def _order(self, number: int) -> dict[str, Any]:
        order = self._store.orders[number]
        total = totals_of(order).total
        return {
            "id": number,
            "status_id": order.status_id,
            "currency": order.currency,
            "total_inc_tax": order.raw.get("total_inc_tax", str(total.inc_tax)),
            "total_tax": order.raw.get("total_tax", str(total.tax)),
            "captured": str(self._clerk.received(number)),
            "refunded": str(returned(order)),
            "external_order_id": order.external_order_id,
        }

    async def _stock(self, _request: Request) -> Response:
        self._store.settle_stock()
        return answer({sku: product.on_hand for sku, product in self._store.products.items()})
