"""What an item costs whom: the four places where SAP looks, in their order."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal


@pytest.fixture
def shop(office):
    """Sell one item at 100.00 to a customer of group 100."""
    clerk.add_item(office.company, "TYRE", price="100.00", stock="1000")
    return office.company


def charged(company, quantity=1, card_code="C1", day="2026-11-21", **line):
    payload = {"CardCode": card_code, "DocDate": day, "DocDueDate": day}
    rows = [{"ItemCode": "TYRE", "Quantity": quantity} | line]
    order = company.create("Orders", payload | {"DocumentLines": rows})
    row = order["DocumentLines"][0]
    return row["UnitPrice"], row["DiscountPercent"], row["Price"]


def special(company, card_code="C1", **values):
    company.create("SpecialPrices", {"ItemCode": "TYRE", "CardCode": card_code} | values)


def group(company, lines, **values):
    payload = {"Type": "dgt_CustomerGroup", "ObjectCode": "100"} | values
    company.create("EnhancedDiscountGroups", payload | {"DiscountGroupLineCollection": lines})


def by_item(discount, code="TYRE"):
    return {"ObjectType": "dgboItems", "ObjectCode": code, "Discount": discount}


def by_item_group(discount):
    return {"ObjectType": "dgboItemGroups", "ObjectCode": "100", "Discount": discount}


VOLUME = [
    {
        "DateFrom": "2026-01-01",
        "SpecialPrice": 100,
        "SpecialPriceQuantityAreas": [{"Quantity": 10, "SpecialPrice": 85}],
    }
]


def test_without_anything_special_the_list_decides(shop):
    assert charged(shop) == (100, 0, 100)


def test_the_partners_special_price_wins_over_a_lower_volume_price(shop):
    """The worked numbers of correctness-rules.md 3.17."""
    special(shop, Price="92.00")
    special(shop, "*1", SpecialPriceDataAreas=VOLUME)

    assert charged(shop, quantity=10) == (92, 0, 92)


def test_a_volume_price_of_the_list_counts_from_its_quantity_on(shop):
    special(shop, "*1", SpecialPriceDataAreas=VOLUME)

    assert charged(shop, quantity=9) == (100, 0, 100)
    assert charged(shop, quantity=10) == (85, 0, 85)


def test_a_discount_group_comes_before_the_volume_price(shop):
    special(shop, "*1", SpecialPriceDataAreas=VOLUME)
    group(shop, [by_item("5")])

    assert charged(shop, quantity=10) == (100, 5, 95)


def test_a_special_discount_follows_its_list(shop):
    special(shop, DiscountPercent="12.5")
    clerk.set_price(shop, "TYRE", "80.00")

    assert charged(shop) == (80, Decimal("12.5"), 70)


def test_a_period_ends(shop):
    period = {"DateFrom": "2026-11-01", "Dateto": "2026-11-10", "SpecialPrice": 70}
    special(shop, Price=92, SpecialPriceDataAreas=[period])

    assert charged(shop, day="2026-11-10") == (70, 0, 70)
    assert charged(shop, day="2026-11-11") == (92, 0, 92)


def test_a_price_that_is_not_valid_does_not_count(shop):
    special(shop, Price=92, Valid="tYES", ValidTo="2026-11-20")

    assert charged(shop, day="2026-11-20") == (92, 0, 92)
    assert charged(shop, day="2026-11-21") == (100, 0, 100)


@pytest.mark.parametrize(
    ("relation", "discount"),
    [
        ("dgrLowestDiscount", "10"),
        ("dgrHighestDiscount", "20"),
        ("dgrAverageDiscount", "15"),
        ("dgrDiscountTotals", "30"),
        ("dgrMultipliedDiscount", "28"),
    ],
)
def test_several_discounts_of_a_group_combine_as_the_group_says(relation, discount, shop):
    group(shop, [by_item("10"), by_item_group("20")], DiscountRelations=relation)

    assert charged(shop)[1] == Decimal(discount)


def test_a_group_of_the_partner_itself_goes_before_one_of_all(shop):
    group(shop, [by_item("10")], Type="dgt_AllBPs")
    group(shop, [by_item("3")], Type="dgt_SpecificBP", ObjectCode="C1")

    assert charged(shop)[1] == 3


def test_a_group_of_others_gives_nothing(shop):
    group(shop, [by_item("10")], Type="dgt_SpecificBP", ObjectCode="C2")
    group(shop, [by_item("10", "OTHER")])

    assert charged(shop) == (100, 0, 100)


def test_a_price_that_was_sent_is_kept(shop):
    special(shop, Price=92)

    assert charged(shop, UnitPrice="99.00") == (99, 0, 99)


def test_the_service_answers_without_a_document(shop):
    special(shop, "*1", SpecialPriceDataAreas=VOLUME)
    asked = {"CardCode": "C1", "ItemCode": "TYRE", "UoMQuantity": 12, "Date": "2026-11-21"}

    answer = shop.serve("CompanyService_GetItemPrice", {"ItemPriceParams": asked})

    assert answer.members == {"Price": 85, "Currency": "EUR", "Discount": 0}


def test_the_service_answers_in_another_currency(shop):
    clerk.set_rate(shop, "USD", "2026-11-21", "0.80")
    asked = {"CardCode": "C1", "ItemCode": "TYRE", "Date": "2026-11-21", "Currency": "USD"}

    answer = shop.serve("CompanyService_GetItemPrice", {"ItemPriceParams": asked})

    assert answer.members == {"Price": 125, "Currency": "USD", "Discount": 0}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"ItemCode": "NONE"}, -2028),
        ({"ItemCode": "TYRE", "CardCode": "NONE"}, -2028),
        ({"ItemCode": "TYRE", "Date": "soon"}, -1000),
        ({"ItemCode": "TYRE", "UoMQuantity": "many"}, -1000),
        ({"ItemCode": "TYRE", "PriceList": "first"}, -1000),
        ({}, -2028),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(asked, code, shop):
    with pytest.raises(Refusal) as refusal:
        shop.serve("CompanyService_GetItemPrice", {"ItemPriceParams": asked})
    assert refusal.value.code == code


def test_a_special_price_is_read_whole_and_goes_away(shop):
    special(shop, "*1", SpecialPriceDataAreas=VOLUME)
    key = {"ItemCode": "TYRE", "CardCode": "*1"}

    area = shop.read("SpecialPrices", key)["SpecialPriceDataAreas"][0]
    assert area["SpecialPriceQuantityAreas"][0]["SpecialPrice"] == 85

    shop.delete("SpecialPrices", key)
    assert charged(shop, quantity=10) == (100, 0, 100)
    assert shop.db.execute("SELECT COUNT(*) FROM SPP2").fetchone()[0] == 0


@pytest.mark.parametrize(
    "asked",
    [
        7,
        ["TYRE"],
        {"ItemCode": ["TYRE"]},
        {"ItemCode": "TYRE", "UoMQuantity": "many"},
        {"ItemCode": "TYRE", "UoMQuantity": 1, "InventoryQuantity": "1e400"},
        {"ItemCode": "TYRE", "PriceList": "9" * 30},
    ],
)
def test_the_service_refuses_what_it_cannot_read(shop, asked):
    with pytest.raises(Refusal) as refused:
        shop.serve("CompanyService_GetItemPrice", {"ItemPriceParams": asked})

    assert refused.value.code == -1000
