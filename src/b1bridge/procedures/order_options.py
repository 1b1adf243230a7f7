"""What a sync of orders may declare."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.partners import PartnerPolicy
from b1bridge.domain.proof import Tolerance
from b1bridge.domain.sales_documents import Terms


@dataclass(frozen=True, kw_only=True)
class OrderOptions(Terms, PartnerPolicy, Tolerance):
    """The sum of the policies that an order is posted by.

    `annotate` writes the document's number onto the shop's order, where the shop can.
    """

    post_zero_orders: bool = True
    annotate: bool = True
