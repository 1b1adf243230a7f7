"""A client sees its own references, and nobody else's."""

from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.listing import first_of
from b1bridge.domain.shipment_search import own_reference, reference_in_books

REFERENCES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._~:-]{0,63}", fullmatch=True)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)


@given(connection=NAMES, reference=REFERENCES, change=st.integers(1, 99))
def test_a_reference_comes_back_as_it_was_given_also_after_changes(connection, reference, change):
    kept = reference_in_books(connection, reference)

    assert own_reference(connection, kept) == reference
    assert own_reference(connection, f"{kept}+{change}") == reference


@given(ours=NAMES, theirs=NAMES.map(lambda name: f"{name}2"), reference=REFERENCES)
def test_the_reference_of_another_is_not_told(ours, theirs, reference):
    if ours != theirs:
        assert own_reference(ours, reference_in_books(theirs, reference)) == ""
    assert own_reference(ours, reference) == ""
    assert own_reference(ours, f"{ours}/refund/{reference}") == ""


@given(keys=st.lists(st.integers(), unique=True).map(sorted), limit=st.integers(1, 20))
def test_a_page_ends_the_list_or_names_the_key_to_go_on_after(keys, limit):
    page = first_of([(str(key), key) for key in keys[: limit + 1]], limit)

    assert page.rows == tuple(keys[:limit])
    assert page.last == (str(keys[limit - 1]) if len(keys) > limit else "")
