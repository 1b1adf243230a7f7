"""Orders that are sales orders, down payments and invoices drawn from both agree as well."""

import pytest

pytestmark = pytest.mark.anyio

SCHEME = {
    "orders": "order-to-sales-order",
    "down": "payment-to-down-payment",
    "invoices": "sales-order-to-invoice",
}


async def test_a_down_payment_that_an_invoice_drew_is_no_difference(tmp_path, store, sap, make):
    office = await make(tmp_path, store, sap, SCHEME)
    order = office.sells([("MUG", 2, "10.00", "19")])
    await office.tell(order)

    found = await office.compare()

    assert await office.hub.cases() == []
    assert len(sap.company.query("DownPayments")) == 1
    assert found.differences == ()
