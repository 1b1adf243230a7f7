"""Tables of the company's own: six types, their records, and keys over them."""

import pytest

from b1sim.company.refusals import Refusal

TYPES = {
    "bott_NoObject": ({"Code": "1"}, {"Code": "1"}),
    "bott_NoObjectAutoIncrement": ({}, {"Code": 1}),
    "bott_MasterData": ({"Code": "1"}, {"Code": "1"}),
    "bott_MasterDataLines": ({"Code": "1"}, {"Code": "1", "LineId": 1}),
    "bott_Document": ({}, {"DocEntry": 1}),
    "bott_DocumentLines": ({"DocEntry": 4}, {"DocEntry": 4, "LineId": 1}),
}


@pytest.fixture
def claims(office):
    company = office.company
    company.create("UserTablesMD", {"TableName": "claims", "TableDescription": "Claims"})
    field = {"TableName": "@CLAIMS", "Name": "Key", "Type": "db_Alpha", "Size": 50}
    company.create("UserFieldsMD", field)
    company.restart()
    return company


def refusal_of(act):
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def make_key(company, *columns, unique="tYES"):
    elements = [{"ColumnAlias": column} for column in columns]
    sent = {"TableName": "@CLAIMS", "KeyName": "IX_0", "Unique": unique}
    return company.create("UserKeysMD", sent | {"UserKeysMD_Elements": elements})


@pytest.mark.parametrize(("kind", "sent", "key"), [(k, *v) for k, v in TYPES.items()])
def test_each_type_of_table_has_a_set_with_a_key_of_its_own(office, kind, sent, key):
    company = office.company
    company.create("UserTablesMD", {"TableName": "MINE", "TableType": kind})
    assert "U_MINE" not in company.sets
    company.restart()

    made = company.create("U_MINE", sent)

    assert {name: made[name] for name in company.sets["U_MINE"].key} == key
    company.delete("U_MINE", key)
    assert company.count("U_MINE") == 0


def test_a_name_is_written_in_capitals_and_taken_once(claims):
    sent = {"TableName": "Claims"}

    assert claims.read("UserTablesMD", {"TableName": "CLAIMS"})["TableType"] == "bott_NoObject"
    assert refusal_of(lambda: claims.create("UserTablesMD", sent)).code == -2035


@pytest.mark.parametrize("name", ["", "1A", "A B", "X" * 21, 'A"B'])
def test_a_name_that_no_table_can_have_is_refused(office, name):
    sent = {"TableName": name}

    assert refusal_of(lambda: office.company.create("UserTablesMD", sent)).status == 400


def test_records_are_created_changed_and_found(claims):
    claims.create("U_CLAIMS", {"Code": "1", "Name": "one", "U_Key": "a"})
    claims.patch("U_CLAIMS", {"Code": "1"}, {"Name": "uno"})

    assert claims.read("U_CLAIMS", {"Code": "1"}) == {"Code": "1", "Name": "uno", "U_Key": "a"}
    again = {"Code": "1"}
    assert refusal_of(lambda: claims.create("U_CLAIMS", again)).code == -2035
    assert refusal_of(lambda: claims.create("U_CLAIMS", {"Name": "no code"})).status == 400
    missing = {"Code": "2"}
    assert refusal_of(lambda: claims.patch("U_CLAIMS", missing, {"Name": "x"})).code == -2028


def test_a_unique_key_holds_at_once_and_a_refused_record_leaves_nothing(claims):
    made = make_key(claims, "Key")
    claims.create("U_CLAIMS", {"Code": "1", "U_Key": "a"})

    refused = refusal_of(lambda: claims.create("U_CLAIMS", {"Code": "2", "U_Key": "a"}))

    assert (made["KeyIndex"], made["UserKeysMD_Elements"][0]["SubKeyIndex"]) == (0, 0)
    assert refused.code == -2035
    assert claims.count("U_CLAIMS") == 1
    claims.delete("UserKeysMD", {"TableName": "@CLAIMS", "KeyIndex": 0})
    claims.create("U_CLAIMS", {"Code": "2", "U_Key": "a"})


def test_a_unique_key_over_records_that_are_alike_is_refused(claims):
    for code in ("1", "2"):
        claims.create("U_CLAIMS", {"Code": code, "U_Key": "a"})

    assert refusal_of(lambda: make_key(claims, "Key")).code == -2035
    assert claims.count("UserKeysMD") == 0


@pytest.mark.parametrize("columns", [(), ("Nothing",)])
def test_a_key_over_no_field_is_refused(claims, columns):
    assert refusal_of(lambda: make_key(claims, *columns)).status == 400


def test_keys_have_no_patch_and_none_on_system_tables(claims):
    make_key(claims, "Key")
    key = {"TableName": "@CLAIMS", "KeyIndex": 0}

    assert refusal_of(lambda: claims.patch("UserKeysMD", key, {"KeyName": "B"})).code == -5006
    system = {"TableName": "ORDR", "KeyName": "IX", "UserKeysMD_Elements": []}
    assert refusal_of(lambda: claims.create("UserKeysMD", system)).status == 501


def test_a_dropped_table_leaves_with_the_next_start(claims):
    make_key(claims, "Key")
    claims.create("U_CLAIMS", {"Code": "1"})
    claims.delete("UserTablesMD", {"TableName": "CLAIMS"})
    left = claims.count("U_CLAIMS")
    refused = refusal_of(lambda: claims.create("U_CLAIMS", {"Code": "1"}))
    claims.restart()

    assert (left, refused.status) == (0, 404)
    assert "U_CLAIMS" not in claims.sets
    assert claims.count("UserFieldsMD") + claims.count("UserKeysMD") == 0
