"""Keeps what lets in out of every log: sessions, tokens, passwords."""

from __future__ import annotations

import logging
import re

HIDDEN = "(hidden)"
_SECRETS = (
    re.compile(r"(B1SESSION=)[^;,'\"\s]+"),
    re.compile(r"(Bearer )[\w.~+/=-]+", re.IGNORECASE),
    re.compile(
        r"(\\?[\"'](?:Password|SessionId|access_token|refresh_token|client_secret)\\?[\"']\s*:\s*"
        r"\\?[\"'])(?:[^\"'\\]|\\.)*",
        re.IGNORECASE,
    ),
)
# Of all that a call passes through, only httpcore writes headers down, at its level DEBUG.
_WRITES_HEADERS = ("httpcore.http11", "httpcore.http2")


def redacted(text: str) -> str:
    """Return the text with every secret hidden that the Service Layer's traffic can hold."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), ()
        return True


_REDACTING = _Redacting()


def keep_secrets_out_of_wire_logs() -> None:
    """Redact what the HTTP library logs; harmless to repeat."""
    for name in _WRITES_HEADERS:
        logging.getLogger(name).addFilter(_REDACTING)
