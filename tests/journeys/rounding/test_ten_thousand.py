"""Ten thousand orders in four rounding modes: no cent that nothing explains.

What is predicted is what the company posts, a memo is the money that went back, and the memos of
an order that came back whole sum to the order. Where the shop's rounding and SAP's differ, a
rounding amount with a note stands on the document, or a case shows both sides.
"""

import os
from decimal import Decimal

import pytest

from .posting import desk
from .shops import MODES

CAP = Decimal("0.05")
ORDERS = int(os.environ.get("B1BRIDGE_ROUNDED_ORDERS", "300"))


@pytest.mark.parametrize("by_row", [False, True], ids=["tax on the document", "tax by row"])
@pytest.mark.parametrize("mode", MODES)
def test_every_cent_is_explained(mode, by_row):
    """Odd numbers go to a company that rounds by row: all orders are posted once per mode."""
    with desk(by_row=by_row) as company:
        for number in range(int(by_row), ORDERS, 2):
            company.sells(number, mode)

    assert company.count.unexplained == []
    assert company.count.exact
    assert company.count.fully_refunded
    assert set(company.count.cases) <= {
        ("invoice", "TOTAL_MISMATCH"),
        ("credit memo", "TOTAL_MISMATCH"),
    }
    assert max(company.count.rounded, default=0) <= CAP
