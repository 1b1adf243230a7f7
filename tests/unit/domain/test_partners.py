"""Which account a shopper gets, and that a repeat finds it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.customers import Address, BusinessPartner, Customer, normalised_email
from b1bridge.domain.identity import Ref
from b1bridge.domain.matching import Candidates, Identity, Known, identity_of
from b1bridge.domain.partners import (
    PartnerPolicy,
    PartnerStrategy,
    chosen_partner,
    collective_code,
    named_partner,
    new_partner,
    no_such_partner,
    partner_code,
    same_shopper,
    told,
)
from b1bridge.errors import NeedsOperator

ANNA = Customer(Ref("shop", "customer", "7"), " Anna@X.com ", "Anna\nBerg", phone="1")
GUEST = Customer(None, "", "Somebody")
ANNAS = Identity("anna@x.com")


def partner(code, *, frozen=False, tax_id=""):
    name = f"Name of {code}"
    return BusinessPartner(code, name, "anna@x.com", frozen=frozen, tax_id=tax_id)


def by_email(*found):
    return Candidates(Known.EMAIL, found)


def opened(customer, policy, order=""):
    return new_partner(customer, identity_of(customer, ""), "EUR", policy, order)


def test_an_account_that_an_order_names_is_that_one_or_a_case():
    named = replace(GUEST, account="C1")

    assert named_partner("C1", partner("C1")) == "C1"
    assert collective_code(named, PartnerPolicy(collective_partner="WEB")) is None
    frozen = partner("C1", frozen=True)
    for found, reason in ((None, "UNKNOWN_PARTNER"), (frozen, "PARTNER_FROZEN")):
        with pytest.raises(NeedsOperator, match="C1") as case:
            named_partner("C1", found)
        assert case.value.reason == reason


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
    assert chosen_partner(ANNA, ANNAS, by_email(partner("C1"))) == "C1"
    released = by_email(partner("OLD", frozen=True), partner("C1"))
    assert chosen_partner(ANNA, ANNAS, released) == "C1"
    assert chosen_partner(ANNA, ANNAS, by_email()) is None


def test_several_accounts_are_a_case_that_tells_them_apart():
    owing = replace(partner("C2"), phone="+46 1", balance=Decimal("12.5"))

    with pytest.raises(NeedsOperator) as case:
        chosen_partner(ANNA, ANNAS, by_email(partner("C1"), owing))

    assert case.value.reason == "AMBIGUOUS_CUSTOMER"
    assert "C1 (Name of C1, anna@x.com)" in str(case.value)
    assert "C2 (Name of C2, anna@x.com, +46 1, owes 12.50)" in str(case.value)
    assert "'anna@x.com' in the customer crosswalk" in case.value.fix


def test_an_email_that_another_firm_carries_is_a_case_until_somebody_decides():
    firm = Identity("anna@x.com", tax_id="DE123456789")
    other = partner("C1", tax_id="DE987654321")

    with pytest.raises(NeedsOperator, match=r"DE123456789.*DE987654321") as case:
        chosen_partner(ANNA, firm, by_email(other))

    assert case.value.reason == "AMBIGUOUS_CUSTOMER"
    assert chosen_partner(ANNA, firm, Candidates(Known.CROSSWALK, (other,))) == "C1"


def test_a_frozen_account_is_never_passed_over_by_opening_another():
    with pytest.raises(NeedsOperator, match="C1") as case:
        chosen_partner(ANNA, ANNAS, by_email(partner("C1", frozen=True)))

    assert case.value.reason == "PARTNER_FROZEN"


def test_a_crosswalk_that_names_nobody_is_a_case():
    case = no_such_partner("anna@x.com", "C9")

    assert (case.reason, "C9" in str(case)) == ("MISSING_CUSTOMER", True)


def test_an_account_is_told_by_what_is_known_of_it():
    assert told(BusinessPartner("C1", "")) == "C1 ()"


def test_a_new_account_carries_the_shoppers_clean_facts():
    found = opened(replace(ANNA, tax_id="DE 123456789"), PartnerPolicy(partner_prefix="C"))

    assert (found.name, found.email, found.phone) == ("Anna Berg", "anna@x.com", "1")
    assert found.tax_id == "DE 123456789"
    assert found.code.startswith("C")


def test_a_stopgap_is_no_tax_id_of_a_new_account():
    assert opened(replace(ANNA, tax_id="n/a"), PartnerPolicy()).tax_id == ""


def test_a_company_is_the_accounts_name_and_an_email_the_last_resort():
    firm = Customer(None, "a@b.c", "Anna", company="Berg GmbH", billing=Address(phone="2"))
    unnamed = Customer(None, "a@b.c", "")

    assert opened(firm, PartnerPolicy()).name == "Berg GmbH"
    assert opened(firm, PartnerPolicy()).phone == "2"
    assert opened(unnamed, PartnerPolicy()).name == "a@b.c"


def test_an_order_that_gets_an_account_of_its_own_needs_no_email():
    policy = PartnerPolicy(partners=PartnerStrategy.PER_ORDER, collective_partner="WEB")
    first, second = opened(GUEST, policy, "shop/order/1"), opened(GUEST, policy, "shop/order/2")

    assert collective_code(GUEST, policy) is None
    assert first.code != second.code
    assert first.name == "Somebody"


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
