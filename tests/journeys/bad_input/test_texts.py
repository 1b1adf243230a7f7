"""Whatever shoppers type: kept as text, on one line, none of it lost, none of it obeyed."""

from collections import Counter

import pytest

pytestmark = pytest.mark.anyio

ODD = [
    'O\'Brien "Bob" <b>',
    "💥🎉 Zoë 👩‍👩‍👧",
    "tab\tbell\x07null\x00line\nend\r\n\x1b[31m",
    "Ł" * 300,
    "💥" * 150,
    "مرحبا \u202ereversed\u202c שלום",
    "'); DROP TABLE OINV;--",
    "' or 1 eq 1 or CardCode ne '",
    "$filter=x&$top=1#frag?%27%00 ;\\",
    "{{7*7}} ${jndi:ldap://x} %s %n [bold]",
]

EMAILS = [
    "o'brien@example.com",
    "' or CardCode ne '@example.com",
    "💥@example.com",
    "bell\x07@example.com",
    '"a b"@example.com',
    "UPPER@Example.COM ",
    "not an address",
]


def printed(text):
    return " ".join("".join(c if ord(c) > 31 else " " for c in text).split())


async def test_odd_text_everywhere_is_an_invoice_with_that_text_in_one_line(office, store):
    orders = {
        store.shopper_orders(
            [{"sku": "MUG", "quantity": 1, "price": "4.00", "tax_rate": "20", "name": odd}],
            address={
                "first_name": odd,
                "last_name": "",
                "company": odd[:20],
                "street_1": odd[:40],
                "city": odd[:20],
                "phone": odd,
            },
            email=f"odd{number}@example.com",
            customer_message=odd,
        ): odd
        for number, odd in enumerate(ODD)
    }

    await office.bring(*orders)

    assert await office.hub.cases() == []
    for order, odd in orders.items():
        assert office.total(order) == "4.80"
        assert printed(odd)[:100] in office.invoice(order)["Comments"]
        address = office.invoice(order)["AddressExtension"]
        shipped_to = [text for name, text in address.items() if name.startswith("ShipTo")]
        assert Counter("".join(printed(odd).split())) <= Counter("".join(shipped_to))


async def test_an_odd_sku_is_looked_for_as_it_stands_and_mapped_as_it_is_shown(office, store):
    orders = [
        store.shopper_orders([{"sku": odd, "quantity": 1, "price": "4.00", "name": "odd"}])
        for odd in ODD
    ]

    await office.bring(*orders)
    cases = [await office.stuck(order, told=False) for order in orders]
    for order, case in zip(orders, cases, strict=True):
        assert case.reason == "MISSING_ITEM"
        assert office.holds_nothing(order)
        shown = case.message.partition("'")[2].rpartition("'")[0]
        assert not any(ord(char) < ord(" ") for char in shown)
        await office.hub.set_crosswalk("sku", shown, "MUG")
        await office.hub.retry_case(case.id, "clerk")
    await office.settled()

    assert [office.total(order) for order in orders] == ["4.00"] * len(orders)


async def test_an_odd_email_opens_one_account_and_the_next_order_finds_it(office, store):
    cart = [("MUG", 1, "4.00", "20")]
    first, second = (
        [store.shopper_orders(cart, email=email) for email in EMAILS] for _ in range(2)
    )

    await office.bring(*first)
    await office.bring(*second)

    accounts = [office.invoice(order)["CardCode"] for order in first]
    assert [office.invoice(order)["CardCode"] for order in second] == accounts
    assert len(set(accounts)) == len(EMAILS)


async def test_an_email_longer_than_saps_field_is_a_case_and_never_cut(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], email=f"{'x' * 90}@example.com")

    case = await office.stuck(order)
    assert case.reason == "VALUE_TOO_LONG"
    store.store.orders[order].billing["email"] = "short@example.com"
    await office.retry(case)

    assert office.total(order) == "4.80"


async def test_a_country_without_a_code_is_posted_without_a_country(office, store):
    order = store.shopper_orders(
        [("MUG", 1, "4.00", "20")],
        address={"country": "Atlantis", "country_iso2": "", "city": "Poseidonis"},
        email="plato@example.com",
    )

    await office.bring(order)

    assert await office.cases(order) == []
    assert "Poseidonis" in str(office.invoice(order)["AddressExtension"])


async def test_address_lines_longer_than_saps_lose_nothing(office, store):
    street = " ".join(f"street{n}" for n in range(25))
    state = "a state that is no code"
    order = store.shopper_orders(
        [("MUG", 1, "4.00", "20")],
        address={"street_1": street, "street_2": "second line", "state": state},
        email="long@example.com",
    )

    await office.bring(order)

    told = " ".join(map(str, office.invoice(order)["AddressExtension"].values()))
    for word in (*street.split(), "second", "line", *state.split()):
        assert word in told


async def test_an_address_longer_than_all_of_saps_fields_is_a_case(office, store):
    order = store.shopper_orders(
        [("MUG", 1, "4.00", "20")],
        address={"street_1": "word " * 300, "first_name": "x" * 300, "city": "y" * 300},
        email="endless@example.com",
    )

    case = await office.stuck(order)
    assert (case.reason, office.holds_nothing(order)) == ("ADDRESS", True)
    partners = [p["EmailAddress"] for p in office.company.query("BusinessPartners", limit=1000)]
    assert "endless@example.com" not in partners
    short = {"street_1": "Main St. 1", "first_name": "Ada", "city": "Berlin"}
    store.store.orders[order].billing.update(short)
    store.store.orders[order].shipping_address.update(short)
    await office.retry(case)

    assert office.total(order) == "4.80"
