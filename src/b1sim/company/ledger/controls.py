"""Control accounts: what a partner is booked to (sap-service-layer.md 9.6)."""

from b1sim.company.books import Books, Row


def account_of(books: Books, partner: Row) -> str:
    """Return the control account of a partner: its own, or the company's for its sort."""
    general = books.settings.payables if partner["CardType"] == "S" else books.settings.receivables
    return str(partner["DebPayAcct"] or general)


def is_control(books: Books, account: str) -> bool:
    """Tell whether an account takes postings through partners only."""
    return bool((books.master("OACT", account) or {}).get("LocManTran") == "Y")
