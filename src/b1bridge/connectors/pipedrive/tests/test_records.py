"""Organizations, persons, products, notes and deals: written whole, read exactly."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b1bridge.domain.crm import (
    CrmRecord,
    DealStatus,
    Note,
    Organization,
    Person,
    Product,
    TaxMethod,
)
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.errors import Rejected

pytestmark = pytest.mark.anyio
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def euro(amount):
    return Money.of(amount, "EUR")


def ref(deal):
    return Ref("crm", "deal", str(deal))


async def test_an_organization_carries_our_key_and_what_finance_knows(office, crm):
    fields = {"SAP balance": euro("12.34"), "SAP segment": "Retail", "SAP overdue": None}

    id_ = await crm.add_organization(Organization("C1", "Acme", "Main St 1, Berlin", fields))

    row = office.world.company.rows["organization"][int(id_)]
    names = {c: f.name for c, f in office.world.company.custom_fields("organization").items()}
    assert {names[code]: value for code, value in row["custom_fields"].items()} == {
        "SAP customer code": "C1",
        "SAP balance": {"value": Decimal("12.34"), "currency": "EUR"},
        "SAP segment": "Retail",
        "SAP overdue": None,
    }
    assert row["address"]["value"] == "Main St 1, Berlin"


async def test_phones_of_a_person_are_replaced_whole(office, crm):
    organization = await crm.add_organization(Organization("C1", "Acme"))
    ann = Person("C1/1", "Ann Lee", organization, ("a@x.test", "b@x.test"), ("+49301", "+49302"))
    id_ = await crm.add_person(ann)

    await crm.change_person(id_, Person("C1/1", "Ann Berg", organization, ("c@x.test",)))

    row = office.world.company.rows["person"][int(id_)]
    assert row["name"] == "Ann Berg"
    assert row["emails"] == [{"value": "c@x.test", "primary": True, "label": "work"}]
    assert row["phones"] == []


async def test_prices_of_a_product_are_replaced_whole(office, crm):
    id_ = await crm.add_product(
        Product("A1", "Pen", (euro("9.99"), Money.of("11", "USD")), "pc", Decimal(19))
    )

    await crm.change_product(id_, Product("A1", "Pen", (euro("8.49"),), "pc", is_sold=False))

    row = office.world.company.rows["product"][int(id_)]
    assert [(p["currency"], p["price"]) for p in row["prices"]] == [("EUR", Decimal("8.49"))]
    assert (row["is_linkable"], row["tax"]) == (False, 0)


async def test_a_currency_that_is_not_active_is_refused_in_their_words(crm):
    with pytest.raises(Rejected, match="XTS"):
        await crm.add_product(Product("A1", "Pen", (Money.of("1", "XTS"),)))


async def test_what_is_gone_stays_gone(office, crm):
    id_ = await crm.add_product(Product("A1", "Pen", ()))

    await crm.remove(CrmRecord.PRODUCT, id_)
    await crm.remove(CrmRecord.PRODUCT, id_)

    assert office.world.company.rows["product"][int(id_)]["is_deleted"] is True
    assert await crm.change_product(id_, Product("A1", "Pen", ())) is False


async def test_a_note_is_updated_and_not_repeated(office, crm):
    organization = await crm.add_organization(Organization("C1", "Acme"))
    id_ = await crm.add_note(Note("sap/invoice/7", organization, "<p>open</p>"))

    assert await crm.change_note(id_, Note("sap/invoice/7", organization, "<p>paid</p>"))

    (note,) = office.world.company.notes.values()
    assert note["content"].startswith("<p>paid</p>")
    assert note["org_id"] == int(organization)


async def test_a_deal_comes_with_its_lines_and_who_it_is_for(office, crm):
    world = office.world
    organization = await crm.add_organization(Organization("C1", "Acme"))
    product = await crm.add_product(Product("A1", "Pen", (euro("9.99"),)))
    loose = world.add_product("Handmade")
    deal = world.add_deal("Big", int(organization))
    world.add_product_to_deal(deal, int(product), "3", "9.99", tax="19", tax_method="exclusive")
    world.add_product_to_deal(deal, loose, "0.5", "10", discount="100")
    world.add_product_to_deal(deal, loose, "1", "10", discount="2.5", discount_type="amount")
    off = world.add_product_to_deal(deal, loose, "1", "99")
    world.change_line(off, is_enabled=False)
    world.win_deal(deal)

    found = await crm.deal(ref(deal))

    assert (found.status, found.stage, found.currency) == (DealStatus.WON, "Qualified", "EUR")
    assert (found.organization, found.organization_key) == (organization, "C1")
    assert found.won_at is not None
    assert [(line.item, line.quantity, line.price, line.discount) for line in found.lines] == [
        ("A1", Decimal(3), euro("9.99"), euro("0")),
        ("", Decimal("0.5"), euro("10"), euro("5")),
        ("", Decimal(1), euro("10"), euro("2.5")),
    ]
    assert (found.lines[0].tax, found.lines[0].tax_method) == (19, TaxMethod.EXCLUSIVE)


async def test_a_deal_without_anything_is_read_too(office, crm):
    found = await crm.deal(ref(office.world.add_deal("Bare")))

    assert (found.organization, found.organization_key, found.lines) == ("", "", ())


async def test_a_deal_whose_organization_is_gone_has_none(office, crm):
    organization = office.world.add_organization("Acme")
    deal = office.world.add_deal("Big", organization)
    office.world.delete("organization", organization)

    assert (await crm.deal(ref(deal))).organization == ""


async def test_a_note_on_a_deal_may_be_repeated(office, crm):
    deal = office.world.add_deal("Big")

    for _ in range(2):
        await crm.annotate_deal(ref(deal), {"SAP order": "4711", "SAP delivery": None})

    assert (await crm.deal(ref(deal))).noted["SAP order"] == "4711"


async def test_deals_are_listed_oldest_change_first(office, crm, clock):
    first, second = office.world.add_deal("A"), office.world.add_deal("B")
    clock.forward(minutes=5)
    mark = clock()
    office.world.win_deal(first)

    assert [r.id async for r, _ in crm.deals_changed_since(LONG_AGO)] == [str(second), str(first)]
    assert [r.id async for r, _ in crm.deals_changed_since(mark)] == [str(first)]
