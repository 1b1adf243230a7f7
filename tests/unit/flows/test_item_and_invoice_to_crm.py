"""Items and invoices reach the CRM once, and again only where they differ."""

from datetime import date
from decimal import Decimal

import pytest

from b1bridge.domain.crm import CrmRecord
from b1bridge.domain.crm_profiles import ListPrice, Settlement
from b1bridge.domain.directory import CustomerPrice
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.units import Unit
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator, Transient
from b1bridge.flows import invoice_to_note, item_to_product

from .crm_desk import INVOICE, ITEM, PARTNER, an_invoice, an_item, desk_of, euro

pytestmark = pytest.mark.anyio


@pytest.fixture
def items():
    return desk_of(item_to_product, ITEM)


@pytest.fixture
def invoices():
    desk = desk_of(invoice_to_note, INVOICE)
    desk.run.links.known[PARTNER, "organization"] = Ref("crm", "organization", "5")
    return desk


async def test_an_item_is_shown_with_a_price_in_each_currency_and_its_free_stock(items):
    await items.tell(price_lists=(1, 2))

    [product] = items.crm.told("product")
    assert product.prices == (euro("3.5"), Money.of("4.2", "USD"))
    assert (product.key, product.tax, product.is_sold) == ("TEA", Decimal(20), True)
    assert product.fields["SAP stock"] == Decimal(7)


async def test_stock_of_the_named_warehouses_counts(items):
    await items.tell(warehouses=("W2",))

    assert items.crm.told("product")[0].fields["SAP stock"] == Decimal(2)


async def test_what_is_on_its_way_is_told_with_its_day(items):
    on_order = {"W1": Decimal(40), "W2": Decimal(1)}
    items.books.item = an_item(on_order=on_order, expected=date(2026, 12, 4))

    await items.tell(warehouses=("W1",))

    fields = items.crm.told("product")[0].fields
    assert (fields["SAP on order"], fields["SAP expected"]) == (Decimal(40), date(2026, 12, 4))
    await items.tell(stock=False)
    assert items.crm.told("product")[0].fields == {}


async def test_what_lies_in_no_warehouse_has_no_stock(items):
    items.books.item = an_item(is_stocked=False, free={"W1": Decimal(0)})

    await items.tell()

    fields = items.crm.told("product")[0].fields
    assert (fields["SAP stock"], fields["SAP on order"]) == (None, None)


async def test_stock_is_told_in_whole_sales_units(items):
    items.books.item = an_item(sold_in=Unit(2, "Case of 3", Decimal(3)))

    await items.tell()

    assert items.crm.told("product")[0].fields["SAP stock"] == Decimal(2)


async def test_what_customers_are_asked_goes_before_the_lists(items):
    items.books.asked = {
        "DE": CustomerPrice(Decimal(10), "€", Decimal("12.5"), includes_tax=False),
        "US": CustomerPrice(Decimal(12), "USD", Decimal(0), includes_tax=True),
        "FR": CustomerPrice(Decimal(1), "EUR", Decimal(0), includes_tax=False),
    }

    await items.tell(price_for=("DE", "US", "FR"))

    assert items.crm.told("product")[0].prices == (euro("8.75"), Money.of(10, "USD"))


async def test_a_price_that_begins_today_is_sent(items):
    items.books.asked = {"DE": CustomerPrice(Decimal(10), "€", Decimal(0), includes_tax=False)}
    await items.tell(price_for=("DE",))
    items.books.asked = {"DE": CustomerPrice(Decimal(9), "€", Decimal(0), includes_tax=False)}

    await items.tell(price_for=("DE",))

    assert items.crm.writes == [("change", "product", "100")]


async def test_prices_for_nobody_we_know_are_a_case(items):
    with pytest.raises(NeedsOperator) as case:
        await items.tell(price_for=("NOBODY",))

    assert case.value.reason == "UNKNOWN_PARTNER"


async def test_prices_that_hold_tax_are_shown_without(items):
    items.books.item = an_item(prices=(ListPrice(1, Decimal(12), "EUR", includes_tax=True),))

    await items.tell()

    assert items.crm.told("product")[0].prices == (euro("10.00"),)


async def test_an_item_that_is_as_it_was_is_not_sent(items):
    await items.tell()

    assert (await items.tell()).did is Did.ALREADY_THERE
    assert items.crm.writes == []


async def test_an_item_that_is_sold_no_more_is_closed_and_one_never_shown_stays_away(items):
    await items.tell()
    items.books.item = an_item(is_sold=False)

    await items.tell()

    assert items.crm.told("product")[0].is_sold is False
    items.run.links.known.clear()
    items.run.has_seen = ""
    items.crm.records.clear()
    assert (await items.tell()).did is Did.SKIPPED
    assert items.crm.records == {}


async def test_an_item_that_is_gone_is_deleted_where_the_sync_says_so(items):
    await items.tell()
    items.books.item = None

    await items.tell(remove_inactive=True)

    assert items.crm.writes[-1] == ("remove", CrmRecord.PRODUCT.value, "100")


async def test_an_item_that_is_gone_is_closed_once_and_opened_when_it_is_back(items):
    await items.tell()
    items.books.item = None

    first = await items.tell()
    again = await items.tell()

    assert (first.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert items.crm.writes == []
    assert items.crm.told("product")[0].is_sold is False
    items.books.item = an_item()
    await items.tell()
    assert items.crm.told("product")[0].is_sold is True


async def test_a_product_is_deleted_once_however_often_its_item_is_looked_at(items):
    await items.tell(remove_inactive=True)
    items.books.item = an_item(is_sold=False)
    await items.tell(remove_inactive=True)
    items.books.item = an_item(is_sold=False, name="Renamed")

    again = await items.tell(remove_inactive=True)

    assert again.did is Did.ALREADY_THERE
    assert items.crm.writes == []


async def test_an_invoice_is_one_note_that_follows_its_payments(invoices):
    await invoices.tell()
    paid = Settlement(Posted("incoming payment", 3, 903), date(2026, 11, 20), euro("24"))
    invoices.books.invoice = an_invoice(paid=euro("24"), is_open=False, settlements=(paid,))

    await invoices.tell()

    [note] = invoices.crm.told("note")
    assert note.organization == "5"
    assert "24.00 EUR, settled" in note.content
    assert "2026-11-20: incoming payment 903, 24.00 EUR" in note.content
    assert (await invoices.tell()).did is Did.ALREADY_THERE


async def test_what_people_typed_is_no_html_in_a_note(invoices):
    await invoices.tell()

    assert "&lt;b&gt;PO&lt;/b&gt;" in invoices.crm.told("note")[0].content


async def test_an_invoice_waits_for_its_organization(invoices):
    invoices.run.links.known.clear()

    with pytest.raises(Transient) as wait:
        await invoices.tell()

    assert wait.value.reason == "ORGANIZATION_MISSING"


async def test_an_old_invoice_that_is_told_of_is_kept_up_to_date(invoices):
    await invoices.tell()
    invoices.books.invoice = an_invoice(paid=euro("24"), is_open=False)

    outcome = await invoices.tell(oldest_days=10)

    assert outcome.did is Did.POSTED
    assert "settled" in invoices.crm.told("note")[0].content


async def test_a_long_history_is_told_from_its_newest_end(invoices):
    paid = tuple(
        Settlement(Posted("incoming payment", n, n), date(2026, 11, 2), euro("0.01"))
        for n in range(5000)
    )
    invoices.books.invoice = an_invoice(paid=euro("24"), settlements=paid)

    await invoices.tell()

    [note] = invoices.crm.told("note")
    assert len(note.content.encode()) < 100_000
    assert "4900 earlier payments and credits" in note.content
    assert "incoming payment 4999," in note.content


async def test_old_invoices_are_not_told(invoices):
    outcome = await invoices.tell(oldest_days=10)

    assert outcome.did is Did.SKIPPED
    assert invoices.crm.writes == []
