"""Money that a shopper paid, and the incoming payment it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money


class Means(StrEnum):
    """How an incoming payment reaches us, in the books' words."""

    TRANSFER = "transfer"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class Payment:
    """One transaction that moved money to us; authorisations and failures are not payments."""

    ref: Ref
    order: Ref
    method: str
    amount: Money
    captured_at: datetime
    gateway_reference: str = ""


@dataclass(frozen=True, slots=True)
class IncomingPayment:
    """A payment to be posted against one invoice."""

    reference: str
    business_partner: str
    invoice_entry: int
    account: str
    means: Means
    amount: Money
    posted_on: date
    gateway_reference: str
    remarks: str
