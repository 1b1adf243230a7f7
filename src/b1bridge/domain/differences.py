"""What a reconciliation finds: each difference between shop, hub and books by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.documents import CompanyRules, DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.ledger import HubRecord, LedgerDocument, LedgerPayment, OrderSummary
from b1bridge.domain.money import Money
from b1bridge.domain.payments import Payment
from b1bridge.domain.refunds import Refund


class Kind(StrEnum):
    """How shop, hub and books can part."""

    MISSING_DOCUMENT = "missing document"
    CANCELLED_DOCUMENT = "cancelled document"
    DOUBLED_DOCUMENT = "doubled document"
    TOTAL_OFF = "total off"
    TAX_OFF = "tax off"
    TAX_CODE = "unknown tax code"
    DATE_MOVED = "date moved"
    UNKNOWN_ORDER = "document without order"
    PAYMENT_MISSING = "payment missing"
    PAYMENT_DOUBLED = "payment doubled"
    PAYMENT_OFF = "payment off"
    PAYMENT_UNKNOWN = "payment without capture"
    PAYMENT_ASTRAY = "payment on another document"
    PAYMENT_ACCOUNT = "payment on another account"
    MEMO_MISSING = "refund without memo"
    MEMO_UNKNOWN = "memo without refund"
    MEMO_OFF = "memo off"
    OUTGOING_MISSING = "outgoing payment missing"
    OUTGOING_DOUBLED = "outgoing payment doubled"
    OUTGOING_OFF = "outgoing payment off"
    OUTGOING_UNKNOWN = "outgoing payment without refund"
    NEVER_TOLD = "lost webhook"
    LINK_BROKEN = "link broken"
    LINK_FORGOTTEN = "link forgotten"
    STOCK_OFF = "stock off"


class Owner(StrEnum):
    """Who can put a difference right."""

    FINANCE = "finance"
    OPERATOR = "operator"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what each side says, to the cent, whose it is, and what to do.

    `explained` says why it needs nobody's attention now: a case that is open, a run under way.
    `order` is the record of the shop it is about.
    """

    kind: Kind
    order: Ref
    message: str
    owner: Owner
    fix: str
    shop: Money | None = None
    books: Money | None = None
    documents: tuple[Posted, ...] = ()
    explained: str = ""

    @property
    def off(self) -> Money | None:
        """How much more the books say than the shop, where both say an amount."""
        return None if self.shop is None or self.books is None else self.books - self.shop


@dataclass(frozen=True, slots=True)
class OrderStory:
    """What the sides say of one order; `summary` is None when the shop has no such order.

    `hub` is None when the hub never heard of it. `captured` and `refunds` are None until
    somebody asked the shop for them, and then the summary's own figures have to do.
    """

    ref: Ref
    summary: OrderSummary | None
    documents: tuple[LedgerDocument, ...] = ()
    payments: tuple[LedgerPayment, ...] = ()
    hub: HubRecord | None = None
    captured: tuple[Payment, ...] | None = None
    refunds: tuple[Refund, ...] | None = None


_SLOW = timedelta(hours=1)
"""A change that nobody has looked at for so long is no longer under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the comparison goes by; `hub_known` is False when the hub's database was lost.

    `read_until` is up to which change the hub has read the shop. `syncs` names the sync of each
    flow. `accounts` is the payment_method crosswalk, `tax_codes` what the tax crosswalk leads
    to; both are empty when nobody knows. `pays_out` is None when nobody knows whether refunds
    are paid out in the books. `closely` asks the shop for every single payment and refund, not
    only where the lists disagree.
    """

    rules: CompanyRules
    now: datetime
    target: str = ""
    hub_known: bool = True
    read_until: datetime | None = None
    syncs: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    tax_codes: frozenset[str] = frozenset()
    tax_tolerance: Decimal = Decimal("0.05")
    pays_out: bool | None = None
    moves_dates: bool = False
    closely: bool = False

    def day_of(self, moment: datetime) -> date:
        """Return the day it was where the company's days end."""
        return self.rules.day_of(moment)

    def why_not_yet(self, story: OrderStory, *flows: str) -> str:
        """Return why the books may still lack what these flows bring, or nothing."""
        hub = story.hub
        for case in hub.cases if hub else ():
            if not flows or case.flow.startswith(flows):
                return f"case {case.id} is open: {case.reason}"
        for words in hub.ignored if hub else ():
            return f"a case of it was ignored: {words}"
        if hub and hub.under_way:
            return "a run of it is under way"
        changed = story.summary.modified_at if story.summary else None
        unread = changed and (self.read_until is None or changed > self.read_until)
        if self.hub_known and changed and unread and self.now - changed < _SLOW:
            return "it is newer than the hub's last look"
        return ""

    def start(self, flow: str, order: Ref) -> str:
        """Return the command that runs a flow for an order once more."""
        sync = next((name for key, name in self.syncs.items() if key.startswith(flow)), "SYNC")
        return f"b1bridge runs start {sync} {order}"


SALES_FLOWS = ("order-to-", "sales-order-to-")
PAYMENT_FLOWS = (*SALES_FLOWS, "payment-to-")
REFUND_FLOWS = (*PAYMENT_FLOWS, "refund-to-")
SALES = (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO)
