"""Orders over the desk: once on disk, once in the books, and told as they stand."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b1bridge.bootstrap.order_status import Progress, status_json
from b1bridge.domain.submissions import Verdict
from b1sim.company import clerk

from .conftest import order, sent

pytestmark = pytest.mark.anyio


async def submit(hub, body, **words):
    return await hub.orders.submit("api", sent(body), actor="token:shop", **words)


async def settled(hub, reference="WEB-1001"):
    status = await hub.orders.settled("api", reference, 30)
    assert status is not None
    return status


async def posted(hub, body):
    await submit(hub, body)
    return await settled(hub, body["reference"])


def documents(sap):
    return sap.company.query("Orders")


def money(document, name="DocTotal"):
    return Decimal(str(document[name]))


async def test_an_order_is_posted_and_told_with_its_numbers(hub, sap):
    taken = await submit(hub, order())

    status = await settled(hub)

    (document,) = documents(sap)
    assert taken.verdict is Verdict.NEW
    assert status.state is Progress.POSTED
    assert [(one.entry, one.number) for one in status.documents] == [
        (document["DocEntry"], document["DocNum"])
    ]
    assert document["NumAtCard"] == "api/order/WEB-1001"
    assert money(document) == Decimal("12.00")


async def test_the_same_order_twice_is_one_document_and_one_answer(hub, sap):
    first = await posted(hub, order())

    again = await submit(hub, order(total="12.00") | {"total": None})
    second = await settled(hub)

    assert again.verdict is Verdict.SAME
    assert status_json(second) == status_json(first)
    assert len(documents(sap)) == 1


async def test_numbers_may_be_typed_in_any_way(hub):
    line = {"item": "MUG", "quantity": "1.00", "price": 10, "tax_code": "A20"}
    await submit(hub, order())

    again = await submit(hub, order(lines=[line]))

    assert again.verdict is Verdict.SAME


async def test_two_hundred_submits_from_twenty_callers_are_one_document(hub, sap):
    async def caller():
        answers = []
        for _ in range(10):
            await submit(hub, order(), key="k-1")
            answers.append(status_json(await settled(hub)))
        return answers

    answers = await asyncio.gather(*(caller() for _ in range(20)))

    assert len({one for some in answers for one in some}) == 1
    assert len(documents(sap)) == 1
    assert sum(entry.did == "submit" for entry in await hub.audit_entries()) == 1


async def test_a_reference_with_another_body_is_told_apart(hub):
    await submit(hub, order())

    other = await submit(hub, order(comment="please be quick"))

    assert other.verdict is Verdict.OTHER_BODY


async def test_a_key_protects_one_body_for_one_reference(idle_hub):
    first = await submit(idle_hub, order(), key="k-1")
    again = await submit(idle_hub, order(), key="k-1")
    other = await submit(idle_hub, order("WEB-1002"), key="k-1")
    free = await submit(idle_hub, order("WEB-1002"), key="k-2")

    assert [one.verdict for one in (first, again, other, free)] == [
        Verdict.NEW,
        Verdict.SAME,
        Verdict.KEY_REUSED,
        Verdict.NEW,
    ]


async def test_a_key_is_not_used_up_by_an_order_that_was_not_taken(idle_hub):
    await submit(idle_hub, order())

    refused = await submit(idle_hub, order(comment="other"), key="k-1")
    taken = await submit(idle_hub, order("WEB-1002"), key="k-1")

    assert refused.verdict is Verdict.OTHER_BODY
    assert taken.verdict is Verdict.NEW


async def test_a_repeat_with_its_key_is_the_same_order_even_when_it_was_replaced(idle_hub):
    await submit(idle_hub, order(), key="k-1")
    await idle_hub.orders.replace("api", "WEB-1001", sent(order(comment="new")), actor="t")

    again = await submit(idle_hub, order(), key="k-1")

    assert (again.verdict, again.version) == (Verdict.SAME, 2)


async def test_an_order_that_nobody_posts_is_not_taken(idle_hub):
    await idle_hub.add_sync(
        "orders", flow="order-to-sales-order", source="api", target="books", enabled=False
    )

    refused = await submit(idle_hub, order(), key="k-1")

    assert refused.verdict is Verdict.NO_SYNC
    assert await idle_hub.orders.order("api", "WEB-1001") is None


async def test_what_was_taken_and_by_whom_stands_in_the_trail(hub):
    await posted(hub, order())
    await hub.orders.cancel("api", "WEB-1001", actor="token:office")

    story = await hub.trail("WEB-1001")

    asked = [(entry.actor, entry.did, entry.detail) for entry in story.entries if entry.did]
    assert ("token:shop", "submit", "version 1") in asked
    assert ("token:office", "cancel", "version 2") in asked
    assert (await hub.verify_audit()).broken_at is None


async def test_an_unknown_item_is_a_case_and_posts_nothing(hub, sap):
    status = await posted(
        hub, order(lines=[{"item": "CUP", "quantity": 1, "price": 5, "tax_code": "A20"}])
    )

    assert status.state is Progress.REFUSED
    assert status.case.reason == "MISSING_ITEM"
    assert documents(sap) == []


async def test_a_refused_order_is_posted_once_it_was_replaced(hub, sap):
    await posted(hub, order(lines=[{"item": "CUP", "quantity": 1, "price": 5, "tax_rate": 20}]))

    taken = await hub.orders.replace("api", "WEB-1001", sent(order()), version=1, actor="t")
    status = await settled(hub)

    assert (taken.verdict, taken.version) == (Verdict.REPLACED, 2)
    assert (status.state, status.version, status.case) == (Progress.POSTED, 2, None)
    assert len(documents(sap)) == 1


async def test_a_posted_order_that_is_replaced_is_followed(hub, sap):
    await posted(hub, order())
    line = {"item": "MUG", "quantity": 3, "price": "10.00", "tax_code": "A20"}

    await hub.orders.replace("api", "WEB-1001", sent(order(lines=[line])), actor="t")
    status = await settled(hub)

    (document,) = documents(sap)
    assert (status.state, status.version) == (Progress.POSTED, 2)
    assert money(document) == Decimal("36.00")


async def test_changes_faster_than_the_books_end_at_the_last_one(hub, sap):
    await submit(hub, order())
    for quantity in range(2, 12):
        line = {"item": "MUG", "quantity": quantity, "price": "10.00", "tax_code": "A20"}
        await hub.orders.replace("api", "WEB-1001", sent(order(lines=[line])), actor="t")
        await asyncio.sleep(0.02 * (quantity % 4))
    status = await settled(hub)

    (document,) = documents(sap)
    assert (status.state, status.version) == (Progress.POSTED, 11)
    assert money(document) == Decimal("132.00")

    await asyncio.gather(
        *(hub.orders.cancel("api", "WEB-1001", actor="t") for _ in range(3)),
    )
    status = await settled(hub)

    assert (status.state, status.version) == (Progress.CANCELLED, 12)
    assert documents(sap)[0]["Cancelled"] == "tYES"


async def test_the_head_of_an_open_sales_order_follows(hub, sap):
    street = {"street_1": "Main St 1", "city": "Bonn", "zip_code": "53111", "country": "DE"}
    await posted(hub, order(billing=street, due_on="2026-12-01"))
    moved = street | {"city": "Hamburg", "zip_code": "20095"}
    body = order(billing=moved, due_on="2026-12-24", shipping_type="Parcel", comment="Ring twice")

    await hub.orders.replace("api", "WEB-1001", sent(body), actor="t")
    status = await settled(hub)

    (document,) = documents(sap)
    assert (status.state, status.version) == (Progress.POSTED, 2)
    assert document["AddressExtension"]["ShipToCity"] == "Hamburg"
    assert (document["DocDueDate"], document["TransportationCode"]) == (date(2026, 12, 24), 1)
    assert "Ring twice" in document["Comments"]
    assert (money(document), len(document["DocumentLines"])) == (Decimal("12.00"), 1)


async def test_a_posted_order_is_not_moved_to_another_account_in_silence(hub, sap):
    for code in ("C1", "C2"):
        clerk.add_partner(sap.company, code, code)
    await posted(hub, order(customer={"account": "C1"}))

    await hub.orders.replace("api", "WEB-1001", sent(order(customer={"account": "C2"})), actor="t")
    status = await settled(hub)

    assert (status.state, status.case.reason) == (Progress.REFUSED, "EDIT_CONFLICT")
    assert [found["CardCode"] for found in documents(sap)] == ["C1"]


async def test_a_replacement_of_an_older_version_is_refused(idle_hub):
    await submit(idle_hub, order())
    await idle_hub.orders.replace("api", "WEB-1001", sent(order(comment="a")), actor="t")

    late = await idle_hub.orders.replace(
        "api", "WEB-1001", sent(order(comment="b")), version=1, actor="t"
    )
    same = await idle_hub.orders.replace("api", "WEB-1001", sent(order(comment="a")), actor="t")
    nobody = await idle_hub.orders.replace("api", "NEW", sent(order("NEW")), actor="t")

    assert (late.verdict, late.version) == (Verdict.STALE, 2)
    assert (same.verdict, same.version) == (Verdict.SAME, 2)
    assert nobody.verdict is Verdict.UNKNOWN


async def test_an_order_cancelled_before_it_was_posted_is_never_posted(idle_hub, sap):
    await submit(idle_hub, order())
    taken = await idle_hub.orders.cancel("api", "WEB-1001", actor="t")
    again = await idle_hub.orders.cancel("api", "WEB-1001", actor="t")
    late = await idle_hub.orders.replace("api", "WEB-1001", sent(order(comment="x")), actor="t")
    nobody = await idle_hub.orders.cancel("api", "NEW", actor="t")

    await idle_hub.start_worker(schedule=False)
    status = await settled(idle_hub)

    verdicts = [one.verdict for one in (taken, again, late, nobody)]
    assert verdicts == [Verdict.CANCELLED, Verdict.SAME, Verdict.CANCELLED, Verdict.UNKNOWN]
    assert (status.state, status.documents) == (Progress.CANCELLED, ())
    assert documents(sap) == []


async def test_a_posted_order_that_is_cancelled_is_cancelled_in_the_books(hub, sap):
    await posted(hub, order())

    await hub.orders.cancel("api", "WEB-1001", actor="t")
    status = await settled(hub)

    assert status.state is Progress.CANCELLED
    assert documents(sap)[0]["Cancelled"] == "tYES"


async def test_a_caller_does_not_wait_for_books_that_are_away(hub, sap):
    sap.go_away(60)

    await submit(hub, order())
    async with asyncio.timeout(10):
        status = await hub.orders.settled("api", "WEB-1001", 60)

    assert status.state is Progress.ACCEPTED


async def test_nobody_waits_longer_than_asked(idle_hub):
    await submit(idle_hub, order())

    async with asyncio.timeout(5):
        status = await idle_hub.orders.settled("api", "WEB-1001", 0.2)

    assert status.state is Progress.ACCEPTED


async def test_orders_are_listed_as_they_arrived_page_by_page(hub):
    for number in range(5):
        await posted(hub, order(f"W-{number}", customer={"email": f"{number % 2}@example.com"}))
    await hub.orders.cancel("api", "W-3", actor="t")
    await settled(hub, "W-3")

    first = await hub.orders.orders("api", limit=2)
    second = await hub.orders.orders("api", limit=3, after=first.next)
    ones = await hub.orders.orders("api", customer="1@Example.com")
    cancelled = await hub.orders.orders("api", state=Progress.CANCELLED, limit=1)

    names = [[one.reference for one in page.items] for page in (first, second, ones, cancelled)]
    assert names == [["W-0", "W-1"], ["W-2", "W-3", "W-4"], ["W-1", "W-3"], ["W-3"]]
    assert [second.next, ones.next, cancelled.next] == [None, None, None]


async def test_another_connections_orders_are_nobodys_business(hub):
    await hub.add_connection("other", "rest", {"books": "books"})
    await posted(hub, order())

    assert await hub.orders.order("other", "WEB-1001") is None
    assert (await hub.orders.orders("other")).items == ()


async def test_an_order_that_is_looked_at_again_stays_posted(hub, sap):
    await posted(hub, order())

    await hub.sync_now("orders", datetime(2000, 1, 1, tzinfo=UTC))
    status = await settled(hub)

    (run, *_) = await hub.runs()
    assert run.outcome == "already there"
    assert status.state is Progress.POSTED
    assert len(documents(sap)) == 1
