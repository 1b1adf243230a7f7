"""The credit limit of a partner.

Exposure is the balance, open deliveries, open orders and the document itself; money paid ahead is
in the balance already (correctness-rules.md 3.18). What SAP answers was never captured
(sap-service-layer.md 9.8): code and text are a guess.
"""

from b1sim.company.books import Books
from b1sim.company.document import Document
from b1sim.company.refusals import refused
from b1sim.company.shape.values import amount

_SWITCHES = {"Orders": "orders", "DeliveryNotes": "deliveries", "Invoices": "invoices"}


def check(books: Books, document: Document) -> None:
    """Refuse a document, already posted, that took its partner over the limit."""
    switch = _SWITCHES.get(document.kind.entity_set)
    if switch is None or switch not in books.settings.credit_check:
        return
    sql = """SELECT CreditLine, Balance + DNotesBal + OrdersBal AS Exposure
        FROM OCRD WHERE CardCode = ?"""
    found = books.row(sql, (document.header["CardCode"],)) or {}
    limit, exposure = amount(found.get("CreditLine")), amount(found.get("Exposure"))
    if limit and exposure > limit:
        field = f"{document.kind.header}.CardCode"
        message = f"Credit limit exceeded: {exposure:.2f} of {limit:.2f}  [{field}]"
        raise refused(-10, message)
