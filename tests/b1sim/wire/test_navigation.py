"""From one entity to another: navigation in the path, `$expand`, and properties read alone."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def orders(world):
    """Two orders of C1, one of C2; each of two lines."""
    world.clerk.add_item("A")
    for code in ("C1", "C2"):
        world.company.create(
            "BusinessPartners",
            {"CardCode": code, "CardName": f"Name {code}", "CardForeignName": f"Foreign {code}"}
            | {"CardType": "cCustomer"},
        )
    line = {"ItemCode": "A", "Quantity": 1, "UnitPrice": 10}
    return [
        world.company.create(
            "Orders",
            {"CardCode": code, "DocDueDate": "2026-12-01", "DocumentLines": [line, line]},
        )["DocEntry"]
        for code in ("C1", "C1", "C2")
    ]


async def test_a_partner_leads_to_its_orders_and_an_order_to_its_partner(v1, v2, orders):
    for client in (v1, v2):
        of_partner = await client.get("BusinessPartners('C1')/Orders?$select=DocEntry")
        partner = await client.get(f"Orders({orders[2]})/BusinessPartner")

        assert [row["DocEntry"] for row in of_partner.json()["value"]] == orders[:2]
        assert partner.json()["CardCode"] == "C2"
        assert "ETag" in partner.headers


async def test_what_is_reached_reads_like_its_own_set(v1, orders):
    name = await v1.get(f"Orders({orders[0]})/BusinessPartner/CardForeignName")
    chain = await v1.get(f"Orders({orders[0]})/BusinessPartner/Orders?$select=DocEntry")
    counted = await v1.get("BusinessPartners('C1')/Orders/$count")
    one = await v1.get(f"BusinessPartners('C1')/Orders({orders[1]})")
    filtered = await v1.get(f"BusinessPartners('C1')/Orders?$filter=DocEntry gt {orders[0]}")

    assert name.json() == {"value": "Foreign C1"}
    assert [row["DocEntry"] for row in chain.json()["value"]] == orders[:2]
    assert counted.text == "2"
    assert one.json()["DocEntry"] == orders[1]
    assert [row["DocEntry"] for row in filtered.json()["value"]] == orders[1:2]


async def test_the_next_link_of_a_navigation_leads_on(v2, orders):
    headers = {"B1S-PageSize": "1"}

    first = await v2.get("BusinessPartners('C1')/Orders?$select=DocEntry", headers=headers)
    link = first.json()["@odata.nextLink"]
    second = await v2.get(link, headers=headers)

    assert link == "BusinessPartners('C1')/Orders?$select=DocEntry&$skip=1"
    assert [row["DocEntry"] for row in second.json()["value"]] == orders[1:2]
    assert "@odata.nextLink" not in second.json()


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("BusinessPartners('C9')/Orders", 404),
        ("BusinessPartners('C2')/Orders(1)", 404),
        ("BusinessPartners/Orders", 400),
        ("BusinessPartners('C1')/Campaign", 501),
        ("BusinessPartners('C1')/Unicorns", 400),
        ("Orders(1)/BusinessPartner('C1')", 400),
        ("Orders(1)/TaxExtension/TaxId0", 400),
    ],
)
async def test_a_path_that_leads_nowhere_is_refused(v2, path, status):
    reply = await v2.get(path)

    assert reply.status_code == status
    assert reply.json()["error"]["message"]


async def test_expand_shows_the_other_entity_inside(v1, v2, orders):
    asked = f"Orders({orders[0]})?$select=*,BusinessPartner&$expand=BusinessPartner"

    for client in (v1, v2):
        reply = await client.get(asked)

        assert reply.json()["BusinessPartner"]["CardForeignName"] == "Foreign C1"
        assert len(reply.json()["DocumentLines"]) == 2
        assert '\t"BusinessPartner" : \n\t{\n\t\t"CardCode" : "C1"' in reply.text


@pytest.mark.usefixtures("orders")
async def test_a_collection_expands_each_of_its_entities(v2):
    reply = await v2.get(
        "Orders?$select=DocNum&$expand=BusinessPartner($select=CardName, CardCode)"
    )

    assert [row["BusinessPartner"] for row in reply.json()["value"]] == [
        {"CardCode": "C1", "CardName": "Name C1"},
        {"CardCode": "C1", "CardName": "Name C1"},
        {"CardCode": "C2", "CardName": "Name C2"},
    ]
    assert list(reply.json()["value"][0]) == ["@odata.etag", "BusinessPartner", "DocNum"]


@pytest.mark.usefixtures("orders")
async def test_expand_of_many_lists_them_and_nothing_is_an_empty_list(v2, world):
    world.clerk.add_partner("C3")

    reply = await v2.get(
        "BusinessPartners?$select=CardCode&$expand=Orders($select=DocEntry,DocumentLines)"
    )

    found = {row["CardCode"]: row["Orders"] for row in reply.json()["value"]}
    assert [len(found[code]) for code in ("C1", "C2", "C3")] == [2, 1, 0]
    assert [line["ItemCode"] for line in found["C2"][0]["DocumentLines"]] == ["A", "A"]


@pytest.mark.parametrize(
    "query",
    [
        "$expand=BusinessPartner($select=CardName)&$select=DocNum",
        "$expand=BusinessPartner&$select=BusinessPartner/CardName, DocNum",
    ],
)
async def test_a_path_in_select_is_the_same_as_a_nested_select(v2, orders, query):
    reply = await v2.get(f"Orders({orders[2]})?{query}")

    assert reply.json()["BusinessPartner"] == {"CardName": "Name C2"}


async def test_a_selected_path_that_is_not_expanded_is_ignored(v1, orders):
    with_path = await v1.get(f"Orders({orders[0]})?$select=CardCode,BusinessPartner/CardName")
    without = await v1.get(f"Orders({orders[0]})?$select=CardCode")

    assert with_path.text == without.text


async def test_version_1_shows_only_what_select_names(v1, orders):
    reply = await v1.get(f"Orders({orders[0]})?$select=CardCode&$expand=BusinessPartner")

    assert "BusinessPartner" not in reply.json()


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("expand", "status"),
    [
        ("DocumentLines", 400),
        ("Unicorn", 400),
        ("BusinessPartner($select=Colour)", 400),
        ("BusinessPartner($filter=CardCode eq 'C1')", 400),
        ("BusinessPartner/Orders", 501),
        ("Forms1099", 501),
    ],
)
async def test_what_cannot_be_expanded_is_refused(v2, expand, status):
    reply = await v2.get(f"Orders?$expand={expand}")

    assert reply.status_code == status
    assert reply.json()["error"]["message"]


async def test_an_entity_without_the_other_end_expands_to_null(v1, world):
    world.clerk.add_item("B")

    reply = await v1.get("Items('B')?$select=ItemCode,BusinessPartner&$expand=BusinessPartner")

    assert reply.json()["BusinessPartner"] is None


async def test_lines_and_extensions_can_be_read_alone(v2, orders):
    lines = await v2.get(f"Orders({orders[0]})/DocumentLines")
    extension = await v2.get(f"Orders({orders[0]})/AddressExtension")
    nobody = await v2.get("Orders(99)/DocumentLines")

    assert [line["LineNum"] for line in lines.json()["DocumentLines"]] == [0, 1]
    assert list(lines.json()) == ["@odata.context", "DocumentLines"]
    assert "AddressExtension" in extension.json()
    assert nobody.status_code == 404


async def test_the_raw_value_of_a_null_names_its_property(v1, orders):
    reply = await v1.get(f"Orders({orders[0]})/NumAtCard/$value")

    assert reply.status_code == 404
    assert reply.json()["error"]["code"] == -2028
    assert reply.json()["error"]["message"]["value"] == (
        "Resource not found for the property: NumAtCard"
    )


async def test_a_property_of_an_entity_that_is_not_there_reads_as_null(v1):
    assert (await v1.get("Orders(99)/DocEntry")).json() == {"odata.null": True}
