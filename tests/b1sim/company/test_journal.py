"""Journal entries that people post, and what they do to balances."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal

BANK, FEES, RECEIVABLES = "_SYS00000000201", "_SYS00000000521", "_SYS00000000101"


def refusal_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def entry(*lines, **header):
    rows = [
        ({"ShortName": name} if name == "C1" else {"AccountCode": name})
        | ({"Debit": amount} if amount > 0 else {"Credit": -amount})
        for name, amount in lines
    ]
    return {"Memo": "Payout 7", "JournalEntryLines": rows} | header


def test_an_entry_moves_its_accounts(office):
    made = office.company.create(
        "JournalEntries", entry((BANK, 97), (FEES, 3), (RECEIVABLES.replace("101", "203"), -100))
    )

    assert (office.balance(BANK), office.balance(FEES)) == (97, 3)
    assert [line["Line_ID"] for line in made["JournalEntryLines"]] == [0, 1, 2]
    assert made["OriginalJournal"] == "ttJournalEntry"


def test_references_and_memo_are_kept(office):
    made = office.company.create(
        "JournalEntries",
        entry((BANK, 5), (FEES, -5), Reference="payout/7", ReferenceDate="2026-11-01"),
    )

    assert (made["Reference"], made["Memo"]) == ("payout/7", "Payout 7")
    assert made["ReferenceDate"].isoformat() == "2026-11-01"


def test_a_partner_is_booked_through_its_control_account(office):
    made = office.company.create("JournalEntries", entry((BANK, 50), ("C1", -50)))

    assert made["JournalEntryLines"][1]["AccountCode"] == RECEIVABLES
    assert office.partner()["CurrentAccountBalance"] == -50


def test_an_unbalanced_entry_is_refused(office):
    refusal = refusal_of(
        lambda: office.company.create("JournalEntries", entry((BANK, 5), (FEES, -4)))
    )

    assert (refusal.code, refusal.status) == (-5002, 400)
    assert office.company.count("JournalEntries", '"TransType" = ?', ("30",)) == 0


@pytest.mark.parametrize(
    "line",
    [
        {"AccountCode": RECEIVABLES, "Debit": 5},
        {"AccountCode": "nowhere", "Debit": 5},
        {"ShortName": "NOBODY", "Debit": 5},
        {"AccountCode": BANK, "Debit": 5, "Credit": 5},
        {"AccountCode": BANK},
    ],
)
def test_a_row_that_cannot_be_booked_is_refused(office, line):
    payload = {"JournalEntryLines": [line, {"AccountCode": FEES, "Credit": 5}]}

    assert refusal_of(lambda: office.company.create("JournalEntries", payload)).code == -5002


def test_a_locked_period_takes_no_entry(office):
    clerk.lock_period(office.company, "2026-10")
    payload = entry((BANK, 5), (FEES, -5), ReferenceDate="2026-10-02")

    assert refusal_of(lambda: office.company.create("JournalEntries", payload)).code == -4013


def test_a_cancelled_entry_is_reversed_once(office):
    made = office.company.create("JournalEntries", entry((BANK, 5), (FEES, -5)))
    key = {"JdtNum": made["JdtNum"]}

    office.company.act("JournalEntries", key, "Cancel")

    assert office.balance(BANK) == 0
    refusal_of(lambda: office.company.act("JournalEntries", key, "Cancel"))


def test_texts_of_an_entry_may_change_and_figures_may_not(office):
    made = office.company.create("JournalEntries", entry((BANK, 5), (FEES, -5)))
    key = {"JdtNum": made["JdtNum"]}

    office.company.patch("JournalEntries", key, {"Memo": "Payout 8"})

    assert office.company.read("JournalEntries", key)["Memo"] == "Payout 8"
    refusal_of(lambda: office.company.patch("JournalEntries", key, {"ReferenceDate": "2020-01-01"}))


def test_a_foreign_row_takes_the_rate_of_its_day(office):
    clerk.set_rate(office.company, "SEK", "2026-11-20", "0.1")
    rows = [
        {"AccountCode": BANK, "FCDebit": "1000", "FCCurrency": "SEK"},
        {"AccountCode": FEES, "Credit": "100"},
    ]

    made = office.company.create("JournalEntries", {"JournalEntryLines": rows})

    line = made["JournalEntryLines"][0]
    assert (line["Debit"], line["FCDebit"], line["FCCurrency"]) == (100, 1000, "SEK")
    assert office.unbalanced_entries() == []


@pytest.mark.parametrize("currency", [{}, {"FCCurrency": "XXX"}])
def test_a_foreign_row_needs_a_currency_of_the_company(office, currency):
    rows = [{"AccountCode": BANK, "FCDebit": "1000"} | currency]

    refusal = refusal_of(
        lambda: office.company.create("JournalEntries", {"JournalEntryLines": rows})
    )

    assert "JDT1.FCCurrency" in refusal.message


def test_an_entry_that_was_paid_cannot_be_cancelled_before_the_payment(office):
    made = office.company.create("JournalEntries", entry((FEES, -50), ("C1", 50)))
    key = {"JdtNum": made["JdtNum"]}
    rows = [{"DocEntry": made["JdtNum"], "InvoiceType": "it_JournalEntry"}]
    payment = office.pay(TransferSum="50", PaymentInvoices=rows)

    refusal_of(lambda: office.company.act("JournalEntries", key, "Cancel"))
    office.act("IncomingPayments", payment, "Cancel")
    office.company.act("JournalEntries", key, "Cancel")

    assert office.partner()["CurrentAccountBalance"] == 0


def test_a_supplier_is_booked_to_payables(office):
    clerk.add_partner(office.company, "V1", kind="cSupplier")
    rows = [{"ShortName": "V1", "Credit": "5"}, {"AccountCode": FEES, "Debit": "5"}]

    made = office.company.create("JournalEntries", {"JournalEntryLines": rows})

    assert made["JournalEntryLines"][0]["AccountCode"] == "_SYS00000000102"
    assert office.balance("_SYS00000000102") == -5


def test_a_payout_clears_what_the_gateway_held(office):
    """The worked payout of correctness-rules 3.15: 699.00 arrive, both sides are 1,005.00."""
    clearing, disputed, reserves, income = (f"_SYS00000000{n}" for n in (203, 207, 206, 413))
    made = office.company.create(
        "JournalEntries",
        entry(
            (BANK, 699),
            (FEES, 31),
            ("_SYS00000000522", 15),
            (disputed, 80),
            (reserves, 60),
            (clearing, 120),
            (clearing, -1000),
            (income, -5),
        ),
    )

    assert sum(line["Debit"] for line in made["JournalEntryLines"]) == 1005
    assert office.balance(clearing) == -880
