"""The kinds of marketing document: what sets one apart from another is data here.

Object types: sap-service-layer.md 8; which kind is drawn from which: 9.2. Edges that 9.2 does not
name (quotation to delivery or invoice, return request, down payment) follow the Copy To menus of
SAP's screens: a guess each.
"""

from dataclasses import dataclass
from typing import Literal

from b1sim.company.shape.areas.documents import DOCUMENT_TABLES, DRAWING, WITHOUT_FREIGHT

QUOTED, ORDERED, DELIVERED, RETURNED, INVOICED = 23, 17, 15, 16, 13
RETURN_ASKED, PREPAID, PURCHASED, RECEIVED = 234000031, 203, 22, 20


@dataclass(frozen=True)
class Kind:
    """One kind of document: its tables, SAP's object type, and what posting one does."""

    entity_set: str
    type: int
    header: str
    prefix: str
    memo: str
    bases: tuple[int, ...] = ()
    """The object types that its rows may be drawn from."""
    consumes: bool = True
    """Drawing takes the quantity off the base row."""
    partners: str = "C"
    """The card types it is made out to: C customer, L lead, S supplier."""
    needs_due_date: bool = False
    promises: Literal["", "committed", "ordered"] = ""
    moves: int = 0
    """Goods go out (-1) or come in (1)."""
    books: Literal["nothing", "goods", "money", "prepayment"] = "nothing"
    sign: int = 1
    """The partner is debited (1) or credited (-1)."""
    balance: str = ""
    """The partner's balance of what is open of this kind; a return lowers that of deliveries."""

    @property
    def lines(self) -> str:
        """Name the table of its rows."""
        return f"{self.prefix}1"

    @property
    def expenses(self) -> str:
        """Name the table of its freight."""
        return f"{self.prefix}3"

    @property
    def row_expenses(self) -> str:
        """Name the table of the freight of its rows (SAP SDK help: INV2); empty without any."""
        has_some = self.entity_set in DOCUMENT_TABLES and self.entity_set not in WITHOUT_FREIGHT
        return f"{self.prefix}2" if has_some else ""

    @property
    def bins(self) -> str:
        """Name the table of its bin allocations (SAP SDK help: INV19, DLN19 …)."""
        return f"{self.prefix}19"

    @property
    def installments(self) -> str:
        """Name the table of its installments."""
        return f"{self.prefix}6"

    @property
    def references(self) -> str:
        """Name the table of the documents it refers to."""
        return f"{self.prefix}21"

    @property
    def draws(self) -> str:
        """Name the table of the down payments it draws; empty when it draws none."""
        return f"{self.prefix}9" if self.entity_set in DRAWING else ""

    @property
    def is_paid(self) -> bool:
        """Tell whether money closes it; the others close when all their rows are drawn."""
        return self.books in ("money", "prepayment")

    @property
    def is_purchase(self) -> bool:
        """Tell whether we buy."""
        return self.partners == "S"


def _tables(entity_set: str, memo: str) -> tuple[str, int, str, str, str]:
    return (entity_set, *DOCUMENT_TABLES[entity_set], memo)


# Leads get quotations and orders and nothing more (9.1); that an order alone must say when it is
# due is 9.1 as well.
QUOTATION = Kind(*_tables("Quotations", "Sales Quotations"), partners="CL")
ORDER = Kind(
    *_tables("Orders", "Sales Orders"),
    bases=(QUOTED,),
    partners="CL",
    needs_due_date=True,
    promises="committed",
    balance="OrdersBal",
)
DELIVERY = Kind(
    *_tables("DeliveryNotes", "Delivery"),
    bases=(ORDERED, INVOICED, QUOTED),
    moves=-1,
    books="goods",
    balance="DNotesBal",
)
RETURN_REQUEST = Kind(
    *_tables("ReturnRequest", "Return Request"),
    bases=(DELIVERED, INVOICED),
    consumes=False,
)
RETURN = Kind(
    *_tables("Returns", "Returns"),
    bases=(DELIVERED, RETURN_ASKED),
    moves=1,
    books="goods",
    sign=-1,
    balance="DNotesBal",
)
INVOICE = Kind(
    *_tables("Invoices", "A/R Invoices"),
    bases=(ORDERED, DELIVERED, QUOTED),
    moves=-1,
    books="money",
)
CREDIT_NOTE = Kind(
    *_tables("CreditNotes", "A/R Credit Memos"),
    bases=(INVOICED, RETURNED, RETURN_ASKED, PREPAID),
    moves=1,
    books="money",
    sign=-1,
)
DOWN_PAYMENT = Kind(
    *_tables("DownPayments", "A/R Down Payments"),
    bases=(QUOTED, ORDERED, DELIVERED),
    consumes=False,
    books="prepayment",
)
PURCHASE_ORDER = Kind(
    *_tables("PurchaseOrders", "Purchase Orders"), partners="S", promises="ordered", sign=-1
)
GOODS_RECEIPT_PO = Kind(
    *_tables("PurchaseDeliveryNotes", "Goods Receipt POs"),
    bases=(PURCHASED,),
    partners="S",
    moves=1,
    books="goods",
    sign=-1,
)
PURCHASE_INVOICE = Kind(
    *_tables("PurchaseInvoices", "A/P Invoices"),
    bases=(PURCHASED, RECEIVED),
    partners="S",
    moves=1,
    books="money",
    sign=-1,
)
DRAFT = Kind(*_tables("Drafts", "Drafts"))
KINDS = {
    kind.entity_set: kind
    for kind in (
        QUOTATION,
        ORDER,
        DELIVERY,
        RETURN_REQUEST,
        RETURN,
        INVOICE,
        CREDIT_NOTE,
        DOWN_PAYMENT,
        PURCHASE_ORDER,
        GOODS_RECEIPT_PO,
        PURCHASE_INVOICE,
        DRAFT,
    )
}
BY_TYPE = {kind.type: kind for kind in KINDS.values()}
