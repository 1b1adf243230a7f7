"""Which certificate we trust: the system's CAs, the company's own CA, or exactly one."""

from __future__ import annotations

import hmac
import ssl
from hashlib import sha256

import httpx

from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ConnectionBroken, Transient
from b1bridge.sdk.doctor import fingerprint, peer_certificate


def trust_of(settings: ClientSettings) -> ssl.SSLContext | None:
    """Make the trust for a CA file or the system's CAs; None for plain HTTP.

    Raises ConnectionBroken when the CA file cannot be read.
    """
    if not settings.is_encrypted:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError) as exc:
        msg = f"{SYSTEM}: the CA file {settings.ca_file} cannot be read ({exc})"
        raise ConnectionBroken(msg, system=SYSTEM) from exc
    if settings.ca_file:
        _accept_home_made(context)
    if settings.trust_any_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def dial_pinned(settings: ClientSettings) -> httpx.AsyncBaseTransport:
    """Look at the certificate that the server shows and, if it is the pinned one, trust only it."""
    shown = await _shown(settings)
    if not hmac.compare_digest(sha256(shown).hexdigest().upper(), settings.certificate_sha256):
        msg = (
            f"{SYSTEM}: {settings.host} shows another certificate than the pinned one; "
            f"compare SHA-256 {fingerprint(shown)} with the server's own and pin it if it is right"
        )
        raise ConnectionBroken(msg, system=SYSTEM)
    limits = httpx.Limits(max_connections=settings.concurrency * 2, keepalive_expiry=4.0)
    return httpx.AsyncHTTPTransport(verify=pinned_to(shown), limits=limits)


def pinned_to(certificate: bytes) -> ssl.SSLContext:
    """Trust one certificate (DER), whatever host name it was made out to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # The certificate itself was compared; self-signed ones often name no host we could check.
    context.check_hostname = False
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(certificate))
    _accept_home_made(context)
    return context


def _accept_home_made(context: ssl.SSLContext) -> None:
    """Let a server certificate be its own root, and lack the identifiers Python 3.13 asks for."""
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT


async def _shown(settings: ClientSettings) -> bytes:
    try:
        return await peer_certificate(
            settings.host, settings.port, seconds=settings.connect_timeout
        )
    except OSError as exc:
        msg = f"{SYSTEM} at {settings.host}:{settings.port} could not be reached ({exc})"
        raise Transient(msg, system=SYSTEM) from exc
