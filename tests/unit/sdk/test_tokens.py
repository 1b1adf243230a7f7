"""The text of a token: made once, known again, and nothing else passes for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.sdk.tokens import id_in, is_secret_of, mint


def test_a_token_is_known_again_by_its_own_secret_only():
    ours, other = mint(), mint()

    assert id_in(ours.text) == ours.id
    assert is_secret_of(ours.text, ours.digest)
    assert not is_secret_of(other.text, ours.digest)
    assert not is_secret_of(ours.text, other.digest)


def test_what_is_kept_does_not_hold_the_secret():
    minted = mint()
    secret = minted.text.removeprefix(f"b1b_{minted.id}_")

    assert len(secret) == 43  # 256 bits in base64
    assert secret not in minted.digest
    assert len({mint().text for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text + "\n",
        lambda text: " " + text,
        lambda text: text.upper(),
        lambda text: text.replace("b1b_", "b1c_"),
        lambda text: text[:-1] + "é",
        lambda text: text[:-1] + "\x00",
        lambda text: text * 2,
    ],
)
def test_a_text_of_another_shape_is_no_token(change):
    minted = mint()

    assert id_in(change(minted.text)) is None
    assert not is_secret_of(change(minted.text), minted.digest)


@given(st.text())
def test_no_text_breaks_the_reading(text):
    assert id_in(text) is None
    assert not is_secret_of(text, mint().digest)
