"""A thousand addresses as shoppers type them: SAP takes each, and no letter of it is lost."""

import gzip
import json
import random
import re

import pytest

from b1bridge.connectors.sap_b1.addresses import laid_out
from b1bridge.connectors.sap_b1.translate import partner_fields
from b1bridge.domain.addresses import normalised_address
from b1bridge.domain.customers import Address, NewBusinessPartner

pytestmark = pytest.mark.anyio
COUNT, SEED = 1000, 20261121
MESS = ("", "\x00", "\r\n", "\t", "  ", " 🦊", " \u2028", "ß", "'", '"', " <b>", " Ümläut")


def countries(shared):
    """Return what is told of each country: its code, its states' names, a postal code."""
    path = shared / "data/addresses/libaddressinput_countryinfo.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        told = dict(line.rstrip("\n").split("=", 1) for line in lines if "=" in line)
    for key, value in told.items():
        if re.fullmatch(r"data/[A-Z]{2}", key) and key != "data/ZZ":
            facts = json.loads(value)
            states = facts.get("sub_names") or facts.get("sub_keys") or ""
            yield key[-2:], states.split("~"), facts.get("zipex", "").split(",")[0]


def messy(dice, country, states, postal):
    def text(longest):
        words = ["".join(dice.choices("abcdefghij ÄÖé", k=dice.randint(1, 14))) for _ in range(40)]
        return (" ".join(words) + dice.choice(MESS))[-dice.randint(0, longest) :]

    spelling = dice.choice((str.upper, str.lower, str.strip))
    return Address(
        first_name=text(30),
        last_name=text(40),
        company=dice.choice(("", text(90))),
        street_1=text(dice.choice((20, 60, 180))),
        street_2=dice.choice(("", text(150))),
        city=text(dice.choice((20, 130))),
        state=spelling(dice.choice(states)) + dice.choice(MESS),
        zip_code=dice.choice((postal, text(30))),
        country=dice.choice((country, country.lower())),
    )


async def test_sap_takes_a_thousand_messy_addresses(town, shared):
    books = await town.hub.open_connection("books")
    dice = random.Random(SEED)  # noqa: S311 - test data
    known = list(countries(shared))
    addresses = [messy(dice, *dice.choice(known)) for _ in range(COUNT)]
    places = await books.places_for(*addresses)

    for number, address in enumerate(addresses):
        partner = NewBusinessPartner(f"M{number}", "A", "", "", "EUR", normalised_address(address))
        town.sap.company.create("BusinessPartners", partner_fields(partner, places=places))

    laid = [laid_out(normalised_address(address), places) for address in addresses]
    assert len({address.country.upper() for address in addresses}) > 150
    assert any("State" in one.fields for one in laid)
    assert sum(bool(one.unknown_state) for one in laid) > 100
    for address, one in zip(addresses, laid, strict=True):
        texts = (*one.fields.values(), one.rest)
        assert letters(address) <= letters_of(texts) | letters_of((address.state,))


def letters_of(texts):
    return {char for char in "".join(texts).casefold() if char.isalnum()}


def letters(address):
    clean = normalised_address(address)
    parts = (clean.name, clean.company, clean.street_1, clean.street_2, clean.city, clean.zip_code)
    return letters_of(parts)
