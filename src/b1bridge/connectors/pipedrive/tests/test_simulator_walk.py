"""Every operation that the simulator offers, with every parameter and field that is published."""

import json
from collections import Counter

import httpx
import pytest
from starlette.responses import Response

from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.testing.worlds import client_for

pytestmark = pytest.mark.anyio
ROOTS = {"v1": "/v1", "v2": "/api/v2"}
ODD = (None, True, 0, -1, 7.5, 10**30, "", "x", "1", "é😀\u0000", [], ["x"], [None], {}, {"x": {}})
TEXTS = ("", "0", "-1", "x", "é", "1,2", "a" * 3000, "2026-11-21T00:00:00Z", "null", "²")
REFUSED = {400, 403, 404, 501}


@pytest.fixture
def published(contract):
    if contract is None:
        pytest.skip("no published contract at hand: set B1BRIDGE_SHARED")
    return contract


def furnished():
    """Return a company that has one of everything, numbered 1."""
    world = Simulator()
    organization = world.add_organization("Acme")
    deal = world.add_deal("Big", organization, person_id=world.add_person("Ann Lee", organization))
    world.add_product_to_deal(deal, world.add_product("Pen", "A1", "9.99"), "3", "9.99")
    return world


class Walk:
    """Asks one operation, in a company of its own, and holds the answers against the contract."""

    def __init__(self, published, one):
        self.contract = published
        self.one = one
        self.world = furnished()
        names = {"{id}": "1", "{line}": "1", "{code}": "name"}
        self.path = ROOTS[one.version] + one.path
        for name, value in names.items():
            self.path = self.path.replace(name, value)
        self.found = published.find(one.method, self.path)
        self.statuses = Counter()

    async def ask(self, query=None, body=None):
        client = client_for(self.world, httpx.ASGITransport(self.world.app))
        client.headers["x-api-token"] = self.world.settings()["api_token"]
        self.world.ledger.recent.clear()
        async with client:
            content = None if body is None else json.dumps(body)
            answer = await client.request(self.one.method, self.path, params=query, content=content)
        told = f"{self.one.method} {self.path} {query} {content}: {answer.text[:200]}"
        assert answer.status_code < 300 or answer.status_code in REFUSED, told
        if answer.status_code == 501:
            assert "does not" in answer.json()["error"], told
        else:
            response = Response(answer.content, answer.status_code)
            wrong = self.contract.answer_violations(self.one.method, self.path, response)
            assert wrong == [], told
        self.statuses[answer.status_code] += 1
        return answer

    def parameters(self):
        return self.contract.parameters(self.found)

    def fields(self):
        return self.contract.fields(self.found)


LINE = {"product_id": 1, "item_price": 5, "quantity": 2}
WHOLE = {
    "POST /organizations": {"name": "B"},
    "POST /persons": {"name": "B"},
    "POST /products": {"name": "B"},
    "POST /deals": {"title": "B"},
    "POST /activities": {"subject": "B"},
    "POST /pipelines": {"name": "B"},
    "POST /stages": {"name": "B", "pipeline_id": 1},
    "POST /deals/{id}/products": LINE,
    "POST /deals/{id}/products/bulk": {"data": [LINE, LINE]},
    "POST /deals/{id}/discounts": {"description": "B", "amount": 5, "type": "percentage"},
    "POST /notes": {"content": "B", "org_id": 1},
    "POST /webhooks": {
        "subscription_url": "https://hub.example/in",
        "event_action": "*",
        "event_object": "deal",
        "name": "B",
    },
    **{
        f"POST /{entity}Fields": {"field_name": "B", "field_type": "varchar"}
        for entity in ("organization", "person", "product", "deal")
    },
}
"""What the least of each creation says."""
OFFERED = Simulator().operations


@pytest.mark.parametrize("one", OFFERED, ids=lambda one: f"{one.version} {one.method} {one.path}")
async def test_whatever_it_is_asked_it_answers_in_published_words(published, one):
    walk = Walk(published, one)
    whole = WHOLE.get(f"{one.method} {one.path}", {})
    if whole:
        assert (await walk.ask(body=whole)).status_code < 300
    for name, schema in walk.parameters().items():
        for text in (*TEXTS, *map(str, schema.get("enum", ()))):
            await walk.ask({name: text})
    for name, schema in walk.fields().items():
        for value in (*ODD, *schema.get("enum", ())):
            await walk.ask(body={name: value})
            await walk.ask(body={**whole, name: value})
    for body in ODD:
        await walk.ask(body=body)
    assert walk.statuses
