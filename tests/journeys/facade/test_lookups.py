"""What SAP knows is told to whoever has a token: to the right client, and never by accident."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.web.api.cursors import cursor_of
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
DUE = "2027-01-31"
EVIL = [
    "x' or 1 eq 1 or '' eq '",
    "x'' or 1 eq 1",
    "x%27 or 1 eq 1",
    "') or startswith(CardCode,'",
    "x&$filter=DocEntry gt 0",
    "Ünï—cødé 🙂",
    "a\u2028b",
    "%",
    "*",
    "..",
    "a/../b",
]


@pytest.fixture
def hub(idle_hub):
    """A hub without a worker: nothing here is written."""
    return idle_hub


@pytest.fixture
def company(sap):
    clerk.add_partner(sap.company, "C1", "Anna Ek", EmailAddress="anna@x.se")
    return sap.company


def order(company, reference, *, item="MUG", quantity=10, kind="Orders", **facts):
    fields = {"CardCode": "C1", "NumAtCard": reference, "DocDueDate": DUE}
    lines = [{"ItemCode": item, "Quantity": quantity}]
    return company.create(kind, fields | facts | {"DocumentLines": lines})


def deliver(company, base, *, quantity=1, base_type=17, **facts):
    row = {"BaseType": base_type, "BaseEntry": base["DocEntry"], "BaseLine": 0}
    lines = [row | {"Quantity": quantity}]
    return company.create("DeliveryNotes", {"CardCode": "C1"} | facts | {"DocumentLines": lines})


async def told(client, path, **parameters):
    answer = await client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def problem(answer, status, slug):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["type"] == f"urn:b1bridge:problem:{slug}"
    return answer.json()


# -- shipments -----------------------------------------------------------------------------------
async def test_a_client_sees_what_left_for_its_order(client, company):
    made = deliver(
        company,
        order(company, "api/order/WEB-1"),
        quantity=3,
        TrackingNumber="JD1, JD2",
    )

    by_body = await client.post("/v1/shipments", json={"orders": ["WEB-1"]})
    by_address = await told(client, "/v1/shipments", order="WEB-1")

    assert by_body.json() == by_address
    (one,) = by_address["shipments"]
    assert (one["entry"], one["number"]) == (made["DocEntry"], made["DocNum"])
    assert (one["tracking"], one["orders"], one["cancelled"]) == (["JD1", "JD2"], ["WEB-1"], False)
    (row,) = one["rows"]
    assert (row["item"], row["quantity"], row["order"]) == ("MUG", "3", "WEB-1")
    assert row["base"]["kind"] == "sales order"
    assert by_address["next"] is None


async def test_a_client_finds_batches_and_serials(client, company):
    clerk.add_item(company, "MILK", batches=True)
    clerk.receive_stock(company, "MILK", "9", batch="B1")
    batch = {"BatchNumber": "B1", "Quantity": "1.5"}
    line = {"ItemCode": "MILK", "Quantity": "1.5", "BatchNumbers": [batch]}
    company.create("DeliveryNotes", {"CardCode": "C1", "DocumentLines": [line]})

    (one,) = (await told(client, "/v1/shipments"))["shipments"]

    assert one["rows"][0]["batches"] == [{"number": "B1", "quantity": "1.5", "expires": None}]
    assert one["rows"][0]["order"] is None


async def test_the_orders_of_others_have_no_reference_here(client, company):
    """Whoever may see shipments sees all of the company's, but not what others call them."""
    for reference in ("shop-eu/order/812", "api2/order/WEB-1", "PO 4711", "xapi/order/WEB-1"):
        deliver(company, order(company, reference))

    text = (await client.get("/v1/shipments")).text

    for secret in ("shop-eu", "812", "api2", "WEB-1", "4711"):
        assert secret not in text
    assert (await told(client, "/v1/shipments", order="WEB-1"))["shipments"] == []


async def test_the_order_of_another_client_is_not_found_by_its_reference(hub, client, company):
    await hub.add_connection("api2", "rest", {"books": "books"})
    made = deliver(company, order(company, "api2/order/WEB-1"))
    scopes = ["shipments:read"]
    _, text = await hub.tokens.create("other", connection="api2", scopes=scopes, actor="test")

    theirs = await client.get(
        "/v1/shipments", params={"order": "WEB-1"}, headers={"Authorization": f"Bearer {text}"}
    )
    ours = await told(client, "/v1/shipments", order="WEB-1")

    assert [one["entry"] for one in theirs.json()["shipments"]] == [made["DocEntry"]]
    assert ours["shipments"] == []


async def test_a_list_is_paged_to_its_end_even_when_more_arrives(client, company):
    base = order(company, "api/order/WEB-1")
    made = [deliver(company, base)["DocEntry"] for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = await told(client, "/v1/shipments", limit=2, cursor=cursor)
        seen += [one["entry"] for one in page["shipments"]]
        if len(seen) == 2:
            made.append(deliver(company, base)["DocEntry"])
        cursor = page["next"]

    assert seen == made


async def test_days_and_customers_narrow_the_list(sap, client, company):
    clerk.add_partner(company, "C2", "Bo Li")
    today = date.fromisoformat(sap.company.books.today())
    deliver(company, order(company, "api/order/WEB-1"))
    tomorrow = str(today + timedelta(days=1))

    assert len((await told(client, "/v1/shipments", since=today, until=today))["shipments"]) == 1
    assert len((await told(client, "/v1/shipments", changed_since=today))["shipments"]) == 1
    assert (await told(client, "/v1/shipments", since=tomorrow))["shipments"] == []
    assert (await told(client, "/v1/shipments", customer="C2"))["shipments"] == []
    assert len((await told(client, "/v1/shipments", customer="C1"))["shipments"]) == 1


WRONG_PARAMETERS = [
    {"limit": 0},
    {"limit": 101},
    {"limit": "many"},
    {"cursor": "nonsense"},
    {"cursor": "WyJ0ZXh0Il0"},
    {"since": "yesterday"},
    {"since": "0001-01-01"},
    {"since": "1e3"},
    {"order": "a b"},
    {"order": "WEB-1'"},
    {"customer": "C" * 16},
]
WRONG_BODIES = [
    ({"orders": "WEB-1"}, "/orders"),
    ({"orders": ["a b"]}, "/orders/0"),
    ({"orders": [f"W{n}" for n in range(101)]}, "/orders"),
    ({"since": 20261121}, "/since"),
    ({"limit": "5"}, "/limit"),
    ({"columns": ["DocEntry"]}, "/columns"),
]


async def test_what_makes_no_sense_is_named(client):
    for parameters in WRONG_PARAMETERS:
        answer = await client.get("/v1/shipments", params=parameters)
        named = problem(answer, 400, "invalid-parameter")["errors"]
        assert next(iter(parameters)) in named[0]["pointer"]
    for body, pointer in WRONG_BODIES:
        answer = await client.post("/v1/shipments", json=body)
        assert problem(answer, 422, "invalid-body")["errors"][0]["pointer"] == pointer


async def test_a_cursor_beyond_every_key_ends_the_list(client):
    assert await told(client, "/v1/shipments", cursor=cursor_of(2**40)) == {
        "shipments": [],
        "next": None,
    }


# -- customers, items, prices, stock, codes ------------------------------------------------------
async def test_customers_are_listed_and_shown(client, company):
    clerk.add_partner(company, "C2", "Bo Li")
    clerk.add_partner(company, "V1", "Supplier", kind="cSupplier")

    first = await told(client, "/v1/partners", limit=1)
    second = await told(client, "/v1/partners", limit=1, cursor=first["next"])

    assert [one["code"] for one in first["partners"] + second["partners"]] == ["C1", "C2"]
    assert second["next"] is None
    assert (await told(client, "/v1/partners", name="ann"))["partners"][0]["email"] == "anna@x.se"
    assert (await told(client, "/v1/partners/C1"))["addresses"] == []
    problem(await client.get("/v1/partners/V1"), 404, "unknown-record")


async def test_items_are_listed_and_shown_whatever_their_code(client, company):
    clerk.add_item(company, "A/1 'x'", "Odd code")

    listed = await told(client, "/v1/items", limit=2)

    assert [one["code"] for one in listed["items"]] == ["A/1 'x'", "BAG"]
    assert (await told(client, "/v1/items/A%2F1%20'x'"))["name"] == "Odd code"
    assert (await told(client, "/v1/items/MUG"))["stocked"] is True
    problem(await client.get("/v1/items/mug"), 404, "unknown-record")


async def test_a_price_is_exact_and_the_customer_s(client, company):
    special = {"CardCode": "C1", "ItemCode": "MUG", "PriceListNum": 1, "DiscountPercent": "12.5"}
    company.create("SpecialPrices", special)

    price = await told(client, "/v1/prices", customer="C1", item="MUG", quantity="2.5")

    assert (price["price"], price["discount_percent"], price["discounted"]) == (
        "10",
        "12.5",
        "8.75",
    )
    assert (price["currency"], price["includes_tax"]) == ("EUR", False)


async def test_an_unknown_code_is_named_by_its_parameter(client, company):
    del company
    asked = {"customer": "C9", "item": "MUG"}
    answer = await client.get("/v1/prices", params=asked)
    assert problem(answer, 404, "unknown-record")["errors"][0]["pointer"] == "query customer"
    answer = await client.get("/v1/prices", params=asked | {"customer": "C1", "item": "NONE"})
    assert problem(answer, 404, "unknown-record")["errors"][0]["pointer"] == "query item"
    answer = await client.get("/v1/availability", params={"item": ["MUG", "NONE"]})
    assert "'NONE'" in problem(answer, 404, "unknown-record")["detail"]


async def test_what_is_free_counts_orders_that_sap_does_not_know_yet(hub, client, company):
    order(company, "PO 1", quantity=30)
    await hub._storage.memory.in_flight.hold(  # noqa: SLF001 - as an order under way does
        Ref("api", "order", "WEB-9"), {"MUG": Decimal(4)}
    )

    (one,) = (await told(client, "/v1/availability", item="MUG"))["items"]

    assert (one["available"], one["in_flight"]) == ("966", "4")
    here = next(level for level in one["warehouses"] if level["warehouse"] == "01")
    assert (here["on_hand"], here["committed"]) == ("1000", "30")


async def test_a_kit_is_as_free_as_its_scarcest_part(client, company):
    clerk.add_item(company, "SET", InventoryItem="tNO")
    clerk.add_item(company, "BOX", InventoryItem="tNO")
    clerk.add_tree(company, "SET", {"MUG": "3", "PEN": "1"})
    clerk.add_tree(company, "BOX", {"SET": "2", "LAMP": "1"})
    clerk.add_item(company, "ADVICE", InventoryItem="tNO")

    asked = {"item": ["BOX", "SET", "ADVICE"], "warehouse": "01"}
    box, of_mugs, advice = (await told(client, "/v1/availability", **asked))["items"]

    assert of_mugs["available"] == "333"
    assert box["available"] == "166"
    assert {part["item"]: part["quantity"] for part in box["parts"]} == {
        "MUG": "6",
        "PEN": "2",
        "LAMP": "1",
    }
    assert (advice["available"], advice["warehouses"]) == (None, [])


async def test_codes_and_company_are_told(client):
    freight = (await told(client, "/v1/codes/tax-codes"))["codes"]
    info = await told(client, "/v1/info")

    assert {"code": "A20", "name": "Output VAT 20 %", "rate": "20"} in freight
    assert (info["connection"], info["books_reachable"]) == ("api", True)
    assert info["company"] == {
        "name": "SBODEMO",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
    }
    problem(await client.get("/v1/codes/secrets"), 400, "invalid-parameter")


# -- trouble -------------------------------------------------------------------------------------
PATHS = [
    "/v1/shipments",
    "/v1/partners",
    "/v1/partners/C1",
    "/v1/partners/C1/contacts",
    "/v1/items",
    "/v1/items/MUG",
    "/v1/prices?customer=C1&item=MUG",
    "/v1/availability?item=MUG",
    "/v1/codes/freight",
]


async def test_sap_that_is_away_is_told_with_the_time_to_wait(sap, client):
    sap.go_away(3600)

    for path in PATHS:
        answer = await client.get(path)
        problem(answer, 503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0


async def test_who_answers_is_told_while_sap_is_away(sap, client):
    sap.go_away(3600)

    info = await told(client, "/v1/info")

    assert (info["books_reachable"], info["company"]) == (False, None)


async def test_a_token_without_the_scope_is_told_which_it_lacks(hub, client):
    _, text = await hub.tokens.create(
        "writer", connection="api", scopes=["orders:write"], actor="test"
    )

    for path in (*PATHS, "/v1/info"):
        answer = await client.get(path, headers={"Authorization": f"Bearer {text}"})
        assert problem(answer, 403, "scope-missing")["scope"].endswith(":read")


async def test_no_text_breaks_out_of_its_question(client, company):
    deliver(company, order(company, "api/order/WEB-1"))

    for evil in EVIL:
        for name in ("name", "email"):
            assert (await told(client, "/v1/partners", **{name: evil}))["partners"] == []
        assert (await told(client, "/v1/items", name=evil))["items"] == []
        assert (await told(client, "/v1/shipments", customer=evil[:15]))["shipments"] == []
        for path, parameters in unknown_records(evil):
            answer = await client.get(path, params=parameters)
            assert answer.status_code == 404, (path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


def unknown_records(code):
    inside = quote(code, safe="")
    yield f"/v1/partners/{inside}", {}
    yield f"/v1/partners/{inside}/contacts", {}
    yield f"/v1/items/{inside}", {}
    yield "/v1/prices", {"customer": code[:15], "item": "MUG"}
    yield "/v1/prices", {"customer": "C1", "item": code[:50]}
    yield "/v1/availability", {"item": code[:50]}
