"""Posted documents change, are cancelled and closed; what was drawn from them is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import (
    BaseRow,
    DocumentKind,
    DocumentLine,
    Expense,
    SalesDocument,
)
from b1bridge.domain.money import Money
from b1bridge.errors import Rejected

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
REFERENCE = "shop-eu/order/812"


def eur(amount):
    return Money.of(amount, "EUR")


TEA = DocumentLine("TEA", "", Decimal(5), eur("100.00"), "A19", Decimal(19), "01")
MUG = DocumentLine("MUG", "", Decimal(2), eur("30.00"), "A7", Decimal(7), "01")
AN_ORDER = SalesDocument(
    kind=DocumentKind.SALES_ORDER,
    reference=REFERENCE,
    business_partner="C1",
    posted_on=TODAY,
    due_on=TODAY,
    currency="EUR",
    gross=False,
    lines=(TEA, MUG),
    expenses=(Expense(1, eur("10.00"), "A19", Decimal(19), "Shipping"),),
    rounding=eur("0.01"),
    ship_to=Address(),
    bill_to=Address(),
)


async def the_order(books):
    (found,) = await books.standing(DocumentKind.SALES_ORDER, REFERENCE)
    return found


async def deliver(books, order, quantity):
    base = BaseRow(DocumentKind.SALES_ORDER, order.posted.entry, 0)
    row = replace(TEA, quantity=Decimal(quantity), amount=eur(20 * quantity), base=base)
    drawn = replace(AN_ORDER, kind=DocumentKind.DELIVERY, reference="by hand", lines=(row,))
    return await books.post_document(replace(drawn, expenses=(), rounding=eur(0)))


async def test_a_head_is_changed_alone_as_often_as_one_likes(books, world):
    posted = await books.post_document(AN_ORDER)
    before = await the_order(books)
    later = TODAY + timedelta(days=9)
    there = Address(street_1="Main St 1", city="Bonn", zip_code="53111", country="DE")
    head = replace(AN_ORDER, lines=(), expenses=(), due_on=later, ship_to=there, transport=1)

    for _ in range(2):
        await books.change_head(posted, replace(head, comments="Ring twice"))

    (document,) = world.company.query("Orders")
    assert await the_order(books) == before
    assert (document["DocDueDate"], document["TransportationCode"]) == (later, 1)
    assert document["AddressExtension"]["ShipToCity"] == "Bonn"
    assert document["Comments"] == "Ring twice"


async def test_rows_are_changed_added_and_removed_and_freight_with_them(books):
    posted = await books.post_document(AN_ORDER)
    fewer = replace(TEA, quantity=Decimal(4), amount=eur("80.00"))
    another = replace(MUG, quantity=Decimal(1), amount=eur("9.00"), tax_code="A19")
    changed = replace(AN_ORDER, lines=(fewer, another), expenses=(), rounding=eur(0))

    await books.change_document(posted, changed, (0, None))

    found = await the_order(books)
    assert [(row.number, row.item, row.quantity) for row in found.rows] == [
        (0, "TEA", 4),
        (2, "MUG", 1),
    ]
    assert found.totals.total == eur("105.91")
    assert (found.rounding, found.expenses) == (eur(0), ())
    assert found.reference == REFERENCE


async def test_what_was_delivered_stays_delivered_when_the_order_shrinks(books):
    await books.post_document(AN_ORDER)
    await deliver(books, await the_order(books), 2)
    order = await the_order(books)
    fewer = replace(TEA, quantity=Decimal(4), amount=eur("80.00"))

    await books.change_document(order.posted, replace(AN_ORDER, lines=(fewer, MUG)), (0, 1))

    row = (await the_order(books)).rows[0]
    assert (row.quantity, row.open_quantity) == (4, 2)


async def test_an_untouched_order_is_cancelled_and_then_stands_no_more(books):
    posted = await books.post_document(AN_ORDER)

    await books.cancel_document(posted)

    assert await books.standing(DocumentKind.SALES_ORDER, REFERENCE) == ()


async def test_an_order_that_was_drawn_from_can_only_be_closed(books):
    posted = await books.post_document(AN_ORDER)
    await deliver(books, await the_order(books), 2)

    with pytest.raises(Rejected):
        await books.cancel_document(posted)
    await books.close_document(posted)

    found = await the_order(books)
    assert not found.is_open
    assert found.rows[0].open_quantity == 3


async def test_deliveries_of_an_order_are_found_by_the_rows_they_were_drawn_from(books):
    await books.post_document(AN_ORDER)
    order = await the_order(books)
    other = await books.post_document(replace(AN_ORDER, reference="another"))
    delivered = await deliver(books, order, 2)
    await books.post_document(replace(AN_ORDER, kind=DocumentKind.DELIVERY, reference="of nothing"))

    found = await books.drawn_from(order, DocumentKind.DELIVERY)

    assert [one.posted for one in found] == [delivered]
    assert other != order.posted
