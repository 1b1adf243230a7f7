"""Orders promise, deliveries and invoices take out, batches are named, nothing goes below zero."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

LINE = {"ItemCode": "A", "Quantity": 10}


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def test_an_order_commits_and_takes_nothing(office):
    office.post("Orders", LINE)

    assert office.stock("A") == (1000, 10)


def test_an_invoice_takes_goods_out_and_books_their_cost(office):
    invoice = office.post("Invoices", LINE)

    assert office.stock("A") == (990, 0)
    assert office.journal_of(13, invoice)["_SYS00000000501"] == 40


def test_a_delivery_releases_what_its_order_promised(office):
    order = office.post("Orders", LINE)

    office.draw("DeliveryNotes", 17, order, 4)

    assert office.stock("A") == (996, 6)


def test_an_invoice_of_a_delivery_moves_no_stock(office):
    delivery = office.post("DeliveryNotes", LINE)

    office.draw("Invoices", 15, delivery, None)

    assert office.stock("A") == (990, 0)


def test_a_reserve_invoice_promises_and_its_delivery_takes(office):
    invoice = office.post("Invoices", LINE, ReserveInvoice="tYES")
    promised = office.stock("A")

    office.draw("DeliveryNotes", 13, invoice, None)

    assert promised == (1000, 10)
    assert office.stock("A") == (990, 0)


def test_a_paid_reserve_invoice_can_still_be_delivered(office):
    invoice = office.post("Invoices", LINE, ReserveInvoice="tYES")
    office.pay((invoice, invoice["DocTotal"]), TransferSum=invoice["DocTotal"])

    office.draw("DeliveryNotes", 13, invoice, None)

    assert office.stock("A") == (990, 0)


def test_stock_below_zero_refuses_the_whole_document(office):
    clerk.set_stock(office.company, "B", "1")
    lines = [LINE, {"ItemCode": "B", "Quantity": 2}]

    refusal = refusal_of(lambda: office.post("Invoices", *lines))

    assert (refusal.code, refusal.status) == (-10, 400)
    assert "[INV1.ItemCode][line: 2]" in refusal.message
    assert office.stock("A") == (1000, 0)
    assert office.company.count("Invoices") == 0


def test_stock_may_go_below_zero_where_the_company_allows_it(office):
    clerk.change_settings(office.company, block_negative_stock=False)

    office.post("Invoices", {"ItemCode": "A", "Quantity": 1001})

    assert office.stock("A") == (-1, 0)


def test_stock_movements_do_not_touch_the_items_version(office):
    before = office.company.read("Items", {"ItemCode": "A"})["DataVersion"]

    office.post("Invoices", LINE)

    assert office.company.read("Items", {"ItemCode": "A"})["DataVersion"] == before


@pytest.fixture
def honey(office):
    clerk.add_item(office.company, "HONEY", batches=True)
    clerk.receive_stock(office.company, "HONEY", 6, cost="2", batch="B1")
    clerk.receive_stock(office.company, "HONEY", 9, cost="2", batch="B2")
    return office


def honey_line(*batches):
    rows = [{"BatchNumber": number, "Quantity": quantity} for number, quantity in batches]
    return {"ItemCode": "HONEY", "Quantity": 10, "BatchNumbers": rows}


def test_batches_that_add_up_leave_stock(honey):
    invoice = honey.post("Invoices", honey_line(("B1", 6), ("B2", 4)))

    rows = invoice["DocumentLines"][0]["BatchNumbers"]
    assert [(row["BatchNumber"], row["Quantity"]) for row in rows] == [("B1", 6), ("B2", 4)]
    left = honey.company.db.execute("SELECT Quantity FROM OBTQ ORDER BY SysNumber").fetchall()
    assert left == [(0.0,), (5.0,)]


@pytest.mark.parametrize("batches", [(), (("B1", 6),)])
def test_incomplete_batches_are_refused(honey, batches):
    refusal = refusal_of(lambda: honey.post("Invoices", honey_line(*batches)))

    assert refusal.code == -4014
    assert "complete selection of batch/serial numbers" in refusal.message


def test_a_short_batch_is_named(honey):
    refusal = refusal_of(lambda: honey.post("Invoices", honey_line(("B1", 10))))

    assert refusal.message == (
        "10001153 - Insufficient quantity for item HONEY with batch B1 in warehouse 01"
    )


def test_an_unknown_batch_is_refused(honey):
    refusal = refusal_of(lambda: honey.post("Invoices", honey_line(("NO", 10))))

    assert "Batch/serial number NO does not exist" in refusal.message


def test_an_order_needs_no_batches(honey):
    honey.post("Orders", honey_line())

    assert honey.stock("HONEY") == (15, 10)


def test_batches_on_an_unmanaged_item_are_refused(office):
    line = LINE | {"BatchNumbers": [{"BatchNumber": "B1", "Quantity": 10}]}

    assert refusal_of(lambda: office.post("Invoices", line)).code == -4014


def test_a_serial_can_leave_only_once(office):
    clerk.add_item(office.company, "SAW", serials=True)
    clerk.receive_stock(office.company, "SAW", 2, cost="50", serials=["S1", "S2"])
    line = {"ItemCode": "SAW", "SerialNumbers": [{"InternalSerialNumber": "S1"}]}
    office.post("Invoices", line)

    assert refusal_of(lambda: office.post("Invoices", line)).code == -10
    assert office.stock("SAW") == (1, 0)


def test_a_cancelled_invoice_brings_its_batches_back(honey):
    invoice = honey.post("Invoices", honey_line(("B1", 6), ("B2", 4)))

    honey.act("Invoices", invoice, "Cancel")

    left = honey.company.db.execute("SELECT Quantity FROM OBTQ ORDER BY SysNumber").fetchall()
    assert left == [(6.0,), (9.0,)]
    assert honey.stock("HONEY") == (15, 0)


_DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["Orders", "Invoices", "DeliveryNotes"]),
        st.sampled_from(["A", "B", "C"]),
        st.integers(1, 5),
        st.sampled_from(["keep", "Cancel", "draw"]),
    ),
    max_size=12,
)


@given(deeds=_DEEDS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_items_always_show_the_sum_of_their_warehouses(office, deeds):
    for entity_set, item, quantity, then in deeds:
        document = office.post(entity_set, {"ItemCode": item, "Quantity": quantity})
        if then == "Cancel":
            office.act(entity_set, document, "Cancel")
        elif then == "draw" and entity_set == "Orders":
            office.draw("DeliveryNotes", 17, document, 1)

    sql = """SELECT COUNT(*) FROM OITM i WHERE ROUND(OnHand - (SELECT SUM(OnHand) FROM OITW w
        WHERE w.ItemCode = i.ItemCode), 6) <> 0 OR ROUND(IsCommited - (SELECT SUM(IsCommited)
        FROM OITW w WHERE w.ItemCode = i.ItemCode), 6) <> 0"""
    promised = """SELECT ROUND(SUM(OpenQty), 6) FROM RDR1 WHERE LineStatus = 'O'"""
    committed = "SELECT ROUND(SUM(IsCommited), 6) FROM OITM"
    db = office.company.db
    assert db.execute(sql).fetchone() == (0,)
    assert (db.execute(promised).fetchone()[0] or 0) == db.execute(committed).fetchone()[0]
    assert office.unbalanced_entries() == []
