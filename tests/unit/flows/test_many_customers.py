"""Fifty thousand customers, spelled as people spell: nobody is taken for another."""

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace

import pytest

from b1bridge.domain.customers import Address, BusinessPartner, Customer, normalised_email
from b1bridge.domain.matching import name_words
from b1bridge.procedures.partners import identity_with_phone, matches

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
COUNT, SEED = 50_000, 20261121
FIRST = "Anna Björn Çelik Dörte Émile François Günther Håkan Ingeborg Jörg Søren Łucja Zoë".split()  # noqa: SIM905 - names read best as words
LAST = "Müller Groß Ångström Bæk Dvořák Ek Ferré García Höller Ibáñez Jäger Köhler Lefèvre".split()  # noqa: SIM905


@dataclass
class Ledger:
    """Customer accounts, found as the books' port promises."""

    by: dict = field(default_factory=lambda: defaultdict(list))

    def keep(self, partner):
        self.by["email", normalised_email(partner.email)].append(partner)
        self.by["tax id", partner.tax_id].append(partner)
        self.by["name", name_words(partner.name)].append(partner)

    async def partners_by_email(self, email):
        return tuple(self.by.get(("email", email), ()))

    async def partners_by_tax_id(self, tax_id):
        return tuple(self.by.get(("tax id", tax_id), ()))

    async def partners_by_name(self, name):
        return tuple(self.by.get(("name", name_words(name)), ()))


def account(number, dice):
    """Return a customer with an e-mail, a phone and, one in five, a tax id of their own."""
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    tax_id = f"DE{100_000_000 + number}" if number % 5 == 0 else ""
    phones = (f"+49301{number:06d}",)
    return BusinessPartner(
        f"C{number}", name, f"c{number}@shop.example", phones=phones, tax_id=tax_id
    )


def plain(name):
    """Write a name without a German keyboard, last name first."""
    first, last = name.translate({0xF6: "oe", 0xFC: "ue", 0xE4: "ae", 0xDF: "ss"}).split(" ")
    return f"{last.upper()}, {first.lower()}"


def shopper(partner, dice):
    """Return the same person as they come back, and by what they should be known."""
    number = int(partner.code[1:])
    local = f"030 1{number:06d}"[:9] + " " + f"{number:06d}"[-2:]
    germany = Address(
        country="DE", phone=dice.choice((partner.phones[0], local, f"(030) 1{number:06d}"))
    )
    same = Customer(None, partner.email, partner.name, billing=germany)
    way = dice.choice(("email", "phone", "tax id") if partner.tax_id else ("email", "phone"))
    elsewhere = replace(same, email=f"other{number}@work.example")
    if way == "email":
        mail = dice.choice((partner.email.upper(), f" {partner.email} ", partner.email.title()))
        return replace(same, email=mail, name="Somebody Else", billing=Address(country="DE"))
    if way == "phone":
        return replace(elsewhere, name=plain(partner.name))
    digits = partner.tax_id[2:]
    spelled = dice.choice((digits, f"DE {digits[:3]} {digits[3:6]} {digits[6:]}", f"de-{digits}"))
    return replace(elsewhere, name="Buyer", billing=Address(country="DE"), tax_id=spelled)


def stranger(partner, dice):
    """Return somebody who shares one thing with an account, and is not its owner."""
    number = int(partner.code[1:])
    tagged = partner.email.replace("@", "+1@")
    other_phone = Address(country="DE", phone=f"+49302{number:06d}")
    her_phone = Address(country="DE", phone=partner.phones[0])
    return dice.choice(
        (
            Customer(None, tagged, partner.name, billing=other_phone),
            Customer(None, f"new{number}@x.example", partner.name, billing=other_phone),
            Customer(None, f"new{number}@x.example", "Quite Another", billing=her_phone),
            Customer(None, f"new{number}@x.example", partner.name, billing=Address(phone="n/a")),
        )
    )


async def test_of_fifty_thousand_customers_each_is_known_again_and_no_stranger_is():
    dice = random.Random(SEED)  # noqa: S311 - test data
    ledger = Ledger()
    accounts = [account(number, dice) for number in range(COUNT)]
    for one in accounts:
        ledger.keep(one)

    right = wrong = 0
    for one in accounts:
        known = await matches(ledger, identity_with_phone(shopper(one, dice)))
        right += [found.code for found in known.found] == [one.code]
        wrong += any(found.code != one.code for found in known.found)
        if dice.random() < 0.2:
            known = await matches(ledger, identity_with_phone(stranger(one, dice)))
            wrong += bool(known.found)

    print(f"recall {right / COUNT:.4%}, {wrong} wrong of {COUNT}")  # noqa: T201 - the figure itself
    assert wrong == 0
    assert right / COUNT > 0.99
