"""Approval procedures: which documents wait as drafts, and what becomes of them."""

from decimal import Decimal

from b1sim.company.books import Books
from b1sim.company.document import Document, touch
from b1sim.company.kinds import DRAFT
from b1sim.company.refusals import refused

PENDING, APPROVED, REJECTED, GENERATED = "W", "Y", "N", "P"


def applies(books: Books, document: Document) -> bool:
    """Tell whether a rule of the company diverts this document."""
    header = document.header
    return any(
        rule.entity_set == document.kind.entity_set
        and header["DocTotal"] >= Decimal(rule.from_total)
        and rule.card_code in (None, header["CardCode"])
        for rule in books.settings.approvals
    )


def decide(books: Books, entry: int, *, approve: bool) -> None:
    """Approve or reject a pending draft."""
    touch(books, DRAFT, entry, WddStatus=APPROVED if approve else REJECTED)


def check_may_post(draft: Document) -> None:
    """Refuse to post a draft that still waits, was rejected or was posted (guess: text)."""
    if draft.header["WddStatus"] not in ("-", APPROVED) or draft.header["DocStatus"] != "O":
        message = f"Draft {draft.entry} is not approved or has already been added"
        raise refused(-5002, message)


def close(books: Books, draft: Document) -> None:
    """Note that a draft became a document."""
    touch(books, DRAFT, draft.entry, DocStatus="C", WddStatus=GENERATED)
