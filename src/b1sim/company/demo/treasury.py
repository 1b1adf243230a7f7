"""Money that daily life leaves out: a bill paid, crowns received, a cheque on account."""

from typing import Any

from b1sim.company.books import Books
from b1sim.company.demo import catalogue
from b1sim.company.documents import posting
from b1sim.company.kinds import INVOICE
from b1sim.company.ledger import journal
from b1sim.company.payments import payments
from b1sim.company.payments.kinds import INCOMING, OUTGOING, PaymentKind
from b1sim.company.shape import intake
from b1sim.company.shape.model import ENTITY_SETS

SUPPLIER = "V20001"
BANK, FREIGHT = "_SYS00000000201", "_SYS00000000511"


def show(books: Books) -> None:
    """Book one of each, all of today."""
    _pay_a_supplier(books)
    _receive_crowns(books)
    cheque = {"CheckSum": "250", "CheckNumber": 4711, "BankCode": "HB"}
    _pay(books, INCOMING, {"CardCode": catalogue.BUYERS[1], "PaymentChecks": [cheque]})


def _pay_a_supplier(books: Books) -> None:
    rows = [{"ShortName": SUPPLIER, "Credit": "480"}, {"AccountCode": FREIGHT, "Debit": "480"}]
    entry = {"Memo": "Freight of the month", "JournalEntryLines": rows}
    number = journal.post(books, intake.take(ENTITY_SETS["JournalEntries"], entry))
    settled = {"DocEntry": number, "InvoiceType": "it_JournalEntry", "SumApplied": "480"}
    money = {"TransferAccount": BANK, "TransferSum": "480", "PaymentInvoices": [settled]}
    _pay(books, OUTGOING, {"CardCode": SUPPLIER} | money)


def _receive_crowns(books: Books) -> None:
    """Let the crown rise by a little between invoice and payment."""
    line = {"ItemCode": "GIFTWRAP", "Quantity": 10, "UnitPrice": "115"}
    header = {"CardCode": catalogue.WEB_CUSTOMER, "DocCurrency": "SEK", "DocRate": "0.0862"}
    taken = intake.take(ENTITY_SETS["Invoices"], header | {"DocumentLines": [line]})
    invoice = posting.post(books, INVOICE, taken, approved=True)
    money = {"TransferAccount": BANK, "TransferSum": invoice.header["DocTotalFC"]}
    settled = {"DocEntry": invoice.entry, "InvoiceType": "it_Invoice"}
    _pay(books, INCOMING, header | money | {"DocRate": "0.0871", "PaymentInvoices": [settled]})


def _pay(books: Books, kind: PaymentKind, payload: dict[str, Any]) -> None:
    payments.post(books, kind, intake.take(ENTITY_SETS[kind.entity_set], payload))
