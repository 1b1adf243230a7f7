"""Refusals of webhooks; no text of them was captured (guess: codes and texts)."""

from b1sim.company.refusals import Refusal, refused


def missing(name: str) -> Refusal:
    """Refuse a subscription without what every one has (guess: code and text)."""
    return refused(-1, f"Property '{name}' of 'EventSubscription' is mandatory")


def invalid(name: str, value: object) -> Refusal:
    """Refuse a value that a subscription cannot have (guess: code and text)."""
    return refused(-1, f"Invalid value '{value}' in property '{name}' of 'EventSubscription'")


def immutable(name: str) -> Refusal:
    """Refuse to change what names a webhook (guess: code and text)."""
    return refused(-1, f"Property '{name}' of 'EventSubscription' cannot be changed")


def too_many(most: int) -> Refusal:
    """Refuse more than MaxNumberOfWebHooks (guess: code and text)."""
    return refused(-1, f"No more than {most} webhooks are allowed")


def handshake_failed(reason: str) -> Refusal:
    """Refuse a receiver that did not return the token (guess: code and text)."""
    return refused(-1, f"Webhook handshake failed: {reason}")
