"""Money that went back while part of the order was unpaid: right before and after it is paid."""

from datetime import timedelta
from decimal import Decimal

import pytest

from b1bridge.domain.orders import OrderLine, Tax

from .conftest import CARD, MOMENT, RECEIVABLES, euro, goodwill, taxed

pytestmark = pytest.mark.anyio


def sells_mugs(shop, quantity, hours):
    """Change the order to so many mugs at 23.80 with tax."""
    price = Decimal("23.80" if shop.gross else "20.00")
    net, tax, gross = taxed(price * quantity, 19, shop.gross)
    line = OrderLine(
        "1", "MUG", "A MUG", Decimal(quantity), net, Tax("", tax.rate, tax.amount), gross
    )
    moment = MOMENT + timedelta(hours=hours)
    shop.changes(lines=(line,), total=gross, tax_total=tax.amount, modified_at=moment)


async def test_credit_given_while_more_was_to_be_paid_is_charged_again_once_it_is(mugs, shop):
    sells_mugs(shop, 2, 1)
    shop.gives_back("10.00", goodwill("10.00"))
    await mugs.catch_up()
    sells_mugs(shop, 4, 2)
    await mugs.catch_up()
    assert mugs.account(RECEIVABLES) == euro("23.80").amount  # 95.20 - 10.00 - 61.40

    shop.pays("33.80")
    outcome = await mugs.catch_up()
    again = await mugs.catch_up()

    assert "10.00 EUR credited by refunds are charged again" in outcome.reason
    assert "charged again" not in again.reason
    assert mugs.account(RECEIVABLES) == 0
    assert mugs.account(CARD) == euro("95.20").amount
    assert mugs.stock("MUG") == 96
