"""Text as shoppers type it."""

from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.addresses import normalised_address
from b1bridge.domain.customers import Address
from b1bridge.domain.identity import Ref
from b1bridge.domain.text import single_line


def test_control_characters_become_spaces_and_names_keep_their_letters():
    assert single_line(" Zoë\r\nO'Brien\x00\u2028😀 ") == "Zoë O'Brien 😀"


def test_a_company_typed_as_the_persons_name_stands_in_its_own_field_only():
    twice = Address(first_name="Acme", last_name="Ltd", company="acme ltd", country=" at ")

    assert normalised_address(twice) == Address(company="acme ltd", country="AT")


@given(st.text())
def test_text_is_one_line_and_stays_so(text):
    line = single_line(text)

    assert line.splitlines() in ([], [line])
    assert single_line(line) == line


@given(st.text("abc-", min_size=1), st.text(min_size=1))
def test_a_ref_reads_back_what_it_wrote(connection, id_):
    ref = Ref(connection, "order", id_)

    assert Ref.parse(str(ref)) == ref
