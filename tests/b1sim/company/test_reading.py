"""Reading: filters over SAP's columns, windows, chosen properties, rows in one query each."""

import pytest

from b1sim.company.refusals import Refusal
from b1sim.company.shape.model import ENTITY_SETS


def test_a_filter_uses_saps_columns_and_an_index(office):
    office.post("Orders", {"ItemCode": "A"}, NumAtCard="web/1")
    office.post("Orders", {"ItemCode": "A"}, NumAtCard="web/2")

    found = office.company.query("Orders", where='"NumAtCard" = ?', params=("web/2",))

    assert [row["NumAtCard"] for row in found] == ["web/2"]
    plan = office.company.db.execute(
        "EXPLAIN QUERY PLAN SELECT DocEntry FROM ORDR WHERE NumAtCard = 'web/2'"
    ).fetchall()
    assert "ORDR_REF" in plan[0][-1]


def test_windows_and_order(demo):
    first = demo.query("Items", order_by='"ItemCode" DESC', limit=2, columns=["ItemCode"])
    next_one = demo.query("Items", order_by='"ItemCode" DESC', limit=1, offset=1)

    assert first[1]["ItemCode"] == next_one[0]["ItemCode"]
    assert demo.query("Items", limit=0) == []


def test_only_chosen_properties_and_no_rows(demo):
    found = demo.query(
        "Invoices", limit=1, columns=["DocNum", "OriginalRefNo"], with_collections=[]
    )

    assert found == [{"DocNum": 1, "OriginalRefNo": None}]


def test_an_unknown_property_cannot_be_chosen(demo):
    with pytest.raises(Refusal, match="Property 'DocStatus' of 'Document' is invalid"):
        demo.query("Invoices", columns=["DocStatus"])


def test_rows_of_many_documents_come_in_a_few_queries(demo):
    demo.query("Invoices", limit=1)  # from here on the company knows who asks
    statements = []
    demo.db.set_trace_callback(statements.append)

    found = demo.query("Invoices", limit=100)

    demo.db.set_trace_callback(None)
    assert len(found) == 100
    assert all(invoice["DocumentLines"] for invoice in found)
    shelves = ENTITY_SETS["Invoices"].collections.values()
    tables = 1 + len(shelves) + sum(len(shelf.collections) for shelf in shelves)
    assert len(statements) <= tables


def test_counting(demo):
    total = demo.count("Orders")
    still_open = demo.count("Orders", '"DocStatus" = ?', ("O",))

    assert 0 < still_open < total


def test_every_set_can_be_read_whole(demo):
    for name in ENTITY_SETS:
        rows = demo.query(name, limit=3)
        assert all(set(ENTITY_SETS[name].key) <= row.keys() for row in rows)


def test_several_writes_are_one_in_a_transaction(office):
    def both():
        with office.company.transaction():
            office.post("Orders", {"ItemCode": "A"})
            office.post("Orders", {"ItemCode": "NOPE"})

    with pytest.raises(Refusal):
        both()
    assert office.company.count("Orders") == 0
    assert office.stock("A") == (1000, 0)


def test_a_caught_refusal_inside_a_transaction_spoils_nothing_else(office):
    with office.company.transaction():
        office.post("Orders", {"ItemCode": "A"})
        with pytest.raises(Refusal):
            office.post("Orders", {"ItemCode": "NOPE"})

    assert office.company.count("Orders") == 1
