"""What a sync of orders may declare."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from b1bridge.domain.addresses import AddressPolicy
from b1bridge.domain.batches import Allocation
from b1bridge.domain.partners import PartnerPolicy
from b1bridge.domain.price_differences import PricePolicy
from b1bridge.domain.proof import Tolerance
from b1bridge.domain.sales_documents import Terms


class Edits(StrEnum):
    """What to do about an order that changed after it was posted."""

    FOLLOW = "follow"
    CASE = "case"


@dataclass(frozen=True, kw_only=True)
class SaleOptions(Terms, Tolerance, Allocation, PricePolicy):
    """The policies that any sale is posted by, whoever it is for.

    `annotate` writes the document's number onto the shop's order, where the shop can. `edits`
    says whether documents follow an order that changes, or a person decides each time.
    """

    post_zero_orders: bool = True
    annotate: bool = True
    edits: Edits = Edits.FOLLOW


@dataclass(frozen=True, kw_only=True)
class OrderOptions(SaleOptions, PartnerPolicy, AddressPolicy):
    """The sum of the policies that an order is posted by."""


def of_known_customer(options: SaleOptions) -> OrderOptions:
    """Return the policies for a sale whose customer the books know, and whose address is theirs."""
    return OrderOptions(**{one.name: getattr(options, one.name) for one in fields(SaleOptions)})
