"""Documents are read back with their rows: what is open, paid, drawn from, called off."""

from dataclasses import replace
from datetime import UTC, datetime
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
from b1bridge.domain.standing import revision, revision_of

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
REFERENCE = "shop-eu/order/812"


def eur(amount):
    return Money.of(amount, "EUR")


TEA = DocumentLine("TEA", "", Decimal(5), eur("100.00"), "A20", Decimal(20), "01")
AN_ORDER = SalesDocument(
    kind=DocumentKind.SALES_ORDER,
    reference=REFERENCE,
    business_partner="C1",
    posted_on=TODAY,
    due_on=TODAY,
    currency="EUR",
    gross=False,
    lines=(TEA,),
    expenses=(Expense(1, eur("10.00"), "A20", Decimal(20), "Shipping"),),
    rounding=eur(0),
    ship_to=Address(),
    bill_to=Address(),
)


async def only(books, kind, reference=REFERENCE):
    (found,) = await books.standing(kind, reference)
    return found


async def test_an_order_that_nobody_touched_is_told_with_its_rows(books):
    posted = await books.post_document(AN_ORDER)

    found = await only(books, DocumentKind.SALES_ORDER)

    assert found.posted == posted
    assert found.is_untouched
    assert found.totals.total == eur("132.00")
    assert found.rounding == eur(0)
    (row,) = found.rows
    assert (row.number, row.item, row.quantity, row.open_quantity) == (0, "TEA", 5, 5)
    assert (row.net, row.tax, row.gross) == (eur("100.00"), eur("20.00"), eur("120.00"))
    assert (row.tax_code, row.tax_rate, row.warehouse) == ("A20", 20, "01")
    (freight,) = found.expenses
    assert (freight.code, freight.net, freight.tax) == (1, eur("10.00"), eur("2.00"))


async def test_what_a_delivery_drew_is_no_longer_open(books):
    order = await books.post_document(AN_ORDER)
    drawn = replace(
        AN_ORDER,
        kind=DocumentKind.DELIVERY,
        reference="by hand",
        lines=(
            replace(
                TEA,
                quantity=Decimal(2),
                amount=eur("40.00"),
                base=BaseRow(DocumentKind.SALES_ORDER, order.entry, 0),
            ),
        ),
        expenses=(),
    )
    await books.post_document(drawn)

    found = await only(books, DocumentKind.SALES_ORDER)
    delivery = await only(books, DocumentKind.DELIVERY, "by hand")

    assert found.is_open
    assert not found.is_untouched
    assert found.rows[0].open_quantity == Decimal(3)
    assert delivery.rows[0].base == BaseRow(DocumentKind.SALES_ORDER, order.entry, 0)


async def test_a_row_without_movement_leaves_the_stock_alone(books):
    memo = replace(
        AN_ORDER,
        kind=DocumentKind.CREDIT_MEMO,
        lines=(replace(TEA, moves_stock=False),),
    )
    before = [level async for level in books.stock_levels(["01"])]

    await books.post_document(memo)

    assert [level async for level in books.stock_levels(["01"])] == before
    assert not (await only(books, DocumentKind.CREDIT_MEMO)).rows[0].moves_stock


async def test_a_service_row_is_booked_on_its_account(books):
    goodwill = DocumentLine(
        "", "Goodwill", Decimal(1), eur("8.40"), "A20", Decimal(20), "", account="_SYS00000000203"
    )
    memo = replace(AN_ORDER, kind=DocumentKind.CREDIT_MEMO, lines=(goodwill,), expenses=())

    await books.post_document(memo)

    (row,) = (await only(books, DocumentKind.CREDIT_MEMO)).rows
    assert (row.item, row.account, row.description) == ("", "_SYS00000000203", "Goodwill")
    assert row.gross == eur("10.08")


async def test_changes_are_found_with_the_order_and_other_orders_are_not(books):
    await books.post_document(AN_ORDER)
    for reference in (revision(REFERENCE, 1), revision(REFERENCE, 12), f"{REFERENCE}3"):
        await books.post_document(replace(AN_ORDER, reference=reference))

    found = await books.standing(DocumentKind.SALES_ORDER, REFERENCE)

    assert [revision_of(one.reference) for one in found] == [0, 1, 12]
