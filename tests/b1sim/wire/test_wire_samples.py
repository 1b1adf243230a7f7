"""What was recorded on the wire, field for field (sap-service-layer.md 1, 3.1, 5.5 and 15)."""

import json

import httpx
import pytest

pytestmark = pytest.mark.anyio
PARTNER = {"CardCode": "C1", "CardName": "Corner Shop", "CardType": "cCustomer"}
GONE = "Invalid session or session already timeout."


@pytest.fixture
async def plain(world):
    """A client that speaks plain HTTP, as to a node behind the balancer."""
    async with httpx.AsyncClient(
        transport=world.transport(), base_url="http://b1sim.test:50001"
    ) as client:
        yield client


# Recorded lengths are those of bodies that the recorder had unpacked.
UNPACKED = {"Accept-Encoding": "identity"}


def names_of(reply):
    """Name the headers as they were spelled, without the one that tests cannot pin."""
    return {name.decode() for name, _ in reply.headers.raw} - {"Date"}


# -- logging in --------------------------------------------------------------------------------
async def test_a_login_of_version_2_has_the_recorded_headers(stranger, credentials):
    reply = await stranger.post("/b1s/v2/Login", json=credentials)

    assert names_of(reply) == {
        "Server",
        "Vary",
        "Strict-Transport-Security",
        "Keep-Alive",
        "Connection",
        "Content-Type",
        "Content-Length",
        "Content-Encoding",
        "Set-Cookie",
    }
    assert reply.headers["Content-Type"] == "application/json;odata.metadata=minimal;charset=utf-8"
    assert reply.headers["Server"] == "Apache/2.4.61 (Unix)"
    assert reply.headers["Strict-Transport-Security"] == (
        "max-age=63072000; includeSubdomains; preload"
    )
    assert reply.headers["Keep-Alive"] == "timeout=5, max=100"
    assert reply.headers["Connection"] == "Keep-Alive"


async def test_a_login_prints_its_four_members_with_tabs(stranger, credentials):
    reply = await stranger.post("/b1s/v2/Login", json=credentials)

    session = reply.json()["SessionId"]
    assert reply.text == (
        '{\n\t"@odata.context" : "https://b1sim.test:50000/b1s/v2/$metadata#B1Sessions/$entity",\n'
        f'\t"SessionId" : "{session}",\n\t"Version" : "1000280",\n\t"SessionTimeout" : 30\n}}\n'
    )


async def test_cookies_are_bare_over_plain_http_and_over_tls(stranger, plain, credentials):
    for client in (plain, stranger):
        login = await client.post("/b1s/v1/Login", json=credentials)

        assert login.headers.get_list("set-cookie") == [
            f"B1SESSION={login.json()['SessionId']};HttpOnly;",
            "ROUTEID=.node1; path=/b1s",
        ]
        assert ("Strict-Transport-Security" in login.headers) is (client is stranger)


async def test_a_balancer_may_secure_the_cookies(world, stranger, credentials):
    world.quirks.secure_cookies = True

    login = await stranger.post("/b1s/v2/Login", json=credentials)

    assert login.headers.get_list("set-cookie") == [
        f"B1SESSION={login.json()['SessionId']};HttpOnly;;Secure;SameSite=None",
        "ROUTEID=.node1; path=/;Secure;SameSite=None",
    ]


async def test_the_session_header_counts_only_where_it_is_switched_on(world, stranger, credentials):
    login = await stranger.post("/b1s/v2/Login", json=credentials)
    stranger.cookies.clear()
    header = {"SessionId": login.json()["SessionId"]}

    refused = await stranger.get("/b1s/v2/Orders/$count", headers=header)
    world.quirks.session_header = True
    accepted = await stranger.get("/b1s/v2/Orders/$count", headers=header)

    assert (refused.status_code, accepted.status_code) == (401, 200)


# -- entities and lists ------------------------------------------------------------------------
@pytest.fixture
async def partner(v2):
    return await v2.post("BusinessPartners", json=PARTNER)


async def test_a_created_entity_has_the_recorded_headers(partner):
    assert partner.status_code == 201
    assert names_of(partner) - {"Content-Length"} == {
        "Server",
        "Vary",
        "Strict-Transport-Security",
        "Keep-Alive",
        "Connection",
        "Content-Type",
        "OData-Version",
        "ETag",
        "Location",
        "Content-Encoding",
    }
    assert partner.headers["ETag"] == 'W/"356A192B7913B04C54574D18C28D46E6395428AB"'
    location = "https://b1sim.test:50000/b1s/v2/BusinessPartners('C1')"
    assert partner.headers["Location"] == location


async def test_an_entity_begins_with_context_etag_and_key(v2, partner):
    reply = await v2.get("BusinessPartners('C1')")

    assert reply.text.startswith(
        '{\n\t"@odata.context" : '
        '"https://b1sim.test:50000/b1s/v2/$metadata#BusinessPartners/$entity",\n'
        '\t"@odata.etag" : "W/\\"356A192B7913B04C54574D18C28D46E6395428AB\\"",\n'
        '\t"CardCode" : "C1",\n\t"CardName" : "Corner Shop",\n'
    )
    assert reply.headers["ETag"] == reply.json()["@odata.etag"]
    assert partner.text == reply.text


async def test_an_item_shows_scalars_then_own_fields_then_collections(world, v2):
    world.clerk.run("add_item", {"code": "A1", "name": "Chair"})
    world.clerk.add_user_field("Item", "U_Colour")

    shown = list((await v2.get("Items('A1')")).json())

    assert shown[:3] == ["@odata.context", "@odata.etag", "ItemCode"]
    assert shown.index("DataVersion") < shown.index("U_Colour") < shown.index("ItemPrices")


async def test_a_list_has_each_row_begin_with_its_etag_and_no_header_of_its_own(v2, partner):
    assert partner.status_code == 201
    reply = await v2.get("BusinessPartners?$top=5")

    assert reply.text.startswith(
        '{\n\t"@odata.context" : "https://b1sim.test:50000/b1s/v2/$metadata#BusinessPartners",\n'
        '\t"value" : \n\t[\n\t\t{\n\t\t\t"@odata.etag" : "W/\\"'
    )
    assert list(reply.json()) == ["@odata.context", "value"]
    assert "ETag" not in reply.headers


async def test_version_1_speaks_its_own_types_and_keys(v1):
    reply = await v1.post("BusinessPartners", json=PARTNER)

    assert reply.headers["Content-Type"] == "application/json;odata=minimalmetadata;charset=utf-8"
    assert reply.headers["DataServiceVersion"] == "3.0"
    assert "OData-Version" not in reply.headers
    assert list(reply.json())[:2] == ["odata.metadata", "odata.etag"]
    assert reply.json()["odata.metadata"].endswith("$metadata#BusinessPartners/@Element")


async def test_large_bodies_come_in_chunks(world, v2):
    for number in range(3):
        world.clerk.run("add_item", {"code": f"A{number}", "name": "Chair"})

    assert "Content-Length" not in (await v2.get("Items")).headers
    assert "Content-Length" in (await v2.get("Items?$select=ItemCode")).headers


async def test_a_write_without_an_answer_carries_no_body_and_nothing_about_one(v2, partner):
    assert partner.status_code == 201
    reply = await v2.patch("BusinessPartners('C1')", json={"CardName": "Renamed"})

    assert (reply.status_code, reply.content) == (204, b"")
    assert names_of(reply) == {
        "Server",
        "Strict-Transport-Security",
        "Keep-Alive",
        "Connection",
        "OData-Version",
    }


async def test_who_wants_nothing_back_gets_the_path_of_what_was_made(v1):
    wish = {"Prefer": "return-no-content"}

    reply = await v1.post("BusinessPartners", json=PARTNER, headers=wish)

    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["Location"] == "/b1s/v1/BusinessPartners('C1')"
    assert reply.headers["Preference-Applied"] == "return-no-content"


async def test_a_page_size_that_was_preferred_is_confirmed(v1):
    reply = await v1.get("Orders", headers={"Prefer": "odata.maxpagesize=7"})

    assert reply.headers["Preference-Applied"] == "odata.maxpagesize=7"


# -- refusals ----------------------------------------------------------------------------------
async def test_a_lost_session_is_answered_to_the_byte(world, stranger):
    world.quirks.error_details = True

    reply = await stranger.delete("/b1s/v2/BusinessPartners('CTESTB1SLVCR')", headers=UNPACKED)

    assert reply.status_code == 401
    assert reply.text == (
        '{\n   "error" : {\n      "code" : "301",\n      "details" : [\n         {\n'
        '            "code" : "",\n            "message" : ""\n         }\n      ],\n'
        f'      "message" : "{GONE}"\n   }}\n}}\n'
    )
    assert reply.headers["Content-Length"] == "213"
    assert reply.headers["Content-Type"] == "application/json;charset=utf-8"
    assert reply.headers["WWW-Authenticate"] == (
        "Basic realm=/b1s/v2/BusinessPartners('CTESTB1SLVCR')"
    )
    assert "OData-Version" not in reply.headers
    assert reply.headers["Connection"] == "Keep-Alive"


async def test_deleting_what_is_not_there_is_answered_to_the_byte(world, v2):
    world.quirks.error_details = True

    reply = await v2.delete("BusinessPartners('CTESTB1SLVCR')", headers=UNPACKED)

    assert (reply.status_code, reply.headers["Content-Length"]) == (404, "220")
    assert reply.headers["OData-Version"] == "4.0"
    assert reply.json()["error"] == {
        "code": "-2028",
        "details": [{"code": "", "message": ""}],
        "message": "Entity with value('CTESTB1SLVCR') does not exist",
    }


async def test_reading_what_is_not_there_says_so_in_other_words(v2):
    reply = await v2.get("BusinessPartners('CTESTB1SLVCR')")

    assert reply.status_code == 404
    assert reply.json()["error"] == {
        "code": "-2028",
        "message": "No matching records found (ODBC -2028)",
    }


async def test_a_refused_order_is_nested_with_a_number_or_flat_with_a_string(v1, v2):
    order = {"CardCode": "nobody", "DocDueDate": "2026-12-24", "DocumentLines": [{}]}

    nested = (await v1.post("Orders", json=order)).json()
    flat = (await v2.post("Orders", json=order)).json()

    assert list(nested["error"]) == list(flat["error"]) == ["code", "message"]
    assert nested["error"]["code"] == -5002
    assert nested["error"]["message"]["lang"] == "en-us"
    assert flat["error"] == {"code": "-5002", "message": nested["error"]["message"]["value"]}


async def test_version_1_has_one_content_type_and_version_2_one_for_refusals(v1, v2):
    one, two = await v1.get("Items('none')"), await v2.get("Items('none')")

    assert one.headers["Content-Type"] == "application/json;odata=minimalmetadata;charset=utf-8"
    assert two.headers["Content-Type"] == "application/json;charset=utf-8"


async def test_a_400_closes_the_connection_as_apache_does(v2):
    reply = await v2.get("Orders?$select=Nonsense")

    assert reply.status_code == 400
    assert reply.headers["Connection"] == "close"
    assert "Keep-Alive" not in reply.headers


@pytest.mark.parametrize("flat", [True, False])
async def test_version_1_has_two_shapes_for_a_lost_session(world, stranger, flat):
    world.quirks.flat_session_error = flat

    error = (await stranger.get("/b1s/v1/Orders")).json()["error"]

    nested = {"code": 301, "message": {"lang": "en-us", "value": GONE}}
    assert error == ({"code": "301", "message": GONE} if flat else nested)


async def test_expect_is_answered_with_an_empty_500(stranger, credentials):
    header = {"Expect": "100-continue"}

    reply = await stranger.post("/b1s/v1/Login", json=credentials, headers=header)

    assert (reply.status_code, reply.content) == (500, b"")
    assert reply.headers["Content-Length"] == "0"
    assert reply.headers["DataServiceVersion"] == "3.0"
    assert reply.headers.get_list("connection") == ["close"]
    assert reply.headers["Set-Cookie"] == "ROUTEID=.node1; path=/b1s"


async def test_more_than_50_megabytes_are_too_much(v2):
    reply = await v2.post("BusinessPartners", content=b" " * (50 * 1024 * 1024 + 1))

    assert reply.status_code == 413
    assert reply.headers["Content-Type"].startswith("text/html")


# -- methods -----------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["PATCH", "MERGE"])
async def test_a_post_may_stand_for_a_change(v2, partner, method):
    assert partner.status_code == 201
    header = {"X-HTTP-Method-Override": method}

    reply = await v2.post("BusinessPartners('C1')", json={"CardName": "Renamed"}, headers=header)

    assert reply.status_code == 204
    assert (await v2.get("BusinessPartners('C1')/CardName")).json()["value"] == "Renamed"


async def test_a_post_may_stand_for_a_removal(v2, partner):
    assert partner.status_code == 201
    header = {"X-HTTP-Method-Override": "DELETE"}

    assert (await v2.post("BusinessPartners('C1')", headers=header)).status_code == 204
    assert (await v2.get("BusinessPartners/$count")).text == "0"


async def test_a_doubled_slash_is_accepted(world, stranger, credentials):
    login = await stranger.post("/b1s/v1/Login", json=credentials)
    cookie = {"Cookie": f"B1SESSION={login.json()['SessionId']}"}

    reply = await stranger.get(world.base_url + "//b1s/v1/Orders/$count", headers=cookie)

    assert (reply.status_code, reply.text) == (200, "0")


# -- ping --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "sender"),
    [
        ("/ping/", "load balancer"),
        ("/ping/load-balancer", "load balancer"),
        ("/ping/node", "node1"),
        ("/ping/node/1", "node1"),
    ],
)
async def test_the_balancer_and_the_nodes_answer_a_ping(stranger, path, sender):
    reply = await stranger.get(path)

    answer = reply.json()
    assert reply.status_code == 200
    assert list(answer) == ["message", "sender", "timestamp"]
    assert (answer["message"], answer["sender"]) == ("pong", sender)
    assert answer["timestamp"] == f"{float(answer['timestamp']):.3f}"


async def test_a_node_that_does_not_exist_is_named_by_the_balancer(stranger):
    reply = await stranger.get("/ping/node/5")

    answer = reply.json()
    assert reply.status_code == 503
    assert (answer["message"], answer["sender"]) == ("node 5 does not exist", "load balancer")


async def test_numbers_may_be_sent_as_strings_as_saps_samples_do(world, v1):
    world.clerk.run("add_item", {"code": "A1", "name": "Chair"})
    await v1.post("BusinessPartners", json=PARTNER)
    line = {"ItemCode": "A1", "Quantity": "100", "UnitPrice": "30"}
    order = {"CardCode": "C1", "DocDueDate": "2026-12-24", "DocumentLines": [line]}

    reply = await v1.post("Orders", content=json.dumps(order))

    assert reply.json()["DocumentLines"][0]["LineTotal"] == 3000
