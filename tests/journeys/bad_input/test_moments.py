"""Orders that change or are called off at an awkward moment."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

pytestmark = pytest.mark.anyio

SHIPPED = 2


@pytest.fixture
def changed(store):
    """Return a deed that puts another cart into an order."""
    return lambda order: store.edits(order, [("MUG", 1, "7.00", "20")])


@pytest.fixture
async def people_decide(office):
    """Leave what changes after posting to people, for one test."""
    await office.allow(edits="case")
    yield
    await office.allow()


@pytest.mark.usefixtures("people_decide")
async def test_an_edit_between_reading_and_posting_is_told_once_the_store_tells(
    office, store, changed
):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    office.to_sap.at("POST", "Invoices", lambda: changed(order))

    await office.bring(order)
    assert office.total(order) == "4.80"
    case = await office.stuck(order)

    assert case.reason == "EDIT_AFTER_POSTING"
    assert "now charges 8.40 EUR" in case.message
    assert "is 4.80 EUR" in case.message
    store.edits(order, [("MUG", 1, "4.00", "20")])
    await office.retry(case)
    assert len(office.documents(order)) == 1


async def test_an_edit_between_reading_and_posting_is_followed_once_the_store_tells(
    office, store, changed
):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    office.to_sap.at("POST", "Invoices", lambda: changed(order))

    await office.bring(order)
    assert office.comes_to(order) == "4.80"
    await office.bring(order)

    assert await office.cases(order) == []
    assert office.comes_to(order) == "8.40"


async def test_an_edit_whose_notice_comes_while_the_order_is_posted_is_not_lost(
    office, store, changed
):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    knocks = []

    def edit_and_tell():
        changed(order)
        knocks.append(asyncio.ensure_future(office.knock(order)))

    office.to_sap.at("POST", "Invoices", edit_and_tell)
    await office.bring(order)
    await asyncio.gather(*knocks)
    await office.settled()

    assert await office.cases(order) == []
    assert office.comes_to(order) == "8.40"


async def test_an_edit_between_posting_and_reading_back_is_followed(office, store, changed):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    office.to_sap.at("POST", "Invoices", lambda: changed(order), after=True)

    await office.bring(order)
    await office.bring(order)

    assert await office.cases(order) == []
    assert office.comes_to(order) == "8.40"


@pytest.mark.usefixtures("people_decide")
async def test_an_edit_after_posting_is_settled_by_a_new_invoice_of_a_person(
    office, store, changed
):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], email="edit@x.com")
    await office.bring(order)
    first = office.invoice(order)
    changed(order)

    case = await office.stuck(order)
    office.company.act("Invoices", {"DocEntry": first["DocEntry"]}, "Cancel")
    line = {"ItemCode": "MUG", "Quantity": 1, "LineTotal": 7, "VatGroup": "A20"}
    office.company.create(
        "Invoices",
        {
            "CardCode": first["CardCode"],
            "NumAtCard": f"shop/order/{order}",
            "DocumentLines": [line],
        },
    )
    await office.retry(case)

    assert office.total(order) == "8.40"


async def test_an_edit_while_it_is_read_is_read_again(office, store, changed):
    placed = datetime.now(UTC) - timedelta(minutes=1)
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], placed_at=placed)
    office.to_shop.at("GET", f"orders/{order}/products", lambda: changed(order), after=True)

    await office.bring(order)

    assert await office.cases(order) == []
    assert office.total(order) == "8.40"


async def test_an_order_cancelled_before_it_was_posted_is_skipped(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    store.cancels(order)

    await office.bring(order)

    assert await office.cases(order) == []
    assert office.holds_nothing(order)


async def test_an_order_cancelled_after_it_was_posted_is_credited(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    await office.bring(order)
    store.cancels(order)

    await office.bring(order)

    assert await office.cases(order) == []
    assert office.comes_to(order) == "0.00"


@pytest.mark.usefixtures("people_decide")
async def test_an_order_cancelled_after_it_was_posted_names_the_invoice(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    await office.bring(order)
    invoice = office.invoice(order)
    store.cancels(order)

    case = await office.stuck(order)
    assert case.reason == "EDIT_CONFLICT"
    assert f"invoice {invoice['DocNum']} was posted" in case.message
    office.company.act("Invoices", {"DocEntry": invoice["DocEntry"]}, "Cancel")
    await office.retry(case)

    assert office.holds_nothing(order)


async def test_an_invoice_cancelled_in_sap_is_not_posted_again_behind_their_back(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    await office.bring(order)
    office.company.act("Invoices", {"DocEntry": office.invoice(order)["DocEntry"]}, "Cancel")
    store.moves_to(order, SHIPPED)

    case = await office.stuck(order)

    assert case.reason == "EDIT_CONFLICT"
    assert "cancelled in the books" in case.message
    assert office.holds_nothing(order)


async def test_three_first_orders_of_one_shopper_at_once_open_one_account(office, store):
    orders = [
        store.shopper_orders([("MUG", 1, "4.00", "20")], email=email)
        for email in ("first@x.com", "First@x.com", " first@X.COM")
    ]

    await office.bring(*orders)

    accounts = {office.invoice(order)["CardCode"] for order in orders}
    partners = office.company.query("BusinessPartners", limit=1000)
    assert len(accounts) == 1
    assert [p["CardCode"] for p in partners if p["EmailAddress"] == "first@x.com"] == [*accounts]


async def test_an_order_deleted_in_the_shop_after_posting_is_a_case(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    await office.bring(order)
    store.moves_to(order, SHIPPED)
    gone = httpx.Response(404, json=[{"status": 404, "message": "not found"}])
    office.to_shop.at("GET", f"v2/orders/{order}", lambda: gone)

    case = await office.stuck(order)
    assert case.reason == "NOT_FOUND"
    await office.retry(case)

    assert office.total(order) == "4.80"
