"""Refusals by numbering, periods and branches: sap-service-layer.md 3.2 and 9.1."""

from b1sim.company.refusals import Refusal, refused


def no_series(table: str) -> Refusal:
    """Refuse a document of a kind nobody numbers."""
    message = f"To generate this document, first define the numbering series  [{table}.Series]"
    return refused(-10, message)


def series_used_up(table: str, series: object) -> Refusal:
    """Refuse a series that is locked or has given its last number (guess: code and text)."""
    message = f"Numbering series is locked or has no free number  [{table}.Series] , '{series}'"
    return refused(-10, message)


def no_branch(table: str) -> Refusal:
    """Refuse a document without a branch that is active."""
    return refused(-5002, f"Specify an active branch  [{table}.BPLId]")


def partner_not_in_branch(table: str) -> Refusal:
    """Refuse a partner who does not trade with the branch."""
    message = f"Select business partner assigned to specified branch  [{table}.CardCode]"
    return refused(-5002, message)


def warehouse_not_in_branch(table: str, line: int, warehouse: object) -> Refusal:
    """Refuse a warehouse of another branch (guess: text)."""
    message = "Warehouse is not assigned to the branch of the document"
    return refused(-5002, f"{message}  [{table}.WhsCode][line: {line}] , '{warehouse}'")


def other_branch(table: str) -> Refusal:
    """Refuse to pay documents of another branch."""
    message = "Ensure selected branch is the same as the branch of documents to be paid"
    return refused(-5002, f"{message}  [{table}.BPLId]")


def folder_invalid() -> Refusal:
    """Refuse webhooks while a folder of the company is not there (guess: text)."""
    return refused(10001237, "A path of the company's folders is invalid")
