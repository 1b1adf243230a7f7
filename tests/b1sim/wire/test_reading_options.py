"""What headers change in a read or a write: schemas, tags the client has, and PUT."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def order(world):
    world.clerk.add_partner("C1", "Corner Shop")
    world.clerk.add_item("A")
    line = {"ItemCode": "A", "Quantity": 2, "UnitPrice": 5}
    payload = {"CardCode": "C1", "DocDueDate": "2026-12-01", "DocumentLines": [line]}
    return world.company.create("Orders", payload)["DocEntry"]


DEMO = {"B1S-Schema": "demo.schema"}
TRIMMED = {
    "DocEntry": 1,
    "DocNum": 1,
    "DocumentLines": [{"LineNum": 0, "ItemCode": "A", "Quantity": 2.0}],
}


async def test_a_schema_trims_entities_and_their_rows(v1, v2, order):
    one = await v1.get(f"Orders({order})", headers=DEMO)
    many = await v2.get("Orders?$filter=CardCode eq 'C1'", headers=DEMO)

    assert {n: v for n, v in one.json().items() if not n.startswith("odata")} == TRIMMED
    assert [{n: v for n, v in row.items() if "@" not in n} for row in many.json()["value"]] == [
        TRIMMED
    ]
    assert one.headers["B1S-Schema"] == "demo.schema"


@pytest.mark.usefixtures("order")
async def test_a_schema_leaves_other_types_whole_and_can_be_configured(world, v1):
    world.quirks.schemas["bp.schema"] = {"BusinessPartner": ["CardName"]}

    whole = await v1.get("BusinessPartners('C1')", headers=DEMO)
    trimmed = await v1.get("BusinessPartners('C1')", headers={"B1S-Schema": "bp.schema"})
    unknown = await v1.get("Orders", headers={"B1S-Schema": "none.schema"})

    assert "CardCode" in whole.json()
    assert set(trimmed.json()) == {"odata.metadata", "odata.etag", "CardName"}
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, -1000)


async def test_a_tag_that_the_client_has_saves_the_body_where_switched_on(world, v2, order):
    tag = (await v2.get(f"Orders({order})")).headers["ETag"]
    off = await v2.get(f"Orders({order})", headers={"If-None-Match": tag})
    world.quirks.if_none_match = True
    same = await v2.get(f"Orders({order})", headers={"If-None-Match": tag})
    other = await v2.get(f"Orders({order})", headers={"If-None-Match": 'W/"0"'})

    assert (off.status_code, same.status_code, other.status_code) == (200, 304, 200)
    assert (same.content, same.headers["ETag"]) == (b"", tag)


async def test_put_empties_what_it_does_not_name(v1, world):
    world.clerk.add_partner("C1", "Corner Shop")
    await v1.patch(
        "BusinessPartners('C1')",
        json={"Phone1": "123", "Notes": "old", "Valid": "tNO", "GroupCode": 100},
    )

    reply = await v1.put("BusinessPartners('C1')", json={"CardName": "New", "Notes": "new"})

    now = (await v1.get("BusinessPartners('C1')")).json()
    assert reply.status_code == 204
    assert (now["CardCode"], now["CardName"], now["Notes"]) == ("C1", "New", "new")
    assert now["Phone1"] is None
    assert (now["CardType"], now["Valid"]) == ("cCustomer", "tYES")


async def test_put_keeps_what_nobody_may_write(v1, world):
    world.clerk.add_item("A", stock="5")

    reply = await v1.put("Items('A')", json={"ItemName": "Anew"})

    now = (await v1.get("Items('A')")).json()
    assert reply.status_code == 204
    assert (now["ItemName"], now["QuantityOnStock"]) == ("Anew", 5.0)
    assert [p["Price"] for p in now["ItemPrices"]][:1] == [10.0]


async def test_a_document_that_was_read_is_changed_and_put_back(v1, order):
    read = (await v1.get(f"Orders({order})")).json()
    await v1.patch(f"Orders({order})", json={"NumAtCard": "W-1"})

    reply = await v1.put(f"Orders({order})", json=read | {"Comments": "put"})
    now = (await v1.get(f"Orders({order})")).json()

    assert reply.status_code == 204
    assert (now["Comments"], now["NumAtCard"]) == ("put", None)
    assert now["DocumentLines"] == read["DocumentLines"]


async def test_texts_of_a_document_that_are_not_put_are_emptied(v1, order):
    await v1.patch(f"Orders({order})", json={"NumAtCard": "W-1"})

    reply = await v1.put(f"Orders({order})", json={"Comments": "x"})
    now = (await v1.get(f"Orders({order})")).json()

    assert reply.status_code == 204
    assert (now["Comments"], now["NumAtCard"], now["CardCode"]) == ("x", None, "C1")
    assert len(now["DocumentLines"]) == 1


async def test_what_is_booked_otherwise_cannot_be_put_and_nothing_is_not_found(v1):
    payment = await v1.put("IncomingPayments(1)", json={"Remarks": "x"})
    nobody = await v1.put("BusinessPartners('none')", json={"CardName": "x"})

    assert (payment.status_code, nobody.status_code) == (404, 404)


async def test_put_minds_the_version(v1, world):
    world.clerk.add_partner("C1")

    reply = await v1.put(
        "BusinessPartners('C1')", json={"CardName": "x"}, headers={"If-Match": 'W/"0"'}
    )

    assert (reply.status_code, reply.json()["error"]["code"]) == (412, -2039)
