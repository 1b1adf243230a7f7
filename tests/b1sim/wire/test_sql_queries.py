"""Stored SQL queries: made, listed in pages, with parameters, and never able to write."""

import pytest

pytestmark = pytest.mark.anyio
STOCK = {
    "SqlCode": "stock",
    "SqlName": "Stock by item",
    "SqlText": "SELECT T0.ItemCode, T0.WhsCode, T0.OnHand FROM OITW T0 "
    "WHERE T0.ItemCode > :after ORDER BY T0.ItemCode, T0.WhsCode",
}


@pytest.fixture
def stock(world):
    """120 rows of stock in one warehouse."""
    rows = [(f"I{number:04}", number / 2) for number in range(1, 121)]
    world.company.db.executemany(
        "INSERT INTO OITW (ItemCode, WhsCode, OnHand) VALUES (?, 'W9', ?)",
        rows,
    )
    return rows


@pytest.fixture
async def query(v1, stock):
    assert stock
    reply = await v1.post("SQLQueries", json=STOCK)
    assert reply.status_code == 201
    return reply.json()


async def test_a_created_query_echoes_its_text_and_parameters(query):
    assert query["SqlText"] == (
        'SELECT T0."ItemCode", T0."WhsCode", T0."OnHand" FROM "OITW" T0 '
        'WHERE T0."ItemCode" > :after ORDER BY T0."ItemCode", T0."WhsCode"'
    )
    assert query["ParamList"] == "after"
    assert list(query)[:3] == ["odata.metadata", "odata.etag", "SqlCode"]


@pytest.mark.usefixtures("query")
async def test_it_lists_by_get_and_by_post(v1, v2):
    by_get = await v1.get("SQLQueries('stock')/List?after='I0118'")
    by_post = await v2.post("SQLQueries('stock')/List", json={"ParamList": "after='I0118'"})

    rows = [
        {"ItemCode": "I0119", "WhsCode": "W9", "OnHand": 59.5},
        {"ItemCode": "I0120", "WhsCode": "W9", "OnHand": 60.0},
    ]
    assert by_get.json()["value"] == by_post.json()["value"] == rows
    assert list(by_get.json()) == ["odata.metadata", "SqlText", "value"]
    assert '"OnHand" : 60.0' in by_get.text
    assert by_get.json()["odata.metadata"].endswith("/b1s/v1/$metadata#SAPB1.SQLQueryResult")


@pytest.mark.usefixtures("query")
async def test_pages_are_linked_in_the_odd_form_and_the_links_work(v1):
    first = await v1.get("SQLQueries('stock')/List?after=''")
    sized = await v1.get(
        "SQLQueries('stock')/List?after=''", headers={"Prefer": "odata.maxpagesize=100"}
    )
    rest = await v1.get(sized.json()["odata.nextLink"], headers={"Prefer": "odata.maxpagesize=100"})

    assert len(first.json()["value"]) == 20
    assert first.json()["odata.nextLink"] == "SQLQueries('stock')/List?after=''&$skip=20"
    assert sized.headers["Preference-Applied"] == "odata.maxpagesize=100"
    assert (len(sized.json()["value"]), len(rest.json()["value"])) == (100, 20)
    assert "odata.nextLink" not in rest.json()


@pytest.mark.usefixtures("query")
async def test_the_link_of_a_post_carries_only_its_skip(v2):
    reply = await v2.post("SQLQueries('stock')/List", json={"ParamList": "after=''"})
    again = await v2.post(reply.json()["@odata.nextLink"], json={"ParamList": "after=''"})

    assert reply.json()["@odata.nextLink"] == "SQLQueries('stock')/List?&$skip=20"
    assert again.json()["value"][0]["ItemCode"] == "I0021"


@pytest.mark.parametrize(
    "parameters", ["", "?before='x'", "?after='x' or 1=1", "?after=x", "?after='x'&more=1"]
)
@pytest.mark.usefixtures("query")
async def test_parameters_must_fit_the_query(v1, parameters):
    reply = await v1.get(f"SQLQueries('stock')/List{parameters}")

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, 704)


@pytest.mark.usefixtures("query")
async def test_a_parameter_is_data_and_never_sql(v1):
    reply = await v1.get("SQLQueries('stock')/List?after='x'' OR 1=1 --'")

    assert reply.json()["value"] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DELETE FROM OITW", 701),
        ("SELECT name FROM sqlite_master", 702),
        ("SELECT T0.Colour FROM OITW T0", 703),
    ],
)
async def test_what_sap_forbids_is_refused_when_it_is_made(v1, text, code):
    reply = await v1.post("SQLQueries", json=STOCK | {"SqlText": text})

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, code)
    assert (await v1.get("SQLQueries/$count")).text == "0"


@pytest.mark.usefixtures("query")
async def test_the_books_can_be_written_after_a_query_ran(v1):
    await v1.get("SQLQueries('stock')/List?after=''")

    made = await v1.post(
        "BusinessPartners", json={"CardCode": "C", "CardName": "C", "CardType": "cCustomer"}
    )

    assert made.status_code == 201


async def test_a_query_nobody_made_is_not_found(v1):
    reply = await v1.get("SQLQueries('none')/List")

    assert (reply.status_code, reply.json()["error"]["code"]) == (404, -2028)


@pytest.mark.usefixtures("query")
async def test_an_injection_is_a_parameter_error(v1):
    body = {"ParamList": "after='I0001';truncate table OITM"}

    reply = await v1.post("SQLQueries('stock')/List", json=body)

    assert reply.json()["error"] == {
        "code": 704,
        "message": {"lang": "en-us", "value": "Parameter error."},
    }


BY_DOCNUM = "select DocNum from ORDR where "


async def run(client, text, parameters=""):
    await client.post("SQLQueries", json={"SqlCode": "q", "SqlName": "q", "SqlText": text})
    reply = await client.get(f"SQLQueries('q')/List{parameters}")
    assert reply.status_code == 200, reply.text
    return reply.json()["value"]


@pytest.fixture
def order(world):
    """An order of today, 2026-11-20, with a field of the company's own."""
    world.clerk.add_user_field("Document", "U_Shop")
    world.clerk.add_partner("C1", "Corner Shop")
    world.clerk.add_item("A")
    line = {"ItemCode": "A", "Quantity": 2, "UnitPrice": 5}
    payload = {"CardCode": "C1", "DocDueDate": "2026-12-01", "U_Shop": "north"}
    return world.company.create("Orders", payload | {"DocumentLines": [line]})


@pytest.mark.usefixtures("order")
async def test_dates_come_and_go_without_dashes_and_columns_by_name(v1):
    text = "select DocNum, DocDate, max(DocDueDate) as Due from ordr where DocDate >= :day"
    rows = await run(v1, f"{text} group by DocNum, DocDate", "?day='20261120'")

    assert rows == [{"DocDate": "20261120", "DocNum": 1, "Due": "20261201"}]
    assert list(rows[0]) == ["DocDate", "DocNum", "Due"]


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("DocDate = '20261120'", 1),
        ("DocDate = '2026-11-20'", 1),
        ("DocDate between '20261101' and '20261119'", 0),
        ("DocDate in ('20261120')", 1),
        ("CardName like 'corner%'", 0),
        ("CardName like 'Corner%'", 1),
        ("CardCode = 'c1'", 0),
    ],
)
async def test_conditions_compare_as_hana_does(v1, condition, found):
    assert len(await run(v1, BY_DOCNUM + condition)) == found


@pytest.mark.usefixtures("order")
async def test_sql_server_compares_without_case(world, v1):
    world.clerk.change_settings(database="mssql", case_sensitive=False)

    condition = "CardCode = 'c1' and CardName like 'corner%' and DocNum in (1)"
    assert len(await run(v1, BY_DOCNUM + condition)) == 1


@pytest.mark.usefixtures("order")
async def test_user_defined_fields_are_columns(v1):
    text = "select o.U_Shop, o.DocNum as n from ORDR o where o.u_shop = 'north' order by U_Shop"

    assert await run(v1, text) == [{"U_Shop": "north", "n": 1}]


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize(
    "text",
    [
        "select t1.DocEntry, t2.LineNum from ordr t1 right join rdr1 t2 on t1.DocEntry=t2.DocEntry",
        "select t1.DocEntry from ordr t1 FULL OUTER JOIN rdr1 t2 on t1.DocEntry = t2.DocEntry",
        (
            "select DocEntry from ordr t1 where exists (select * from rdr1 t2 "
            "where t1.DocEntry = t2.DocEntry)"
        ),
        (
            "select DocStatus, DocType, count(*) as n from ordr group by DocStatus, DocType "
            "having count(*) > 0"
        ),
        "SELECT 1 as c1, 'string' as c2 FROM OITM",
        "select right(ItemCode, 1) as r, LEFT(ItemCode, 1) as l FROM oitm",
        "select top 2 DocStatus, DocType from ordr",
        (
            "select DocEntry from ordr t1 where DocEntry in (select t2.DocEntry from rdr1 t2) "
            "or DocEntry not in (select t2.DocEntry from inv1 t2)"
        ),
        "select t1.LineNum from rdr1 t1 union all select t1.LineNum from inv1 t1",
        "select count(distinct docEntry) as countDistinct, count(*)as cnt from ordr",
    ],
)
async def test_the_samples_of_the_guide_run(v1, text):
    assert len(await run(v1, text)) == 1


@pytest.mark.usefixtures("query")
async def test_paging_cannot_be_turned_off(v1):
    reply = await v1.get("SQLQueries('stock')/List?after=''", headers={"B1S-PageSize": "0"})

    assert len(reply.json()["value"]) == 20


@pytest.mark.usefixtures("query")
async def test_without_the_right_queries_can_only_be_read(world, v1):
    world.quirks.sql_queries_permitted = False

    refused = [
        await v1.get("SQLQueries('stock')/List?after=''"),
        await v1.post("SQLQueries", json=STOCK | {"SqlCode": "other"}),
        await v1.patch("SQLQueries('stock')", json={"SqlName": "x"}),
        await v1.delete("SQLQueries('stock')"),
    ]

    assert {(r.status_code, r.json()["error"]["code"]) for r in refused} == {(403, -6006)}
    assert (await v1.get("SQLQueries('stock')")).status_code == 200
