"""What is odd and right: it comes through, or waits, and asks nobody."""

import asyncio
from decimal import Decimal

import pytest

from b1sim.company import clerk

from .happenings import (
    hears,
    line_of,
    named,
    options,
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


@pytest.mark.parametrize(
    ("line", "comes_to"),
    [
        ({"discount": "100"}, "0"),
        ({"discount": "20", "discount_type": "amount"}, "0"),
        ({"discount": "33.333"}, "16.00"),
        ({"quantity": "0.5"}, "6"),
        ({"quantity": "0.333333"}, "4.00"),
        ({"quantity": "3", "item_price": "0.333333"}, "1.20"),
        ({"quantity": "7", "item_price": "1.4285714"}, "12.00"),
        ({"item_price": "0"}, "0"),
        ({"quantity": "1000000", "item_price": "99999.99"}, "119999988000.00"),
        ({"tax_method": "inclusive"}, "20"),
        ({"tax_method": "none"}, "24"),
        ({"tax_method": "inclusive", "quantity": "3", "item_price": "0.333333"}, "1.00"),
    ],
    ids=str,
)
async def test_odd_quantities_prices_and_discounts_come_to_what_the_deal_says(
    between, line, comes_to
):
    deal = between.deal()
    between.pipedrive.change_line(line_of(between), **line)

    await wins(between, deal)

    assert await between.hub.cases() == []
    assert total(between) == Decimal(comes_to)


@pytest.mark.parametrize(
    ("off", "comes_to"),
    [
        ([("10", "percentage")], "37.80"),
        ([("0.01", "amount")], "41.99"),
        ([("10", "percentage"), ("5", "amount")], "31.80"),
        ([("100", "percentage")], "0"),
    ],
    ids=str,
)
async def test_discounts_of_the_whole_deal_are_shared_by_its_lines(between, off, comes_to):
    deal, taxed = between.deal(), {"tax": "20", "tax_method": "exclusive"}
    between.pipedrive.add_product_to_deal(deal, the(between, "product"), "1", "15", **taxed)
    for amount, kind in off:
        between.pipedrive.discount_deal(deal, amount, kind)

    await wins(between, deal)

    assert await between.hub.cases() == []
    assert total(between) == Decimal(comes_to)
    assert between.pipedrive.company.rows["deal"][deal]["value"] == Decimal(comes_to)


async def test_a_line_of_nothing_is_left_out_and_the_rest_is_sold(between):
    deal = between.deal()
    given = {"tax": "20", "tax_method": "exclusive"}
    between.pipedrive.add_product_to_deal(deal, the(between, "product"), "0", "10", **given)

    await wins(between, deal)

    assert await between.hub.cases() == []
    assert total(between) == 24


@pytest.mark.parametrize(("used", "goes"), [(25_000, True), (30_000, False)])
async def test_a_budget_spent_at_noon_holds_up_the_catalogue_before_deals(tmp_path, used, goes):
    async with hub_between(tmp_path, plan="lite", seats=1) as between:
        await between.look(*TO_CRM)
        hour = f"{between.clock():%Y-%m-%dT%H}"
        await between.hub._storage.usage.add("crm", hour, used)  # noqa: SLF001 - a busy morning
        await some_time_passes(between)
        between.pipedrive.win_deal(between.deal())
        clerk.add_partner(between.sap.company, "C2", "New customer")

        await between.hub.sync_now(TO_CRM[0], None)
        await between.hub.accept("crm", *between.pipedrive.notice(), between.clock())
        await asyncio.sleep(3)
        assert len(between.orders()) == int(goes)
        assert len(rows(between, "organization")) == 1
        between.clock.move(86_400)
        await between.settled()

        assert await between.hub.cases() == []
        assert total(between) == 24
        assert [row["name"] for _, row in rows(between, "organization")] == [
            "Anna Ek AB",
            "New customer",
        ]


LONG = "Very long " * 40


NAMES = [
    "😀 Café & Söhne <b>GmbH</b>",
    "'; DROP TABLE OCRD; --",
    "日本の会社",
    "a\u200bb\tc\nd",
    LONG,
]


@pytest.mark.parametrize("name", NAMES, ids=["emoji", "quotes", "kanji", "controls", "long"])
async def test_names_of_any_kind_come_through_to_a_customer_and_an_order(between, name):
    await options(between, create_partner=True)
    stranger = between.pipedrive.add_organization(name)
    deal = between.deal()
    between.pipedrive.change_deal(deal, org_id=stranger, title=name)

    await wins(between, deal)

    assert await between.hub.cases() == []
    (order,) = between.orders()
    code = order["CardCode"]
    (partner,) = [
        one for one in between.sap.company.query("BusinessPartners") if one["CardCode"] == code
    ]
    told = " ".join(name.replace("\u200b", "").split())
    kept = " ".join(partner["CardName"].replace("\u200b", "").split()).removesuffix("…")
    assert told.startswith(kept)
    assert len(kept) >= min(len(told), 90)


async def test_names_of_the_books_are_shown_as_they_are(between):
    for number, name in enumerate(NAMES[:3]):
        people = [{"Name": name, "E_Mail": "a@x.se"}]
        clerk.add_partner(between.sap.company, f"N{number}", name, ContactEmployees=people)
        clerk.add_item(between.sap.company, f"N{number}", name, stock="1", vat_group="A20")

    await between.look(*TO_CRM)

    assert await between.hub.cases() == []
    for entity in ("organization", "person", "product"):
        assert {row["name"] for _, row in rows(between, entity)} >= set(NAMES[:3])


CODES = ["C'1", "A/B/1", "ÅÖ 7", "50%", "a&b=c?", "#12", "(x),y", "C+1", "100.00"]


async def test_odd_codes_of_customers_and_items_go_both_ways(between):
    prices = [{"PriceList": 1, "Price": "10"}]
    for code in CODES:
        people = [{"Name": f"Cy {code}", "E_Mail": "cy@x.se"}]
        clerk.add_partner(between.sap.company, code, f"Customer {code}", ContactEmployees=people)
        kind = {"stock": "9", "vat_group": "A20", "ItemPrices": prices}
        clerk.add_item(between.sap.company, code, f"Item {code}", **kind)
    await between.look(*TO_CRM)
    for code in CODES:
        organization = named(between, "organization", f"Customer {code}")
        deal = between.pipedrive.add_deal("Odd", organization)
        product = named(between, "product", f"Item {code}")
        taxed = {"tax": "20", "tax_method": "exclusive"}
        between.pipedrive.add_product_to_deal(deal, product, "2", "10", **taxed)
        between.pipedrive.win_deal(deal)

    await hears(between)
    await between.look(*TO_CRM)

    assert await between.hub.cases() == []
    sold = {(one["CardCode"], one["DocumentLines"][0]["ItemCode"]) for one in between.orders()}
    assert sold == {(code, code) for code in CODES}
    assert len(between.orders()) == len(CODES)
