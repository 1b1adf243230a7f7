"""The simulated company keeps the rules that the facts tell of (pipedrive-whatsapp.md 2.6)."""

from datetime import timedelta

import httpx
import pytest

from b1bridge.connectors.pipedrive.simulator import Simulator

pytestmark = pytest.mark.anyio
PLACES = ("organization", "person", "product", "deal")


@pytest.fixture
def plain(world):
    """Return a line that sends what no contract allows."""
    transport = httpx.ASGITransport(world.app)
    headers = {"x-api-token": "clerk-token"}
    return httpx.AsyncClient(transport=transport, base_url=world.base_url, headers=headers)


async def said(response, status=200):
    assert response.status_code == status, response.text
    return response.json()


async def test_without_a_token_nobody_is_let_in(world):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app)) as http:
        answer = await said(await http.get(f"{world.base_url}/v1/users/me"), 401)

    assert answer == {"success": False, "error": "unauthorized access", "errorCode": 401}
    assert world.ledger.spent == {}


async def test_a_token_in_the_address_works_as_well(world):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app)) as http:
        answer = await http.get(f"{world.base_url}/v1/users/me?api_token=clerk-token")

    assert (await said(answer))["data"]["name"] == "Sam Sales"


async def test_v1_answers_below_both_of_its_roots(plain):
    assert (await said(await plain.get("/v1/users/me")))["data"]["id"] == 102
    assert (await said(await plain.get("/api/v1/users/me")))["data"]["id"] == 102


async def test_v1s_records_are_out_of_support(plain):
    for name in ("deals", "persons/1", "organizations", "products", "itemSearch"):
        assert "out of support" in (await said(await plain.get(f"/v1/{name}"), 410))["error"]


async def test_what_is_not_simulated_is_said_loudly(plain):
    answer = await said(await plain.get("/v1/mailbox/mailThreads"), 501)

    assert "does not know GET /v1/mailbox" in answer["error"]


@pytest.mark.parametrize(
    ("path", "payload", "word"),
    [
        ("organizations", {"name": "A", "owner_id": "3"}, "owner_id"),
        ("organizations", {"name": 5}, "name"),
        ("organizations", {"title": "A"}, "title"),
        ("organizations", {"name": "A", "visible_to": "3"}, "visible_to"),
        ("organizations", {}, "name"),
        ("persons", {"name": "A", "emails": "a@x.test"}, "emails"),
        ("products", {"name": "A", "is_linkable": 1}, "is_linkable"),
        ("products", {"name": "A", "tax": "19"}, "tax"),
        ("products", {"name": "A", "prices": [{"currency": "XTS", "price": 1}]}, "XTS"),
        ("deals", {"title": "A", "status": "deleted"}, "status"),
        ("deals", {"title": "A", "org_id": 99}, "not found"),
        ("organizations", {"name": "A", "custom_fields": {"f" * 40: "x"}}, "f" * 40),
    ],
)
async def test_v2_is_strict_about_what_it_is_sent(plain, world, path, payload, word):
    answer = await plain.post(f"/api/v2/{path}", json=payload)

    assert answer.status_code in {400, 404}
    assert word in answer.json()["error"]
    assert [world.company.rows[place] for place in PLACES] == [{}, {}, {}, {}]


async def test_pages_have_a_limit_and_an_opaque_cursor(plain, world):
    for number in range(7):
        world.add_organization(f"No {number}")
    assert (await plain.get("/api/v2/organizations?limit=501")).status_code == 400
    assert (await plain.get("/api/v2/organizations?cursor=mine")).status_code == 400

    seen, cursor = [], ""
    while cursor is not None:
        address = f"/api/v2/organizations?limit=3{f'&cursor={cursor}' if cursor else ''}"
        page = await said(await plain.get(address))
        seen += [row["id"] for row in page["data"]]
        cursor = page["additional_data"]["next_cursor"]

    assert seen == [1, 2, 3, 4, 5, 6, 7]


async def test_at_most_a_hundred_ids_are_asked_for(plain):
    ids = ",".join(str(number) for number in range(101))

    assert (await plain.get(f"/api/v2/products?ids={ids}")).status_code == 400


async def test_updated_since_takes_in_its_second(plain, world, clock):
    world.add_organization("Old")
    clock.forward(seconds=1)
    mark = clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    world.add_organization("New")

    found = await said(await plain.get(f"/api/v2/organizations?updated_since={mark}"))

    assert [row["name"] for row in found["data"]] == ["New"]
    assert (await plain.get(f"/api/v2/products?updated_since={mark}")).status_code == 400


async def test_field_codes_differ_from_company_to_company(clock):
    codes = {
        Simulator(domain=name, clock=clock).add_field("deal", "SAP order") for name in ("a", "b")
    }

    assert {len(code) for code in codes} == {40}


async def test_custom_fields_have_two_shapes_and_clear_by_null(plain, world):
    code = world.add_field("organization", "SAP balance", "monetary")
    made = await said(
        await plain.post(
            "/api/v2/organizations",
            json={"name": "A", "custom_fields": {code: {"value": 1.5, "currency": "EUR"}}},
        )
    )
    assert made["data"]["custom_fields"][code] == {"value": 1.5, "currency": "EUR"}
    _, body = world.notice()
    wrapped = httpx.Response(200, content=body).json()["data"]["custom_fields"][code]
    assert wrapped == {"type": "monetary", "value": 1.5, "currency": "EUR"}

    cleared = await plain.patch("/api/v2/organizations/1", json={"custom_fields": {code: None}})

    assert (await said(cleared))["data"]["custom_fields"][code] is None


async def test_choices_are_numbers_and_an_empty_set_is_refused(plain, world):
    made = await plain.post(
        "/api/v2/organizationFields",
        json={"field_name": "Tags", "field_type": "set", "options": [{"label": "a"}]},
    )
    field = (await said(made))["data"]
    code, option = field["field_code"], field["options"][0]["id"]

    good = {"name": "A", "custom_fields": {code: [option]}}
    bad = {"name": "A", "custom_fields": {code: []}}

    assert (await plain.post("/api/v2/organizations", json=good)).status_code == 200
    assert (await plain.post("/api/v2/organizations", json=bad)).status_code == 400
    assert len(world.company.rows["organization"]) == 1


async def test_searches_lag_and_mind_letters_in_one_way_only(clock):
    world = Simulator(clock=clock, search_lag=timedelta(seconds=5))
    code = world.add_field("organization", "SAP customer code")
    for name in ("Acme", "Acme"):
        world.add_organization(name, custom_fields={code: "C1"})
    transport = httpx.ASGITransport(world.app)
    headers = {"x-api-token": "clerk-token"}
    async with httpx.AsyncClient(
        transport=transport, base_url=world.base_url, headers=headers
    ) as http:

        async def field(term):
            address = f"/api/v2/itemSearch/field?entity_type=organization&field={code}&term={term}"
            return len((await said(await http.get(f"{address}&match=exact")))["data"])

        assert await field("C1") == 0
        clock.forward(seconds=6)
        assert (await field("C1"), await field("c1")) == (2, 0)
        found = await http.get("/api/v2/itemSearch?term=aCME&item_types=organization")
        assert len((await said(found))["data"]["items"]) == 2
        assert (await http.get("/api/v2/itemSearch?term=a")).status_code == 400


async def test_a_merger_swallows_one_and_repoints_what_hangs_on_it(plain, world):
    loser, winner = world.add_organization("A"), world.add_organization("B")
    deal = world.add_deal("Big", loser)
    person = world.add_person("Ann", loser)

    await said(await plain.put(f"/v1/organizations/{loser}/merge", json={"merge_with_id": winner}))

    assert (await plain.get(f"/api/v2/organizations/{loser}")).status_code == 404
    assert world.company.rows["deal"][deal]["org_id"] == winner
    assert world.company.rows["person"][person]["org_id"] == winner
    told = {
        (change.action, change.merged_to, change.merged_from) for change in world.company.changes
    }
    assert told >= {("delete", winner, None), ("change", None, loser)}


async def test_deleted_records_vanish_from_lists(plain, world):
    world.delete("product", world.add_product("Pen"))

    assert (await said(await plain.get("/api/v2/products")))["data"] == []
    assert (await plain.get("/api/v2/products/1")).status_code == 404


async def test_parts_of_an_address_that_are_not_given_become_null(plain):
    whole = {"value": "Main St 1, Berlin", "locality": "Berlin"}
    await plain.post("/api/v2/organizations", json={"name": "A", "address": whole})

    changed = await plain.patch("/api/v2/organizations/1", json={"address": {"value": "Hamburg"}})

    address = (await said(changed))["data"]["address"]
    assert (address["value"], address["locality"]) == ("Hamburg", None)


async def test_bursts_are_refused_and_hammering_is_shut_out(make_office):
    world = make_office(plan="LITE", seats=10).world
    headers = {"x-api-token": "clerk-token"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(world.app), base_url=world.base_url, headers=headers
    ) as http:
        answers = [await http.get("/v1/users/me") for _ in range(40)]

    codes = [answer.status_code for answer in answers]
    assert codes[:21] == [200] * 20 + [429]
    assert codes[-1] == 403
    assert "html" in answers[-1].headers["content-type"]
    assert answers[0].headers["x-ratelimit-limit"] == "20"
    assert answers[19].headers["x-ratelimit-remaining"] == "0"


async def test_the_days_end_is_a_long_wait(make_office, clock):
    office = make_office(plan="LITE", seats=1)
    office.world.ledger.spent_by_others = 29_999

    answer = await office.ask("GET", "/api/v2/deals")

    assert answer.status_code == 429
    assert int(answer.headers["x-ratelimit-reset"]) > 3600
    clock.forward(days=1)
    office.world.ledger.spent_by_others = 0
    assert (await office.ask("GET", "/api/v2/deals")).status_code == 200


async def test_only_writers_with_a_token_are_told_of_the_day(office):
    wrote = await office.ask("POST", "/api/v2/organizations", json={"name": "A"})
    read = await office.ask("GET", "/api/v2/organizations")

    assert int(wrote.headers["x-daily-requests-left"]) == office.world.ledger.left + 10
    assert "x-daily-requests-left" not in read.headers


class Door:
    """Answers what a test says, and counts."""

    def __init__(self, status=200):
        self.status = status
        self.attempts = []

    async def __call__(self, _scope, receive, send):
        body = httpx.Response(200, content=(await receive())["body"]).json()
        self.attempts.append(body["meta"].get("attempt") or body["retry"] + 1)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def hooked(office, version="2.0"):
    payload = {
        "subscription_url": "https://hub.example/in",
        "event_action": "*",
        "event_object": "deal",
        "name": "test",
        "version": version,
    }
    return (await office.ask("POST", "/v1/webhooks", json=payload)).json()["data"]["id"]


@pytest.mark.parametrize("version", ["2.0", "1.0"])
async def test_a_letter_is_tried_four_times(office, clock, version):
    await hooked(office, version)
    office.world.add_deal("Big")
    door = Door(503)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door)) as http:
        for seconds in (0, 2, 1, 30, 150, 3600):
            clock.forward(seconds=seconds)
            await office.world.deliver(http=http)

    assert door.attempts == [1, 2, 3, 4]


async def test_ten_failures_lose_half_an_hour(office, clock):
    hook = await hooked(office)
    door = Door(503)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door)) as http:
        for number in range(10):
            office.world.add_deal(f"Deal {number}")
        await office.world.deliver(http=http)
        door.status = 200
        office.world.add_deal("Lost")
        lost = (await office.world.deliver(http=http)).lost
        clock.forward(minutes=31)
        office.world.add_deal("Heard")
        heard = await office.world.deliver(http=http)

    assert lost == 1
    assert heard.statuses[200] >= 1
    assert hook in office.world.company.hooks


async def test_letters_come_twice_and_out_of_order_when_asked(office):
    await hooked(office)
    for number in range(10):
        office.world.add_deal(f"Deal {number}")
    door = Door()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door)) as http:
        report = await office.world.deliver(copies=3, shuffle=7, http=http)

    assert report.statuses == {200: 30}


async def test_an_address_without_tls_is_refused(make_office, clock):
    office = make_office(Simulator(clock=clock, https_only=True))
    payload = {"subscription_url": "http://hub/in", "event_action": "*", "event_object": "*"}

    answer = await office.ask("POST", "/v1/webhooks", json=payload | {"name": "x"})

    assert answer.status_code == 400
    assert "subscription_url" in answer.json()["errors"]


async def test_numbers_in_meta_are_strings_in_v2_only(office):
    deal = office.world.add_deal("Big")
    new = httpx.Response(200, content=office.world.notice()[1]).json()
    old = httpx.Response(200, content=office.world.notice(version="1.0")[1]).json()

    assert (new["meta"]["entity_id"], new["data"]["id"]) == (str(deal), deal)
    assert old["meta"]["id"] == old["current"]["id"] == deal
    assert old["event"] == "added.deal"


async def test_a_geocoder_comes_later_and_tells_of_a_change(plain, world):
    address = {"value": "Main St 1, Berlin"}
    await plain.post("/api/v2/organizations", json={"name": "A", "address": address})

    world.geocode(1, locality="Berlin", country="Germany")

    row = (await said(await plain.get("/api/v2/organizations/1")))["data"]
    assert (row["address"]["value"], row["address"]["locality"]) == (address["value"], "Berlin")
    assert [change.action for change in world.company.changes] == ["create", "change"]
