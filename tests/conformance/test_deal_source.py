"""What every CRM must tell of its deals."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b1bridge.domain.crm import CrmField, CrmRecord, DealStatus, FieldKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.ports.crm import DealSource

CAPABILITY = DealSource
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ORDER = CrmField(CrmRecord.DEAL, "SAP order", FieldKind.TEXT)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def crm(connected):
    await connected.make_fields([ORDER])
    return connected


@pytest.fixture
def sold(world):
    """Return the reference of a deal that was won, with one line."""
    deal = world.add_deal("Big", world.add_organization("Acme"))
    world.add_product_to_deal(deal, world.add_product("Pen", "A1"), "3", "9.99", discount="10")
    return Ref("c1", "deal", str(world.win_deal(deal)))


async def test_it_is_what_it_says(connected):
    assert isinstance(connected, DealSource)


async def test_a_deal_is_read_back_to_the_cent(crm, sold):
    deal = await crm.deal(sold)

    (line,) = deal.lines
    assert (deal.ref, deal.status, deal.currency) == (sold, DealStatus.WON, "EUR")
    assert (line.item, line.quantity, line.price) == ("A1", Decimal(3), Money.of("9.99", "EUR"))
    assert line.discount == Money.of("3", "EUR")


async def test_a_deal_that_was_deleted_is_told(world, crm, sold):
    world.delete("deal", int(sold.id))

    found = await crm.deal(sold)

    assert found is None or found.status is DealStatus.DELETED


async def test_an_unchanged_deal_reads_alike(crm, sold):
    assert await crm.deal(sold) == await crm.deal(sold)


async def test_every_changed_deal_is_listed_once_oldest_first(world, crm, sold):
    other = world.add_deal("Small")

    found = [(ref, at) async for ref, at in crm.deals_changed_since(LONG_AGO)]

    assert {ref.id for ref, _ in found} == {sold.id, str(other)}
    assert len(found) == 2
    assert [at for _, at in found] == sorted(at for _, at in found)


async def test_a_note_may_be_repeated(crm, sold):
    for _ in range(2):
        await crm.annotate_deal(sold, {ORDER.name: "4711"})

    assert (await crm.deal(sold)).noted[ORDER.name] == "4711"


async def test_what_was_noted_is_read_by_itself_until_the_deal_is_gone(world, crm, sold):
    await crm.annotate_deal(sold, {ORDER.name: "4711"})

    assert (await crm.noted(sold))[ORDER.name] == "4711"
    world.delete("deal", int(sold.id))
    assert await crm.noted(sold) is None
