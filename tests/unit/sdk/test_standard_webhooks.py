"""Signatures that a third party makes are read, and those it would refuse are refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from b1bridge.errors import Untrusted
from b1bridge.sdk.standard_webhooks import is_signed, sign, verify

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
