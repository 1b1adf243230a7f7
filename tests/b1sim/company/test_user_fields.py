"""Fields of the company's own: their rules, on which tables they are, and when they show."""

from datetime import time

import pytest

from b1sim.company.company import Company
from b1sim.company.refusals import Refusal

LINE = {"ItemCode": "A", "Quantity": 1}


def add_field(office, name="Ref", table="ORDR", **properties):
    sent = {"TableName": table, "Name": name, "Type": "db_Alpha", "Description": name}
    return office.company.create("UserFieldsMD", sent | properties)


def refusal_of(act):
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def rows_of(office, name):
    return office.company.query("UserFieldsMD", where="AliasID = ?", params=(name,))


def test_a_new_field_is_unknown_until_the_service_layer_starts_again(office):
    add_field(office)

    before = refusal_of(lambda: office.post("Orders", LINE, U_Ref="x"))
    office.company.restart()
    order = office.post("Orders", LINE, U_Ref="x")

    assert (before.code, before.message) == (-1000, "Property 'U_Ref' of 'Document' is invalid")
    assert office.read("Orders", order)["U_Ref"] == "x"


def test_opening_a_company_file_is_a_start(tmp_path, clock):
    company = Company.open(tmp_path / "own.db", seed=False, clock=clock)
    company.create("UserFieldsMD", {"TableName": "OITM", "Name": "Shop", "Type": "db_Alpha"})
    company.close()

    again = Company.open(tmp_path / "own.db", clock=clock)
    again.create("Items", {"ItemCode": "X", "U_Shop": "north"})

    assert again.read("Items", {"ItemCode": "X"})["U_Shop"] == "north"
    again.close()


def test_a_field_of_one_marketing_document_is_on_all_of_them(office):
    add_field(office)
    tables = {row["TableName"] for row in rows_of(office, "Ref")}

    assert {"OQUT", "ORDR", "ODLN", "OINV", "ORIN", "ODPI", "ODRF", "OPOR", "ADOC"} <= tables
    assert not tables & {"OCRD", "RDR1"}


def test_a_field_of_rows_is_on_the_rows_of_all_documents(office):
    add_field(office, table="INV1")
    office.company.restart()
    order = office.post("Orders", LINE | {"U_Ref": "row"})

    assert office.read("Orders", order)["DocumentLines"][0]["U_Ref"] == "row"


def test_a_field_that_is_there_is_refused_as_a_duplicate(office):
    add_field(office)

    assert refusal_of(lambda: add_field(office, "REF")).code == -2035
    assert refusal_of(lambda: add_field(office, table="OINV")).code == -2035


@pytest.mark.parametrize(
    "wrong",
    [
        {"table": "XXXX"},
        {"table": "@NONE"},
        {"name": "with blank"},
        {"name": ""},
        {"name": "x" * 51},
        {"Type": None},
        {"Size": 255},
        {"Mandatory": "tYES"},
        {"DefaultValue": "z", "ValidValuesMD": [{"Value": "a"}]},
        {"DefaultValue": "soon", "Type": "db_Date"},
        {"LinkedTable": "NONE"},
    ],
)
def test_a_field_that_cannot_be_is_refused_and_nothing_is_kept(office, wrong):
    error = refusal_of(lambda: add_field(office, **wrong))

    assert error.status == 400
    assert office.company.count("UserFieldsMD") == 0


@pytest.mark.parametrize(
    ("kind", "sub_type", "sent", "shown"),
    [
        ("db_Alpha", "st_None", "x", "x"),
        ("db_Memo", "st_None", "x" * 400, "x" * 400),
        ("db_Numeric", "st_None", 7, 7),
        ("db_Float", "st_Price", "4.5", 4.5),
        ("db_Date", "st_Time", "10:20:00", time(10, 20)),
    ],
)
def test_the_type_of_a_field_is_the_type_of_its_values(office, kind, sub_type, sent, shown):
    add_field(office, table="OCRD", Type=kind, SubType=sub_type)
    office.company.restart()
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"U_Ref": sent})

    assert office.partner()["U_Ref"] == shown


def test_a_value_that_is_too_long_is_refused(office):
    add_field(office, Size=5)
    office.company.restart()

    error = refusal_of(lambda: office.post("Orders", LINE, U_Ref="123456"))

    assert error.message == "Value too long in property 'U_Ref' of 'Document'"


def test_only_valid_values_are_taken_and_the_default_fills_new_records(office):
    values = [{"Value": "N", "Description": "No"}, {"Value": "Y", "Description": "Yes"}]
    add_field(office, ValidValuesMD=values, DefaultValue="N")
    office.company.restart()

    assert refusal_of(lambda: office.post("Orders", LINE, U_Ref="Q")).status == 400
    assert office.post("Orders", LINE)["U_Ref"] == "N"
    assert office.post("Orders", LINE, U_Ref="Y")["U_Ref"] == "Y"


def test_a_mandatory_field_fills_what_is_there_and_is_never_empty(office):
    add_field(office, table="OCRD", Mandatory="tYES", DefaultValue="web")
    office.company.restart()

    assert office.partner()["U_Ref"] == "web"
    change = {"U_Ref": None}
    key = {"CardCode": "C1"}
    assert refusal_of(lambda: office.company.patch("BusinessPartners", key, change)).code == -5002


def test_a_linked_field_takes_the_codes_of_its_table(office):
    office.company.create("UserTablesMD", {"TableName": "SHOPS"})
    add_field(office, LinkedTable="SHOPS")
    office.company.restart()
    office.company.create("U_SHOPS", {"Code": "N", "Name": "north"})

    assert office.post("Orders", LINE, U_Ref="N")["U_Ref"] == "N"
    assert refusal_of(lambda: office.post("Orders", LINE, U_Ref="S")).status == 400


def test_a_field_may_grow_and_gain_values_but_not_shrink(office):
    made = add_field(office, Size=5, ValidValuesMD=[{"Value": "a", "Description": "A"}])
    key = {"TableName": "ORDR", "FieldID": made["FieldID"]}
    more = {"EditSize": 9, "ValidValuesMD": [{"Value": "b", "Description": "B"}], "Type": "db_Memo"}
    office.company.patch("UserFieldsMD", key, more)

    for row in rows_of(office, "Ref"):
        assert (row["EditSize"], row["Type"]) == (9, "db_Alpha")
        assert [value["Value"] for value in row["ValidValuesMD"]] == ["a", "b"]
    shorter = {"EditSize": 3}
    assert refusal_of(lambda: office.company.patch("UserFieldsMD", key, shorter)).status == 400


def test_a_dropped_field_leaves_no_values_behind(office):
    made = add_field(office, table="OCRD")
    office.company.restart()
    key = {"CardCode": "C1"}
    office.company.patch("BusinessPartners", key, {"U_Ref": "x"})
    field = {"TableName": "OCRD", "FieldID": made["FieldID"]}
    office.company.delete("UserFieldsMD", field)
    office.company.restart()
    gone = office.partner()
    add_field(office, table="OCRD")
    office.company.restart()

    assert "U_Ref" not in gone
    assert office.partner().get("U_Ref") is None
