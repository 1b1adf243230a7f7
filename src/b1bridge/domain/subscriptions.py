"""Webhook subscriptions: what a shop has promised to tell us, and where it sends it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subject that a shop tells of at one address; shops switch them off by themselves."""

    subject: str
    destination: str
    active: bool
