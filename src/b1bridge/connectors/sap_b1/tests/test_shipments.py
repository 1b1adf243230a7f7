"""Clients find what left by their orders, by customer or by day, and page through it cheaply."""

from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.domain.shipment_search import Batched, ShipmentQuery
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
REFERENCE = "api/order/WEB-1"
DUE = "2027-01-31"


def order(world, *rows, kind="Orders", reference=REFERENCE, customer="C1", **header):
    fields = {"CardCode": customer, "NumAtCard": reference, "DocDueDate": DUE}
    return world.company.create(kind, fields | header | {"DocumentLines": list(rows)})


def deliver(world, *rows, customer="C1", **header):
    lines = {"DocumentLines": list(rows)}
    return world.company.create("DeliveryNotes", {"CardCode": customer} | header | lines)


def drawn(base, line=0, kind=17, **row):
    return {"BaseType": kind, "BaseEntry": base["DocEntry"], "BaseLine": line} | row


async def found(books, **query):
    return (await books.shipments(ShipmentQuery(**query))).rows


def keys(shipments):
    return [one.posted.entry for one in shipments]


async def test_a_shipment_tells_rows_order_tracking_and_carrier(books, world):
    base = order(world, {"ItemCode": "TEA", "Quantity": 10})
    made = deliver(world, drawn(base, Quantity=6), TrackingNumber="A1; A2", TransportationCode=1)

    (one,) = await found(books, references=(REFERENCE,))

    assert one.posted.entry == made["DocEntry"]
    assert one.posted.number == made["DocNum"]
    assert (one.customer, one.customer_name) == ("C1", "Anna Ek")
    assert one.shipped_on == date.fromisoformat(world.company.books.today())
    assert (one.carrier, one.tracking, one.is_cancelled) == ("Parcel", ("A1", "A2"), False)
    (row,) = one.rows
    assert (row.item, row.name, row.quantity) == ("TEA", "Earl Grey", Decimal(6))
    assert (row.warehouse, row.reference) == ("01", REFERENCE)
    assert (row.base.kind, row.base.number) == ("sales order", base["DocNum"])


async def test_batches_and_serials_are_told_with_their_quantities(books, world):
    clerk.add_item(world.company, "MILK", batches=True)
    clerk.add_item(world.company, "SCALE", serials=True)
    clerk.receive_stock(world.company, "MILK", "9", batch="B1")
    clerk.receive_stock(world.company, "MILK", "9", batch="B2")
    clerk.receive_stock(world.company, "SCALE", "2", serials=["S1", "S2"])
    batches = [
        {"BatchNumber": "B1", "Quantity": 2},
        {"BatchNumber": "B2", "Quantity": "0.5"},
    ]
    deliver(
        world,
        {"ItemCode": "MILK", "Quantity": "2.5", "BatchNumbers": batches},
        {
            "ItemCode": "SCALE",
            "Quantity": 1,
            "SerialNumbers": [{"InternalSerialNumber": "S2", "Quantity": 1}],
        },
    )

    ((milk, scale),) = [one.rows for one in await found(books)]

    assert milk.batches == (Batched("B1", Decimal(2)), Batched("B2", Decimal("0.5")))
    assert scale.serials == ("S2",)


async def test_orders_are_found_by_reference_whatever_they_became(books, world):
    tea = {"ItemCode": "TEA", "Quantity": 2}
    first = order(world, tea)
    changed = order(world, tea, reference=f"{REFERENCE}+1")
    reserve = order(world, tea, kind="Invoices", reference="api/order/WEB-2", ReserveInvoice="tYES")
    other = order(world, tea, reference="api/order/WEB-11")
    wanted = [
        deliver(world, drawn(first)),
        deliver(world, drawn(changed)),
        deliver(world, drawn(reserve, kind=13)),
        deliver(world, {"ItemCode": "MUG"}, NumAtCard=REFERENCE),
    ]
    deliver(world, drawn(other))
    deliver(world, {"ItemCode": "MUG"})

    shipments = await found(books, references=(REFERENCE, "api/order/WEB-2"))

    assert keys(shipments) == [made["DocEntry"] for made in wanted]
    assert [row.reference for one in shipments for row in one.rows] == [
        REFERENCE,
        f"{REFERENCE}+1",
        "api/order/WEB-2",
        REFERENCE,
    ]


async def test_a_reference_that_nobody_ordered_under_finds_nothing(books, world):
    deliver(world, {"ItemCode": "MUG"})

    assert await found(books, references=("api/order/NONE",)) == ()


async def test_conditions_hold_together(books, world):
    clerk.add_partner(world.company, "C2", "Bo Li")
    today = date.fromisoformat(world.company.books.today())
    yesterday = deliver(world, {"ItemCode": "TEA"}, DocDate=str(today - timedelta(days=1)))
    of_other = deliver(world, {"ItemCode": "TEA"}, customer="C2")
    mine = deliver(world, {"ItemCode": "TEA"})

    assert keys(await found(books, customer="C2")) == [of_other["DocEntry"]]
    assert keys(await found(books, customer="C1", since=today)) == [mine["DocEntry"]]
    before = today - timedelta(days=1)
    assert keys(await found(books, until=before)) == [yesterday["DocEntry"]]
    assert len(await found(books, changed_since=today)) == 3
    assert await found(books, changed_since=today + timedelta(days=1)) == ()
    assert await found(books, since=date(2001, 1, 1), until=date(2001, 1, 2)) == ()


async def test_a_cancelled_delivery_is_marked_and_its_mirror_is_no_shipment(books, world):
    made = deliver(world, {"ItemCode": "TEA"})
    world.company.act("DeliveryNotes", {"DocEntry": made["DocEntry"]}, "Cancel")

    (one,) = await found(books)

    assert (one.posted.entry, one.is_cancelled) == (made["DocEntry"], True)


async def test_the_parts_of_a_kit_are_marked(books, world):
    clerk.add_item(world.company, "KIT", InventoryItem="tNO")
    clerk.add_tree(world.company, "KIT", {"TEA": "2", "MUG": "1"})
    base = order(world, {"ItemCode": "KIT", "Quantity": 2})
    deliver(world, drawn(base, Quantity=1))

    (one,) = await found(books, references=(REFERENCE,))

    assert [(row.item, row.is_part_of_kit) for row in one.rows] == [
        ("KIT", False),
        ("TEA", True),
        ("MUG", True),
    ]


@pytest.mark.parametrize("by_reference", [False, True])
async def test_pages_follow_the_keys_and_end(books, world, by_reference):
    base = order(world, {"ItemCode": "TEA", "Quantity": 9})
    made = [deliver(world, drawn(base, Quantity=1)) for _ in range(5)]
    references = (REFERENCE,) if by_reference else ()
    seen, after = [], 0
    while True:
        page = await books.shipments(ShipmentQuery(references=references, after=after, limit=2))
        seen.append(keys(page.rows))
        if not page.last:
            break
        after = int(page.last)

    assert [entry for page in seen for entry in page] == [one["DocEntry"] for one in made]
    assert [len(page) for page in seen] == [2, 2, 1]


async def test_a_page_costs_as_many_requests_as_one_shipment(books, world):
    def make(number):
        tea = {"ItemCode": "TEA", "Quantity": 1}
        base = order(world, tea, reference=f"api/order/{number}")
        deliver(world, drawn(base), TransportationCode=1)
        reserve = order(
            world, tea, kind="Invoices", reference=f"api/order/R{number}", ReserveInvoice="tYES"
        )
        deliver(world, drawn(reserve, kind=13))

    async def cost(expected, **query):
        before = sum(world.requests().values())
        assert len(await found(books, **query)) == expected
        return sum(world.requests().values()) - before

    make(0)
    await cost(2)
    one, one_by_reference = await cost(2), await cost(1, references=("api/order/0",))
    for number in range(1, 25):
        make(number)

    assert await cost(50) == one <= 3
    references = tuple(f"api/order/{number}" for number in range(25))
    assert await cost(25, references=references) <= one_by_reference + 3


async def test_where_sql_may_not_run_the_customers_deliveries_are_looked_through(world, line):
    granted = ["Orders", "Invoices", "DeliveryNotes", "ShippingTypes"]
    clerk.add_user(world.company, "plain", "secret", read=granted)
    clerk.add_partner(world.company, "C2", "Bo Li")
    tea = {"ItemCode": "TEA", "Quantity": 3}
    base, other = order(world, tea), order(world, tea, reference="api/order/WEB-9")
    made = deliver(world, drawn(base))
    deliver(world, drawn(other))
    deliver(world, {"ItemCode": "MUG"}, customer="C2")
    settings = world.settings() | {"user": "plain", "password": "secret"}
    books = SapBooks("sap", Settings(**settings, local_currency="EUR"), line)

    assert keys(await found(books, references=(REFERENCE,))) == [made["DocEntry"]]
    assert world.company.query("SQLQueries") == []


@pytest.mark.parametrize(
    "evil",
    [
        "x' or 1 eq 1 or '' eq '",
        "x'' or 1 eq 1",
        "x%27 or 1 eq 1",
        "') or startswith(NumAtCard,'",
        "x&$filter=DocEntry gt 0",
        "x#",
        "Ünï—cødé 🙂",
        "a\x00b",
        "a\nb",
        "\ud800",
        "%",
        "_",
        "*",
    ],
)
async def test_no_text_breaks_out_of_the_question(books, world, evil):
    base = order(world, {"ItemCode": "TEA", "Quantity": 1})
    deliver(world, drawn(base))

    assert await found(books, references=(evil,)) == ()
    assert await found(books, customer=evil) == ()
    assert len(await found(books, customer="C1", references=(evil, REFERENCE))) == 1


async def test_sap_that_is_away_is_told_as_such(books, world):
    world.go_away(60)

    with pytest.raises(Exception, match="SAP B1"):
        await found(books)


async def test_a_delivery_of_a_server_that_answers_in_small_pages_is_not_lost(
    script, http, settings
):
    """A server may cap its pages below what we ask for, and say so by a link alone."""
    rows = [
        {
            "DocEntry": n,
            "DocNum": n,
            "NumAtCard": None,
            "Cancelled": "tNO",
            "CancelStatus": "csNo",
            "CardCode": "C1",
            "CardName": "Anna",
            "DocDate": "2026-11-21T00:00:00Z",
            "TransportationCode": -1,
            "TrackingNumber": None,
            "DocumentLines": [],
        }
        for n in range(1, 4)
    ]
    link = {"@odata.nextLink": "DeliveryNotes?$skip=1"}
    script.answers = [
        httpx.Response(200, json={"value": rows[:1]} | link),
        httpx.Response(200, json={"value": rows[1:2]} | link),
        httpx.Response(200, json={"value": rows[2:]}),
    ]
    books = SapBooks("sap", settings, http)

    assert keys(await found(books, limit=5)) == [1, 2, 3]
