"""Addresses: codes of an operator's own, and when two are the same place."""

from dataclasses import replace

import pytest

from b1bridge.domain.addresses import (
    AddressPolicy,
    Placing,
    UnknownState,
    check_state,
    same_place,
    with_codes,
)
from b1bridge.domain.customers import Address
from b1bridge.domain.identity import Crosswalk
from b1bridge.errors import Unmapped

HOME = Address("Anna", "Ek", "", "Storgatan 1", "", "Lund", "Skåne", "222 22", "SE")
NOBODY = Crosswalk("country")
WANTS_A_PERSON = AddressPolicy(unknown_state=UnknownState.CASE)


@pytest.mark.parametrize("code", ["SE/Skåne", "Skåne"])
def test_an_operator_says_what_a_state_is_called(code):
    states = Crosswalk("state", {code: "M"})

    assert with_codes(HOME, states, NOBODY) == replace(HOME, state="M")


def test_a_country_may_be_called_otherwise_too():
    countries = Crosswalk("country", {"SE": "SW"})

    assert with_codes(HOME, Crosswalk("state"), countries) == replace(HOME, country="SW")


def test_a_state_without_a_code_is_a_case_only_where_that_is_wanted():
    placing = Placing(unknown_state="Skåne")

    check_state("order 1", HOME, placing, AddressPolicy())
    check_state("order 1", HOME, Placing(), WANTS_A_PERSON)
    with pytest.raises(Unmapped, match="Skåne") as case:
        check_state("order 1", HOME, placing, WANTS_A_PERSON)

    assert case.value.reason == "STATE_MAP"
    assert "'SE/Skåne' in the state crosswalk" in case.value.fix


@pytest.mark.parametrize(
    "other",
    [
        replace(HOME, street_1="STORGATAN  1", city="lund", zip_code="22222"),
        replace(HOME, street_1="Storgatan", street_2="1"),
        replace(HOME, first_name="", last_name=""),
        replace(HOME, phone="1", email="a@b.c"),
    ],
)
def test_case_spaces_and_signs_make_no_other_place(other):
    assert same_place(HOME, other)


@pytest.mark.parametrize(
    "other",
    [
        replace(HOME, street_1="Storgatan 11"),
        replace(HOME, first_name="Bo"),
        replace(HOME, company="Ek AB"),
        replace(HOME, country="NO"),
    ],
)
def test_another_street_country_or_recipient_is_another_place(other):
    assert not same_place(HOME, other)
