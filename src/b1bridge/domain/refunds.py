"""Money that a shop gave back, and what it says it gave it back for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money


class Refunded(StrEnum):
    """What a part of a refund is for."""

    GOODS = "goods"
    CHARGE = "charge"  # shipping, handling, a fee, gift wrap
    GOODWILL = "goodwill"  # an amount of the order as a whole; shops state no tax for it
    TAX = "tax"  # the tax alone was wrong


class MoneyState(StrEnum):
    """How far the gateway is with giving the money back."""

    SETTLED = "settled"
    PENDING = "pending"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class RefundPart:
    """One thing that was refunded.

    `name` is the id of the order's line for goods, the key in the freight crosswalk for a
    charge. `amount` is what the shop states for it, tax included; None for goods given back at
    the price that was paid for so many pieces. `deducted` was kept back of it, above zero
    (restocking, damage), for `reason`.
    """

    what: Refunded
    name: str = ""
    quantity: Decimal = Decimal(0)
    amount: Money | None = None
    deducted: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """One payment back to the shopper; `method` is the key in the payment_method crosswalk."""

    method: str
    amount: Money
    state: MoneyState
    gateway_reference: str = ""


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund as the shop tells it; `tax` is None where the shop does not state it.

    `restocked` is None where the shop does not say whether the goods came back.
    """

    ref: Ref
    order: Ref
    made_at: datetime
    parts: tuple[RefundPart, ...]
    payments: tuple[MoneyBack, ...]
    total: Money
    tax: Money | None = None
    reason: str = ""
    restocked: bool | None = None

    @property
    def gives_goods(self) -> bool:
        """Whether any goods were refunded, not amounts alone."""
        return any(part.what is Refunded.GOODS for part in self.parts)

    @property
    def returned(self) -> Money:
        """The money that really went back, whatever the parts say (correctness-rules 3.5)."""
        return self._sum(MoneyState.SETTLED)

    @property
    def pending(self) -> Money:
        """The money that the gateway has not confirmed yet."""
        return self._sum(MoneyState.PENDING)

    @property
    def declined(self) -> Money:
        """The money that the gateway refused to send."""
        return self._sum(MoneyState.DECLINED)

    def _sum(self, state: MoneyState) -> Money:
        amounts = (payment.amount for payment in self.payments if payment.state is state)
        return Money.sum(amounts, self.total.currency)
