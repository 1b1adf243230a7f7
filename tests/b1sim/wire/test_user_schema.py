"""Fields and tables of a company's own over the wire: made, hidden, shown after a restart."""

import pytest

pytestmark = pytest.mark.anyio
FIELD = {"TableName": "@CLAIMS", "Name": "Key", "Type": "db_Alpha", "Size": 50}


async def make_table(client):
    sent = {"TableName": "CLAIMS", "TableDescription": "Claims", "TableType": "bott_NoObject"}
    assert (await client.post("UserTablesMD", json=sent)).status_code == 201
    assert (await client.post("UserFieldsMD", json=FIELD)).status_code == 201


async def test_a_user_table_is_a_set_after_a_restart_that_sessions_survive(world, v2):
    await make_table(v2)
    early = await v2.get("U_CLAIMS")
    world.restart()
    made = await v2.post("U_CLAIMS", json={"Code": "1", "Name": "one", "U_Key": "k"})
    found = await v2.get("U_CLAIMS?$filter=U_Key eq 'k'&$select=Code,U_Key")
    document = await v2.get("")
    metadata = await v2.get("$metadata")

    assert early.status_code in {400, 404}
    assert made.headers["Location"].endswith("/b1s/v2/U_CLAIMS('1')")
    assert found.json()["value"] == [{"Code": "1", "U_Key": "k"}]
    assert "U_CLAIMS" in {entry["name"] for entry in document.json()["value"]}
    assert 'Name="U_CLAIMS"' in metadata.text


async def test_stored_queries_read_user_tables(world, v1):
    await make_table(v1)
    world.restart()
    await v1.post("U_CLAIMS", json={"Code": "1", "Name": "one", "U_Key": "k"})
    text = "select T0.Code, T0.U_Key from \"@CLAIMS\" T0 where T0.U_Key = 'k'"
    query = {"SqlCode": "q", "SqlName": "q", "SqlText": text}
    made = await v1.post("SQLQueries", json=query)
    rows = await v1.get("SQLQueries('q')/List")

    assert made.status_code == 201, made.text
    assert rows.json()["value"] == [{"Code": "1", "U_Key": "k"}]


async def test_the_restart_of_every_node_shows_new_fields(world, v2, clock):
    sent = {"TableName": "OCRD", "Name": "Shop", "Type": "db_Alpha"}
    await v2.post("UserFieldsMD", json=sent)
    early = await v2.get("BusinessPartners?$select=U_Shop")
    world.lose_node(1, seconds=5)
    clock.pass_minutes(1)

    shown = await v2.get("BusinessPartners?$select=U_Shop")

    assert (early.status_code, early.json()["error"]["code"]) == (400, "-1000")
    assert shown.status_code == 200


async def test_the_control_api_restarts(stranger, v2):
    sent = {"TableName": "OCRD", "Name": "Shop", "Type": "db_Alpha"}
    await v2.post("UserFieldsMD", json=sent)

    assert (await stranger.post("/control/restart")).status_code == 204
    assert (await v2.get("BusinessPartners?$select=U_Shop")).status_code == 200


async def test_a_field_is_found_by_table_and_number(v2):
    sent = {"TableName": "ORDR", "Name": "Ref", "Type": "db_Alpha"}
    await v2.post("UserFieldsMD", json=sent)

    one = await v2.get("UserFieldsMD(TableName='OINV',FieldID=0)")
    rows = await v2.get("UserFieldsMD?$filter=Name eq 'Ref'&$select=TableName")

    assert (one.status_code, one.json()["Name"]) == (200, "Ref")
    assert {"ORDR", "OINV"} <= {row["TableName"] for row in rows.json()["value"]}
