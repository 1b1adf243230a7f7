"""One order from twenty connections at once: one document, and the same answer for everybody."""

import asyncio
from collections import Counter

import httpx
import pytest

from b1bridge.web.app import create_app
from b1bridge.web.server import listen, serving

from .conftest import order

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
CONNECTIONS, TIMES = 20, 10


async def test_two_hundred_posts_of_one_order_are_one_document_and_one_answer(hub, sap, token):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "order-1001"}

    async def posts(url):
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
            return [await client.post(f"{url}/v1/order", json=order()) for _ in range(TIMES)]

    with listen("127.0.0.1", 0) as sock:
        async with serving(create_app(hub), sock) as served:
            answers = await asyncio.gather(*(posts(served.url) for _ in range(CONNECTIONS)))

    flat = [answer for some in answers for answer in some]
    assert Counter(answer.status_code for answer in flat) == {201: CONNECTIONS * TIMES}
    assert len({answer.content for answer in flat}) == 1
    assert len({answer.headers["location"] for answer in flat}) == 1
    replayed = Counter(answer.headers.get("idempotency-replayed") for answer in flat)
    assert replayed == {"true": CONNECTIONS * TIMES - 1, None: 1}
    assert len(sap.company.query("Orders")) == 1
