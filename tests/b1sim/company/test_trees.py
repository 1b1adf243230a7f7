"""Bills of materials: sets open into rows, assemblies move components, products are stocked."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def tree(office, kind, *components, code="KIT", **item):
    clerk.add_item(office.company, code, price="49.90", InventoryItem="tNO", **item)
    rows = [{"ItemCode": part, "Quantity": quantity} for part, quantity in components]
    payload = {"TreeCode": code, "TreeType": kind, "ProductTreeLines": rows}
    return office.company.create("ProductTrees", payload)


@pytest.fixture
def kit(office):
    tree(office, "iSalesTree", ("A", 2), ("B", 1))
    return office


def shown(document):
    return [
        (row["ItemCode"], row["Quantity"], row["LineTotal"], row["TreeType"], row["ParentLineNum"])
        for row in document["DocumentLines"]
    ]


def test_the_item_shows_what_kind_of_tree_it_heads(kit):
    def kind():
        return kit.company.read("Items", {"ItemCode": "KIT"})["TreeType"]

    made = kind()
    kit.company.delete("ProductTrees", {"TreeCode": "KIT"})

    assert (made, kind()) == ("iSalesTree", "iNotATree")


def test_a_set_carries_the_price_and_its_components_leave_stock(kit):
    invoice = kit.post("Invoices", {"ItemCode": "KIT", "Quantity": 3})

    assert shown(invoice) == [
        ("KIT", 3, Decimal("149.70"), "iSalesTree", None),
        ("A", 6, 0, "iIngredient", 0),
        ("B", 3, 0, "iIngredient", 0),
    ]
    assert invoice["DocTotal"] == Decimal("179.64")
    assert kit.stock("A") == (994, 0)
    assert kit.stock("B") == (997, 0)
    assert kit.journal_of(13, invoice)["_SYS00000000501"] == 36


def test_rows_after_a_set_are_numbered_on(kit):
    order = kit.post("Orders", {"ItemCode": "KIT"}, {"ItemCode": "C"}, {"ItemCode": "KIT"})

    rows = [(r["LineNum"], r["ItemCode"], r["ParentLineNum"]) for r in order["DocumentLines"]]
    assert rows == [
        (0, "KIT", None),
        (1, "A", 0),
        (2, "B", 0),
        (3, "C", None),
        (4, "KIT", None),
        (5, "A", 4),
        (6, "B", 4),
    ]


def test_a_set_drawn_from_its_order_brings_its_components(kit):
    order = kit.post("Orders", {"ItemCode": "KIT", "Quantity": 2})
    promised = kit.stock("A")

    kit.draw("DeliveryNotes", 17, order, 1)
    partly = kit.stock("A")
    kit.draw("DeliveryNotes", 17, order, None)

    assert promised == (1000, 4)
    assert partly == (998, 2)
    assert kit.stock("A") == (996, 0)
    assert kit.read("Orders", order)["DocumentStatus"] == "bost_Close"


def test_components_that_are_drawn_by_name_are_not_drawn_twice(kit):
    order = kit.post("Orders", {"ItemCode": "KIT", "Quantity": 2})

    delivery = kit.draw("DeliveryNotes", 17, order, None, None, None)

    rows = [(row["ItemCode"], row["ParentLineNum"]) for row in delivery["DocumentLines"]]
    assert rows == [("KIT", None), ("A", 0), ("B", 0)]
    assert kit.stock("A") == (996, 0)


def test_components_that_were_sent_stand_for_themselves(kit):
    clerk.add_item(kit.company, "HONEY", batches=True)
    clerk.receive_stock(kit.company, "HONEY", 6, cost="2", batch="B1")
    component = {"ItemCode": "HONEY", "TreeType": "iIngredient", "LineTotal": 0}
    batches = {"BatchNumbers": [{"BatchNumber": "B1", "Quantity": 1}]}

    invoice = kit.post("Invoices", {"ItemCode": "KIT"}, component | batches)

    assert [row["ItemCode"] for row in invoice["DocumentLines"]] == ["KIT", "HONEY"]
    assert kit.stock("HONEY") == (5, 0)


def test_a_set_without_enough_of_a_component_is_refused(kit):
    clerk.set_stock(kit.company, "B", "1")

    refusal = refusal_of(lambda: kit.post("Invoices", {"ItemCode": "KIT", "Quantity": 2}))

    assert (refusal.code, "[line: 3]" in refusal.message) == (-10, True)


def test_some_set_ups_deliver_the_set_itself_and_fall_below_zero(kit):
    clerk.change_settings(kit.company, sales_sets="parent")

    refusal = refusal_of(lambda: kit.post("DeliveryNotes", {"ItemCode": "KIT"}))

    assert refusal.message == "Quantity falls into negative inventory  [DLN1.ItemCode][line: 1]"


def test_an_assembly_is_one_row_and_its_components_leave_stock(office):
    tree(office, "iAssemblyTree", ("A", 2), ("B", 1))

    order = office.post("Orders", {"ItemCode": "KIT", "Quantity": 3})
    promised = office.stock("A")
    invoice = office.draw("Invoices", 17, order, None)

    assert shown(invoice) == [("KIT", 3, Decimal("149.70"), "iAssemblyTree", None)]
    assert promised == (1000, 6)
    assert office.stock("A") == (994, 0)
    assert office.stock("B") == (997, 0)
    assert office.journal_of(13, invoice)["_SYS00000000501"] == 36
    office.act("Invoices", invoice, "Cancel")
    assert office.stock("A") == (1000, 6)


def test_a_template_opens_into_rows_that_may_change(office):
    tree(office, "iTemplateTree", ("A", 2), ("B", 1))

    order = office.post("Orders", {"ItemCode": "KIT", "Quantity": 2, "UnitPrice": 0})

    totals = [(row["ItemCode"], row["LineTotal"]) for row in order["DocumentLines"]]
    assert totals == [("KIT", 0), ("A", 40), ("B", 20)]


def test_a_product_is_stocked_itself(office):
    rows = [{"ItemCode": "B", "Quantity": 2}]
    payload = {"TreeCode": "A", "TreeType": "iProductionTree", "ProductTreeLines": rows}
    office.company.create("ProductTrees", payload)

    office.post("Invoices", {"ItemCode": "A", "Quantity": 1})

    assert (office.stock("A"), office.stock("B")) == ((999, 0), (1000, 0))


def test_a_tree_for_several_pieces_is_shared_out(office):
    tree(office, "iSalesTree", ("A", 1))
    office.company.patch("ProductTrees", {"TreeCode": "KIT"}, {"Quantity": 4})

    order = office.post("Orders", {"ItemCode": "KIT", "Quantity": 2})

    assert order["DocumentLines"][1]["Quantity"] == 0.5


@pytest.mark.parametrize(
    "payload",
    [
        {"TreeCode": "NO", "ProductTreeLines": [{"ItemCode": "A"}]},
        {"TreeCode": "A", "ProductTreeLines": []},
        {"TreeCode": "A", "ProductTreeLines": [{"ItemCode": "NO"}]},
        {"TreeCode": "A", "ProductTreeLines": [{"ItemCode": "A"}]},
        {"TreeCode": "A", "ProductTreeLines": [{"ItemCode": "B", "Quantity": 0}]},
        {"TreeCode": "A", "TreeType": "iNotATree", "ProductTreeLines": [{"ItemCode": "B"}]},
    ],
)
def test_a_tree_that_cannot_be_is_refused(office, payload):
    refusal = refusal_of(lambda: office.company.create("ProductTrees", payload))

    assert refusal.status == 400
    assert office.company.count("ProductTrees") == 0
    assert office.company.read("Items", {"ItemCode": "A"})["TreeType"] == "iNotATree"


def test_an_assembly_that_was_sold_keeps_its_components(office):
    tree(office, "iAssemblyTree", ("A", 2))
    office.post("Orders", {"ItemCode": "KIT"})

    call = lambda: office.company.delete("ProductTrees", {"TreeCode": "KIT"})  # noqa: E731

    assert refusal_of(call).code == -10


def test_an_order_with_a_set_can_be_changed(kit):
    order = kit.post("Orders", {"ItemCode": "KIT", "Quantity": 2})

    rows = {"DocumentLines": [{"LineNum": 2, "Quantity": 5}]}
    kit.company.patch("Orders", {"DocEntry": order["DocEntry"]}, rows)

    after = [(r["ItemCode"], r["Quantity"]) for r in kit.read("Orders", order)["DocumentLines"]]
    assert after == [("KIT", 2), ("A", 4), ("B", 5)]
    assert kit.stock("B") == (1000, 5)


def test_a_clerk_adds_a_set_in_one_word(office):
    clerk.add_item(office.company, "DUO", InventoryItem="tNO")

    clerk.add_tree(office.company, "DUO", {"A": "1", "B": "2"})

    order = office.post("Orders", {"ItemCode": "DUO"})
    assert [row["Quantity"] for row in order["DocumentLines"]] == [1, 1, 2]


def test_a_set_that_is_bought_stays_one_row(kit):
    clerk.add_partner(kit.company, "V1", kind="cSupplier")

    made = kit.post("PurchaseOrders", {"ItemCode": "KIT", "UnitPrice": 20}, CardCode="V1")

    assert [row["ItemCode"] for row in made["DocumentLines"]] == ["KIT"]
