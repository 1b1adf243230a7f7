"""What two people changed is brought together field by field, or told apart."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.merge import merge, same

FIELDS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3) | st.none(), max_size=4)


def applied(fields, changes):
    return {**fields, **changes}


@given(base=FIELDS, mine=FIELDS, theirs=FIELDS)
def test_nobodys_change_is_lost(base, mine, theirs):
    theirs = applied(base, theirs)

    merged = merge(base, mine, theirs)

    result = applied(theirs, merged.changes)
    in_conflict = {conflict.name for conflict in merged.conflicts}
    for name in result:
        if name in in_conflict:
            assert result[name] == theirs[name] != mine[name]
        elif name in mine and mine[name] != base.get(name, "absent"):
            assert result[name] == mine[name]
        else:
            assert result[name] == theirs.get(name)
    assert in_conflict == {
        name for name in mine if name in base and len({base[name], theirs[name], mine[name]}) == 3
    }


@given(base=FIELDS, mine=FIELDS)
def test_when_nobody_else_changed_anything_there_is_no_conflict(base, mine):
    assert merge(base, mine, base).conflicts == []


def test_rows_are_known_by_their_identity_not_by_their_place():
    base = [{"LineNum": 0, "Quantity": 1}, {"LineNum": 1, "Quantity": 5, "Text": "x"}]
    theirs = [{"LineNum": 1, "Quantity": 5, "Text": "y"}, {"LineNum": 0, "Quantity": 9}]
    mine = [{"LineNum": 1, "Quantity": 6}]

    merged = merge({"DocumentLines": base}, {"DocumentLines": mine}, {"DocumentLines": theirs})

    assert merged.changes == {"DocumentLines": [{"LineNum": 1, "Quantity": 6}]}
    assert merged.conflicts == []


def test_a_conflict_names_the_row_the_field_and_all_three_values():
    base = {"DocumentLines": [{"LineNum": 0, "Quantity": 1}]}
    mine = {"DocumentLines": [{"LineNum": 0, "Quantity": 2}]}
    theirs = {"DocumentLines": [{"LineNum": 0, "Quantity": 3}]}

    (conflict,) = merge(base, mine, theirs).conflicts

    told = "DocumentLines[LineNum=0].Quantity was 1, I set 2, it is 3 now"
    assert str(conflict) == told


def test_a_row_that_somebody_removed_is_a_conflict():
    base = {"BPAddresses": [{"RowNum": 3, "City": "Ulm"}]}
    mine = {"BPAddresses": [{"RowNum": 3, "City": "Bonn"}]}

    (conflict,) = merge(base, mine, {"BPAddresses": []}).conflicts

    assert conflict.name == "BPAddresses[RowNum=3]"


def test_a_row_without_identity_is_new():
    new = {"City": "Bonn", "AddressName": "2"}

    merged = merge({"BPAddresses": []}, {"BPAddresses": [new]}, {"BPAddresses": []})

    assert merged.changes == {"BPAddresses": [new]}


def test_inside_a_complex_value_only_my_field_is_sent():
    base = {"AddressExtension": {"ShipToCity": "Ulm", "ShipToZipCode": "1"}}
    theirs = {"AddressExtension": {"ShipToCity": "Ulm", "ShipToZipCode": "2"}}
    mine = {"AddressExtension": {"ShipToCity": "Bonn", "ShipToZipCode": "3"}}

    merged = merge(base, {"AddressExtension": {"ShipToCity": "Bonn"}}, theirs)

    assert merged.changes == {"AddressExtension": {"ShipToCity": "Bonn"}}
    assert [c.name for c in merge(base, mine, theirs).conflicts] == [
        "AddressExtension.ShipToZipCode"
    ]


def test_a_collection_of_unknown_identity_is_one_value():
    base, theirs = {"Things": [1]}, {"Things": [1, 2]}

    assert len(merge(base, {"Things": [3]}, theirs).conflicts) == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("100", Decimal("100.0"), True),
        (5, Decimal(5), True),
        ("2026-01-02", "2026-01-02T00:00:00Z", True),
        (date(2026, 1, 2), "2026-01-02T00:00:00Z", True),
        ("x", Decimal(1), False),
        ("100", "100.0", False),
        (None, 0, False),
        ("", None, False),
    ],
)
def test_two_spellings_of_one_value_are_the_same(mine, theirs, expected):
    assert same(mine, theirs) is expected
