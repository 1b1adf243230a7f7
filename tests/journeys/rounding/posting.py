"""Posts generated orders and their refunds to a simulated company, and counts every cent."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from b1bridge.connectors.sap_b1.translate import document_fields
from b1bridge.domain.consistency import consistent
from b1bridge.domain.credit_memos import ReturnPolicy, credited_totals, sells_items, service_memo
from b1bridge.domain.documents import CompanyRules, DocumentKind, Item
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.proof import Tolerance, proved
from b1bridge.domain.refunded_orders import refunded_order
from b1bridge.domain.sales_documents import Codes, Ledger, Terms, document_for
from b1bridge.domain.tax import predicted_totals
from b1bridge.errors import NeedsOperator
from b1sim.company import clerk
from b1sim.world import World

from .shops import order_of, refunds_of

REVENUE = "_SYS00000000401"
SETS = {DocumentKind.INVOICE: "Invoices", DocumentKind.CREDIT_MEMO: "CreditNotes"}
CODES = Codes(
    tax=Crosswalk("tax", {"0": "A0", "7": "A7", "19": "A19", "20": "A20"}),
    freight=Crosswalk("freight", {"shipping": "1", "goodwill": "4"}),
    sku=Crosswalk("sku", {}),
)
ACCOUNTS = Crosswalk("refund_account", dict.fromkeys(("goodwill", "shipping"), REVENUE))
ITEMS = {f"I{n}": Item(f"I{n}", f"I{n}", default_warehouse="01") for n in range(1, 21)}


@dataclass
class Count:
    """What came of all documents; `unexplained` must stay empty."""

    exact: int = 0
    rounded: Counter = field(default_factory=Counter)
    cases: Counter = field(default_factory=Counter)
    memos: int = 0
    fully_refunded: int = 0
    unexplained: list = field(default_factory=list)

    def __str__(self):
        rows = ", ".join(f"{size}: {n}" for size, n in sorted(self.rounded.items()))
        return (
            f"exact {self.exact}; rounding row {{{rows}}}; cases {dict(self.cases)}; "
            f"memos {self.memos}; fully refunded {self.fully_refunded}; "
            f"unexplained {len(self.unexplained)}"
        )


class Desk:
    """Posts to one company that rounds tax on the document or row by row."""

    def __init__(self, company, *, by_row):
        rules = CompanyRules("EUR", "Europe/Berlin", tax_by_row=by_row)
        self.company, self.ledger = company, Ledger(rules, ITEMS)
        self.count = Count()

    def sells(self, number, mode):
        """Post an order, and credit what goes back of every third one."""
        order = order_of(number, mode)
        if not self.posted(order, DocumentKind.INVOICE) or number % 3:
            return
        refunds, everything = refunds_of(order, number)
        booked = [
            self.posted(refunded_order(order, refund, refunds[:at]), DocumentKind.CREDIT_MEMO)
            for at, refund in enumerate(refunds)
        ]
        self.count.memos += len(booked)
        if everything and None not in booked:
            self.count.fully_refunded += 1
            self._expect(order, sum(booked), order.total.amount)

    def posted(self, order, kind):
        """Post one document and return its total; None where it is a case."""
        tolerance = Tolerance()
        try:
            document = self._written(order, kind, tolerance)
            proof = proved(document, credited_totals(order, document, CODES), tolerance)
        except NeedsOperator as case:
            self.count.cases[kind.value, case.reason] += 1
            if case.reason == "TOTAL_MISMATCH":
                self._expect(order, str(order.total) in str(case), wanted=True)
            return None
        document = replace(proof.document, business_partner="C1")
        fields = document_fields(document, local_currency="EUR", tax_field="VatGroup")
        booked = self.company.create(SETS[kind], fields)
        self._counts(order, document, booked, proof.note)
        return Decimal(booked["DocTotal"])

    def _written(self, order, kind, tolerance):
        """Write what sells goods with rows of items, and money alone as services."""
        if sells_items(order, CODES.sku):
            fitted = consistent(order, tolerance).order
            return document_for(fitted, kind, self.ledger, CODES, Terms())
        return service_memo(order, self.ledger.rules, CODES, ACCOUNTS, ReturnPolicy())

    def _counts(self, order, document, booked, note):
        predicted = predicted_totals(document)
        total, tax = Decimal(booked["DocTotal"]), Decimal(booked["VatSum"])
        self._expect(order, (total, tax), (predicted.total.amount, predicted.tax.amount))
        self._expect(order, total, order.total.amount)
        off = document.rounding.amount
        if off:
            self.count.rounded[abs(off)] += 1
            self._expect(order, bool(note), wanted=True)
        else:
            self.count.exact += 1
        if tax != order.tax_total.amount:
            self._expect(order, bool(note), wanted=True)

    def _expect(self, order, found, wanted):
        if found != wanted:
            self.count.unexplained.append((str(order.ref), found, wanted))


@contextmanager
def desk(*, by_row):
    """Open a company with stock enough for all of it."""
    with World(seed=False) as world:
        clerk.change_settings(world.company, tax_on="line" if by_row else "document")
        clerk.add_partner(world.company, "C1")
        for code in ITEMS:
            clerk.add_item(world.company, code, stock="10000000", cost="1.00")
        yield Desk(world.company, by_row=by_row)
