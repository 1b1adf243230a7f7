"""Whatever moves, the warehouse tells one story: sums, batches, bins, promises and documents agree.

A machine receives, issues, transfers, sells, returns and cancels, with plain goods, goods by batch
and serial, sets and cases, in a warehouse with bins and one without. Refusals are welcome;
B1SIM_BOOKS_EXAMPLES digs deeper.
"""

# ruff: noqa: S608 - every name in a statement is our own

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.b1sim.company.conftest import Clock

from b1sim.company import clerk
from b1sim.company.company import Company
from b1sim.company.goods.kinds import ISSUE, RECEIPT
from b1sim.company.kinds import KINDS
from b1sim.company.refusals import Refusal

EXAMPLES = int(os.environ.get("B1SIM_BOOKS_EXAMPLES", "40"))
MOVING = ["DeliveryNotes", "Invoices", "Returns", "CreditNotes", "PurchaseDeliveryNotes"]
GOODS = ["A", "B", "LOT", "SAW", "CUP"]
WAREHOUSES = ["01", "02"]
DRAWN = {"Orders": (17, ["DeliveryNotes", "Invoices"]), "DeliveryNotes": (15, ["Returns"])}
DRAWN |= {"Returns": (16, ["CreditNotes"]), "Invoices": (13, ["CreditNotes"])}

items = st.sampled_from([*GOODS, "SET", "CRATE"])
goods = st.sampled_from(GOODS)
places = st.sampled_from(WAREHOUSES)
quantities = st.integers(1, 4)
lots = st.sampled_from(["L1", "L2"])
units = st.sampled_from([1, 2])


class GoodsMachine(RuleBasedStateMachine):
    """A warehouse at work, where everything is tried."""

    def __init__(self):
        super().__init__()
        self.company = Company.open(seed=False, clock=Clock())
        clerk.add_partner(self.company, "C1")
        clerk.add_partner(self.company, "V1", kind="cSupplier")
        bins = {"EnableBinLocations": "tYES"}
        self.company.patch("Warehouses", {"WarehouseCode": "02"}, bins)
        rack = {"Warehouse": "02", "Sublevel1": "R1"}
        self.rack = self.company.create("BinLocations", rack)["AbsEntry"]
        for code in ("A", "B"):
            clerk.add_item(self.company, code, stock="9", cost="4")
        clerk.add_item(self.company, "LOT", batches=True)
        clerk.add_item(self.company, "SAW", serials=True)
        clerk.add_item(self.company, "CUP", UoMGroupEntry=1, cost="2")
        self.add_tree("SET", "iSalesTree")
        self.add_tree("CRATE", "iAssemblyTree")
        self.serials = 0
        self.made = []

    def teardown(self):
        self.company.close()

    def add_tree(self, code, kind):
        clerk.add_item(self.company, code, InventoryItem="tNO")
        rows = [{"ItemCode": "A", "Quantity": 2}, {"ItemCode": "B", "Quantity": 1}]
        payload = {"TreeCode": code, "TreeType": kind, "ProductTreeLines": rows}
        self.company.create("ProductTrees", payload)

    def create(self, entity_set, payload):
        """Post it or be refused; a crash fails the test."""
        try:
            made = self.company.create(entity_set, payload)
        except Refusal:
            return
        self.made.append((entity_set, made["DocEntry"]))

    def row(self, item, quantity, place, lot, *, fresh=False, unit=1):
        """Name everything a row needs, as often as not with what does not fit."""
        row = {"ItemCode": item, "Quantity": quantity, "WarehouseCode": place}
        if item == "LOT":
            row["BatchNumbers"] = [{"BatchNumber": lot, "Quantity": quantity}]
        if item == "SAW":
            first = self.serials if fresh else 0
            numbers = range(first + 1, first + quantity + 1)
            self.serials += quantity if fresh else 0
            row["SerialNumbers"] = [{"InternalSerialNumber": f"S{n}"} for n in numbers]
        if item == "CUP":
            row["UoMEntry"] = unit
        return row

    # -- what clients and clerks do --------------------------------------------------------------
    @rule(item=goods, quantity=quantities, place=places, lot=lots, into_rack=st.booleans())
    def receive(self, item, quantity, place, lot, into_rack):
        row = self.row(item, quantity, place, lot, fresh=True)
        if place == "02" and into_rack and item in ("A", "B"):
            bins = [{"BinAbsEntry": self.rack, "Quantity": quantity}]
            row["DocumentLinesBinAllocations"] = bins
        self.create("InventoryGenEntries", {"DocumentLines": [row | {"UnitPrice": "3"}]})

    @rule(item=goods, quantity=quantities, place=places, lot=lots)
    def issue(self, item, quantity, place, lot):
        self.create("InventoryGenExits", {"DocumentLines": [self.row(item, quantity, place, lot)]})

    @rule(item=goods, quantity=quantities, places=st.permutations(WAREHOUSES), lot=lots)
    def transfer(self, item, quantity, places, lot):
        row = self.row(item, quantity, places[0], lot) | {"FromWarehouseCode": places[1]}
        self.create("StockTransfers", {"StockTransferLines": [row]})

    @rule(item=goods, quantity=quantities)
    def ask(self, item, quantity):
        row = {"ItemCode": item, "Quantity": quantity, "WarehouseCode": "02"}
        payload = {"FromWarehouse": "01", "StockTransferLines": [row]}
        self.create("InventoryTransferRequests", payload)

    @rule(
        name=st.sampled_from(["Orders", *MOVING]),
        item=items,
        quantity=quantities,
        place=places,
        lot=lots,
        unit=units,
    )
    def sell(self, name, item, quantity, place, lot, unit):
        rows = [self.row(item, quantity, place, lot, unit=unit)]
        partner = "V1" if name.startswith("Purchase") else "C1"
        payload = {"CardCode": partner, "DocDueDate": "2026-12-01", "DocumentLines": rows}
        self.create(name, payload)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), quantity=quantities, lot=lots)
    def draw(self, data, quantity, lot):
        name, entry = data.draw(st.sampled_from(self.made))
        if name == "InventoryTransferRequests":
            base = {"BaseType": "InventoryTransferRequest", "BaseEntry": entry, "BaseLine": 0}
            self.create("StockTransfers", {"StockTransferLines": [base | {"Quantity": quantity}]})
        if name not in DRAWN:
            return
        base_type, targets = DRAWN[name]
        line = self.company.read(name, {"DocEntry": entry})["DocumentLines"][0]
        row = self.row(line["ItemCode"], quantity, line["WarehouseCode"], lot)
        row |= {"BaseType": base_type, "BaseEntry": entry, "BaseLine": 0}
        row.pop("UoMEntry", None)
        payload = {"CardCode": "C1", "DocumentLines": [row]}
        self.create(data.draw(st.sampled_from(targets)), payload)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), action=st.sampled_from(["Cancel", "Close", "Reopen"]))
    def act(self, data, action):
        name, entry = data.draw(st.sampled_from(self.made))
        try:
            self.company.act(name, {"DocEntry": entry}, action)
        except Refusal:
            return

    # -- what the warehouse says -----------------------------------------------------------------
    def sums(self, sql):
        """Return {key: quantity} without zeros; the last column is the quantity."""
        rows = self.company.db.execute(sql)
        return {tuple(row[:-1]): total for row in rows if (total := round(row[-1] or 0, 6))}

    @invariant()
    def an_item_is_the_sum_of_its_warehouses_and_never_negative(self):
        for column in ("OnHand", "IsCommited", "OnOrder"):
            places = self.sums(f"SELECT ItemCode, SUM({column}) FROM OITW GROUP BY 1")
            assert self.sums(f"SELECT ItemCode, {column} FROM OITM") == places
            assert not self.sums(f"SELECT ItemCode, WhsCode, {column} FROM OITW WHERE {column} < 0")

    @invariant()
    def what_lies_there_is_what_documents_moved(self):
        moved = [
            f"""SELECT ItemCode, WhsCode, MovedQty FROM {kind.lines} l JOIN {kind.header} h
                ON h.DocEntry = l.DocEntry WHERE h.CANCELED = 'N'"""
            for kind in (*KINDS.values(), RECEIPT, ISSUE)
            if kind.moves
        ]
        in_base = " UNION ALL ".join(moved)
        opened = f"""SELECT COALESCE(t.Code, m.ItemCode), WhsCode, MovedQty * COALESCE(Quantity, 1)
            FROM ({in_base}) m LEFT JOIN ITT1 t ON t.Father = m.ItemCode AND m.ItemCode = 'CRATE'"""
        carried = """SELECT ItemCode, WhsCode, InvQty FROM WTR1 UNION ALL
            SELECT ItemCode, FromWhsCod, -InvQty FROM WTR1"""
        columns = "(SELECT NULL AS ItemCode, NULL AS WhsCode, 0 AS Quantity WHERE 0)"
        everything = f"SELECT * FROM {columns} UNION ALL {opened} UNION ALL {carried}"
        found = self.sums(
            f"SELECT ItemCode, WhsCode, SUM(Quantity) FROM ({everything}) GROUP BY 1, 2"
        )
        assert self.sums("SELECT ItemCode, WhsCode, OnHand FROM OITW") == found

    @invariant()
    def batches_and_serials_add_up_to_the_stock_of_their_warehouse(self):
        for held, managed in (("OBTQ", "ManBtchNum"), ("OSRQ", "ManSerNum")):
            there = self.sums(f"SELECT ItemCode, WhsCode, SUM(Quantity) FROM {held} GROUP BY 1, 2")
            stock = f"""SELECT w.ItemCode, w.WhsCode, w.OnHand FROM OITW w JOIN OITM i
                ON i.ItemCode = w.ItemCode WHERE i.{managed} = 'Y'"""
            assert there == self.sums(stock)
            assert not self.sums(f"SELECT ItemCode, Quantity FROM {held} WHERE Quantity < 0")

    @invariant()
    def bins_add_up_to_the_stock_of_a_warehouse_with_bins(self):
        in_bins = self.sums("SELECT ItemCode, WhsCode, SUM(OnHandQty) FROM OIBQ GROUP BY 1, 2")
        assert in_bins == self.sums(
            "SELECT ItemCode, WhsCode, OnHand FROM OITW WHERE WhsCode = '02'"
        )
        for names, held, binned in (("OBTN", "OBTQ", "OBBQ"), ("OSRN", "OSRQ", "OSBQ")):
            by_number = f"SELECT SnBMDAbs, SUM(OnHandQty) FROM {binned} GROUP BY 1"
            there = f"""SELECT n.AbsEntry, q.Quantity FROM {held} q JOIN {names} n
                ON n.ItemCode = q.ItemCode AND n.SysNumber = q.SysNumber WHERE q.WhsCode = '02'"""
            assert self.sums(by_number) == self.sums(there)

    @invariant()
    def promised_is_what_is_open(self):
        opened = """SELECT ItemCode, OpenInvQty FROM RDR1 WHERE LineStatus = 'O' UNION ALL
            SELECT ItemCode, OpenInvQty FROM WTQ1 WHERE LineStatus = 'O'"""
        promised = f"""SELECT COALESCE(t.Code, o.ItemCode), SUM(OpenInvQty * COALESCE(Quantity, 1))
            FROM ({opened}) o LEFT JOIN ITT1 t ON t.Father = o.ItemCode AND o.ItemCode = 'CRATE'
            WHERE o.ItemCode <> 'SET' GROUP BY 1"""
        assert self.sums("SELECT ItemCode, IsCommited FROM OITM") == self.sums(promised)


GoodsMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestGoodsStayTrue = GoodsMachine.TestCase
