"""What a deal says of its order: what was delivered, what is open, and until when."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from b1bridge.domain.crm_fields import DELIVERY, EXPECTED, INVOICE, OPEN
from b1bridge.domain.deal_progress import deal_of, differences, names_deal, progress
from b1bridge.domain.documents import Totals
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.standing import Standing, StandingRow

NOTHING = Money.zero("EUR")


def row(item, left, ordered=5, ship_on=date(2026, 12, 1), **facts):
    known = {"is_open": left > 0, "net": NOTHING, "tax": NOTHING, "tax_code": ""}
    known |= {"tax_rate": Decimal(0), "warehouse": "01", "ship_on": ship_on}
    return StandingRow(0, item, "", Decimal(ordered), Decimal(left), **(known | facts))


def order(*rows, kind="sales order"):
    totals = Totals(NOTHING, NOTHING, NOTHING)
    facts = (True, False, totals, NOTHING, NOTHING, rows, ())
    return Standing(Posted(kind, 1, 901), "crm/deal/5", "C1", date(2026, 11, 1), *facts)


def test_what_is_open_is_told_with_the_next_day():
    rows = (row("TEA", 3), row("MUG", 5, ship_on=date(2026, 11, 25)), row("CUP", 0))

    told = progress([order(*rows)], [order(kind="delivery")], [])

    assert told[OPEN] == "TEA 3 of 5, MUG 5 of 5"
    assert told[EXPECTED] == date(2026, 11, 25)
    assert told[DELIVERY] == "partly delivered: 901"


def test_what_is_delivered_whole_expects_nothing():
    told = progress([order(row("TEA", 0))], [order(kind="delivery")], [])

    assert told == {DELIVERY: "delivered: 901", INVOICE: "", OPEN: "", EXPECTED: None}


def test_parts_of_a_kit_are_not_told_beside_it():
    kit = (row("SET", 1, 1), row("MUG", 2, 2, is_part_of_kit=True))

    assert progress([order(*kit)], [], [])[OPEN] == "SET 1 of 1"


def test_a_long_order_ends_with_a_whole_part():
    rows = [row(f"ITEM-{number:04}", 3) for number in range(60)]

    told = progress([order(*rows)], [], [])[OPEN]

    assert len(told) <= 255
    assert told.endswith(" 3 of 5, …")


def test_only_what_differs_is_news():
    wanted = progress([order(row("TEA", 3))], [], [])
    noted = {OPEN: "TEA 3 of 5", EXPECTED: "2026-12-01", DELIVERY: None, "theirs": "x"}

    assert differences(wanted, noted) == {}
    later = progress([order(replace(row("TEA", 3), ship_on=date(2026, 12, 8)))], [], [])
    assert differences(later, noted) == {EXPECTED: date(2026, 12, 8)}


def test_a_reference_names_its_deal_in_its_own_crm_alone():
    assert deal_of("crm/deal/5+1", "crm") == Ref("crm", "deal", "5")
    assert deal_of("crm/deal/5", "other") is None
    assert deal_of("PO 7", "crm") is None
    assert not names_deal("shop/order/5")
