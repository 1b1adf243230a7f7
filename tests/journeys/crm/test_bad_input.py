"""What people get wrong in a CRM: a case each time, whose fix works once it is done."""

import pytest

from b1sim.company import clerk

from .happenings import (
    drops_field,
    hears,
    key_of,
    line_of,
    options,
    provisions,
    retries,
    rows,
    some_time_passes,
    the,
    total,
    wins,
)
from .hubs import TO_CRM, hub_between

pytestmark = pytest.mark.anyio


@pytest.fixture
async def between(tmp_path):
    async with hub_between(tmp_path) as opened:
        await opened.look(*TO_CRM)
        yield opened


async def is_stuck(between, reason):
    """Return the one case there is; retried as it is, it stays."""
    (case,) = await between.hub.cases()
    assert case.reason == reason, case.message
    assert case.fix
    assert between.orders() == []
    await retries(between, case)
    (case,) = await between.hub.cases()
    assert case.reason == reason
    return case


async def goes_on(between, how, case):
    """Retry the case, or let the notice of its fix do that."""
    if how == "retried":
        await retries(between, case)
    else:
        await hears(between)
    assert await between.hub.cases() == []


def no_organization(between, deal):
    between.pipedrive.change_deal(deal, org_id=None)
    yield "NO_ORGANIZATION"
    between.pipedrive.change_deal(deal, org_id=the(between, "organization"))


def an_organization_that_is_no_customer(between, deal):
    stranger = between.pipedrive.add_organization("Stranger")
    between.pipedrive.change_deal(deal, org_id=stranger)
    yield "ORGANIZATION_UNLINKED"
    key = key_of(between, "organization", "SAP customer code")
    between.pipedrive.change_organization(stranger, custom_fields={key: "C1"})
    between.pipedrive.change_deal(deal, title="told of it")


def a_key_of_no_customer(between, deal):
    key = key_of(between, "organization", "SAP customer code")
    stranger = between.pipedrive.add_organization("Stranger", custom_fields={key: "NOBODY"})
    between.pipedrive.change_deal(deal, org_id=stranger)
    yield "UNKNOWN_PARTNER"
    clerk.add_partner(between.sap.company, "NOBODY", "Somebody after all")
    between.pipedrive.change_deal(deal, title="told of it")


def no_products(between, deal):
    line = line_of(between)
    between.pipedrive.remove_line(line)
    yield "NO_LINES"
    given = {"tax": "20", "tax_method": "exclusive"}
    between.pipedrive.add_product_to_deal(deal, the(between, "product"), "2", "10", **given)
    between.pipedrive.change_deal(deal, title="told of it")


def a_product_without_a_code(between, deal):
    product = the(between, "product")
    between.pipedrive.change_product(product, code="")
    yield "MISSING_ITEM"
    between.pipedrive.change_product(product, code="TEA")
    between.pipedrive.change_deal(deal, title="told of it")


def a_product_that_is_no_item(between, deal):
    between.pipedrive.change_product(the(between, "product"), code="COFFEE")
    yield "MISSING_ITEM"
    clerk.add_item(between.sap.company, "COFFEE", stock="9", vat_group="A20")
    between.pipedrive.change_deal(deal, title="told of it")


def a_wrong_line(between, deal, reason, wrong, right):
    line = line_of(between)
    between.pipedrive.change_line(line, **wrong)
    yield reason
    between.pipedrive.change_line(line, **right)
    between.pipedrive.change_deal(deal, title="told of it")


def more_off_than_it_sells_for(between, deal):
    yield from a_wrong_line(between, deal, "DEAL_DISCOUNT", {"discount": "150"}, {"discount": "0"})


def a_discount_in_money_above_the_line(between, deal):
    wrong = {"discount": "20.01", "discount_type": "amount"}
    yield from a_wrong_line(between, deal, "DEAL_DISCOUNT", wrong, {"discount": "0"})


def a_quantity_below_zero(between, deal):
    yield from a_wrong_line(between, deal, "BAD_QUANTITY", {"quantity": "-2"}, {"quantity": "2"})


def a_tax_rate_that_nobody_knows(between, deal):
    yield from a_wrong_line(between, deal, "TAX_MAP", {"tax": "17.5"}, {"tax": "20"})


TWO_TEAS = (
    no_organization,
    an_organization_that_is_no_customer,
    a_key_of_no_customer,
    no_products,
    a_product_without_a_code,
    a_product_that_is_no_item,
    more_off_than_it_sells_for,
    a_discount_in_money_above_the_line,
    a_quantity_below_zero,
    a_tax_rate_that_nobody_knows,
)


@pytest.mark.parametrize("how", ["retried", "told"])
@pytest.mark.parametrize("wrong", TWO_TEAS, ids=lambda one: one.__name__)
async def test_what_is_wrong_with_a_deal_is_a_case_until_it_is_mended(between, wrong, how):
    deal = between.deal()
    story = wrong(between, deal)
    reason = next(story)
    await wins(between, deal)
    case = await is_stuck(between, reason)

    next(story, None)
    await goes_on(between, how, case)

    assert total(between) == 24


async def test_a_currency_that_the_sync_does_not_allow_is_a_case_until_it_does(between):
    clerk.add_partner(between.sap.company, "ANY", "Any currency", Currency="##")
    await between.look(TO_CRM[0])
    deal = between.deal()
    anybody = next(n for n, row in rows(between, "organization") if row["name"] != "Anna Ek AB")
    between.pipedrive.change_deal(deal, currency="USD", org_id=anybody)
    between.sap.company.db.execute("DELETE FROM ORTT")
    await wins(between, deal)
    case = await is_stuck(between, "CURRENCY")

    await options(between, currencies=["USD"])
    await retries(between, case)
    case = await is_stuck(between, "RATE_MISSING")
    clerk.set_rate(between.sap.company, "USD", between.sap.company.books.today(), "0.9")
    await retries(between, case)

    assert await between.hub.cases() == []
    assert [order["DocCurrency"] for order in between.orders()] == ["USD"]


async def test_a_deal_won_twice_and_opened_again_is_one_order(between):
    deal = between.deal()
    await wins(between, deal)
    await wins(between, deal)
    between.pipedrive.reopen_deal(deal)
    await hears(between)
    assert total(between) == 24

    await wins(between, deal)

    assert total(between) == 24
    assert await between.hub.cases() == []


async def test_two_organizations_of_one_customer_are_a_case_until_they_are_merged(between):
    key = key_of(between, "organization", "SAP customer code")
    clerk.add_partner(between.sap.company, "C2", "Twins")
    first, second = (
        between.pipedrive.add_organization(name, custom_fields={key: "C2"})
        for name in ("Twin one", "Twin two")
    )
    await some_time_passes(between)
    await between.look(TO_CRM[0])
    (case,) = await between.hub.cases()
    assert case.reason == "CRM_DUPLICATE"

    between.pipedrive.merge_organizations(first, second)
    await hears(between)
    for one in await between.hub.cases():
        await retries(between, one)

    assert await between.hub.cases() == []
    assert between.pipedrive.company.rows["organization"][second]["name"] == "Twins"


async def test_a_deal_of_either_of_two_organizations_is_sold_to_their_one_customer(between):
    key = key_of(between, "organization", "SAP customer code")
    twin = between.pipedrive.add_organization("Anna's other shop", custom_fields={key: "C1"})
    deal = between.deal()
    between.pipedrive.change_deal(deal, org_id=twin)

    await wins(between, deal)

    assert [order["CardCode"] for order in between.orders()] == ["C1"]


async def test_missing_fields_are_a_case_until_they_are_made(between):
    drops_field(between, "organization", "SAP credit status")
    await some_time_passes(between)
    clerk.add_partner(between.sap.company, "C2", "New customer")
    await between.look(TO_CRM[0])
    (case,) = await between.hub.cases()
    assert case.reason == "FIELD_MISSING"
    assert "'SAP credit status' (organization)" in case.message
    assert "New customer" not in {row["name"] for _, row in rows(between, "organization")}

    await provisions(between)
    await retries(between, case)

    assert await between.hub.cases() == []
    assert "New customer" in {row["name"] for _, row in rows(between, "organization")}


async def test_a_field_of_another_type_is_a_case_until_it_is_made_anew(between):
    drops_field(between, "product", "SAP stock")
    wrong = between.pipedrive.add_field("product", "SAP stock", "varchar")
    await some_time_passes(between)
    clerk.set_stock(between.sap.company, "TEA", "55")
    await between.look("item-to-product")
    (case,) = await between.hub.cases()
    assert case.reason == "FIELD_TYPE"

    del between.pipedrive.company.fields["product"][wrong]
    await provisions(between)
    await retries(between, case)

    assert await between.hub.cases() == []
    ((_, product),) = rows(between, "product")
    assert product["custom_fields"][key_of(between, "product", "SAP stock")] == 55
