"""Refusals by approval procedures; none was captured: codes and texts are a guess each."""

from b1sim.company.refusals import Refusal, refused


def not_approved(entry: int) -> Refusal:
    """Refuse to post a draft that waits, was rejected or was posted."""
    return refused(-5002, f"Draft {entry} is not approved or has already been added")


def decided_already(code: int) -> Refusal:
    """Refuse a second decision about a request."""
    return refused(-5002, f"Approval request {code} is no longer pending")


def not_approver(user: str) -> Refusal:
    """Refuse whoever is not asked at this stage."""
    return refused(-5002, f"User '{user}' is not an approver of the current stage")


def wrong_approver(user: str) -> Refusal:
    """Refuse an approver whose password is wrong."""
    return refused(-5002, f"User name or password of approver '{user}' is wrong")


def incomplete_template(field: str) -> Refusal:
    """Refuse a template that asks nobody, of nobody, or about nothing."""
    return refused(-10, f"Enter at least one row  [{field}]")
