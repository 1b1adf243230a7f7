"""A login is ours, fresh, and signed with the one algorithm that we chose."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.sdk.logins import LASTS, SKEW, Expired, signed, token_in

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY, OLDER, FOREIGN = b"k" * 32, b"o" * 32, b"f" * 32
GOOD = {
    "iss": "b1bridge",
    "sub": "0123456789ab",
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + LASTS).timestamp()),
}


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_login_names_its_token():
    assert token_in(signed("0123456789ab", KEY, NOW), [KEY], NOW) == "0123456789ab"


def test_what_an_older_key_signed_is_good_while_that_key_is_kept():
    login = signed("0123456789ab", OLDER, NOW)

    assert token_in(login, [KEY, OLDER], NOW) == "0123456789ab"
    assert token_in(login, [KEY], NOW) is None


@pytest.mark.parametrize("late", [timedelta(0), LASTS, LASTS + SKEW])
def test_it_is_good_for_five_minutes_and_the_difference_of_two_clocks(late):
    assert token_in(signed("0123456789ab", KEY, NOW), [KEY], NOW + late) == "0123456789ab"


def test_then_it_is_over():
    with pytest.raises(Expired):
        token_in(signed("0123456789ab", KEY, NOW), [KEY], NOW + LASTS + SKEW + timedelta(seconds=1))


def test_a_clock_that_runs_behind_takes_it_and_one_that_is_wrong_does_not():
    login = signed("0123456789ab", KEY, NOW)

    assert token_in(login, [KEY], NOW - SKEW) == "0123456789ab"
    assert token_in(login, [KEY], NOW - SKEW - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    "forged",
    [
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(GOOD)}.",
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(GOOD)}.{'A' * 43}",
        jwt.encode(GOOD, FOREIGN, algorithm="HS256"),
        jwt.encode(GOOD, KEY * 2, algorithm="HS512"),
        f"{part({'alg': 'RS256', 'typ': 'JWT'})}.{part(GOOD)}.{'A' * 43}",
        f"{part({'alg': ['HS256']})}.{part(GOOD)}.{'A' * 43}",
    ],
    ids=["none", "none signed", "another key", "another algorithm", "RS256", "alg is a list"],
)
def test_a_forged_login_is_nothing(forged):
    assert token_in(forged, [KEY], NOW) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "somebody"},
        {"sub": 7},
        {"sub": None},
        {"iat": "yesterday"},
        {"exp": "never"},
        {"exp": 9e99},
        {"exp": True},
    ],
)
def test_claims_of_another_shape_are_nothing(wrong):
    assert token_in(jwt.encode(GOOD | wrong, KEY, algorithm="HS256"), [KEY], NOW) is None


@pytest.mark.parametrize("left_out", sorted(GOOD))
def test_claims_left_out_are_not_thought_of(left_out):
    claims = {name: value for name, value in GOOD.items() if name != left_out}

    assert token_in(jwt.encode(claims, KEY, algorithm="HS256"), [KEY], NOW) is None


@given(st.text() | st.text(alphabet="ey.J0[{_-", max_size=80))
def test_no_text_breaks_the_reading(text):
    assert token_in(text, [KEY], NOW) is None


def test_a_header_nested_without_end_is_nothing():
    deep = base64.urlsafe_b64encode(b"[" * 40_000).decode()

    assert token_in(f"{deep}.{part(GOOD)}.{'A' * 43}", [KEY], NOW) is None
