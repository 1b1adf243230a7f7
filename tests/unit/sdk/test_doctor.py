"""Each broken layer of a line is told apart, with its own way out."""

import hashlib
import ssl

import pytest

from b1bridge.sdk.doctor import Address, fingerprint, look_at_the_line, peer_certificate

pytestmark = pytest.mark.anyio
HOST = "127.0.0.1"


async def findings(address):
    return [finding async for finding in look_at_the_line(address, seconds=5)]


async def test_a_name_nobody_knows_ends_the_look(free_port):
    found = await findings(Address("no-such-host.invalid", free_port))

    assert [(f.check, f.well) for f in found] == [("DNS", False)]
    assert "name" in found[0].fix


async def test_a_closed_port_ends_the_look(free_port):
    found = await findings(Address(HOST, free_port, ssl.create_default_context()))

    assert [(f.check, f.well) for f in found] == [("DNS", True), ("TCP", False)]
    assert str(free_port) in found[-1].message


async def test_a_self_signed_certificate_shows_the_fingerprint_to_pin(tls_port, self_signed):
    found = await findings(Address(HOST, tls_port, ssl.create_default_context()))

    assert [(f.check, f.well) for f in found] == [("DNS", True), ("TCP", True), ("TLS", False)]
    assert fingerprint(self_signed.der) in found[-1].fix


async def test_a_trusted_certificate_is_well(tls_port, self_signed):
    trust = ssl.create_default_context(cafile=str(self_signed.pem))
    trust.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    trust.verify_flags &= ~ssl.VERIFY_X509_STRICT

    found = await findings(Address(HOST, tls_port, trust))

    assert all(finding.well for finding in found)
    assert found[-1].check == "TLS"


async def test_a_server_without_tls_is_named_as_such(plain_port):
    found = await findings(Address(HOST, plain_port, ssl.create_default_context()))

    assert (found[-1].check, found[-1].well) == ("TLS", False)
    assert "does not speak TLS" in found[-1].message


async def test_a_plain_line_is_not_asked_for_a_certificate(plain_port):
    found = await findings(Address(HOST, plain_port))

    assert [(f.check, f.well) for f in found] == [("DNS", True), ("TCP", True)]


async def test_the_certificate_is_seen_without_trusting_it(tls_port, self_signed):
    assert await peer_certificate(HOST, tls_port) == self_signed.der


def test_a_fingerprint_reads_as_browsers_show_it():
    shown = fingerprint(b"certificate")

    assert shown.replace(":", "").lower() == hashlib.sha256(b"certificate").hexdigest()
    assert shown.count(":") == 31
