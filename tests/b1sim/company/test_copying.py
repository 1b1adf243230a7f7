"""Drawing documents from others: open quantities, closing, and what is refused."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

LINES = ({"ItemCode": "A", "Quantity": 10}, {"ItemCode": "B", "Quantity": 2})


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def test_a_partial_delivery_leaves_the_rest_open(office):
    order = office.post("Orders", *LINES)

    office.draw("DeliveryNotes", 17, order, 4)

    after = office.read("Orders", order)
    assert after["DocumentStatus"] == "bost_Open"
    assert [row["RemainingOpenQuantity"] for row in after["DocumentLines"]] == [6, 2]
    assert after["DataVersion"] > order["DataVersion"]


def test_the_last_delivery_closes_lines_and_order(office):
    order = office.post("Orders", *LINES)

    office.draw("DeliveryNotes", 17, order, None, None)

    after = office.read("Orders", order)
    assert after["DocumentStatus"] == "bost_Close"
    assert {row["LineStatus"] for row in after["DocumentLines"]} == {"bost_Close"}


def test_a_closed_base_document_is_refused(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, None, None)

    refusal = refusal_of(lambda: office.draw("DeliveryNotes", 17, order, 1))

    assert (refusal.code, refusal.status) == (-10, 400)
    assert refusal.message == "One of the base documents has already been closed "


def test_prices_taxes_and_cents_travel_from_order_to_invoice(office):
    order = office.post(
        "Orders",
        {"ItemCode": "A", "Quantity": 3, "LineTotal": "49.97", "VatGroup": "A7"},
        {"ItemCode": "B", "Quantity": 1, "PriceAfterVAT": "27.90"},
    )

    invoice = office.draw("Invoices", 17, order, None, None)

    assert invoice["DocTotal"] == order["DocTotal"]
    assert invoice["VatSum"] == order["VatSum"]
    assert [row["VatGroup"] for row in invoice["DocumentLines"]] == ["A7", "A19"]


def test_another_partners_order_is_refused(office):
    clerk.add_partner(office.company, "C2")
    order = office.post("Orders", *LINES)

    refusal = refusal_of(lambda: office.draw("DeliveryNotes", 17, order, 1, CardCode="C2"))

    assert refusal.message == "Base document card and target document card do not match."


def test_another_item_than_the_base_has_is_refused(office):
    order = office.post("Orders", *LINES)
    line = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0, "ItemCode": "C"}

    assert refusal_of(lambda: office.post("DeliveryNotes", line)).code == -5002


def test_a_base_that_does_not_exist_is_refused(office):
    line = {"BaseType": 17, "BaseEntry": 999, "BaseLine": 0}

    assert "[DLN1.BaseEntry]" in refusal_of(lambda: office.post("DeliveryNotes", line)).message


def test_more_than_is_open_passes_unless_the_company_blocks_it(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, 12)
    clerk.change_settings(office.company, block_over_base_quantity=True)
    second = office.post("Orders", *LINES)

    assert refusal_of(lambda: office.draw("DeliveryNotes", 17, second, 12)).code == -10


def test_the_partner_shows_what_is_still_open(office):
    order = office.post("Orders", {"ItemCode": "A", "Quantity": 10})
    ordered = office.partner()["OpenOrdersBalance"]

    delivery = office.draw("DeliveryNotes", 17, order, 4)
    partner = office.partner()
    office.draw("Invoices", 15, delivery, None)

    assert ordered == 120
    assert (partner["OpenOrdersBalance"], partner["OpenDeliveryNotesBalance"]) == (72, 48)
    assert office.partner()["OpenDeliveryNotesBalance"] == 0
    assert office.partner()["CurrentAccountBalance"] == Decimal(48)


def test_a_cancelled_order_is_closed_and_promises_nothing(office):
    order = office.post("Orders", *LINES)

    office.act("Orders", order, "Cancel")

    after = office.read("Orders", order)
    assert (after["Cancelled"], after["CancelStatus"]) == ("tYES", "csYes")
    assert after["DocumentStatus"] == "bost_Close"
    assert office.stock("A") == (1000, 0)
    assert office.partner()["OpenOrdersBalance"] == 0


def test_a_closed_order_is_not_cancelled_but_promises_nothing(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, 4)

    office.act("Orders", order, "Close")

    after = office.read("Orders", order)
    assert (after["Cancelled"], after["DocumentStatus"]) == ("tNO", "bost_Close")
    assert office.stock("A") == (996, 0)
    assert office.partner()["OpenOrdersBalance"] == 0


def test_an_order_with_a_delivery_cannot_be_cancelled(office):
    order = office.post("Orders", *LINES)
    office.draw("DeliveryNotes", 17, order, 4)

    assert refusal_of(lambda: office.act("Orders", order, "Cancel")).status == 400


def test_cancelling_a_delivery_makes_a_mirror_and_reopens_the_order(office):
    order = office.post("Orders", *LINES)
    delivery = office.draw("DeliveryNotes", 17, order, None, None)

    mirror = office.act("DeliveryNotes", delivery, "CreateCancellationDocument")

    assert mirror["CancelStatus"] == "csCancellation"
    assert office.read("DeliveryNotes", delivery)["CancelStatus"] == "csYes"
    assert office.read("Orders", order)["DocumentStatus"] == "bost_Open"
    assert office.stock("A") == (1000, 10)
    assert office.balance("_SYS00000000501") == 0


def test_cancelling_an_invoice_reverses_the_ledger(office):
    invoice = office.post("Invoices", *LINES)

    office.act("Invoices", invoice, "Cancel")

    assert office.partner()["CurrentAccountBalance"] == 0
    assert office.balance("_SYS00000000401") == 0
    assert office.unbalanced_entries() == []


def test_a_document_is_cancelled_once(office):
    invoice = office.post("Invoices", *LINES)
    office.act("Invoices", invoice, "Cancel")

    assert refusal_of(lambda: office.act("Invoices", invoice, "Cancel")).status == 400
