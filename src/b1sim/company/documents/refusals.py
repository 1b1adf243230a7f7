"""Refusals of documents that others do not need; texts marked guess were never captured."""

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
