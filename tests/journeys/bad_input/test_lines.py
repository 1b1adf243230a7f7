"""Systems that answer with the wrong thing, or with nothing, in the middle of the work."""

import asyncio

import httpx
import pytest

pytestmark = pytest.mark.anyio


def says(status, text="", **headers):
    """Return a deed that answers in the remote side's place."""
    return lambda: httpx.Response(status, text=text, headers=headers)


async def test_a_changed_password_pauses_the_connection_once_and_burns_no_run(office, store):
    users = office.company.settings.users
    old, fresh = users["manager"], "new-password"
    users["manager"] = fresh  # SAP forgets the sessions of a user whose password changes
    office.sap.drop_sessions()
    orders = [store.shopper_orders([("MUG", 1, "4.00", "20")]) for _ in range(6)]
    logins = office.sap.requests().get("POST Login", 0)

    await office.bring(*orders)

    cases = [case for case in await office.hub.cases() if case.reason == "AUTH"]
    assert [case.connection for case in cases] == ["books"]
    assert "password" in cases[0].message
    assert "renew the credentials of books" in cases[0].fix
    waiting = [
        run for run in await office.hub.runs(limit=50) if str(run.ref.id) in map(str, orders)
    ]
    assert {(run.state, run.attempt) for run in waiting} == {("waiting", 1)}
    assert {run.held_by for run in waiting} == {"books"}
    assert office.sap.requests()["POST Login"] - logins == 1
    settings = office.sap.settings() | {"local_currency": "EUR", "document_timeout": 0.3}
    await office.hub.add_connection("books", "sap-b1", settings | {"password": fresh})
    await office.hub.resume("books", actor="finance")
    await office.settled()

    assert [office.total(order) for order in orders] == ["4.80"] * 6
    assert (await office.hub.case(cases[0].id)).state == "resolved"
    users["manager"] = old
    await office.hub.add_connection("books", "sap-b1", settings | {"password": old})


@pytest.mark.parametrize(
    "answer",
    [
        says(429, "[]", **{"x-rate-limit-time-reset-ms": "20", "x-rate-limit-requests-left": "0"}),
        says(429, "slow down", **{"Retry-After": "0"}),
        says(503, "<html><title>busy</title></html>"),
        says(502, ""),
    ],
    ids=["429 of the store", "429 of a proxy", "503", "502"],
)
async def test_a_shop_that_is_busy_for_a_moment_is_asked_again(office, store, answer):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    office.to_shop.at("GET", f"orders/{order}/products", answer, times=2)

    await office.bring(order)

    assert await office.cases(order) == []
    assert office.total(order) == "4.80"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("", "<html><body>Maintenance</body></html>"),
        ("", '{"id":1,"tot'),
        ("", "[" * 100_000),
        ("", '{"id":1}'),
        ("", "null"),
        ("", '{"id":NaN}'),
        ("/products", "<html><body>Maintenance</body></html>"),
        ("/products", '[{"status":"maybe"}]'),
        ("/taxes", '["a text"]'),
        ("/shipping_addresses", "[17]"),
    ],
)
async def test_garbage_about_one_order_is_kept_with_its_case_and_the_others_come_through(
    office, store, part, text
):
    bad, good = (store.shopper_orders([("MUG", 1, "4.00", "20")]) for _ in range(2))
    office.to_shop.at("GET", f"/v2/orders/{bad}{part}", says(200, text), times=100)

    await office.bring(bad, good)
    case = await office.stuck(bad, told=False)
    assert case.reason == "SCHEMA"
    assert case.evidence.strip('"')[:20] in text
    assert office.total(good) == "4.80"
    office.to_shop.moments.clear()
    await office.retry(case)

    assert office.total(bad) == "4.80"


async def test_a_gateway_that_fails_after_sap_has_posted_leaves_one_invoice(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    store.pays(order)
    office.sap.bad_gateway("Invoices", method="POST", when="after")
    office.sap.bad_gateway("IncomingPayments", method="POST", when="after")

    await office.bring(order)

    assert await office.cases(order) == []
    assert office.total(order) == "4.80"
    assert len(office.payments(order)) == 1


async def test_garbage_of_sap_after_it_has_posted_is_a_case_and_never_a_second_invoice(
    office, store
):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    office.to_sap.at("POST", "Invoices", says(200, "<html>proxy</html>"), after=True)

    await office.bring(order)
    for case in await office.cases(order):
        assert case.reason == "SCHEMA"
        await office.retry(case)

    assert len(office.documents(order)) == 1


async def test_an_order_that_crashes_sap_blocks_nobody(office, store):
    poison = store.shopper_orders([("MUG", 1, "4.00", "20")], email="poison@x.com")
    others = [store.shopper_orders([("MUG", 1, "4.00", "20")]) for _ in range(8)]
    crash = {"error": {"code": -1, "message": {"value": "core dumped"}}}
    office.to_sap.poisoned = (f"shop/order/{poison}", httpx.Response(500, json=crash))

    await office.bring(poison, *others)

    assert [office.total(order) for order in others] == ["4.80"] * 8
    case = await office.stuck(poison, told=False)
    assert case.reason == "AMBIGUOUS_WRITE"
    office.to_sap.poisoned = None
    await office.retry(case)
    assert office.total(poison) == "4.80"


async def test_an_order_that_never_can_be_read_does_not_keep_a_line_shut_that_works_again(
    office, store
):
    poison = store.shopper_orders([("MUG", 1, "4.00", "20")])
    others = [store.shopper_orders([("MUG", 1, "4.00", "20")]) for _ in range(8)]
    office.to_shop.at("GET", f"/v2/orders/{poison}", says(500, "boom"), times=10_000)
    office.to_shop.at("GET", "/v2/orders/", says(503, "down"), times=10_000)
    for order in (poison, *others):
        await office.knock(order)
    async with asyncio.timeout(20):
        while {run.held_by for run in await office.hub.runs(limit=9)} != {"shop"}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    office.to_shop.moments.pop()  # the shop is back, but for one order
    await office.settled()

    assert [office.total(order) for order in others] == ["4.80"] * 8
    case = await office.stuck(poison, told=False)
    assert case.reason == "NETWORK"
    office.to_shop.moments.clear()
    await office.retry(case)
    assert office.total(poison) == "4.80"
