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
    assert query["SqlText"] == STOCK["SqlText"].replace("OITW", '"OITW"')
    assert query["ParamList"] == "after"


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
