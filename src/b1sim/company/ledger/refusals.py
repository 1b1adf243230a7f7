"""Refusals of journal entries (sap-service-layer.md 9.6); only the locked period was captured."""

from b1sim.company.refusals import Refusal, refused


def two_sides(line: int) -> Refusal:
    """Refuse a journal row with both sides or none (guess: text)."""
    return refused(-5002, f"Enter a debit or a credit  [JDT1.Debit][line: {line}]")


def unknown_currency(line: int, code: object) -> Refusal:
    """Refuse a foreign amount without a currency of the company (guess: text)."""
    return refused(-5002, f"Invalid currency  [JDT1.FCCurrency][line: {line}] , '{code or ''}'")


def reconciled() -> Refusal:
    """Refuse to reverse an entry that a payment has settled (guess: text)."""
    return refused(-5002, "Journal entry has been reconciled; cancel the payment first")
