"""People of a customer: known again, and listed under names that are free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.contacts import NAME_WIDTH, Contact, NewContact, free_name, same_person

NAMES = st.text(max_size=60)
ADA = NewContact("C1", "Ada", "Lovelace", "ada@example.com")


def contact(first="Ada", last="Lovelace", email="ada@example.com", name="Ada Lovelace"):
    return Contact(7, name, first, last, email)


@pytest.mark.parametrize(
    "there",
    [
        contact(),
        contact(first="ADA ", last=" lovelace", email=" Ada@Example.com"),
        contact(name="Countess"),
    ],
)
def test_a_person_is_known_again_however_it_was_typed(there):
    assert same_person(ADA, [contact(first="Bo"), there]) == there


@pytest.mark.parametrize(
    "there", [contact(first="Ava"), contact(last="Byron"), contact(email="ada@other.example")]
)
def test_another_name_or_e_mail_is_another_person(there):
    assert same_person(ADA, [there]) is None


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ((), "Ada Lovelace"),
        (("ada LOVELACE",), "Ada Lovelace (ada@example.com)"),
        (("Ada Lovelace", "Ada Lovelace (ada@example.com)"), "Ada Lovelace 2"),
    ],
)
def test_the_first_name_that_is_free_is_chosen(taken, name):
    assert free_name(ADA, taken) == name


def test_who_has_no_name_is_listed_by_e_mail():
    assert free_name(NewContact("C1", email="ada@example.com"), ()) == "ada@example.com"


@given(first=NAMES, last=NAMES, taken=st.lists(NAMES, max_size=5))
def test_a_chosen_name_always_fits_and_is_always_free(first, last, taken):
    wanted = NewContact("C1", first or "x", last, "ada@example.com")
    names = [*taken, free_name(wanted, ())]

    chosen = free_name(wanted, names)

    assert chosen.casefold() not in {name.casefold() for name in names}
    assert len(chosen) <= NAME_WIDTH
