"""What an amount in another currency is worth at home: by the books' rates, or by the shop's own.

A shop that counts in EUR and sells for SEK 1,150.00 has sold for EUR 100.00; with the books' rate
of the day the ledger may say 99.14, and 0.86 stay open for ever (correctness-rules 3.10).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.documents import CompanyRules
from b1bridge.domain.money import rounded
from b1bridge.errors import NeedsOperator

# At 4 decimals SEK 1,150.00 would come to EUR 100.05 (correctness-rules 3.10).
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class ShopRate:
    """What a shop reckons one unit of an order's currency is worth in `home`, its own."""

    home: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class RatePolicy:
    """`shop_rate` carries the shop's own rate to the books, instead of theirs of the day."""

    shop_rate: bool = False


def rate_of(
    record: str, currency: str, shop: ShopRate | None, rules: CompanyRules, policy: RatePolicy
) -> Decimal | None:
    """Return the rate to send along, or None to leave it to the books.

    Raises NeedsOperator (RATE_MISSING) when the shop's rate is wanted and does not fit.
    """
    if not policy.shop_rate or currency == rules.local_currency:
        return None
    if shop is None or shop.home != rules.local_currency:
        said = "states no rate" if shop is None else f"counts in {shop.home}"
        msg = f"{record} is in {currency}: the shop {said}, the books in {rules.local_currency}"
        fix = "switch shop_rate off for this sync, so that the books' rate of the day counts; retry"
        raise NeedsOperator(msg, reason="RATE_MISSING", fix=fix)
    return rounded(shop.rate, _DECIMALS)
