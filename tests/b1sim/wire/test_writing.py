"""Creating, changing and deleting over the wire; tags; lost replies."""

import asyncio
import hashlib

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio
PARTNER = {"CardCode": "C1", "CardName": "Corner Shop", "CardType": "cCustomer"}
FIRST_TAG = 'W/"356A192B7913B04C54574D18C28D46E6395428AB"'


def tag(version):
    return f'W/"{hashlib.sha1(str(version).encode()).hexdigest().upper()}"'  # noqa: S324


async def test_a_created_entity_comes_back_whole_with_its_address_and_tag(v2):
    reply = await v2.post("BusinessPartners", json=PARTNER)

    assert reply.status_code == 201
    assert reply.headers["Location"].endswith("/b1s/v2/BusinessPartners('C1')")
    assert reply.headers["ETag"] == FIRST_TAG
    assert reply.json()["@odata.etag"] == FIRST_TAG
    assert reply.json()["CardName"] == "Corner Shop"


async def test_a_client_may_want_nothing_back(v1):
    reply = await v1.post("BusinessPartners", json=PARTNER, headers={"Prefer": "return-no-content"})

    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["Location"] == "/b1s/v1/BusinessPartners('C1')"
    assert reply.headers["Preference-Applied"] == "return-no-content"


async def test_the_address_of_a_code_with_a_quote_can_be_followed(v2):
    made = await v2.post("BusinessPartners", json=PARTNER | {"CardCode": "O'N 1"})

    found = await v2.get(made.headers["Location"])

    assert made.headers["Location"].endswith("/b1s/v2/BusinessPartners('O''N%201')")
    assert found.json()["CardCode"] == "O'N 1"


async def test_a_patch_changes_only_what_it_names_and_moves_the_tag(v2):
    await v2.post("BusinessPartners", json=PARTNER | {"Phone1": "1"})

    reply = await v2.patch("BusinessPartners('C1')", json={"CardName": "Shop on the Corner"})
    after = await v2.get("BusinessPartners('C1')")

    assert (reply.status_code, reply.content) == (204, b"")
    assert after.json()["CardName"] == "Shop on the Corner"
    assert after.json()["Phone1"] == "1"
    assert after.headers["ETag"] == tag(after.json()["DataVersion"]) != FIRST_TAG


@pytest.mark.parametrize("method", ["PATCH", "MERGE"])
async def test_a_post_can_stand_for_a_patch(v1, method):
    await v1.post("BusinessPartners", json=PARTNER)
    header = {"X-HTTP-Method-Override": method}

    reply = await v1.post("BusinessPartners('C1')", json={"CardName": "Other"}, headers=header)

    assert reply.status_code == 204
    assert (await v1.get("BusinessPartners('C1')/CardName")).json() == {"value": "Other"}


async def test_a_select_read_shows_the_first_tag_for_ever_and_none_in_the_header(v2):
    await v2.post("BusinessPartners", json=PARTNER)
    await v2.patch("BusinessPartners('C1')", json={"CardName": "Other"})

    reply = await v2.get("BusinessPartners('C1')?$select=CardCode")
    listed = await v2.get("BusinessPartners?$select=CardCode")

    assert "ETag" not in reply.headers
    assert reply.json()["@odata.etag"] == FIRST_TAG
    assert listed.json()["value"][0]["@odata.etag"] == FIRST_TAG


async def test_an_old_tag_is_refused_and_the_current_one_accepted(v1, v2):
    await v2.post("BusinessPartners", json=PARTNER)
    await v2.patch("BusinessPartners('C1')", json={"CardName": "Other"})
    current = (await v2.get("BusinessPartners('C1')")).headers["ETag"]
    change = {"CardName": "Third"}

    old = await v2.patch("BusinessPartners('C1')", json=change, headers={"If-Match": FIRST_TAG})
    old_v1 = await v1.patch("BusinessPartners('C1')", json=change, headers={"If-Match": FIRST_TAG})
    new = await v2.patch("BusinessPartners('C1')", json=change, headers={"If-Match": current})

    assert (old.status_code, old.json()["error"]["code"]) == (412, "-2039")
    assert (old_v1.status_code, old_v1.json()["error"]["code"]) == (412, -2039)
    assert new.status_code == 204


async def test_deleting_leaves_nothing_and_an_order_cannot_be_deleted(v2):
    await v2.post("BusinessPartners", json=PARTNER)

    gone = await v2.delete("BusinessPartners('C1')")
    order = await v2.delete("Orders(1)")

    assert gone.status_code == 204
    assert (await v2.get("BusinessPartners('C1')")).status_code == 404
    assert order.status_code in {400, 404}


async def test_a_duplicate_code_has_saps_number_in_its_text(v1):
    await v1.post("BusinessPartners", json=PARTNER)

    reply = await v1.post("BusinessPartners", json=PARTNER)

    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (400, -10)
    assert error["message"]["value"].startswith("1320000140 - ")


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "\xff"])
async def test_a_body_that_is_no_json_object_is_refused(v2, body):
    reply = await v2.post("BusinessPartners", content=body.encode("latin-1"))

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-1000")


async def test_an_unknown_property_is_refused(v2):
    reply = await v2.post("BusinessPartners", json=PARTNER | {"Colour": "red"})

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-1000")


async def test_rows_merge_by_identity_unless_the_header_says_replace(v2):
    address = {"AddressName": "Home", "AddressType": "bo_BillTo", "City": "Graz"}
    office = {"AddressName": "Office", "AddressType": "bo_ShipTo", "City": "Linz"}
    await v2.post("BusinessPartners", json=PARTNER | {"BPAddresses": [address, office]})
    path = "BusinessPartners('C1')"
    rows = (await v2.get(path)).json()["BPAddresses"]

    moved = address | {"BPCode": "C1", "RowNum": rows[0]["RowNum"], "City": "Wien"}
    await v2.patch(path, json={"BPAddresses": [moved]})
    merged = (await v2.get(path)).json()["BPAddresses"]
    replace = {"B1S-ReplaceCollectionsOnPatch": "true"}
    await v2.patch(path, json={"BPAddresses": [moved]}, headers=replace)
    replaced = (await v2.get(path)).json()["BPAddresses"]

    assert [row["City"] for row in merged] == ["Wien", "Linz"]
    assert [row["City"] for row in replaced] == ["Wien"]


async def test_a_lost_reply_leaves_a_record_that_a_look_up_finds(world, v2):
    world.lose_reply("BusinessPartners", nth=2)
    await v2.post("BusinessPartners", json=PARTNER | {"CardCode": "C0"})

    with pytest.raises(httpx.RemoteProtocolError):
        await v2.post("BusinessPartners", json=PARTNER)

    found = await v2.get("BusinessPartners?$select=CardCode&$filter=CardName eq 'Corner Shop'")
    assert [row["CardCode"] for row in found.json()["value"]] == ["C0", "C1"]


async def test_a_dropped_request_was_not_executed(world, v2):
    world.drop_request("BusinessPartners", method="POST")

    with pytest.raises(httpx.RemoteProtocolError):
        await v2.post("BusinessPartners", json=PARTNER)

    assert (await v2.get("BusinessPartners/$count")).text == "0"


@given(
    name=st.text(
        alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"),
        min_size=1,
        max_size=60,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_name_is_found_by_its_quoted_self(world, credentials, name):
    found = _round_trip(world, credentials, name)

    assert name in [row["CardName"] for row in found]


def _round_trip(world, credentials, name):
    code = f"P{world.company.count('BusinessPartners')}"
    partner = PARTNER | {"CardCode": code, "CardName": name}

    async def ask():
        transport, root = world.transport(), world.base_url + "/b1s/v2/"
        async with httpx.AsyncClient(transport=transport, base_url=root) as client:
            await client.post("Login", json=credentials)
            made = await client.post("BusinessPartners", json=partner)
            assert made.status_code == 201
            condition = "CardName eq '" + name.replace("'", "''") + "'"
            query = {"$filter": condition, "$select": "CardName"}
            headers = {"Prefer": "odata.maxpagesize=0"}
            reply = await client.get("BusinessPartners", params=query, headers=headers)
            return reply.json()["value"]

    return asyncio.run(ask())


async def test_an_entity_may_be_sent_back_as_it_was_read(v1, v2):
    address = {"AddressName": "HQ", "City": "Bonn", "AddressType": "bo_BillTo"}
    for code, client in (("C1", v1), ("C2", v2)):
        partner = {"CardCode": code, "CardName": "n", "CardType": "cCustomer"}
        made = await client.post("BusinessPartners", json=partner | {"BPAddresses": [address]})
        read = made.json()

        place = f"BusinessPartners('{code}')"
        reply = await client.patch(place, json=read | {"CardName": "Renamed"})

        again = (await client.get(place)).json()
        assert reply.status_code == 204
        assert again["CardName"] == "Renamed"
        assert again["BPAddresses"] == read["BPAddresses"]
