"""The demo company: believable, always the same, in balance, and quick to open."""

from decimal import Decimal

import pytest

from b1sim.company import clerk
from b1sim.company.company import Company


def test_it_has_goods_of_every_awkward_sort(demo):
    def some(where):
        return demo.count("Items", where)

    assert demo.count("Items") > 200
    assert some("\"ManBtchNum\" = 'Y'")
    assert some("\"ManSerNum\" = 'Y'")
    assert some("\"frozenFor\" = 'Y'")
    assert some('"OnHand" = 0')
    assert some('"ItemName" LIKE \'%"%\'')
    assert some("\"ItemName\" LIKE '%ü%'")


def test_it_has_partners_of_every_kind(demo):
    kinds = {row["CardType"] for row in demo.query("BusinessPartners", columns=["CardType"])}

    assert kinds == {"cCustomer", "cSupplier", "cLid"}


def test_its_days_are_recent_and_not_in_the_future(demo, clock):
    days = [row["DocDate"] for row in demo.query("Orders", columns=["DocDate"])]

    assert len(days) >= 100
    assert max(days) <= clock().date()
    assert (clock().date() - min(days)).days <= 90


def test_every_journal_entry_balances(demo):
    sql = "SELECT 1 FROM JDT1 GROUP BY TransId HAVING ROUND(SUM(Debit) - SUM(Credit), 6) <> 0"

    assert demo.db.execute(sql).fetchall() == []


def test_accounts_show_the_sum_of_their_entries(demo):
    sql = """SELECT COUNT(*) FROM OACT a WHERE ROUND(a.CurrTotal - COALESCE((SELECT
        SUM(Debit) - SUM(Credit) FROM JDT1 WHERE Account = a.AcctCode), 0), 4) <> 0"""

    assert demo.db.execute(sql).fetchone() == (0,)


def test_partners_owe_what_their_open_documents_say(demo):
    sums = [
        demo.db.execute(f"SELECT SUM(DocTotal - PaidToDate) FROM {table}").fetchone()[0]  # noqa: S608 - own names
        for table in ("OINV", "ODPI", "ORIN")
    ]
    on_account = demo.db.execute("SELECT SUM(OpenBal) FROM ORCT").fetchone()[0]
    owed = sums[0] + sums[1] - sums[2] - on_account
    balances = demo.db.execute("SELECT SUM(Balance) FROM OCRD").fetchone()[0]

    assert round(Decimal(str(owed)), 2) == round(Decimal(str(balances)), 2)


def test_open_balances_agree_with_open_documents(demo):
    orders = demo.db.execute("SELECT SUM(DocTotal) FROM ORDR WHERE DocStatus = 'O'").fetchone()[0]
    shown = demo.db.execute("SELECT SUM(OrdersBal) FROM OCRD").fetchone()[0]

    assert round(orders - shown, 2) == 0


def test_it_is_the_same_company_every_time(demo, clock):
    other = Company.open(clock=clock)

    same = [
        c.db.execute("SELECT SUM(DocTotal), COUNT(*) FROM OINV").fetchone() for c in (demo, other)
    ]

    other.close()
    assert same[0] == same[1]


def test_stock_can_be_joined_under_saps_names(demo):
    sql = """SELECT T0.ItemCode, T1.WhsCode, T1.OnHand - T1.IsCommited FROM OITM T0
        JOIN OITW T1 ON T1.ItemCode = T0.ItemCode WHERE T1.OnHand > 0 LIMIT 1"""

    assert demo.db.execute(sql).fetchone()[2] is not None


def test_a_company_file_keeps_documents_and_settings(tmp_path, clock):
    path = tmp_path / "company.db"
    first = Company.open(path, seed=False, name="EINS", clock=clock)
    clerk.lock_period(first, "2026-01")
    clerk.require_approval(first, "Orders", from_total="5")
    clerk.add_item(first, "A", stock="3")
    first.close()

    again = Company.open(path, clock=clock)

    kept = again.settings
    assert (kept.name, kept.locked_periods, kept.approvals[0].from_total) == (
        "EINS",
        ["2026-01"],
        "5",
    )
    assert again.read("Items", {"ItemCode": "A"})["QuantityOnStock"] == 3
    again.close()


def test_a_half_made_company_file_says_what_to_do(tmp_path, clock):
    path = tmp_path / "company.db"
    company = Company.open(path, seed=False, clock=clock)
    company.db.execute("DELETE FROM SIM_SETTINGS")
    company.close()

    with pytest.raises(ValueError, match="delete it and open a new one"):
        Company.open(path, clock=clock)


def test_users_are_known_by_their_password(demo):
    assert demo.knows_user("manager", "b1sim")
    assert not demo.knows_user("manager", "wrong")
    assert not demo.knows_user("nobody", "b1sim")


def test_it_sells_sets_assemblies_and_cases(demo):
    found = demo.query("DeliveryNotes", where='"NumAtCard" = ?', params=("PO-SETS",))[0]
    rows = [(r["ItemCode"], r["TreeType"], r["InventoryQuantity"]) for r in found["DocumentLines"]]

    assert rows == [
        ("SET-BREAKFAST", "iSalesTree", 3),
        ("MUG-NOR1", "iIngredient", 6),
        ("TEA-NOR1", "iIngredient", 3),
        ("HAMPER-EVENING", "iAssemblyTree", 1),
        ("CASE-JUICE", "iNotATree", 36),
    ]
    for name in ("StockTransfers", "InventoryGenEntries", "InventoryGenExits", "ProductTrees"):
        assert demo.count(name) > 0


def test_customers_are_called_and_hoped_for(demo):
    (call,) = demo.query("Activities")
    (chance,) = demo.query("SalesOpportunities")

    assert (call["Closed"], chance["ClosingPercentage"]) == ("tNO", 50)
