"""`$apply`, `$crossjoin` and the query service: figures and rows that are no entities."""

from functools import partial

import pytest

from b1sim.odata.bounded import bounded

pytestmark = pytest.mark.anyio


@pytest.fixture
def orders(world):
    """Two orders of C1 over 12 and 36 with tax, one of C2 over 6 in two lines."""
    world.clerk.add_item("A")
    world.clerk.add_item("B")
    for code in ("C1", "C2"):
        world.clerk.add_partner(code, f"Name {code}")

    def order(code, *lines):
        rows = [{"ItemCode": item, "Quantity": 1, "UnitPrice": price} for item, price in lines]
        payload = {"CardCode": code, "DocDueDate": "2026-12-01", "DocumentLines": rows}
        return world.company.create("Orders", payload)["DocEntry"]

    return [order("C1", ("A", 10)), order("C1", ("A", 30)), order("C2", ("A", 2), ("B", 3))]


async def apply(client, expression, **options):
    reply = await client.get("Orders", params={"$apply": expression} | options)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("aggregate(DocTotal with sum as X)", "54.0"),
        ("aggregate(DocTotal with average as X )", "18.0"),
        ("aggregate(DocEntry with max as X)", "3"),
        ("aggregate(DocEntry with min as X)", "1"),
        ("aggregate(DocEntry with average as X)", "2.0"),
        ("aggregate(CardCode with countdistinct as X)", '"2"'),
        ("aggregate(DocNum with countdistinct as X)", "3"),
        ("aggregate(CardCode with max as X)", '"C2"'),
        ("aggregate(DocumentStatus with max as X)", '"bost_Open"'),
        ("aggregate($count as X)", "3"),
        ("filter(CardCode eq 'C9')/aggregate(DocTotal with sum as X)", "null"),
    ],
)
async def test_every_method_prints_the_type_of_its_property(v1, expression, printed):
    reply = await v1.get("Orders", params={"$apply": expression})

    assert reply.json()["odata.metadata"] == "$metadata#Orders(X)"
    assert f'{{\n\t\t\t"odata.id" : null,\n\t\t\t"X" : {printed}\n\t\t}}' in reply.text


@pytest.mark.usefixtures("orders")
async def test_groups_come_with_their_figures(v1, v2):
    text = "groupby((CardCode), aggregate(DocTotal with sum as Total, $count as Orders))"

    first, second = await apply(v1, text), await apply(v2, text)

    assert first == {
        "odata.metadata": "$metadata#Orders(CardCode,Total,Orders)",
        "value": [
            {"odata.id": None, "CardCode": "C1", "Total": 48.0, "Orders": 2},
            {"odata.id": None, "CardCode": "C2", "Total": 6.0, "Orders": 1},
        ],
    }
    assert second["@odata.context"] == first["odata.metadata"]
    assert second["value"][0]["@odata.id"] is None


@pytest.mark.usefixtures("orders")
async def test_a_filter_comes_before_the_groups_in_either_form(v1):
    group = "groupby((CardCode),aggregate(DocNum with max as Last))"

    inside = await apply(v1, f"filter(Orders/CardCode eq 'C1')/{group}")
    beside = await apply(v1, group, **{"$filter": "(Orders/CardCode eq 'C1')"})

    assert inside == beside
    assert [row["CardCode"] for row in inside["value"]] == ["C1"]


@pytest.mark.usefixtures("orders")
async def test_groups_alone_are_distinct_values_in_any_order(v1):
    found = await apply(
        v1, "groupby((Orders/CardCode, Orders/DocDate))", **{"$orderby": "CardCode desc"}
    )

    assert [row["CardCode"] for row in found["value"]] == ["C2", "C1"]
    assert found["value"][0]["DocDate"] == "2026-11-20"


@pytest.mark.usefixtures("orders")
async def test_groups_come_in_pages(v2):
    text = "groupby((DocEntry))"
    reply = await v2.get("Orders", params={"$apply": text}, headers={"B1S-PageSize": "2"})
    rest = await v2.get(reply.json()["@odata.nextLink"], headers={"B1S-PageSize": "2"})

    found = [row["DocEntry"] for part in (reply, rest) for row in part.json()["value"]]
    assert found == [1, 2, 3]
    assert "@odata.nextLink" not in rest.json()


@pytest.mark.usefixtures("orders")
async def test_what_a_partner_leads_to_can_be_summed(v1):
    reply = await v1.get("BusinessPartners('C1')/Orders?$apply=aggregate(DocTotal with sum as T)")

    assert reply.json()["value"] == [{"odata.id": None, "T": 48.0}]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    "query",
    [
        "$apply=aggregate(DocTotal with sum)",
        "$apply=aggregate(DocTotal with median as X)",
        "$apply=aggregate(CardCode with sum as X)",
        "$apply=aggregate(Colour with sum as X)",
        "$apply=groupby((year(DocDate)))",
        "$apply=groupby((DocumentLines))",
        "$apply=groupby(())",
        "$apply=filter(DocEntry eq 1)",
        "$apply=aggregate($count as X)/filter(X eq 1)",
        "$apply=nonsense",
        "$apply=",
        "$apply=aggregate($count as X,$count as X)",
        "$apply=groupby((CardCode),aggregate($count as X))&$orderby=X",
        "$apply=aggregate($count as X)&$select=DocEntry",
    ],
)
async def test_what_apply_does_not_know_is_refused(v1, query):
    reply = await v1.get(f"Orders?{query}")

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, -1000)


JOIN = "$crossjoin(Orders,BusinessPartners)"
EQUAL = "Orders/CardCode eq BusinessPartners/CardCode"


async def join(client, path=JOIN, **options):
    params = {f"${name}": value for name, value in options.items()}
    reply = await client.get(path, params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.usefixtures("orders")
async def test_a_cross_join_has_one_object_for_each_entity(v1):
    found = await join(
        v1,
        expand="Orders($select=DocEntry, DocNum),BusinessPartners($select=CardName)",
        filter=f"{EQUAL} and Orders/DocEntry le 2 and startswith(BusinessPartners/CardCode,'C')",
    )

    assert found == {
        "odata.metadata": "$metadata#Collection(Edm.ComplexType)",
        "value": [
            {"BusinessPartners": {"CardName": "Name C1"}, "Orders": {"DocEntry": n, "DocNum": n}}
            for n in (1, 2)
        ],
    }


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("condition", "entries"),
    [
        ("Orders/DocEntry ge Orders/DocNum add 1", []),
        ("Orders/DocEntry mul 2 gt 4", [3]),
        ("(Orders/DocEntry add 1) mul 2 ge 8", [3]),
        (
            "Orders/DocEntry sub 1 add 1 eq 2 and (Orders/DocEntry eq 2 or Orders/DocEntry eq 3)",
            [2],
        ),
        ("Orders/DocEntry div 2 gt 1.4", [3]),
        ("Orders/DocTotal div 0 gt 1", []),
    ],
)
async def test_conditions_of_a_cross_join_may_compute(v1, condition, entries):
    found = await join(v1, expand="Orders($select=DocEntry)", filter=f"{EQUAL} and {condition}")

    assert [row["Orders"]["DocEntry"] for row in found["value"]] == entries


@pytest.mark.usefixtures("orders")
async def test_a_selected_value_may_be_computed(v2):
    found = await join(
        v2,
        expand="Orders($select=DocEntry mul (DocNum sub 1) as Steps,DocEntry div 2 as Half)",
        filter=EQUAL,
        orderby="Orders/DocEntry desc",
        top="2",
    )

    assert [row["Orders"] for row in found["value"]] == [
        {"Steps": 6, "Half": 1.5},
        {"Steps": 2, "Half": 1},
    ]


@pytest.mark.usefixtures("orders")
async def test_a_cross_join_aggregates(v1):
    found = await join(
        v1,
        apply=f"filter({EQUAL})/groupby((BusinessPartners/CardCode),"
        "aggregate(Orders(DocNum with max as Last,DocTotal with sum as Total),"
        "Orders/$count as Many))",
    )

    assert found["value"] == [
        {
            "BusinessPartners": {"CardCode": code},
            "Orders": {"Last": last, "Total": total, "Many": many},
        }
        for code, last, total, many in (("C1", 2, 48.0, 2), ("C2", 3, 6.0, 1))
    ]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    "asked",
    [
        JOIN,
        f"{JOIN}?$filter={EQUAL}",
        "$crossjoin(Orders)?$expand=Invoices($select=DocEntry)",
        "$crossjoin(Orders,Orders)?$expand=Orders($select=DocEntry)",
        "$crossjoin()?$expand=Orders",
        "$crossjoin?$expand=Orders",
        f"{JOIN}?$expand=Orders($select=DocEntry)&$select=DocEntry",
    ],
)
async def test_a_cross_join_that_says_too_little_is_invalid(v1, asked):
    reply = await v1.get(asked)

    assert reply.status_code == 400
    assert reply.json()["error"] == {
        "code": -1000,
        "message": {"lang": "en-us", "value": "invalid $crossjoin query"},
    }


async def post_query(client, path, option, **headers):
    body = {"QueryPath": path, "QueryOption": option}
    return await client.post("QueryService_PostQuery", json=body, headers=headers)


LINES = "$crossjoin(Orders,Orders/DocumentLines)"
OWN_LINES = "Orders/DocEntry eq Orders/DocumentLines/DocEntry"


@pytest.mark.usefixtures("orders")
async def test_the_query_service_filters_headers_by_their_lines(v1, v2):
    option = (
        "$expand=Orders($select=DocEntry, CardCode),Orders/DocumentLines($select=ItemCode,LineNum)"
        f"&$filter={OWN_LINES} and Orders/DocumentLines/ItemCode eq 'B'"
    )

    for client in (v1, v2):
        reply = await post_query(client, LINES, option)

        assert reply.headers["Content-Type"] == "text/plain"
        assert reply.json()["value"] == [
            {
                "Orders": {"DocEntry": 3, "CardCode": "C2"},
                "Orders/DocumentLines": {"ItemCode": "B", "LineNum": 1},
            }
        ]


@pytest.mark.usefixtures("orders")
async def test_the_query_service_sums_lines_and_pages(v1):
    option = f"$apply=filter({OWN_LINES})/groupby((Orders/DocumentLines/ItemCode),"
    summed = await post_query(
        v1, LINES, option + "aggregate(Orders/DocumentLines(Quantity with sum as Sold)))"
    )
    paged = await post_query(
        v1,
        LINES,
        f"$expand=Orders/DocumentLines($select=LineNum)&$filter={OWN_LINES}",
        Prefer="odata.maxpagesize=3",
    )

    assert summed.json()["value"] == [
        {"Orders/DocumentLines": {"ItemCode": "A", "Sold": 3.0}},
        {"Orders/DocumentLines": {"ItemCode": "B", "Sold": 1.0}},
    ]
    assert len(paged.json()["value"]) == 3
    assert "$skip=3" in paged.json()["odata.nextLink"]


@pytest.mark.usefixtures("orders")
async def test_a_value_in_quotes_may_hold_an_ampersand(v1, world):
    world.clerk.add_partner("C3", "Salt & Pepper")

    reply = await post_query(
        v1,
        "$crossjoin(BusinessPartners)",
        "$expand=BusinessPartners($select=CardCode)"
        "&$filter=BusinessPartners/CardName eq 'Salt & Pepper'",
    )

    assert reply.json()["value"] == [{"BusinessPartners": {"CardCode": "C3"}}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"QueryPath": "Orders", "QueryOption": "$expand=Orders"},
        {"QueryPath": LINES, "QueryOption": ""},
        {"QueryPath": 1, "QueryOption": 2},
    ],
)
async def test_the_query_service_refuses_what_is_no_cross_join(v2, body):
    reply = await v2.post("QueryService_PostQuery", json=body)

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-1000")


@pytest.mark.usefixtures("orders")
async def test_sql_server_has_neither(world, v1):
    world.clerk.change_settings(database="mssql")

    for path in ("Orders?$apply=aggregate($count as X)", f"{JOIN}?$expand=Orders"):
        reply = await v1.get(path)
        assert (reply.status_code, reply.json()["error"]["code"]) == (400, -1000)


async def test_a_product_of_large_tables_is_given_up(v1, world, monkeypatch):
    monkeypatch.setattr("b1sim.odata.reading.tabular.bounded", partial(bounded, seconds=0))
    rows = [(f"I{number:05}",) for number in range(3000)]
    world.company.db.executemany("INSERT INTO OITM (ItemCode) VALUES (?)", rows)

    reply = await v1.get(
        "$crossjoin(Items,Warehouses,VatGroups,ChartOfAccounts)",
        params={"$apply": "groupby((Items/ItemCode),aggregate(Items/$count as N))"},
    )

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, -1000)
    assert (await v1.get("Items/$count")).text == "3000"
