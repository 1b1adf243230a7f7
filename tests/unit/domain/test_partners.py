"""Which account a shopper gets, and that a repeat finds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.customers import Address, BusinessPartner, Customer, normalised_email
from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.partners import (
    PartnerPolicy,
    PartnerStrategy,
    chosen_partner,
    collective_code,
    new_partner,
    partner_code,
    same_shopper,
)
from b1bridge.errors import NeedsOperator

ANNA = Customer(Ref("shop", "customer", "7"), " Anna@X.com ", "Anna\nBerg", phone="1")
GUEST = Customer(None, "", "Somebody")
NOBODY = Crosswalk("customer", {})


def partner(code, *, frozen=False):
    return BusinessPartner(code, f"Name of {code}", "anna@x.com", frozen=frozen)


def test_case_and_spaces_make_no_new_shopper_but_a_tag_may_be_another_person():
    assert normalised_email("Anna@X.com") == normalised_email("anna@x.com ")
    assert normalised_email("anna+1@x.com") != normalised_email("anna@x.com")


def test_each_email_gets_its_own_account_by_default():
    assert collective_code(ANNA, PartnerPolicy()) is None


@pytest.mark.parametrize(
    ("strategy", "customer", "code"),
    [
        ("collective", ANNA, "WEB"),
        ("collective_guests", ANNA, None),
        ("collective_guests", Customer(None, "a@b.c", ""), "WEB"),
        ("per_email", GUEST, "WEB"),
    ],
)
def test_a_strategy_says_who_goes_to_the_collective_account(strategy, customer, code):
    policy = PartnerPolicy(partners=PartnerStrategy(strategy), collective_partner="WEB")

    assert collective_code(customer, policy) == code


@pytest.mark.parametrize("who", [GUEST, Customer(Ref("shop", "customer", "8"), " ", "")])
def test_a_shopper_nobody_can_recognise_is_a_case(who):
    with pytest.raises(NeedsOperator, match="no e-mail") as case:
        collective_code(who, PartnerPolicy())

    assert (case.value.reason, "collective_partner" in case.value.fix) == ("NO_PARTNER", True)


def test_the_one_account_with_the_email_is_linked():
    assert chosen_partner(ANNA, [partner("C1")], NOBODY) == "C1"
    assert chosen_partner(ANNA, [partner("OLD", frozen=True), partner("C1")], NOBODY) == "C1"
    assert chosen_partner(ANNA, [], NOBODY) is None


def test_several_accounts_are_a_case_with_the_candidates_until_the_crosswalk_decides():
    several = [partner("C1"), partner("C2")]

    with pytest.raises(NeedsOperator, match=r"C1 \(Name of C1\), C2 \(Name of C2\)") as case:
        chosen_partner(ANNA, several, NOBODY)
    decided = chosen_partner(ANNA, several, Crosswalk("customer", {"anna@x.com": "C2"}))

    assert case.value.reason == "AMBIGUOUS_CUSTOMER"
    assert "customer crosswalk" in case.value.fix
    assert decided == "C2"


def test_a_frozen_account_is_never_passed_over_by_opening_another():
    with pytest.raises(NeedsOperator, match="C1") as case:
        chosen_partner(ANNA, [partner("C1", frozen=True)], NOBODY)

    assert case.value.reason == "PARTNER_FROZEN"


def test_a_new_account_carries_the_shoppers_clean_facts():
    found = new_partner(ANNA, "EUR", PartnerPolicy(partner_prefix="C"))

    assert (found.name, found.email, found.phone) == ("Anna Berg", "anna@x.com", "1")
    assert found.code.startswith("C")


def test_a_company_is_the_accounts_name_and_an_email_the_last_resort():
    firm = Customer(None, "a@b.c", "Anna", company="Berg GmbH", billing=Address(phone="2"))
    unnamed = Customer(None, "a@b.c", "")

    assert new_partner(firm, "EUR", PartnerPolicy()).name == "Berg GmbH"
    assert new_partner(firm, "EUR", PartnerPolicy()).phone == "2"
    assert new_partner(unnamed, "EUR", PartnerPolicy()).name == "a@b.c"


def test_a_repeat_finds_the_account_unless_it_is_somebody_elses():
    assert same_shopper(partner("W1"), "anna@x.com") == "W1"
    assert same_shopper(BusinessPartner("W1", "", email=""), "anna@x.com") == "W1"
    with pytest.raises(NeedsOperator, match=r"belongs to anna@x\.com") as case:
        same_shopper(partner("W1"), "ben@x.com")
    assert case.value.reason == "PARTNER_CODE_TAKEN"


@given(email=st.emails(), prefix=st.text("ABC", max_size=3))
def test_a_code_is_derived_from_the_email_and_fits(email, prefix):
    code = partner_code(normalised_email(email), prefix)

    assert code == partner_code(normalised_email(f" {email.lower()} "), prefix)
    assert code.startswith(prefix)
    assert len(code) == 15
    assert code.isascii()
