"""Batches, kits and packs through the whole hub: right rows, right stock, right total."""

from decimal import Decimal

import pytest

from b1sim.company import clerk

from .conftest import Yard

pytestmark = pytest.mark.anyio


@pytest.fixture
def invoicing(store, sap, hub):
    """Start a hub that posts invoices which move goods; options as a test says."""

    async def start(**options):
        both = {"source": "shop", "target": "books"}
        await hub.add_sync("orders", flow="order-to-invoice", **both, options=options)
        await hub.start_worker(schedule=False)
        return Yard(store, sap, hub)

    return start


def stocks_batches(sap, item, *batches):
    """Receive (number, quantity, day of expiry) of an item that is managed by batch."""
    clerk.add_item(sap.company, item, batches=True)
    for number, quantity, expires in batches:
        numbers = [{"BatchNumber": number, "Quantity": quantity, "ExpiryDate": expires}]
        row = {"ItemCode": item, "Quantity": quantity, "UnitPrice": 2, "BatchNumbers": numbers}
        sap.company.create("InventoryGenEntries", {"DocumentLines": [row]})


def kit(sap, tree, **parts):
    """Add a kit; `parts` are (quantity, list price) by item."""
    is_made = tree == "iProductionTree"
    properties = {} if is_made else {"InventoryItem": "tNO"}
    clerk.add_item(sap.company, "KIT", stock="20" if is_made else "0", **properties)
    rows = [
        {"ItemCode": item, "Quantity": quantity, "Price": price, "Currency": "EUR"}
        for item, (quantity, price) in parts.items()
    ]
    payload = {"TreeCode": "KIT", "TreeType": tree, "ProductTreeLines": rows}
    sap.company.create("ProductTrees", payload)


def cases_of_twelve(sap, item):
    """Let an item be sold by the case of twelve as well."""
    company = sap.company
    piece = company.create("UnitOfMeasurements", {"Code": "EA", "Name": "Piece"})["AbsEntry"]
    case = company.create("UnitOfMeasurements", {"Code": "CASE", "Name": "Case"})["AbsEntry"]
    rows = [{"AlternateUoM": case, "AlternateQuantity": 1, "BaseQuantity": 12}]
    group = company.create(
        "UnitOfMeasurementGroups",
        {"Code": "PC", "BaseUoM": piece, "UoMGroupDefinitionCollection": rows},
    )["AbsEntry"]
    clerk.add_item(company, item, stock="100", UoMGroupEntry=group, DefaultSalesUoMEntry=piece)


def rows_of(document):
    return [
        (row["ItemCode"], row["Quantity"], Decimal(str(row["LineTotal"])))
        for row in document["DocumentLines"]
    ]


async def only_case(yard):
    (case,) = await yard.hub.cases()
    return case


async def test_ten_pieces_are_six_of_the_batch_that_expires_first_and_four_of_the_next(
    invoicing, sap
):
    stocks_batches(sap, "CREAM", ("B2", 9, "2027-03-31"), ("B1", 6, "2027-01-31"))
    yard = await invoicing(allocate="fefo", warehouse="01")

    order = await yard.sell(("CREAM", 10, "5.00", "20"))

    assert await yard.hub.cases() == []
    (row,) = yard.document("Invoices", order)["DocumentLines"]
    taken = [(one["BatchNumber"], one["Quantity"]) for one in row["BatchNumbers"]]
    assert taken == [("B1", 6), ("B2", 4)]
    assert yard.stock("CREAM") == (5, 0)


async def test_a_row_that_runs_short_is_a_case_and_ships_once_goods_have_come(invoicing, sap):
    stocks_batches(sap, "CREAM", ("B1", 6, "2027-01-31"), ("B9", 9, "2026-11-30"))
    yard = await invoicing(allocate="fefo", shelf_life_days="30", warehouse="01")

    order = await yard.sell(("CREAM", 10, "5.00", "20"))
    other = await yard.sell(("MUG", 1, "5.00", "20"))
    case = await only_case(yard)
    assert case.reason == "BATCH_SHORT"
    assert "row 1 needs 10 of CREAM from warehouse 01" in case.message
    assert "6 in B1 (good until 2027-01-31)" in case.message
    assert "9 in B9 (good until 2026-11-30, too early)" in case.message
    assert yard.document("Invoices", other)

    clerk.receive_stock(sap.company, "CREAM", "4", cost="2", batch="B3")
    await yard.hub.retry_case(case.id, "warehouse")
    await yard.settle()

    assert await yard.hub.cases() == []
    assert yard.document("Invoices", order)["DocTotal"] == 60


@pytest.mark.parametrize(
    ("managed", "options", "reason"),
    [
        ({"batches": True}, {}, "BATCH_NEEDED"),
        ({"serials": True}, {}, "SERIAL_NEEDED"),
        ({"serials": True}, {"allocate": "fefo"}, "SERIAL_NEEDED"),
    ],
)
async def test_numbers_that_nobody_can_choose_are_a_case_at_import(
    invoicing, sap, managed, options, reason
):
    clerk.add_item(sap.company, "CREAM", **managed)
    yard = await invoicing(**options)

    await yard.sell(("CREAM", 1, "5.00", "20"))

    assert (await only_case(yard)).reason == reason


async def test_batches_are_chosen_at_delivery_where_goods_leave_later(reserving, sap):
    stocks_batches(sap, "CREAM", ("B1", 6, "2027-01-31"))

    await reserving.sell(("CREAM", 4, "5.00", "20"))

    assert await reserving.hub.cases() == []
    assert reserving.stock("CREAM") == (6, 4)


SETS = {
    "iSalesTree": [("KIT", 2, "99.80"), ("MUG", 4, "0"), ("LAMP", 2, "0")],
    "iAssemblyTree": [("KIT", 2, "99.80")],
    "iTemplateTree": [("KIT", 2, "0"), ("MUG", 4, "70.45"), ("LAMP", 2, "29.35")],
    "iProductionTree": [("KIT", 2, "99.80")],
}


@pytest.mark.parametrize("tree", SETS)
async def test_each_bill_of_materials_has_its_rows_its_stock_and_its_total(invoicing, sap, tree):
    kit(sap, tree, MUG=(2, "30.00"), LAMP=(1, "25.00"))
    yard = await invoicing()

    order = await yard.sell(("KIT", 2, "49.90", "20"))

    assert await yard.hub.cases() == []
    invoice = yard.document("Invoices", order)
    expected = [(item, quantity, Decimal(total)) for item, quantity, total in SETS[tree]]
    assert rows_of(invoice) == expected
    assert Decimal(str(invoice["DocTotal"])) == Decimal("119.76")
    assert Decimal(str(invoice["PaidToDate"])) in {Decimal(0), Decimal("119.76")}
    is_made = tree == "iProductionTree"
    assert yard.stock("MUG")[0] == (1000 if is_made else 996)
    assert yard.stock("LAMP")[0] == (1000 if is_made else 998)
    assert yard.stock("KIT")[0] == (18 if is_made else 0)


async def test_the_parts_of_a_sales_kit_may_bear_its_price(invoicing, sap):
    kit(sap, "iSalesTree", MUG=(1, "30.00"), LAMP=(1, "25.00"))
    yard = await invoicing(price_parts="true")

    order = await yard.sell(("KIT", 1, "49.90", "20"))

    assert rows_of(yard.document("Invoices", order)) == [
        ("KIT", 1, 0),
        ("MUG", 1, Decimal("27.22")),
        ("LAMP", 1, Decimal("22.68")),
    ]
    assert yard.stock("MUG") == (999, 0)


async def test_a_kit_that_holds_a_batch_is_a_case_before_anything_is_posted(invoicing, sap):
    stocks_batches(sap, "CREAM", ("B1", 6, "2027-01-31"))
    kit(sap, "iSalesTree", CREAM=(1, "30.00"), LAMP=(1, "25.00"))
    yard = await invoicing(allocate="fefo")

    await yard.sell(("KIT", 1, "49.90", "20"))

    case = await only_case(yard)
    assert (case.reason, "CREAM" in case.message) == ("BATCH_NEEDED", True)


@pytest.mark.parametrize("tree", ["iSalesTree", "iAssemblyTree", "iTemplateTree"])
async def test_a_kit_that_is_delivered_is_shown_as_the_kit_that_was_bought(yard, sap, tree):
    kit(sap, tree, MUG=(2, "30.00"), LAMP=(1, "25.00"))
    order = await yard.sell(("KIT", 3, "49.90", "20"))

    yard.deliver(order, (0, 2), TrackingNumber="A")
    await yard.look()

    assert await yard.hub.cases() == []
    assert yard.shown(order) == [({"KIT": 2}, "", "A")]


async def test_an_order_that_waits_holds_the_parts_of_its_kit_back(invoicing, sap):
    kit(sap, "iSalesTree", MUG=(2, "30.00"), LAMP=(1, "25.00"))
    clerk.lock_period(sap.company, f"{sap.clock():%Y-%m}")
    yard = await invoicing()

    await yard.sell(("KIT", 3, "49.90", "20"))

    assert (await only_case(yard)).reason == "PERIOD_LOCKED"
    held = await yard.hub._storage.memory.in_flight.quantities()  # noqa: SLF001 - no window shows it
    assert held == {"MUG": 6, "LAMP": 3}


async def test_three_cases_of_twelve_keep_their_price_and_take_thirty_six_pieces(invoicing, sap):
    cases_of_twelve(sap, "TEA")
    yard = await invoicing()
    await yard.hub.set_crosswalk("sku", "TEA-CASE", "TEA@CASE")

    order = await yard.sell(("TEA-CASE", 3, "55.00", "20"))

    assert await yard.hub.cases() == []
    invoice = yard.document("Invoices", order)
    assert rows_of(invoice) == [("TEA", 3, 165)]
    assert invoice["DocumentLines"][0]["UoMCode"] == "CASE"
    assert yard.stock("TEA") == (64, 0)


async def test_a_case_that_leaves_in_pieces_is_shown_as_the_case_that_was_bought(yard, sap):
    cases_of_twelve(sap, "TEA")
    await yard.hub.set_crosswalk("sku", "TEA-CASE", "TEA@CASE")
    order = await yard.sell(("TEA-CASE", 3, "55.00", "20"))

    yard.deliver(order, (0, 2), TrackingNumber="A")
    await yard.look()

    assert yard.shown(order) == [({"TEA-CASE": 2}, "", "A")]
    assert yard.stock("TEA") == (76, 12)


async def test_a_unit_that_the_item_is_not_sold_in_is_a_case(invoicing, sap):
    cases_of_twelve(sap, "TEA")
    yard = await invoicing()
    await yard.hub.set_crosswalk("sku", "TEA-BOX", "TEA@BOX")

    await yard.sell(("TEA-BOX", 1, "55.00", "20"))

    case = await only_case(yard)
    assert (case.reason, "'TEA-BOX' stands for TEA in the unit 'BOX'" in case.message) == (
        "UNIT",
        True,
    )


async def test_codes_that_differ_by_case_only_are_two_items(invoicing, sap):
    clerk.change_settings(sap.company, case_sensitive=True)
    clerk.add_item(sap.company, "mug", stock="10")
    yard = await invoicing()
    yard.store.adds_product("mug", 10)

    order = await yard.sell(("mug", 1, "5.00", "20"), ("MUG", 2, "5.00", "20"))

    assert [row[0] for row in rows_of(yard.document("Invoices", order))] == ["mug", "MUG"]
    assert (yard.stock("mug")[0], yard.stock("MUG")[0]) == (9, 998)


@pytest.fixture
async def chained(store, sap, hub):
    """A hub that enters sales orders and invoices them once they are paid."""
    both = {"source": "shop", "target": "books"}
    await hub.add_sync("orders", flow="order-to-sales-order", **both)
    options = {"allocate": "fefo"}
    await hub.add_sync("invoices", flow="sales-order-to-invoice", **both, options=options)
    await hub.start_worker(schedule=False)
    return Yard(store, sap, hub)


async def test_an_invoice_drawn_from_its_order_takes_batches_too(chained, sap):
    stocks_batches(sap, "CREAM", ("B2", 9, "2027-03-31"), ("B1", 6, "2027-01-31"))

    order = await chained.sell(("CREAM", 10, "5.00", "20"))

    assert await chained.hub.cases() == []
    (row,) = chained.document("Invoices", order)["DocumentLines"]
    taken = [(one["BatchNumber"], one["Quantity"]) for one in row["BatchNumbers"]]
    assert (row["BaseType"], taken) == (17, [("B1", 6), ("B2", 4)])
    assert chained.stock("CREAM") == (5, 0)


@pytest.mark.parametrize("tree", SETS)
async def test_an_invoice_drawn_from_an_order_of_a_kit_is_that_kit(chained, sap, tree):
    kit(sap, tree, MUG=(2, "30.00"), LAMP=(1, "25.00"))

    order = await chained.sell(("KIT", 2, "49.90", "20"))

    assert await chained.hub.cases() == []
    expected = [(item, quantity, Decimal(total)) for item, quantity, total in SETS[tree]]
    assert rows_of(chained.document("Invoices", order)) == expected
    is_made = tree == "iProductionTree"
    assert chained.stock("MUG") == (1000 if is_made else 996, 0)
