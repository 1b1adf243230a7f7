"""A record that a client without a system of its own left with the hub, as it sent it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from b1bridge.domain.identity import Ref


@dataclass(frozen=True, slots=True)
class Submission:
    """What a client sent under a reference of its own; `version` counts from 1.

    `body` is JSON in one canonical form, `digest` its SHA-256. `number` is the place in the
    order of arrival.
    """

    ref: Ref
    body: str
    digest: str
    version: int
    received_at: datetime
    changed_at: datetime
    cancelled: bool = False
    callback_url: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubmission:
    """What a client sends; `account` and `email` are what it can be found by later."""

    ref: Ref
    body: str
    digest: str
    callback_url: str = ""
    account: str = ""
    email: str = ""


class Verdict(StrEnum):
    """What became of what a client asked for; nothing was changed unless the first line says so.

    NEW, REPLACED and CANCELLED were taken. CANCELLED also answers who would replace what is
    cancelled already, and SAME who repeats himself.
    """

    NEW = "new"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    SAME = "same"
    OTHER_BODY = "other body"
    KEY_REUSED = "key reused"
    STALE = "stale"
    UNKNOWN = "unknown"
    NO_SYNC = "no sync"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a client: what became of it, and which version stands now (0: none)."""

    verdict: Verdict
    ref: Ref
    version: int = 0
