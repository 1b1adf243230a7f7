"""Semantic views: rows of the company's own SELECTs below `sml.svc` and `view.svc`."""

from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.anyio

STOCK = (
    "SELECT T0.ItemCode, T1.ItemName, T0.WhsCode, T0.OnHand FROM OITW T0 "
    "INNER JOIN OITM T1 ON T1.ItemCode = T0.ItemCode WHERE T0.WhsCode = '01'"
)
ORDERS = "SELECT DocNum, CardCode, DocDate, DocTotal FROM ORDR WHERE CardCode = :P_Code"


@pytest.fixture
def company(world):
    """Three items in one warehouse, an order of today, and two views."""
    for number, stock in ((1, "5"), (2, "0"), (3, "2.5")):
        world.clerk.add_item(f"A{number}", f"Item {number}", stock=stock)
    world.clerk.add_partner("C1", "Corner Shop")
    line = {"ItemCode": "A1", "Quantity": 1, "UnitPrice": 10}
    world.company.create(
        "Orders", {"CardCode": "C1", "DocDueDate": "2026-12-01", "DocumentLines": [line]}
    )
    world.clerk.add_view("StockQuery", STOCK)
    world.clerk.add_view("OrdersQuery", ORDERS)
    return world.company


@pytest.fixture
def on_sql_server(world, company):
    world.clerk.change_settings(database="mssql", case_sensitive=False)
    world.clerk.add_view("B1_StockB1SLQuery", STOCK, exposed=False)
    world.clerk.add_view("Misnamed", "SELECT ItemCode FROM OITM")
    return company


@pytest.mark.usefixtures("company")
async def test_the_semantic_layer_speaks_odata_4_under_either_root(v1, v2):
    for client, root in ((v1, "v1"), (v2, "v2")):
        reply = await client.get("sml.svc/StockQuery")

        assert reply.json()["@odata.context"] == (
            f"https://b1sim.test:50000/b1s/{root}/sml.svc/$metadata#StockQuery"
        )
        assert reply.headers["OData-Version"] == "4.0"
        assert reply.json()["value"][0] == {
            "ItemCode": "A1",
            "ItemName": "Item 1",
            "WhsCode": "01",
            "OnHand": 5,
            "id__": 1,
        }
        assert [row["id__"] for row in reply.json()["value"]] == [1, 2, 3]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("$select=ItemCode&$filter=OnHand gt 0", [{"ItemCode": "A1"}, {"ItemCode": "A3"}]),
        ("$select=ItemCode&$orderby=OnHand desc&$top=1", [{"ItemCode": "A1"}]),
        ("$select=OnHand,ItemCode&$skip=2", [{"OnHand": 2.5, "ItemCode": "A3"}]),
        ("$select=ItemCode&$filter=startswith(ItemName,'Item 2')", [{"ItemCode": "A2"}]),
        (
            "$apply=groupby((WhsCode),aggregate($count as N,OnHand with sum as S))",
            [{"WhsCode": "01", "N": 3, "S": 7.5}],
        ),
        ("$apply=aggregate(ItemCode with max as M)", [{"M": "A3"}]),
    ],
)
async def test_a_view_takes_the_options_of_a_set(v1, query, rows):
    reply = await v1.get(f"sml.svc/StockQuery?{query}")

    assert reply.json()["value"] == rows


@pytest.mark.usefixtures("company")
async def test_views_come_in_pages_whose_links_begin_below_the_service(v1):
    headers = {"Prefer": "odata.maxpagesize=2"}

    first = await v1.get("sml.svc/StockQuery?$select=ItemCode", headers=headers)
    link = first.json()["@odata.nextLink"]
    second = await v1.get(f"sml.svc/{link}", headers=headers)

    assert link == "StockQuery?$select=ItemCode&$skip=2"
    assert second.json()["value"] == [{"ItemCode": "A3"}]
    assert list(first.json()) == ["@odata.context", "value", "@odata.nextLink"]


@pytest.mark.usefixtures("company")
async def test_a_row_is_read_by_its_number_and_rows_are_counted(v1):
    one = await v1.get("sml.svc/StockQuery(2)?$select=ItemCode")
    none = await v1.get("sml.svc/StockQuery(9)")
    counted = await v1.get("sml.svc/StockQuery/$count?$filter=OnHand gt 0")

    assert one.json()["ItemCode"] == "A2"
    assert one.json()["@odata.context"].endswith("#StockQuery/$entity")
    assert none.status_code == 404
    assert counted.text == "2"


@pytest.mark.usefixtures("company")
async def test_a_view_with_placeholders_is_reached_by_its_parameters(v1):
    rows = await v1.get("sml.svc/OrdersQueryParameters(P_Code='C1')/OrdersQuery")
    dated = await v1.get(
        "sml.svc/OrdersQueryParameters(P_Code='C1')/OrdersQuery/$count",
        params={"$filter": "DocDate eq '20261120'"},
    )
    parameters = await v1.get("sml.svc/OrdersQueryParameters(P_Code='C1')")
    others = await v1.get("sml.svc/OrdersQueryParameters(P_Code='C2')/OrdersQuery")

    assert rows.json()["value"] == [
        {"DocNum": 1, "CardCode": "C1", "DocDate": "2026-11-20", "DocTotal": 12, "id__": 1}
    ]
    assert dated.text == "1"
    assert parameters.json()["P_Code"] == "C1"
    assert others.json()["value"] == []


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("OrdersQueryParameters", 400, -1),
        ("OrdersQuery", 400, -1),
        ("OrdersQueryParameters(P_Other='C1')/OrdersQuery", 400, -1000),
        ("StockQueryParameters(P='1')", 400, 200),
        ("Unicorns", 400, 200),
        ("StockQuery/Items", 400, 200),
        ("StockQuery?$filter=Colour eq 'x'", 400, 201),
        ("StockQuery?$select=Colour", 400, -1000),
    ],
)
async def test_what_a_view_does_not_offer_is_refused(v1, path, status, code):
    reply = await v1.get(f"sml.svc/{path}")

    assert (reply.status_code, int(reply.json()["error"]["code"])) == (status, code)


async def test_a_parameter_is_data_and_never_sql(v1, company):
    assert company
    reply = await v1.get("sml.svc/OrdersQueryParameters(P_Code='x'' OR 1=1 --')/OrdersQuery")

    assert reply.json()["value"] == []


@pytest.mark.usefixtures("company")
async def test_the_root_and_the_metadata_list_the_views(v1):
    root = await v1.get("sml.svc")
    document = ET.fromstring((await v1.get("sml.svc/$metadata")).content)  # noqa: S314  our own

    assert [entry["name"] for entry in root.json()["value"]] == [
        "StockQuery",
        "OrdersQuery",
        "OrdersQueryParameters",
    ]
    kinds = {
        kind.get("Name"): [p.get("Type") for p in kind if p.tag.endswith("}Property")]
        for kind in document.iter("{http://docs.oasis-open.org/odata/ns/edm}EntityType")
    }
    assert kinds["StockQuery"] == ["Edm.String"] * 3 + ["Edm.Double", "Edm.Int32"]
    assert kinds["OrdersQueryParameter"] == ["Edm.String"]


@pytest.mark.usefixtures("on_sql_server")
async def test_sql_server_shows_a_view_once_it_is_exposed(v1):
    before = await v1.get("view.svc/B1_StockB1SLQuery")
    exposed = await v1.post("SQLViews('B1_StockB1SLQuery')/Expose")
    after = await v1.get("view.svc/B1_StockB1SLQuery?$filter=ItemCode eq 'a1'")
    hidden = await v1.post("SQLViews('*')/Unexpose")
    gone = await v1.get("view.svc/B1_StockB1SLQuery")

    assert (before.status_code, exposed.status_code, hidden.status_code) == (400, 204, 204)
    assert after.json()["odata.metadata"] == (
        "https://b1sim.test:50000/b1s/v1/view.svc/$metadata#B1_StockB1SLQuery"
    )
    assert [row["ItemCode"] for row in after.json()["value"]] == ["A1"]
    assert gone.status_code == 400


@pytest.mark.usefixtures("on_sql_server")
async def test_the_views_of_sql_server_are_entities(v1, v2):
    one = await v1.get("SQLViews('B1_StockB1SLQuery')")
    everyone = await v2.get("SQLViews")

    assert one.json() == {
        "odata.metadata": "https://b1sim.test:50000/b1s/v1/$metadata#SQLViews/@Element",
        "Name": "B1_StockB1SLQuery",
        "DBType": "MSSQL",
        "SchemaName": "dbo",
        "CreateDate": "2026-11-20",
    }
    assert "Misnamed" in [view["Name"] for view in everyone.json()["value"]]
    assert (await v1.get("SQLViews('none')")).status_code == 404
    assert (await v1.get("view.svc/Misnamed")).status_code == 400
    assert (await v1.get("sml.svc/StockQuery")).status_code == 400


@pytest.mark.usefixtures("on_sql_server")
async def test_without_the_right_a_view_is_refused(world, v1):
    world.quirks.views_permitted = False
    await v1.post("SQLViews('*')/Expose")

    sql = await v1.get("view.svc/B1_StockB1SLQuery")
    world.clerk.change_settings(database="hana")
    semantic = await v1.get("sml.svc/StockQuery")

    assert (sql.status_code, int(sql.json()["error"]["code"])) == (403, 804)
    assert "'B1_StockB1SLQuery'" in sql.text
    assert (semantic.status_code, int(semantic.json()["error"]["code"])) == (401, -1)
    assert "for the current user 'manager'" in semantic.text


def test_the_clerk_refuses_what_is_no_select(world):
    for text in ("DELETE FROM OITM", "nonsense (", "SELECT 1; SELECT 2"):
        with pytest.raises(ValueError, match="Broken"):
            world.clerk.add_view("Broken", text)
