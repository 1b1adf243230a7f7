"""The way to another system, looked at layer by layer: name, port, certificate."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from b1bridge.sdk.connector import Finding


@dataclass(frozen=True, slots=True)
class Address:
    """Where a system listens; `trust` is None for plain HTTP."""

    host: str
    port: int
    trust: ssl.SSLContext | None = None


def well(check: str, message: str) -> Finding:
    """Note that a check passed."""
    return Finding(check, well=True, message=message)


def sick(check: str, message: str, fix: str) -> Finding:
    """Note that a check failed, and the way out."""
    return Finding(check, well=False, message=message, fix=fix)


async def look_at_the_line(address: Address, *, seconds: float = 10.0) -> AsyncIterator[Finding]:
    """Yield what is found on the way in; stop at the first layer that is broken."""
    for probe in (_name, _port, _certificate):
        finding = await probe(address, seconds)
        if finding is not None:
            yield finding
            if not finding.well:
                return


async def peer_certificate(host: str, port: int, *, seconds: float = 10.0) -> bytes:
    """Return the certificate (DER) that a server shows; nothing is sent to it and nothing trusted.

    Raises OSError or TimeoutError when no TLS connection comes about.
    """
    curious = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    curious.check_hostname = False
    curious.verify_mode = ssl.CERT_NONE
    async with _tls(host, port, curious, seconds) as connection:
        return connection.getpeercert(binary_form=True) or b""


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate (DER) as people compare it, AB:CD:…."""
    digest = hashlib.sha256(certificate).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


async def _name(address: Address, seconds: float) -> Finding:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        message = f"no address for the name {address.host} ({_why(exc)})"
        return sick("DNS", message, "correct the host in the URL, or this machine's name server")
    addresses = sorted({str(entry[4][0]) for entry in found})
    return well("DNS", f"{address.host} is {', '.join(addresses)}")


async def _port(address: Address, seconds: float) -> Finding:
    where = f"{address.host}:{address.port}"
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(address.host, address.port)
    except TimeoutError:
        message = f"no answer from {where} within {seconds:g} s"
        return sick("TCP", message, "let a firewall or VPN pass this port from this machine")
    except OSError as exc:
        message = f"{where} refuses connections ({_why(exc)})"
        return sick("TCP", message, "start the service there, or correct the port")
    writer.close()
    await _closed(writer)
    return well("TCP", f"{where} accepts connections")


async def _certificate(address: Address, seconds: float) -> Finding | None:
    if address.trust is None:
        return None
    where = f"{address.host}:{address.port}"
    try:
        async with _tls(address.host, address.port, address.trust, seconds) as connection:
            return well("TLS", f"{where} shows a trusted certificate, {connection.version()}")
    except ssl.SSLCertVerificationError as exc:
        shown = await peer_certificate(address.host, address.port, seconds=seconds)
        return _untrusted(where, exc.verify_message, fingerprint(shown))
    except OSError as exc:
        message = f"{where} does not speak TLS ({_why(exc)})"
        return sick("TLS", message, "correct the port, or the scheme of the URL")


def _untrusted(where: str, why: str, shown: str) -> Finding:
    fix = (
        f"give the company's CA file, or, after comparing it with the server's own, "
        f"pin the fingerprint SHA-256 {shown}"
    )
    return sick("TLS", f"the certificate of {where} is not trusted: {why}", fix)


@asynccontextmanager
async def _tls(
    host: str, port: int, context: ssl.SSLContext, seconds: float
) -> AsyncIterator[ssl.SSLObject]:
    async with asyncio.timeout(seconds):
        _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    try:
        yield writer.get_extra_info("ssl_object")
    finally:
        writer.close()
        await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    """Wait for the goodbye; a server that hangs up first has said it too."""
    try:
        async with asyncio.timeout(1.0):
            await writer.wait_closed()
    except OSError:
        return


def _why(exc: BaseException) -> str:
    return str(exc) or type(exc).__name__
