"""A company without life, a clock that stands still, and short ways to post."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.company import Company


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 20, 10, 30, 15, tzinfo=UTC)

    def __call__(self):
        return self.now


class Office:
    """One company with one customer and three items, and a clerk's short ways."""

    def __init__(self, clock):
        self.clock = clock
        self.company = Company.open(seed=False, clock=clock)
        clerk.add_partner(self.company, "C1", "Kunde Eins")
        for code, vat_group in (("A", "A20"), ("B", "A19"), ("C", "A20")):
            clerk.add_item(
                self.company, code, price="10.00", stock="1000", cost="4", vat_group=vat_group
            )

    def post(self, entity_set, *lines, **header):
        payload = {"CardCode": "C1", "DocumentLines": [dict(line) for line in lines]}
        if entity_set == "Orders":
            payload["DocDueDate"] = "2026-12-01"
        return self.company.create(entity_set, payload | header)

    def draw(self, entity_set, base_type, base, *quantities, **header):
        lines = [
            {"BaseType": base_type, "BaseEntry": base["DocEntry"], "BaseLine": number}
            | ({} if quantity is None else {"Quantity": quantity})
            for number, quantity in enumerate(quantities)
        ]
        return self.post(entity_set, *lines, **header)

    def read(self, entity_set, document):
        return self.company.read(entity_set, {"DocEntry": document["DocEntry"]})

    def pay(self, *sums, **payload):
        rows = [
            {"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice", "SumApplied": amount}
            for invoice, amount in sums
        ]
        body = {"CardCode": "C1", "TransferAccount": "_SYS00000000201", "PaymentInvoices": rows}
        return self.company.create("IncomingPayments", body | payload)

    def act(self, entity_set, document, action):
        return self.company.act(entity_set, {"DocEntry": document["DocEntry"]}, action)

    def stock(self, code, warehouse="01"):
        item = self.company.read("Items", {"ItemCode": code})
        rows = item["ItemWarehouseInfoCollection"]
        row = next(row for row in rows if row["WarehouseCode"] == warehouse)
        return row["InStock"], row["Committed"]

    def balance(self, account):
        return self.company.read("ChartOfAccounts", {"Code": account})["Balance"]

    def partner(self, code="C1"):
        return self.company.read("BusinessPartners", {"CardCode": code})

    def journal_of(self, object_type, document):
        """Return {account: debit - credit} of the entry of a document."""
        found = self.company.query(
            "JournalEntries",
            where='"TransType" = ? AND "CreatedBy" = ?',
            params=(str(object_type), document["DocEntry"]),
        )
        sums = {}
        for entry in found:
            for line in entry["JournalEntryLines"]:
                amount = line["Debit"] - line["Credit"]
                sums[line["AccountCode"]] = sums.get(line["AccountCode"], Decimal(0)) + amount
        return sums

    def unbalanced_entries(self):
        sql = """SELECT TransId FROM JDT1 GROUP BY TransId
            HAVING ROUND(SUM(Debit) - SUM(Credit), 6) <> 0"""
        return self.company.db.execute(sql).fetchall()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(clock):
    made = Office(clock)
    yield made
    made.company.close()


@pytest.fixture(scope="module")
def demo():
    company = Company.open(clock=Clock())
    yield company
    company.close()
