"""Signatures that a third party makes are read, and those it would refuse are refused."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from b1bridge.errors import Untrusted
from b1bridge.sdk.standard_webhooks import headers as signed
from b1bridge.sdk.standard_webhooks import is_signed, key_of, sign, verify

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECONDS = str(int(NOW.timestamp()))


def headers(signature, timestamp=SECONDS):
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
    }


@given(key=st.binary(min_size=1), body=st.text())
def test_a_foreign_signature_is_ours(key, body):
    foreign = Webhook(key).sign("msg_1", NOW, body)

    assert sign(key, "msg_1", SECONDS, body.encode()) == foreign
    assert verify(key, headers(foreign), body.encode(), NOW) == "msg_1"


def test_the_published_vector_fits():
    body = (
        b'{"producer":"stores/abcde","hash":"0f1b5800def7b505369b08b4a3503a1db2c4b1a6",'
        b'"created_at":1688588419,"store_id":"1001197568","scope":"store/order/updated",'
        b'"data":{"type":"order","id":272}}'
    )

    signature = sign(b"bc_client_secret_example", "msg_2abc", "1688588420", body)

    assert signature == "v1,iaMQOfXnX1HiV3udt1uRQUZZXQ5/BUUT3936fT47kVs="


@pytest.mark.parametrize("seconds", [-301, 301])
def test_more_than_five_minutes_either_way_are_too_many(seconds):
    signed = headers(sign(b"key", "msg_1", SECONDS, b"x"))

    with pytest.raises(Untrusted, match="300 s"):
        verify(b"key", signed, b"x", NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_allowed(seconds):
    signed = headers(sign(b"key", "msg_1", SECONDS, b"x"))

    assert verify(b"key", signed, b"x", NOW + timedelta(seconds=seconds)) == "msg_1"


@pytest.mark.parametrize("signature", ["", "v1,", "v2,AAAA", "v1,ÄÖÜ", "AAAA"])
def test_what_is_no_signature_is_refused(signature):
    with pytest.raises(Untrusted, match="does not fit"):
        verify(b"key", headers(signature), b"x", NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_sender_who_leaves_a_header_out_did_not_sign(name):
    whole = headers("v1,x")

    assert is_signed(whole)
    assert not is_signed({key: value for key, value in whole.items() if key != name})


def test_a_third_party_reads_what_we_signed():
    secret = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    body = b'{"reference":"WEB-1001"}'
    now = datetime.now(UTC)  # the third party looks at its own clock

    ours = signed(key_of(secret), "msg_1", body, now)

    assert Webhook(secret).verify(body, ours) == {"reference": "WEB-1001"}


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_too_short_or_too_long_is_refused(size):
    with pytest.raises(ValueError, match="24 to 64 bytes"):
        key_of("whsec_" + base64.b64encode(b"x" * size).decode())


@pytest.mark.parametrize("text", ["whsec_hunter2hunter2hunter2hunter2!", "secret", "whsec_ä"])
def test_a_secret_that_is_no_base64_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        key_of(text)
