"""Each of more than twenty faults is named by the reconciliation, and nothing else is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

pytestmark = pytest.mark.anyio
BANK = "_SYS00000000201"


def last_month():
    return str(datetime.now(UTC).date().replace(day=1) - timedelta(days=3))


def an_invoice_loses_its_reference(office, order):
    entry = office.invoice(order)["DocEntry"]
    office.sap.company.patch("Invoices", {"DocEntry": entry}, {"NumAtCard": ""})


def an_invoice_is_cancelled(office, order):
    office.cancel("Invoices", office.invoice(order))


def an_invoice_is_entered_twice(office, order):
    office.post("Invoices", f"shop/order/{order}")


def replaced(office, order, **facts):
    old = office.invoice(order)
    office.cancel("Invoices", old)
    office.post("Invoices", f"shop/order/{order}", CardCode=old["CardCode"], **facts)


def a_cent_is_added(office, order):
    replaced(office, order, price="20.01", quantity=1)


def an_invoice_has_another_tax_code(office, order):
    replaced(office, order, tax="A7")


def an_invoice_moves_to_another_month(office, order):
    replaced(office, order, DocDate=last_month(), DocDueDate=last_month())


def a_payment_is_entered_twice(office, order):
    payment = office.payment(order)
    office.pay(payment["Remarks"].split(" ")[0], payment["TransferSum"])


def a_payment_is_cancelled(office, order):
    office.cancel("IncomingPayments", office.payment(order))


def paid_again(office, order, share, invoice=None, **facts):
    payment = office.payment(order)
    office.cancel("IncomingPayments", payment)
    amount = (Decimal(str(payment["TransferSum"])) * share).quantize(Decimal("0.01"))
    invoice = invoice or office.invoice(order)
    office.pay(payment["Remarks"].split(" ")[0], amount, invoice=invoice, **facts)


def a_payment_is_of_another_amount(office, order):
    paid_again(office, order, Decimal("0.5"))


def a_payment_is_on_another_account(office, order):
    paid_again(office, order, Decimal(1), TransferAccount=BANK)


def a_payment_settles_another_invoice(office, order):
    stranger = office.post("Invoices", "PO 4711", price="100.00")
    paid_again(office, order, Decimal(1), invoice=stranger)


def money_is_entered_that_nobody_captured(office, order):
    office.pay(f"shop/payment/{order}/424242", "5.00")


def a_memo_is_entered_without_refund(office, order):
    office.post("CreditNotes", f"shop/refund/{order}/424242", quantity=1)


def a_refund_never_comes_over(office, order):
    office.store.refunds(order, items=[("MUG", 1)])


def the_refund_of(office, order):
    (refund,) = office.store.store.orders[order].refunds
    reference = f"shop/refund/{order}/{refund.id}"
    return reference, office.document("VendorPayments", reference)


def a_memo_is_cancelled(office, order):
    reference, outgoing = the_refund_of(office, order)
    office.cancel("VendorPayments", outgoing)
    office.cancel("CreditNotes", office.document("CreditNotes", reference))


def a_memo_is_of_another_amount(office, order):
    reference, _ = the_refund_of(office, order)
    a_memo_is_cancelled(office, order)
    office.post("CreditNotes", reference, price="9.00", quantity=1)


def money_never_went_out(office, order):
    office.cancel("VendorPayments", the_refund_of(office, order)[1])


def money_went_out_twice(office, order):
    reference, outgoing = the_refund_of(office, order)
    office.pay(reference, outgoing["TransferSum"], entity_set="VendorPayments")


def an_order_is_deleted_in_the_shop(office, order):
    office.store.archives(order)


def an_order_is_edited_and_nobody_hears(office, order):
    office.store.changes_quantity(order, "MUG", 3)


def sold(office):
    return office.sells([("MUG", 2, "10.00", "19")])


def refunded(office):
    order = sold(office)
    office.store.refunds(order, items=[("MUG", 1)])
    return order


def owed(office):
    return office.owes()


FAULTS = (
    (sold, an_invoice_loses_its_reference, "missing document"),
    (owed, an_invoice_is_cancelled, "cancelled document"),
    (sold, an_invoice_is_entered_twice, "doubled document"),
    (owed, a_cent_is_added, "total off"),
    (owed, an_invoice_has_another_tax_code, "tax off"),
    (owed, an_invoice_moves_to_another_month, "date moved"),
    (sold, a_payment_is_entered_twice, "payment doubled"),
    (sold, a_payment_is_cancelled, "payment missing"),
    (sold, a_payment_is_of_another_amount, "payment off"),
    (sold, a_payment_is_on_another_account, "payment on another account"),
    (sold, a_payment_settles_another_invoice, "payment on another document"),
    (sold, money_is_entered_that_nobody_captured, "payment without capture"),
    (sold, a_memo_is_entered_without_refund, "memo without refund"),
    (sold, a_refund_never_comes_over, "refund without memo"),
    (refunded, a_memo_is_cancelled, "cancelled document"),
    (refunded, a_memo_is_of_another_amount, "memo off"),
    (refunded, money_never_went_out, "outgoing payment missing"),
    (refunded, money_went_out_twice, "outgoing payment doubled"),
    (sold, an_order_is_deleted_in_the_shop, "document without order"),
    (sold, an_order_is_edited_and_nobody_hears, "total off"),
)


async def test_each_fault_is_named_once_and_nothing_else_is(office):
    orders = [begin(office) for begin, _, _ in FAULTS]
    untouched = [sold(office), owed(office), refunded(office)]
    forgotten, broken = sold(office), sold(office)
    await office.tell(*orders, *untouched, forgotten, broken)
    assert await office.hub.cases() == []
    await office.has_looked()
    assert await office.kinds() == []

    for order, (_, fault, _) in zip(orders, FAULTS, strict=True):
        fault(office, order)
    lost = sold(office)
    foreign = office.post("Invoices", "shop/order/990099")
    await office.forget_links(forgotten)
    await office.forget_links(broken, to=foreign["DocEntry"])
    await office.has_looked()

    found = await office.kinds()

    named = [(kind, str(order)) for order, (_, _, kind) in zip(orders, FAULTS, strict=True)]
    assert found == sorted(
        [
            *named,
            ("lost webhook", str(lost)),
            ("document without order", "990099"),
            ("link forgotten", str(forgotten)),
            ("link broken", str(broken)),
        ]
    )
