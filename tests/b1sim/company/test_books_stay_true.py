"""Whatever is posted, copied, paid, credited, cancelled or refused: the books stay true.

A machine draws sequences of everything that clients can do. Refusals are welcome, half-written
documents are not: after every step the ledger balances, stock does not contradict itself, and a
partner's balance is what is open of its documents. B1SIM_BOOKS_EXAMPLES digs deeper.
"""

# ruff: noqa: S608 - every name in a statement is our own

import os
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.b1sim.company.conftest import Clock

from b1sim.company import clerk
from b1sim.company.company import Company
from b1sim.company.document import load
from b1sim.company.documents.remaining import exposure
from b1sim.company.kinds import BY_TYPE, KINDS
from b1sim.company.refusals import Refusal
from b1sim.company.shape.model import ENTITY_SETS

EXAMPLES = int(os.environ.get("B1SIM_BOOKS_EXAMPLES", "120"))
STEPS = 25
BANK, FEES = "_SYS00000000201", "_SYS00000000521"
BUYERS = [("C1", "EUR"), ("C2", "EUR"), ("C2", "SEK")]
SUPPLIERS = [("V1", "EUR")]
PARTNERS = {"C1": "EUR", "C2": "##", "V1": "EUR"}
DOCUMENTS = [name for name in KINDS if name in ENTITY_SETS and name != "Drafts"]
PAID = [name for name in DOCUMENTS if KINDS[name].is_paid]
RECEIPTS = {"IncomingPayments": ("ORCT", 24, 1), "VendorPayments": ("OVPM", 46, -1)}
ACTIONS = ("Cancel", "Close", "Reopen", "CreateCancellationDocument")
INVOICE_TYPES = {13: "it_Invoice", 14: "it_CredItnote", 18: "it_PurchaseInvoice"} | {
    203: "it_DownPayment"
}

money = st.decimals("0.01", "200", places=2)
quantities = st.sampled_from(["1", "2", "3", "5", "0.5"])
lines = st.fixed_dictionaries(
    {"ItemCode": st.sampled_from(["A", "B", "LOT"]), "Quantity": quantities},
    optional={
        "UnitPrice": money,
        "DiscountPercent": st.sampled_from(["5", "33.3"]),
        "DocumentLineAdditionalExpenses": st.just([{"ExpenseCode": 2, "LineTotal": "2.51"}]),
    },
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "DiscountPercent": st.sampled_from(["3", "12.5"]),
        "DocDate": st.sampled_from(["2026-11-20", "2026-10-31"]),
        "ReserveInvoice": st.sampled_from(["tYES", "tNO"]),
        "DownPaymentType": st.sampled_from(["dptInvoice", "dptRequest"]),
        "DocumentAdditionalExpenses": st.just([{"ExpenseCode": 1, "LineTotal": "8.29"}]),
    },
)
where = st.sampled_from(["01", "02"])


class BooksMachine(RuleBasedStateMachine):
    """A company at work, with a clerk who tries everything."""

    def __init__(self):
        super().__init__()
        self.company = Company.open(seed=False, clock=Clock())
        self.books = self.company.books
        for code, currency in PARTNERS.items():
            kind = "cSupplier" if code == "V1" else "cCustomer"
            clerk.add_partner(self.company, code, currency=currency, kind=kind)
        for code, vat_group in (("A", "A20"), ("B", "A19")):
            clerk.add_item(self.company, code, stock="9", cost="4", vat_group=vat_group)
        clerk.add_item(self.company, "LOT", batches=True)
        clerk.receive_stock(self.company, "LOT", "9", cost="2", batch="L1")
        self.made: list[tuple[str, int]] = []

    def teardown(self):
        self.company.close()

    def attempt(self, call):
        """Do it or be refused; a crash fails the test."""
        try:
            return call()
        except Refusal:
            return None

    def create(self, entity_set, payload):
        made = self.attempt(lambda: self.company.create(entity_set, payload))
        if made is not None:
            self.made.append((entity_set, made["DocEntry"]))

    # -- what a client does --------------------------------------------------------------------
    @rule(
        data=st.data(),
        name=st.sampled_from(DOCUMENTS),
        rows=st.lists(lines, min_size=1, max_size=3),
        head=headers,
    )
    def post(self, data, name, rows, head):
        partner, currency = data.draw(
            st.sampled_from(SUPPLIERS if KINDS[name].is_purchase else BUYERS)
        )
        numbered = [with_batch(dict(row)) for row in rows]
        payload = {"CardCode": partner, "DocCurrency": currency, "DocumentLines": numbered}
        self.create(name, {"DocDueDate": "2026-12-01"} | payload | head)

    @precondition(lambda self: self.documents())
    @rule(data=st.data(), part=st.booleans())
    def copy(self, data, part):
        base = data.draw(st.sampled_from(self.documents()))
        kind = KINDS[base[0]]
        targets = [name for name in DOCUMENTS if kind.type in KINDS[name].bases] or DOCUMENTS
        document = self.read(base)
        base_type = {"BaseType": kind.type, "BaseEntry": base[1]}
        rows = [
            with_batch(
                base_type
                | {"BaseLine": row["LineNum"], "ItemCode": row["ItemCode"]}
                | {"Quantity": "1" if part else row["Quantity"]}
            )
            for row in document["DocumentLines"]
        ]
        head = {"CardCode": document["CardCode"], "DocCurrency": document["DocCurrency"]}
        payload = head | {"DocDueDate": "2026-12-01", "DocumentLines": rows}
        self.create(data.draw(st.sampled_from(targets)), payload)

    @rule(
        data=st.data(),
        name=st.sampled_from(list(RECEIPTS)),
        card=st.sampled_from(list(PARTNERS)),
        paid=money,
        currency=st.sampled_from([{}, {"DocCurrency": "SEK", "DocRate": "0.1"}]),
    )
    def pay(self, data, name, card, paid, currency):
        items = self.open_items(card)
        chosen = (
            st.lists(st.sampled_from(items), max_size=3, unique_by=str) if items else st.just([])
        )
        rows = [row | data.draw(applied_sums) for row in data.draw(chosen)]
        body = {"CardCode": card, "TransferAccount": BANK, "TransferSum": paid} | currency
        self.create(name, body | {"PaymentInvoices": rows})

    @rule(data=st.data(), card=st.sampled_from(list(PARTNERS)))
    def pay_what_is_open(self, data, card):
        found = self.unpaid(card)
        if found:
            name, left = data.draw(st.sampled_from(found))
            item, total = left
            body = {"CardCode": card, "TransferAccount": BANK, "TransferSum": total}
            self.create(name, body | {"PaymentInvoices": [item]})

    @rule(data=st.data(), asked=money, part=money)
    def draw_foreign_down_payment(self, data, asked, part):
        head = {"CardCode": "C2", "DocCurrency": "SEK", "DocRate": "0.1"}
        line = {"ItemCode": "A", "Quantity": "1", "UnitPrice": asked}
        made = self.attempt(
            lambda: self.company.create("DownPayments", head | {"DocumentLines": [line]})
        )
        self.made.append(("DownPayments", made["DocEntry"]))
        item = {"DocEntry": made["DocEntry"], "InvoiceType": "it_DownPayment"}
        paid = {"TransferAccount": BANK, "TransferSum": made["DocTotalFc"]}
        self.create("IncomingPayments", head | paid | {"PaymentInvoices": [item]})
        drawn = data.draw(st.sampled_from([made["DocTotalFc"], min(part, made["DocTotalFc"])]))
        draws = [{"DocEntry": made["DocEntry"], "GrossAmountToDrawFC": drawn}]
        price = data.draw(st.sampled_from([asked, "250"]))
        line = {"ItemCode": "A", "Quantity": "1", "UnitPrice": price}
        rows = {"DownPaymentsToDraw": draws, "DocumentLines": [line], "DocRate": "0.0917"}
        self.create("Invoices", head | rows)

    @rule(
        data=st.data(), kind=st.sampled_from(["dptInvoice", "dptRequest"]), asked=money, part=money
    )
    def draw_down_payment(self, data, kind, asked, part):
        line = {"ItemCode": "A", "Quantity": "1", "UnitPrice": asked}
        payload = {"CardCode": "C1", "DocumentLines": [line], "DownPaymentType": kind}
        made = self.attempt(lambda: self.company.create("DownPayments", payload))
        self.made.append(("DownPayments", made["DocEntry"]))
        item = {"DocEntry": made["DocEntry"], "InvoiceType": "it_DownPayment"}
        body = {"CardCode": "C1", "TransferAccount": BANK, "TransferSum": made["DocTotal"]}
        self.create("IncomingPayments", body | {"PaymentInvoices": [item]})
        drawn = data.draw(st.sampled_from([made["DocTotal"], min(part, made["DocTotal"])]))
        draws = [{"DocEntry": made["DocEntry"], "GrossAmountToDraw": drawn}]
        line = {"ItemCode": "B", "Quantity": "1", "UnitPrice": "250"}
        invoice = {"CardCode": "C1", "DownPaymentsToDraw": draws, "DocumentLines": [line]}
        self.create("Invoices", invoice)

    @rule(card=st.sampled_from(list(PARTNERS)), amount=money, side=st.booleans())
    def enter(self, card, amount, side):
        debit, credit = ("Debit", "Credit") if side else ("Credit", "Debit")
        rows = [{"ShortName": card, debit: amount}, {"AccountCode": FEES, credit: amount}]
        self.attempt(lambda: self.company.create("JournalEntries", {"JournalEntryLines": rows}))

    @precondition(lambda self: self.made)
    @rule(data=st.data(), action=st.sampled_from(ACTIONS))
    def act(self, data, action):
        name, entry = data.draw(st.sampled_from(self.made))
        if action in ENTITY_SETS[name].actions:
            made = self.attempt(lambda: self.company.act(name, {"DocEntry": entry}, action))
            if made is not None:
                self.made.append((name, made["DocEntry"]))

    @rule(data=st.data())
    def reverse(self, data):
        sql = "SELECT TransId FROM OJDT WHERE TransType = '30'"
        numbers = [number for (number,) in self.company.db.execute(sql)]
        if numbers:
            key = {"JdtNum": data.draw(st.sampled_from(numbers))}
            self.attempt(lambda: self.company.act("JournalEntries", key, "Cancel"))

    @precondition(lambda self: self.documents())
    @rule(data=st.data(), quantity=quantities)
    def change_rows(self, data, quantity):
        name, entry = data.draw(st.sampled_from(self.documents()))
        payload = {"DocumentLines": [{"LineNum": 0, "Quantity": quantity}]}
        self.attempt(lambda: self.company.patch(name, {"DocEntry": entry}, payload))

    @rule(item=st.sampled_from(["A", "B"]), quantity=quantities, place=where, cost=money)
    def receive(self, item, quantity, place, cost):
        clerk.receive_stock(self.company, item, quantity, warehouse=place, cost=cost)

    @rule(
        name=st.sampled_from(["InventoryGenEntries", "InventoryGenExits"]),
        item=st.sampled_from(["A", "B", "LOT"]),
        quantity=quantities,
        place=where,
    )
    def move_goods(self, name, item, quantity, place):
        row = with_batch({"ItemCode": item, "Quantity": quantity}) | {"WarehouseCode": place}
        if name in ENTITY_SETS:
            self.create(name, {"DocumentLines": [row]})

    @rule(item=st.sampled_from(["A", "B", "LOT"]), quantity=quantities)
    def transfer(self, item, quantity):
        row = with_batch({"ItemCode": item, "Quantity": quantity}) | {"WarehouseCode": "02"}
        if "StockTransfers" in ENTITY_SETS:
            self.create(
                "StockTransfers",
                {"FromWarehouse": "01", "ToWarehouse": "02", "StockTransferLines": [row]},
            )

    # -- what the books say --------------------------------------------------------------------
    def read(self, place):
        return self.company.read(place[0], {"DocEntry": place[1]})

    def sums(self, sql):
        """Return {first column: second column to the cent} without zeros."""
        rows = self.company.db.execute(sql)
        return {key: total for key, value in rows if (total := cents(value))}

    def documents(self):
        return [place for place in self.made if place[0] in DOCUMENTS]

    def unpaid(self, card):
        """List (payment to make, (what it names, what is left of that))."""
        found = []
        for name in PAID:
            kind = KINDS[name]
            for row in self.company.query(name, where='"CardCode" = ?', params=(card,)):
                left = row["DocTotal"] - row["PaidToDate"]
                item = {"DocEntry": row["DocEntry"], "InvoiceType": INVOICE_TYPES[kind.type]}
                if left:
                    payment = "IncomingPayments" if kind.sign > 0 else "VendorPayments"
                    found.append((payment, (item, left)))
        return found

    def open_items(self, card):
        """List everything a payment of this partner could name, most of it open."""
        found = [item for _, (item, _) in self.unpaid(card)]
        for table, kind, _ in RECEIPTS.values():
            sql = f"SELECT DocEntry FROM {table} WHERE CardCode = ?"
            invoice_type = {24: "it_Receipt", 46: "it_PaymentAdvice"}[kind]
            rows = self.company.db.execute(sql, (card,))
            found += [{"DocEntry": entry, "InvoiceType": invoice_type} for (entry,) in rows]
        sql = """SELECT TransId, Line_ID FROM JDT1 NATURAL JOIN
            (SELECT TransId FROM OJDT WHERE TransType = '30') WHERE ShortName = ?"""
        rows = self.company.db.execute(sql, (card,))
        kind = {"InvoiceType": "it_JournalEntry"}
        return found + [kind | {"DocEntry": entry, "DocLine": line} for entry, line in rows]

    @invariant()
    def every_entry_balances(self):
        sql = "SELECT TransId, SUM(Debit) - SUM(Credit) FROM JDT1 GROUP BY 1"
        assert self.sums(sql) == {}

    @invariant()
    def balances_are_the_sums_of_their_rows(self):
        accounts = self.sums("SELECT Account, SUM(Debit) - SUM(Credit) FROM JDT1 GROUP BY 1")
        assert self.sums("SELECT AcctCode, CurrTotal FROM OACT") == accounts
        partners = """SELECT ShortName, {} FROM JDT1
            WHERE ShortName IN (SELECT CardCode FROM OCRD) GROUP BY 1"""
        balances = self.sums("SELECT CardCode, Balance FROM OCRD")
        assert self.sums(partners.format("SUM(Debit) - SUM(Credit)")) == balances
        assert self.sums(partners.format("SUM(BalDueDeb) - SUM(BalDueCred)")) == balances

    @invariant()
    def a_partner_owes_what_is_open(self):
        owed: dict[str, Decimal] = {}
        for name in PAID:
            kind = KINDS[name]
            self.add(
                owed,
                f"""SELECT CardCode, {kind.sign} * SUM(DocTotal - PaidToDate) FROM {kind.header}
                    WHERE CANCELED = 'N' AND TransId IS NOT NULL GROUP BY 1""",
            )
        # A down payment request is no debt: what paid it waits for an invoice to draw it.
        self.add(
            owed,
            """SELECT CardCode, SUM(COALESCE(DpmAppl, 0) - PaidToDate) FROM ODPI
                WHERE CANCELED = 'N' AND TransId IS NULL GROUP BY 1""",
        )
        for table, _, sign in RECEIPTS.values():
            self.add(owed, f"SELECT CardCode, {-sign} * SUM(OpenBal) FROM {table} GROUP BY 1")
        self.add(
            owed,
            """SELECT ShortName, SUM(BalDueDeb - BalDueCred) FROM JDT1 NATURAL JOIN
                (SELECT TransId FROM OJDT WHERE TransType = '30')
                WHERE ShortName IN (SELECT CardCode FROM OCRD) GROUP BY 1""",
        )
        open_now = {card: total for card, total in owed.items() if total}
        assert self.sums("SELECT CardCode, Balance FROM OCRD") == open_now

    def add(self, owed, sql):
        for card, total in self.sums(sql).items():
            owed[card] = owed.get(card, Decimal(0)) + total

    @invariant()
    def nothing_is_settled_beyond_its_total(self):
        for name in PAID:
            sql = f"""SELECT DocEntry, 1 FROM {KINDS[name].header} WHERE CANCELED = 'N'
                AND (PaidToDate < 0 OR ROUND(PaidToDate - DocTotal, 6) > 0)"""
            assert self.sums(sql) == {}

    @invariant()
    def open_balances_are_those_of_the_open_documents(self):
        columns = {kind.balance for kind in KINDS.values() if kind.balance}
        for column in columns:
            owed: dict[str, Decimal] = {}
            for kind in BY_TYPE.values():
                if kind.balance == column:
                    self.add_exposures(owed, kind)
            open_now = {card: total for card, total in owed.items() if total}
            assert self.sums(f"SELECT CardCode, {column} FROM OCRD") == open_now

    def add_exposures(self, owed, kind):
        for (entry,) in self.company.db.execute(f"SELECT DocEntry FROM {kind.header}").fetchall():
            document = load(self.books, kind, entry)
            card = document.header["CardCode"]
            owed[card] = owed.get(card, Decimal(0)) + cents(kind.sign * exposure(document))

    @invariant()
    def stock_does_not_contradict_itself(self):
        for column in ("OnHand", "IsCommited", "OnOrder"):
            places = self.sums(f"SELECT ItemCode, SUM({column}) FROM OITW GROUP BY 1")
            assert self.sums(f"SELECT ItemCode, {column} FROM OITM") == places
            assert min(places.values(), default=0) >= 0
        batches = self.sums("SELECT ItemCode, SUM(Quantity) FROM OBTQ GROUP BY 1")
        assert batches == self.sums("SELECT ItemCode, OnHand FROM OITM WHERE ManBtchNum = 'Y'")

    @invariant()
    def promised_and_expected_is_what_orders_leave_open(self):
        promised = """SELECT ItemCode, SUM(OpenQty) FROM (
            SELECT ItemCode, OpenQty FROM RDR1 WHERE LineStatus = 'O' UNION ALL
            SELECT ItemCode, OpenQty FROM INV1 JOIN OINV USING (DocEntry)
              WHERE isIns = 'Y' AND CANCELED = 'N' AND INV1.LineStatus = 'O') GROUP BY 1"""
        assert self.sums("SELECT ItemCode, IsCommited FROM OITM") == self.sums(promised)
        expected = "SELECT ItemCode, SUM(OpenQty) FROM POR1 WHERE LineStatus = 'O' GROUP BY 1"
        assert self.sums("SELECT ItemCode, OnOrder FROM OITM") == self.sums(expected)


applied_sums = st.one_of(
    st.just({}), st.builds(lambda sum_: {"SumApplied": sum_}, st.decimals("0.01", "50", places=2))
)


def with_batch(row):
    """Say which batch a managed item comes from."""
    if row["ItemCode"] == "LOT":
        row["BatchNumbers"] = [{"BatchNumber": "L1", "Quantity": row["Quantity"]}]
    return row


def cents(value):
    return round(Decimal(str(value or 0)), 4)


TestBooksStayTrue = BooksMachine.TestCase
TestBooksStayTrue.settings = settings(
    max_examples=EXAMPLES,
    derandomize="B1SIM_BOOKS_EXAMPLES" not in os.environ,
    report_multiple_bugs=False,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
