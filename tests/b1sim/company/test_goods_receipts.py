"""Goods receipts and issues are documents: stock, cost and ledger follow them."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

STOCK, OFFSET = "_SYS00000000111", "_SYS00000000115"


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def receive(office, *lines, **header):
    return office.company.create("InventoryGenEntries", {"DocumentLines": list(lines)} | header)


def issue(office, *lines):
    return office.company.create("InventoryGenExits", {"DocumentLines": list(lines)})


def test_a_receipt_raises_stock_and_books_its_price(office):
    receipt = receive(office, {"ItemCode": "A", "Quantity": 10, "UnitPrice": 7})

    assert office.stock("A") == (1010, 0)
    assert receipt["DocTotal"] == 70
    assert office.journal_of(59, receipt) == {STOCK: 70, OFFSET: -70}


def test_a_receipt_moves_the_average_cost(office):
    receive(office, {"ItemCode": "A", "Quantity": 1000, "UnitPrice": 6})

    assert office.company.read("Items", {"ItemCode": "A"})["AvgStdPrice"] == 5


def test_a_receipt_without_price_comes_in_at_average_cost(office):
    receipt = receive(office, {"ItemCode": "A", "Quantity": 10})

    assert receipt["DocTotal"] == 40


def test_an_issue_goes_out_at_average_cost_against_its_account(office):
    line = {"ItemCode": "A", "Quantity": 10, "AccountCode": "_SYS00000000521", "UnitPrice": 99}

    made = issue(office, line)

    assert office.stock("A") == (990, 0)
    assert office.journal_of(60, made) == {STOCK: -40, "_SYS00000000521": 40}


def test_an_issue_below_zero_names_its_row(office):
    lines = [{"ItemCode": "A", "Quantity": 1}, {"ItemCode": "B", "Quantity": 1001}]

    refusal = refusal_of(lambda: issue(office, *lines))

    assert refusal.code == -10
    assert refusal.message == "Quantity falls into negative inventory  [IGE1.ItemCode][line: 2]"
    assert office.stock("A") == (1000, 0)


@pytest.mark.parametrize("action", ["Cancel", "CreateCancellationDocument"])
def test_a_cancelled_receipt_leaves_no_trace_in_stock_and_ledger(office, action):
    before = office.balance(STOCK)
    receipt = receive(office, {"ItemCode": "A", "Quantity": 10, "UnitPrice": 7})

    mirror = office.act("InventoryGenEntries", receipt, action)

    assert office.stock("A") == (1000, 0)
    assert office.balance(STOCK) == before
    assert office.read("InventoryGenEntries", receipt)["CancelStatus"] == "csYes"
    if mirror is not None:
        assert mirror["CancelStatus"] == "csCancellation"


def test_a_receipt_whose_goods_are_gone_cannot_be_cancelled(office):
    clerk.set_stock(office.company, "B", "0")
    receipt = receive(office, {"ItemCode": "B", "Quantity": 1, "UnitPrice": 7})
    office.post("Invoices", {"ItemCode": "B", "Quantity": 1})

    refusal = refusal_of(lambda: office.act("InventoryGenEntries", receipt, "Cancel"))

    assert refusal.code == -10
    assert office.read("InventoryGenEntries", receipt)["CancelStatus"] == "csNo"


def test_a_receipt_takes_texts_and_stamps_them(office):
    receipt = receive(office, {"ItemCode": "A"})

    office.company.patch(
        "InventoryGenEntries", {"DocEntry": receipt["DocEntry"]}, {"Comments": "counted"}
    )

    read = office.read("InventoryGenEntries", receipt)
    assert (read["Comments"], read["DataVersion"]) == ("counted", 2)


@pytest.mark.parametrize(
    "line",
    [
        {"Quantity": 1},
        {"ItemCode": "NO"},
        {"ItemCode": "A", "Quantity": 0},
        {"ItemCode": "A", "WarehouseCode": "99"},
        {"ItemCode": "A", "AccountCode": "99"},
        {"ItemCode": "SERVICE"},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(office, line):
    clerk.add_item(office.company, "SERVICE", InventoryItem="tNO")
    receipts = office.company.count("InventoryGenEntries")

    refusal = refusal_of(lambda: receive(office, {"ItemCode": "A"}, line))

    assert refusal.status == 400
    assert office.company.count("InventoryGenEntries") == receipts
    assert office.stock("A") == (1000, 0)


def test_a_receipt_in_a_locked_period_is_refused(office):
    clerk.lock_period(office.company, "2026-10")

    refusal = refusal_of(lambda: receive(office, {"ItemCode": "A"}, DocDate="2026-10-15"))

    assert refusal.code == -4013


def test_what_a_clerk_receives_is_a_document(office):
    clerk.receive_stock(office.company, "A", "5", cost="2")

    receipt = office.company.query("InventoryGenEntries", order_by='"DocEntry" DESC', limit=1)[0]
    line = receipt["DocumentLines"][0]
    assert (line["ItemCode"], line["Quantity"], line["LineTotal"]) == ("A", 5, 10)


def test_sql_sees_the_rows_under_saps_names(office):
    receive(office, {"ItemCode": "A", "Quantity": 3, "UnitPrice": 2})

    sql = """SELECT l.ItemCode, l.Quantity, l.Price, l.WhsCode FROM OIGN h
        JOIN IGN1 l ON l.DocEntry = h.DocEntry ORDER BY h.DocEntry DESC LIMIT 1"""
    assert office.company.db.execute(sql).fetchone() == ("A", 3.0, 2.0, "01")


@pytest.mark.parametrize("entity_set", ["InventoryGenEntries", "InventoryGenExits"])
def test_what_was_closed_opens_again(office, entity_set):
    payload = {"DocumentLines": [{"ItemCode": "A", "Quantity": 2}]}
    made = office.company.create(entity_set, payload)

    office.act(entity_set, made, "Close")
    office.act(entity_set, made, "Reopen")

    assert office.read(entity_set, made)["DocumentStatus"] == "bost_Open"


def test_freight_is_refused_loudly_and_not_dropped(office):
    freight = [{"ExpenseCode": 1, "LineTotal": 5}]

    refusal = refusal_of(
        lambda: receive(
            office, {"ItemCode": "A", "Quantity": 1}, DocumentAdditionalExpenses=freight
        )
    )

    assert refusal.status == 501
    assert office.stock("A") == (1000, 0)
