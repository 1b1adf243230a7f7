"""An HTTP failure becomes one decision, the same for every connector."""

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from b1bridge.errors import (
    ConnectionBroken,
    ContractBroken,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from b1bridge.sdk.replies import Decision, no_answer, refusal, retry_after

URL = "https://shop.example/orders"


def reply(status, method="GET", **headers):
    request = httpx.Request(method, URL)
    return httpx.Response(status, headers=headers, request=request)


@pytest.mark.parametrize(
    ("status", "method", "kind"),
    [
        (302, "GET", ContractBroken),
        (400, "POST", Rejected),
        (401, "GET", ConnectionBroken),
        (403, "POST", ConnectionBroken),
        (404, "GET", Rejected),
        (408, "POST", Transient),
        (409, "POST", Rejected),
        (412, "PATCH", Transient),
        (422, "POST", Rejected),
        (423, "POST", Transient),
        (429, "POST", Transient),
        (500, "GET", Transient),
        (500, "POST", OutcomeUnknown),
        (501, "POST", ContractBroken),
        (502, "PATCH", OutcomeUnknown),
        (503, "GET", Transient),
        (504, "DELETE", OutcomeUnknown),
    ],
)
def test_a_status_is_one_decision(status, method, kind):
    assert type(refusal(reply(status, method), system="Shop")) is kind


def test_a_post_that_only_asks_is_safe_to_repeat():
    error = refusal(reply(502, "POST"), system="Shop", read=True)

    assert type(error) is Transient


def test_the_vendors_code_outranks_the_status():
    codes = {"-2039": Decision(Transient, "SAP_LOCK")}

    error = refusal(reply(400, "POST"), system="SAP", code="-2039", text="busy", codes=codes)

    assert type(error) is Transient


def test_a_case_gets_its_reason_and_the_way_out():
    codes = {"13": Decision(Rejected, "PERIOD_LOCKED", "unlock the period")}

    error = refusal(reply(400, "POST"), system="SAP", code="13", text="locked", codes=codes)

    assert (error.reason, error.fix) == ("PERIOD_LOCKED", "unlock the period")


def test_the_message_names_the_system_the_text_and_the_code():
    error = refusal(reply(400, "POST"), system="SAP", code="-10", text="Not enough")

    assert str(error) == "SAP: Not enough (-10)"


def test_a_wait_in_seconds_is_obeyed():
    error = refusal(reply(429, **{"Retry-After": "17"}), system="Shop")

    assert error.retry_after == 17


def test_a_wait_until_a_date_is_obeyed():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90))

    assert 60 < retry_after(reply(503, **{"Retry-After": later})) <= 90


@pytest.mark.parametrize("text", ["soon", "", "-5", "1.5"])
def test_a_wait_nobody_can_read_is_no_wait(text):
    assert retry_after(reply(503, **{"Retry-After": text})) is None


@pytest.mark.parametrize(
    ("exc", "method", "kind"),
    [
        (httpx.ConnectError("refused"), "POST", Transient),
        (httpx.ConnectTimeout("slow"), "POST", Transient),
        (httpx.PoolTimeout("busy"), "POST", Transient),
        (httpx.ReadTimeout("slow"), "GET", Transient),
        (httpx.ReadTimeout("slow"), "POST", OutcomeUnknown),
        (httpx.WriteTimeout("slow"), "POST", OutcomeUnknown),
        (httpx.RemoteProtocolError("gone"), "PATCH", OutcomeUnknown),
        (httpx.ReadError("gone"), "DELETE", OutcomeUnknown),
    ],
)
def test_only_a_write_that_left_is_of_unknown_outcome(exc, method, kind):
    assert type(no_answer(httpx.Request(method, URL), exc, system="Shop")) is kind


def test_an_untrusted_certificate_is_no_passing_trouble():
    exc = httpx.ConnectError("ssl")
    exc.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    exc.__cause__.verify_message = "self-signed certificate"

    error = no_answer(httpx.Request("GET", URL), exc, system="SAP")

    assert type(error) is ConnectionBroken
    assert "shop.example" in str(error)
