"""Customers, contacts, items, prices and codes as clients of the hub look them up."""

from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.connector import CONNECTOR
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.domain.codes import Code, CodeKind
from b1bridge.domain.contacts import NewContact
from b1bridge.errors import Rejected, Transient
from b1bridge.ports.lookups import Lookups
from b1sim.company import clerk
from b1sim.world import World

pytestmark = pytest.mark.anyio
DAY = date(2026, 11, 21)
EVIL = ["x' or CardCode ne '", "C1'", "C1%27", "%", "Ü—🙂", "a\x00", "a\nb", "\ud800", "", "a/b"]


@pytest.fixture
def http_to():
    def opened(world):
        return httpx.AsyncClient(transport=world.transport(), base_url=world.base_url)

    return opened


@pytest.fixture
def seeded():
    """Run a company that has its lists of codes."""
    with World() as world:
        yield world


@pytest.fixture
async def seeded_books(seeded, http_to):
    async with http_to(seeded) as line:
        yield SapBooks("sap", Settings(**seeded.settings()), line)


def test_the_connector_offers_every_lookup():
    assert Lookups in CONNECTOR.capabilities


# -- customers -----------------------------------------------------------------------------------
async def test_customers_are_paged_by_code_and_others_are_left_out(books, world):
    for code in ("C2", "C3", "C4"):
        clerk.add_partner(world.company, code, f"Shop {code}")
    clerk.add_partner(world.company, "A1", "Supplier", kind="cSupplier")
    clerk.add_partner(world.company, "B1", "Lead", kind="cLid")

    first = await books.customers(limit=3)
    second = await books.customers(after=first.last, limit=3)

    assert [one.code for one in first.rows] == ["C1", "C2", "C3"]
    assert first.last == "C3"
    assert ([one.code for one in second.rows], second.last) == (["C4"], "")


async def test_customers_are_searched_by_parts_of_name_and_e_mail(books, world):
    clerk.add_partner(world.company, "C2", "Bo Åkerlund", EmailAddress="bo@x.se")

    assert [one.code for one in (await books.customers(name="kerl", limit=9)).rows] == ["C2"]
    assert [one.code for one in (await books.customers(email="ANNA@", limit=9)).rows] == ["C1"]
    assert (await books.customers(name="Bo", email="anna", limit=9)).rows == ()


async def test_a_card_shows_its_addresses(books, world):
    address = {"AddressName": "Home", "AddressType": "bo_BillTo", "Street": "Way 1", "City": "Ulm"}
    ship_to = address | {"AddressName": "Depot", "AddressType": "bo_ShipTo"}
    clerk.add_partner(world.company, "C2", "Bo", BPAddresses=[address, ship_to])

    card = await books.customer_card("C2")

    assert (card.partner.code, card.partner.name) == ("C2", "Bo")
    assert [(one.name, one.is_ship_to) for one in card.addresses] == [
        ("Home", False),
        ("Depot", True),
    ]
    assert card.addresses[0].address.street_1 == "Way 1"


async def test_a_supplier_s_card_is_not_shown(books, world):
    clerk.add_partner(world.company, "V1", "Supplier", kind="cSupplier")

    assert await books.customer_card("V1") is None
    assert await books.contacts_of("V1") is None


@pytest.mark.parametrize("evil", EVIL)
async def test_no_text_breaks_out_of_a_question(books, evil):
    assert await books.customer_card(evil) is None
    assert await books.contacts_of(evil) is None
    assert await books.catalogue_items([evil]) == {}
    assert await books.price_for(evil, "TEA", Decimal(1), DAY) is None
    assert await books.price_for("C1", evil, Decimal(1), DAY) is None
    if evil:
        assert (await books.customers(name=evil, email=evil, limit=9)).rows == ()
        assert (await books.catalogue(name=evil, limit=9)).rows == ()


# -- contacts ------------------------------------------------------------------------------------
async def test_a_contact_is_added_and_found(books):
    wanted = NewContact("C1", "Bo", "Li", "bo@x.se", "123", "456", "Buyer", "Way 1")

    made = await books.post_contact(wanted)

    assert (made.name, made.first_name, made.last_name) == ("Bo Li", "Bo", "Li")
    assert (made.email, made.phone, made.mobile, made.position) == (
        "bo@x.se",
        "123",
        "456",
        "Buyer",
    )
    assert made.is_active
    assert await books.contacts_of("C1") == (made,)


async def test_people_of_one_name_are_told_apart_and_none_is_lost(books):
    first = await books.post_contact(NewContact("C1", "Bo", "Li", "bo@x.se"))
    second = await books.post_contact(NewContact("C1", "Bo", "Li", "bo@y.se"))
    third = await books.post_contact(NewContact("C1", "Bo", "Li"))

    assert [one.name for one in await books.contacts_of("C1")] == [
        "Bo Li",
        "Bo Li (bo@y.se)",
        "Bo Li 2",
    ]
    assert len({first.code, second.code, third.code}) == 3


async def test_a_name_taken_at_the_same_moment_is_tried_again(books, world):
    world.refuse("BusinessPartners", -2035, "This entry already exists", method="PATCH")

    with pytest.raises(Transient):
        await books.post_contact(NewContact("C1", "Bo", "Li"))


async def test_a_text_that_sap_would_refuse_is_named(books):
    with pytest.raises(Rejected, match="Phone1 takes 20"):
        await books.post_contact(NewContact("C1", "Bo", "Li", phone="1" * 21))

    assert await books.contacts_of("C1") == ()


# -- items and prices ----------------------------------------------------------------------------
async def test_the_catalogue_lists_what_is_sold(books, world):
    clerk.add_item(world.company, "RAW", "Raw leaves", SalesItem="tNO")

    first = await books.catalogue(limit=1)
    second = await books.catalogue(after=first.last, limit=1)

    assert [one.item.code for one in (*first.rows, *second.rows)] == ["MUG", "TEA"]
    assert second.last == ""
    assert [one.item.code for one in (await books.catalogue(name="gREY", limit=9)).rows] == ["TEA"]


async def test_an_item_is_told_in_full_sold_or_not(books, world):
    clerk.add_item(
        world.company,
        "RAW",
        "Raw leaves",
        SalesItem="tNO",
        BarCode="4006381333931",
        SalesUnit="box",
        InventoryUOM="kg",
        ForeignName="Feuilles",
        Frozen="tYES",
    )

    one = (await books.catalogue_items(["RAW", "NONE"]))["RAW"]

    assert (one.barcode, one.sales_unit, one.stock_unit) == ("4006381333931", "box", "kg")
    assert (one.foreign_name, one.group, one.is_valid) == ("Feuilles", "100", True)
    assert (one.item.name, one.item.sales_item, one.item.frozen) == ("Raw leaves", False, True)


async def test_a_price_is_the_customer_s_for_the_quantity_and_day(books, world):
    until = DAY + timedelta(days=9)
    special = {"Discount": 20, "DateFrom": str(DAY), "Dateto": str(until)}
    scale = {"Quantity": 10, "Discountin": 50}
    world.company.create(
        "SpecialPrices",
        {
            "CardCode": "C1",
            "ItemCode": "TEA",
            "PriceListNum": 1,
            "DiscountPercent": 10,
            "SpecialPriceDataAreas": [special | {"SpecialPriceQuantityAreas": [scale]}],
        },
    )

    async def discount(quantity, day):
        price = await books.price_for("C1", "TEA", Decimal(quantity), day)
        assert (price.price, price.currency, price.includes_tax) == (Decimal(10), "EUR", False)
        return price.discount

    assert await discount(1, DAY - timedelta(days=1)) == 10
    assert await discount(1, DAY) == 20
    assert await discount(10, DAY) == 50


async def test_a_gross_price_list_says_so(books, world):
    gross = world.company.create(
        "PriceLists", {"PriceListName": "Gross", "IsGrossPrice": "tYES", "Factor": 1}
    )
    clerk.add_partner(world.company, "C2", "Bo", price_list=gross["PriceListNo"])

    price = await books.price_for("C2", "TEA", Decimal(1), DAY)

    assert price.includes_tax


# -- codes and company ---------------------------------------------------------------------------
async def test_codes_are_those_that_a_sale_may_name(seeded_books):
    freight = await seeded_books.codes(CodeKind.FREIGHT, DAY)
    shipping = await seeded_books.codes(CodeKind.SHIPPING_TYPES, DAY)
    methods = await seeded_books.codes(CodeKind.PAYMENT_METHODS, DAY)
    taxes = await seeded_books.codes(CodeKind.TAX_CODES, DAY)

    assert freight[0] == Code("1", "Shipping")
    assert shipping[0] == Code("1", "Parcel")
    assert [one.code for one in methods] == ["Incoming BT"]
    assert Code("A20", "Output VAT 20 %", Decimal(20)) in taxes
    assert not [one for one in taxes if one.code.startswith("V")]


async def test_codes_are_read_once_a_minute(seeded, seeded_books):
    await seeded_books.codes(CodeKind.FREIGHT, DAY)
    before = sum(seeded.requests().values())
    await seeded_books.codes(CodeKind.FREIGHT, DAY + timedelta(days=1))

    assert sum(seeded.requests().values()) == before


async def test_a_company_with_sales_tax_lists_its_own_codes(seeded, http_to):
    async with http_to(seeded) as line:
        books = SapBooks("sap", Settings(**seeded.settings(), tax_field="TaxCode"), line)

        codes = {one.code: one.rate for one in await books.codes(CodeKind.TAX_CODES, DAY)}

    assert codes["CA"] == Decimal("9.5")


async def test_the_company_says_who_it_is(books):
    card = await books.company_card()

    assert (card.name, card.currency, card.time_zone) == ("SBODEMO", "EUR", "UTC")
