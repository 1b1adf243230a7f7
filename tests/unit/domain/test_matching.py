"""By what a shopper is known again, and by what never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.customers import Address, BusinessPartner, Customer
from b1bridge.domain.matching import (
    Identity,
    identity_of,
    name_words,
    other_firm,
    with_phone_and_name,
)
from b1bridge.domain.tax_ids import normalised_tax_id

PHONE = "+46701234567"
ANNA = Identity("anna@x.com", phone=PHONE, names=("Anna Müller",))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Müller", "MUELLER, Anna"),
        ("Søren  Ærø", "soren aero"),
        ("Łukasz Groß", "Lukasz GROSS"),
        ("Firma Öl & Gas", "firma oel gas"),
    ],
)
def test_a_name_is_its_words_in_any_order_and_without_accents(one, other):
    assert name_words(one) == name_words(other)


@pytest.mark.parametrize(("one", "other"), [("Anna Berg", "Anna Borg"), ("Anna", "Anna Berg")])
def test_another_name_is_another_person(one, other):
    assert name_words(one) != name_words(other)


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("DE 123 456 789", "", "DE123456789"),
        ("123456789", "DE", "DE123456789"),
        ("el-094 014 201", "", "EL094014201"),
        ("GR094014201", "GR", "EL094014201"),
        ("CHE-123.456.788 MWST", "CH", "CHE123456788"),
        ("CHE 123 456 788 TVA", "CH", "CHE123456788"),
        ("NL123456789B01", "NL", "NL123456789B01"),
        ("12-3456789", "US", "123456789"),
        *[(stopgap, "DE", "") for stopgap in ("", "n/a", "-", "none", "0000000", "DE000000000")],
    ],
)
def test_a_tax_id_is_one_however_it_is_written(text, country, expected):
    assert normalised_tax_id(text, country) == expected


@given(st.text(max_size=30), st.sampled_from(["", "DE", "GR", "CH", "US"]))
def test_a_normalised_tax_id_stays_as_it_is(text, country):
    once = normalised_tax_id(text, country)

    assert normalised_tax_id(once, country) == once


def test_a_phone_knows_somebody_only_together_with_the_name():
    husband = BusinessPartner("C1", "Max Müller", phones=(PHONE,))
    other_phone = BusinessPartner("C2", "Anna Müller", phones=("+4930123456",))
    she = BusinessPartner("C3", "Mueller Anna", phones=("+4930123456", PHONE))

    assert with_phone_and_name(ANNA, [husband, other_phone, she]) == (she,)


def test_the_same_phone_and_name_with_another_tax_id_is_another_firm():
    firm = BusinessPartner("C1", "Anna Müller", phones=(PHONE,), tax_id="DE123456789")
    hers = Identity("a@b.c", tax_id="DE987654321", phone=PHONE, names=("Anna Müller",))

    assert with_phone_and_name(hers, [firm]) == ()
    assert with_phone_and_name(ANNA, [firm]) == (firm,)


@pytest.mark.parametrize(
    ("ours", "theirs", "other"),
    [("DE1", "DE1", False), ("DE1", "", False), ("", "DE1", False), ("DE1", "DE2", True)],
)
def test_two_tax_ids_are_two_firms_and_one_says_nothing(ours, theirs, other):
    assert other_firm(Identity("", ours), BusinessPartner("C1", "", tax_id=theirs)) is other


def test_a_firm_goes_by_its_own_name_too():
    customer = Customer(
        None, " A@B.c ", "Anna Berg", "Berg GmbH", billing=Address(country="AT"), tax_id="U12345678"
    )

    identity = identity_of(customer, PHONE)

    assert identity == Identity("a@b.c", "ATU12345678", PHONE, ("Anna Berg", "Berg GmbH"))
