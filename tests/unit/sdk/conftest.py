"""Certificates and servers of this machine for looking at a line."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory):
    """Make a self-signed certificate for 127.0.0.1; has `pem` (path), `der` and `context`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sap.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    key_text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key_text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return SimpleNamespace(pem=pem, der=der, context=context)


@pytest.fixture
def free_port():
    """Return a port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def _serve(context):
    async def hang_up(_, writer):
        writer.close()

    return await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)


@pytest.fixture
async def tls_port(self_signed):
    """Yield the port of a server with the self-signed certificate."""
    async with await _serve(self_signed.context) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def plain_port():
    """Yield the port of a server that speaks no TLS."""
    async with await _serve(None) as server:
        yield server.sockets[0].getsockname()[1]
