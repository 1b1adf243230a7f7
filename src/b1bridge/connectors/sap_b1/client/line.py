"""Opens the line to a Service Layer: trust, pool and time-outs as the settings say."""

from __future__ import annotations

from functools import partial

import httpx

from b1bridge.connectors.sap_b1.client.redaction import keep_secrets_out_of_wire_logs
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.tls import dial_pinned, trust_of
from b1bridge.sdk.http import Dial, open_client


def open_line(settings: ClientSettings) -> httpx.AsyncClient:
    """Open the line; a pinned certificate is looked at when the first request leaves."""
    keep_secrets_out_of_wire_logs()
    dial: Dial | None = None
    if settings.certificate_sha256:
        dial = partial(dial_pinned, settings)
    return open_client(
        settings.service_root,
        connect=settings.connect_timeout,
        read=settings.read_timeout,
        connections=settings.concurrency * 2,
        trust=None if dial else trust_of(settings),
        dial=dial,
    )
