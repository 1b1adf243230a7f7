"""Documents over the wire: rows, batches in both spellings, approvals, replies that get lost."""

import httpx
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def shop(world):
    """A customer and two items, one of them kept in batches."""
    world.clerk.add_partner("C1", "Corner Shop")
    world.clerk.add_item("TEA", price="4.00", stock="100")
    world.clerk.add_item("CHEESE", price="9.00", batches=True)
    world.clerk.receive_stock("CHEESE", "50", batch="LOT-7")


def order(**header):
    line = {"ItemCode": "TEA", "Quantity": "2"}
    return {
        "CardCode": "C1",
        "DocDueDate": "2026-11-30",
        "NumAtCard": "web-1",
        "DocumentLines": [line],
    } | header


@pytest.mark.usefixtures("shop")
async def test_an_order_comes_back_with_its_lines(v2):
    reply = await v2.post("Orders", json=order())

    made = reply.json()
    assert reply.status_code == 201
    assert reply.headers["Location"].endswith(f"/b1s/v2/Orders({made['DocEntry']})")
    assert made["@odata.context"].endswith("#Orders/$entity")
    assert made["DocDueDate"] == "2026-11-30T00:00:00Z"
    assert made["DocumentStatus"] == "bost_Open"
    assert [row["ItemCode"] for row in made["DocumentLines"]] == ["TEA"]
    assert '"Quantity" : 2.0,' in reply.text
    assert '\t"DocumentLines" : \n\t[\n\t\t{\n\t\t\t"LineNum" : 0,' in reply.text


@pytest.mark.usefixtures("shop")
async def test_a_select_may_name_lines_and_leaves_the_rest_out(v1):
    await v1.post("Orders", json=order())

    reply = await v1.get("Orders?$select=DocEntry,DocumentLines")

    row = reply.json()["value"][0]
    assert set(row) == {"odata.etag", "DocEntry", "DocumentLines"}


@pytest.mark.usefixtures("shop")
async def test_the_batch_number_is_spelled_per_version_and_read_in_both(v1, v2):
    def invoice(spelling):
        batch = {spelling: "LOT-7", "Quantity": 1}
        line = {"ItemCode": "CHEESE", "Quantity": 1, "BatchNumbers": [batch]}
        return order(DocumentLines=[line])

    first = await v1.post("Invoices", json=invoice("BatchNumberProperty"))
    second = await v2.post("Invoices", json=invoice("BatchNumber"))

    assert first.json()["DocumentLines"][0]["BatchNumbers"][0]["BatchNumber"] == "LOT-7"
    assert second.json()["DocumentLines"][0]["BatchNumbers"][0]["BatchNumberProperty"] == "LOT-7"


@pytest.mark.usefixtures("shop")
async def test_an_action_has_no_answer_and_needs_an_order(v1):
    entry = (await v1.post("Orders", json=order())).json()["DocEntry"]

    closed = await v1.post(f"Orders({entry})/Close")
    unknown = await v1.post(f"Orders({entry})/Explode")

    assert (closed.status_code, closed.content) == (204, b"")
    assert (await v1.get(f"Orders({entry})/DocumentStatus")).json() == {"value": "bost_Close"}
    assert unknown.status_code == 501


@pytest.mark.usefixtures("shop")
async def test_generated_clients_call_actions_by_their_qualified_name(v2):
    entry = (await v2.post("Orders", json=order())).json()["DocEntry"]

    closed = await v2.post(f"Orders({entry})/SAPB1.Close")

    assert closed.status_code == 204
    assert (await v2.get(f"Orders({entry})/DocumentStatus")).json()["value"] == "bost_Close"


@pytest.mark.usefixtures("shop")
async def test_an_order_that_needs_approval_looks_refused_and_waits_as_a_draft(world, v2):
    world.clerk.require_approval("Orders")

    loud = await v2.post("Orders", json=order())
    quiet = await v2.post(
        "Orders", json=order(NumAtCard="web-2"), headers={"Prefer": "return-no-content"}
    )

    assert (loud.status_code, loud.json()["error"]["code"]) == (400, "-2028")
    assert (quiet.status_code, quiet.content) == (204, b"")
    drafts = await v2.get(
        "Drafts?$select=NumAtCard&$filter=DocObjectCode eq '17' "
        "and AuthorizationStatus eq 'dasPending'"
    )
    assert [row["NumAtCard"] for row in drafts.json()["value"]] == ["web-1", "web-2"]
    assert (await v2.get("Orders/$count")).text == "0"


@pytest.mark.usefixtures("shop")
async def test_an_approved_draft_becomes_an_order(world, v2):
    world.clerk.require_approval("Orders")
    await v2.post("Orders", json=order())
    entry = (await v2.get("Drafts?$select=DocEntry")).json()["value"][0]["DocEntry"]
    world.clerk.approve_draft(entry)

    reply = await v2.post(
        "DraftsService_SaveDraftToDocument", json={"Document": {"DocEntry": str(entry)}}
    )

    assert reply.status_code == 204
    assert (await v2.get("Orders/$count?$filter=NumAtCard eq 'web-1'")).text == "1"


@pytest.mark.usefixtures("shop")
async def test_an_invoice_whose_reply_is_lost_is_found_by_its_reference(world, v1):
    world.lose_reply("Invoices")
    payload = order(NumAtCard="it's #1/ü")

    with pytest.raises(httpx.RemoteProtocolError):
        await v1.post("Invoices", json=payload)

    condition = "NumAtCard eq 'it''s #1/ü' and Cancelled eq 'tNO'"
    params = {"$filter": condition, "$select": "DocEntry,DocTotal"}
    found = await v1.get("Invoices", params=params)
    assert len(found.json()["value"]) == 1
    assert found.json()["value"][0]["DocTotal"] > 0


@pytest.mark.usefixtures("shop")
async def test_a_refusal_in_each_version_has_its_own_shape(v1, v2):
    wrong = order(CardCode="nobody")

    first, second = await v1.post("Orders", json=wrong), await v2.post("Orders", json=wrong)

    message = "Invalid BP code  [ORDR.CardCode] , 'nobody'"
    assert first.json()["error"] == {
        "code": -5002,
        "message": {"lang": "en-us", "value": message},
    }
    assert second.json()["error"] == {"code": "-5002", "message": message}


@pytest.mark.usefixtures("shop")
async def test_a_user_defined_field_can_be_written_read_filtered_and_selected(world, v2):
    missing = await v2.get("Orders?$select=U_ShopRef")
    world.clerk.add_user_field("Document", "U_ShopRef")

    made = await v2.post("Orders", json=order(U_ShopRef="O'1"))
    found = await v2.get("Orders?$select=U_ShopRef&$filter=U_ShopRef eq 'O''1'&$orderby=U_ShopRef")

    assert missing.json()["error"]["code"] == "-1000"
    assert made.json()["U_ShopRef"] == "O'1"
    assert [row["U_ShopRef"] for row in found.json()["value"]] == ["O'1"]


async def test_the_clerk_works_through_the_control_api(stranger, world):
    items = [{"code": f"B-{n}", "price": 1.5, "stock": "3"} for n in range(50)]

    added = await stranger.post("/control/clerk/add_item", json=items)
    counted = await stranger.post("/control/clerk/set_stock", json={"item": "B-1", "quantity": 7.5})
    unknown = await stranger.post("/control/clerk/dance", json={})
    misfit = await stranger.post("/control/clerk/add_item", json={"colour": "red"})
    listed = await stranger.get("/control/clerk")

    assert len(added.json()["done"]) == 50
    assert counted.status_code == 200
    assert world.company.read("Items", {"ItemCode": "B-1"})["QuantityOnStock"] == 7.5
    assert (unknown.status_code, misfit.status_code) == (422, 422)
    assert "item" in listed.json()["set_stock"]


async def test_what_the_company_refuses_the_clerk_is_an_answer_too(stranger):
    reply = await stranger.post("/control/clerk/set_stock", json={"item": "NONE", "quantity": 1})

    assert reply.status_code == 404


@pytest.mark.usefixtures("shop")
async def test_an_address_is_a_value_of_its_own(v2):
    address = {"ShipToStreet": "Kärntner Straße 1", "ShipToCountry": "AT"}
    entry = (await v2.post("Orders", json=order(AddressExtension=address))).json()["DocEntry"]

    row = (await v2.get(f"Orders({entry})?$select=AddressExtension")).json()

    assert row["AddressExtension"]["ShipToStreet"] == "Kärntner Straße 1"
    assert row["AddressExtension"]["BillToStreet"] is None
    assert "DocEntry" not in row
