"""Partners and items are found exactly, whatever stands in their names."""

import asyncio

import pytest

from b1bridge.domain.addresses import same_place
from b1bridge.domain.customers import Address, NewBusinessPartner
from b1bridge.errors import Rejected
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
ODD_NAMES = [
    "O'Hara & Söhne",
    "x' or CardCode ne '",
    "🦊 Füchse 中文",
    "100% #1 a+b?c=d",
    '"quoted"',
]


def new_partner(code="W1", name="Bo Ek", email="bo@x.se"):
    billing = Address(
        first_name="Bo", last_name="Ek", street_1="Storgatan 1", city="Lund", country="SE"
    )
    return NewBusinessPartner(code, name, email, "+46 70 1", "EUR", billing)


async def test_a_customer_is_found_by_code(books):
    found = await books.find_partner("C1")

    assert (found.code, found.name, found.email) == ("C1", "Anna Ek", "anna@x.se")


@pytest.mark.parametrize("code", ["C2", "c1", "C1 ", "x' or 'a' eq 'a", "C\x001"])
async def test_what_is_not_exactly_the_code_is_not_found(books, code):
    assert await books.find_partner(code) is None


async def test_a_code_with_a_slash_is_found(books, world):
    clerk.add_partner(world.company, "A/B'C")

    assert (await books.find_partner("A/B'C")).code == "A/B'C"


async def test_a_supplier_is_not_taken_for_a_customer(books, world):
    clerk.add_partner(world.company, "S1", kind="cSupplier")

    with pytest.raises(Rejected, match="a supplier, not a customer"):
        await books.find_partner("S1")


@pytest.mark.parametrize("name", ODD_NAMES)
async def test_a_customer_with_any_name_is_opened_and_read_back(books, name):
    await books.open_partner(new_partner(name=name))

    assert (await books.find_partner("W1")).name == name


async def test_an_opened_customer_has_the_billing_address(books, world):
    await books.open_partner(new_partner())

    address = world.company.read("BusinessPartners", {"CardCode": "W1"})["BPAddresses"][0]
    assert (address["Street"], address["City"], address["AddressName2"]) == (
        "Storgatan 1",
        "Lund",
        "Bo Ek",
    )


async def test_a_code_in_use_is_a_case_of_its_own(books):
    with pytest.raises(Rejected) as caught:
        await books.open_partner(new_partner(code="C1"))

    assert caught.value.reason == "PARTNER_CODE_TAKEN"


@pytest.mark.parametrize("email", ["anna@x.se", "ANNA@X.se", "  Anna@x.SE "])
async def test_an_email_is_found_whatever_its_case_and_outer_space(books, world, email):
    clerk.add_partner(world.company, "C2", EmailAddress=" Anna@X.se")

    found = await books.partners_by_email(email)

    assert [partner.code for partner in found] == ["C1", "C2"]


async def test_an_email_that_only_contains_ours_is_another_person(books, world):
    clerk.add_partner(world.company, "C2", EmailAddress="johanna@x.se")
    clerk.add_partner(world.company, "C3", EmailAddress="anna+1@x.se")
    clerk.add_partner(world.company, "S1", kind="cSupplier", EmailAddress="anna@x.se")

    assert [partner.code for partner in await books.partners_by_email("anna@x.se")] == ["C1"]


@pytest.mark.parametrize("email", ["", "  ", "a\x00b@x.se"])
async def test_no_email_finds_nobody(books, email):
    assert await books.partners_by_email(email) == ()


async def test_more_partners_than_a_page_share_an_email(books, world):
    for number in range(45):
        clerk.add_partner(world.company, f"D{number:02}", EmailAddress="shop@x.se")

    assert len(await books.partners_by_email("shop@x.se")) == 45


async def test_items_are_found_by_exactly_their_codes(books, world):
    clerk.add_item(world.company, "HONEY", batches=True)

    found = await books.items(["TEA", "HONEY", "tea", "NOPE", "", "T\tA"])

    assert set(found) == {"TEA", "HONEY"}
    assert (found["TEA"].name, found["TEA"].batch_managed) == ("Earl Grey", False)
    assert found["HONEY"].batch_managed


async def test_a_frozen_item_says_so(books, world):
    clerk.freeze(world.company, "Items", "TEA")

    assert (await books.items(["TEA"]))["TEA"].frozen


async def test_an_order_of_a_thousand_lines_is_looked_up_in_few_requests(books, world):
    codes = [f"SKU-{number:04}-{'x' * 20}" for number in range(1000)]
    for code in codes[::10]:
        clerk.add_item(world.company, code)

    found = await books.items(codes)

    assert list(found) == codes[::10]
    assert world.requests()["GET Items"] < 25


async def test_items_in_other_letter_case_are_suggested(books, world):
    clerk.add_item(world.company, "Tea")

    assert {item.code for item in await books.items_like("tea")} == {"TEA", "Tea"}
    assert [item.code for item in await books.items_like("TEA")] == ["Tea"]


async def test_a_hundred_parallel_look_ups_after_a_restart_log_in_once_more(books, world):
    await books.find_partner("C1")
    world.drop_sessions()

    found = await asyncio.gather(*(books.find_partner("C1") for _ in range(100)))

    assert {partner.code for partner in found} == {"C1"}
    assert world.requests()["POST Login"] == 2


HOME = Address("Anna", "Ek", "Ek AB", "Storgatan 1", "", "Lund", "", "222 22", "SE")


async def test_a_ship_to_is_added_to_the_card_and_the_others_stay(books, world):
    await books.open_partner(new_partner())

    name = await books.post_ship_to("W1", HOME)
    again = await books.post_ship_to("W1", HOME)

    assert name == again
    assert list(await books.ship_to_addresses("W1")) == [name]
    assert same_place((await books.ship_to_addresses("W1"))[name], HOME)
    card = world.company.read("BusinessPartners", {"CardCode": "W1"})
    assert [row["AddressType"] for row in card["BPAddresses"]] == ["bo_BillTo", "bo_ShipTo"]
    assert card["ShipToDefault"] is None


async def test_the_card_of_nobody_is_a_case(books):
    with pytest.raises(Rejected) as case:
        await books.ship_to_addresses("GONE")

    assert case.value.reason == "MISSING_CUSTOMER"


async def test_placing_tells_what_sap_has_no_code_for(books):
    placing = await books.placing(Address(city="Paris", state="Île-de-France", country="FR"))
    known = await books.placing(Address(city="Aachen", state="nordrhein-westfalen", country="DE"))

    assert placing.unknown_state == "Île-de-France"
    assert known.notes == ()


@pytest.mark.parametrize("kept", ["DE 123 456 789", "de123456789", "123.456.789"])
async def test_a_tax_id_is_found_however_it_was_written(books, world, kept):
    clerk.add_partner(world.company, "TAX", FederalTaxID=kept, Country="DE")
    clerk.add_partner(world.company, "NOT", FederalTaxID="DE 129 456 789", Country="DE")

    found = await books.partners_by_tax_id("DE123456789")

    assert [partner.code for partner in found] == ["TAX"]
    assert await books.partners_by_tax_id("NODIGITS") == ()


async def test_a_name_is_found_in_any_order_with_its_numbers_and_debts(books, world):
    phones = {"Phone1": "040 123456", "Cellular": "+46 70 123 45 67", "Country": "DE"}
    clerk.add_partner(world.company, "HERS", CardName="MÜLLER, Anna", **phones)
    clerk.add_partner(world.company, "HIS", CardName="Anna Mullerson", **phones)

    (hers,) = await books.partners_by_name("Anna Mueller")

    assert (hers.code, hers.phones) == ("HERS", ("+4940123456", "+46701234567"))
    assert await books.partners_by_name("!?") == ()
