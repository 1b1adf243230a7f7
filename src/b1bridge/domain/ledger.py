"""What shop, books and hub each know of an order, as short as a list tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One order as the shop's list shows it; `total` includes `tax`.

    `received` is what was captured and `returned` what went back of it, each None where the
    list does not tell. `channel` is the shop's name or number for where the order was placed.
    """

    ref: Ref
    number: str
    state: OrderState
    placed_at: datetime
    modified_at: datetime
    total: Money
    tax: Money
    received: Money | None = None
    returned: Money | None = None
    payment_method: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class RefundSummary:
    """One refund as the shop's list shows it, whatever became of its money."""

    ref: Ref
    order: Ref
    made_at: datetime


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """The tax of one code in one document; `net` is what it was computed on."""

    code: str
    rate: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class LedgerDocument:
    """One sales document as the books list it, cancelled ones included.

    `paid` is what payments, credits and drawings have settled of it. `of_prepaid` tells of a memo
    that it gives back money paid in advance, which says nothing of what was sold.
    """

    posted: Posted
    reference: str
    business_partner: str
    posted_on: date
    total: Money
    tax: Money
    paid: Money
    is_open: bool
    cancelled: bool
    taxes: tuple[TaxAmount, ...] = ()
    of_prepaid: bool = False

    @property
    def kind(self) -> DocumentKind:
        """Which kind of document this is."""
        return DocumentKind(self.posted.kind)


class PaymentKind(StrEnum):
    """Which way the money of a payment in the books went."""

    INCOMING = "incoming payment"
    OUTGOING = "outgoing payment"


@dataclass(frozen=True, slots=True)
class Applied:
    """How much of which document a payment settles."""

    kind: str
    entry: int
    amount: Money


@dataclass(frozen=True, slots=True)
class LedgerPayment:
    """One payment as the books list it, cancelled ones included.

    `account` is where the money went or came from; `reference` what its remarks begin with.
    """

    posted: Posted
    reference: str
    business_partner: str
    posted_on: date
    account: str
    amount: Money
    cancelled: bool
    settles: tuple[Applied, ...] = ()

    @property
    def kind(self) -> PaymentKind:
        """Which way the money went."""
        return PaymentKind(self.posted.kind)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An exception case that still waits for a person."""

    id: int
    flow: str
    reason: str
    message: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class HubRecord:
    """What the hub knows of one record of the shop.

    `noticed_at` is when it first entered the inbox, None when it never did. `under_way` tells of
    runs that are queued, running or waiting for their time; `ignored` are the words with which
    people closed cases unposted. `links` are the records in the books that the hub takes for the
    same thing.
    """

    ref: Ref
    noticed_at: datetime | None = None
    under_way: bool = False
    cases: tuple[OpenCase, ...] = ()
    ignored: tuple[str, ...] = ()
    links: tuple[Ref, ...] = ()
