"""Refusals of documents that others do not need; texts marked guess were never captured."""

from decimal import Decimal

from b1sim.company.books import Row
from b1sim.company.refusals import Refusal, refused


def base_type_differs(table: str, line: int) -> Refusal:
    """Refuse a service row drawn from an item row (sap-service-layer.md 9.2; guess: text)."""
    return refused(
        -5002,
        "234103405 - Base document type and target document type do not match  "
        f"[{table}.BaseType][line: {line}]",
    )


def invalid_type(sent: object) -> Refusal:
    """Refuse a draft of no kind of document (guess: text)."""
    return refused(-5002, f"Invalid document type  [ODRF.ObjType] , '{sent}'")


def installments_differ(table: str) -> Refusal:
    """Refuse installments that are not the whole document (guess: text)."""
    return refused(-5002, f"Installments do not add up to the document total  [{table}.Installmnt]")


def down_payment_not_open(table: str, entry: object) -> Refusal:
    """Refuse to draw what is unknown, another partner's, unpaid or drawn already (guess: text)."""
    return refused(-5002, f"Down payment has no such amount to draw  [{table}.BaseAbs] , '{entry}'")


def overdrawn(table: str, drawn: Decimal, total: Decimal) -> Refusal:
    """Refuse to draw more than the document is worth (guess: text)."""
    return refused(-5002, f"Drawn amount {drawn} exceeds the total {total}  [{table}.DpmAmnt]")


def missing_document() -> Refusal:
    """Refuse an operation that was sent no document, or none with the DocEntry it needs (guess)."""
    return refused(-1000, "The operation needs a Document with its DocEntry")


def fixed_row(table: str, column: str, key: Row) -> Refusal:
    """Refuse to change what the ledger rests on, or to add a row to it (guess: text)."""
    number = list(key.values())[-1]
    return refused(-5002, f"Field cannot be updated  [{table}.{column}][line: {number}]")
