"""What a client asks for in headers is understood as their standards say."""

import pytest

from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.settings import Settings
from b1bridge.web.api.preferences import is_known, key_of, patience_of, version_of
from b1bridge.web.problems import Refusal


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (None, ""),
        ("8e03978e", "8e03978e"),
        ('"8e03978e"', "8e03978e"),
        (" WEB:1 ", "WEB:1"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_key_is_read_quoted_or_not(sent, key):
    assert key_of(sent) == key


@pytest.mark.parametrize("sent", ["", '""', "a b", "x" * 201, "ü", "a\x00", 'a"b'])
def test_what_is_no_key_is_refused(sent):
    with pytest.raises(Refusal, match="Idempotency-Key") as refused:
        key_of(sent)

    assert refused.value.kind.status == 400


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, 10),
        ("", 10),
        ("respond-async", 0),
        ("Respond-Async", 0),
        ("respond-async, wait=3", 3),
        ("wait=3, respond-async", 3),
        ("wait=3", 3),
        ('wait="3"', 3),
        ("wait=0", 0),
        ("wait=3600", 10),
        ("wait=soon", 10),
        ("handling=lenient", 10),
        ("wait=-1", 10),
    ],
)
def test_an_answer_takes_as_long_as_is_preferred_and_no_longer_than_allowed(prefer, seconds):
    settings = Settings(books="sap", wait_seconds=10)

    assert patience_of(prefer, Bearer("script", "api", frozenset(), settings)) == seconds


@pytest.mark.parametrize(
    ("sent", "version"),
    [
        (None, None),
        ("*", None),
        ('"3-0a1b"', 3),
        ('W/"3-0a1b"', 0),
        ('"of-another-server"', 0),
    ],
)
def test_a_change_is_made_from_the_version_of_its_tag(sent, version):
    assert version_of(sent) == version


@pytest.mark.parametrize("sent", ["", "3", '"3-0a", "4-0b"', '"3-0a'])
def test_what_is_not_one_tag_is_refused(sent):
    with pytest.raises(Refusal, match="If-Match"):
        version_of(sent)


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (None, False),
        ("", False),
        ("*", True),
        ('"3-0a"', True),
        ('W/"3-0a"', True),
        ('"1-ff", "3-0a"', True),
        ('"3-0b"', False),
    ],
)
def test_what_a_client_has_is_known_by_its_tag(sent, known):
    assert is_known(sent, '"3-0a"') is known
