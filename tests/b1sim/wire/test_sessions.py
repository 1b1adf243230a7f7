"""Logging in, the cookies byte for byte, and how sessions end."""

import re

import pytest

pytestmark = pytest.mark.anyio


async def test_the_login_answers_in_the_recorded_order_and_form(stranger, credentials):
    reply = await stranger.post("/b1s/v2/Login", json=credentials)

    assert reply.status_code == 200
    assert list(reply.json()) == ["@odata.context", "SessionId", "Version", "SessionTimeout"]
    assert reply.json()["@odata.context"].endswith("/b1s/v2/$metadata#B1Sessions/$entity")
    assert reply.text.startswith('{\n\t"@odata.context" : "https://')
    assert "OData-Version" not in reply.headers


async def test_version_1_names_its_context_differently(stranger, credentials):
    reply = await stranger.post("/b1s/v1/Login", json=credentials)

    assert reply.json()["odata.metadata"].endswith("/b1s/v1/$metadata#B1Sessions/@Element")
    assert reply.headers["DataServiceVersion"] == "3.0"


async def test_the_session_cookie_has_no_path_and_one_semicolon_too_many(stranger, credentials):
    reply = await stranger.post("/b1s/v1/Login", json=credentials)

    session = reply.json()["SessionId"]
    assert reply.headers.get_list("set-cookie") == [
        f"B1SESSION={session};HttpOnly;",
        "ROUTEID=.node1; path=/b1s",
    ]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", session)


async def test_a_refusal_names_the_node_and_who_knows_it_is_not_told_again(stranger):
    first = await stranger.get("/b1s/v1/Orders")
    second = await stranger.get("/b1s/v1/Orders")

    assert (first.status_code, second.status_code) == (401, 401)
    assert first.headers.get_list("set-cookie") == ["ROUTEID=.node1; path=/b1s"]
    assert second.headers.get_list("set-cookie") == []


async def test_the_session_cookie_alone_is_enough(stranger, credentials):
    login = await stranger.post("/b1s/v2/Login", json=credentials)
    stranger.cookies.clear()

    cookie = {"Cookie": f"B1SESSION={login.json()['SessionId']}"}
    reply = await stranger.get("/b1s/v2/Orders/$count", headers=cookie)

    assert reply.status_code == 200


async def test_a_session_slides_with_every_request_and_then_ends(v2, clock):
    clock.pass_minutes(29)
    assert (await v2.get("Orders/$count")).status_code == 200
    clock.pass_minutes(29)
    assert (await v2.get("Orders/$count")).status_code == 200
    clock.pass_minutes(30)

    late = await v2.get("Orders/$count")

    assert late.status_code == 401
    assert late.json()["error"]["code"] == "301"


async def test_logout_ends_one_session_and_leaves_the_users_others(v1, v2):
    reply = await v1.post("Logout")

    assert (reply.status_code, reply.content) == (204, b"")
    assert (await v1.get("Orders/$count")).status_code == 401
    assert (await v2.get("Orders/$count")).status_code == 200


async def test_a_lower_case_login_is_a_protected_path(stranger, credentials):
    reply = await stranger.post("/b1s/v1/login", json=credentials)

    assert reply.status_code == 401
    assert reply.json() == {
        "error": {
            "code": 301,
            "message": {"lang": "en-us", "value": "Invalid session or session already timeout."},
        }
    }


async def test_version_1_can_answer_a_lost_session_in_the_flat_shape(world, stranger):
    world.quirks.flat_session_error = True

    reply = await stranger.get("/b1s/v1/Orders")

    message = "Invalid session or session already timeout."
    assert reply.json() == {"error": {"code": "301", "message": message}}


@pytest.mark.parametrize("wrong", [{"Password": "x"}, {"UserName": "x"}, {"CompanyDB": "x"}])
async def test_wrong_credentials_do_not_tell_which_part_is_wrong(stranger, credentials, wrong):
    reply = await stranger.post("/b1s/v1/Login", json=credentials | wrong)

    assert reply.status_code == 401
    assert reply.json()["error"]["code"] == -304
    assert "B1SESSION" not in str(reply.headers.get_list("set-cookie"))


async def test_a_login_without_a_password_names_what_is_required(stranger, credentials):
    del credentials["Password"]

    reply = await stranger.post("/b1s/v2/Login", json=credentials)

    assert reply.json()["error"] == {
        "code": "-1",
        "message": "'CompanyDB','UserName','Password' are all required.",
    }


async def test_a_doubled_slash_is_accepted(world, stranger, credentials):
    reply = await stranger.post(world.base_url + "//b1s//v1/Login", json=credentials)

    assert reply.status_code == 200


async def test_expect_100_continue_breaks_the_balancer(stranger, credentials):
    header = {"Expect": "100-continue"}

    reply = await stranger.post("/b1s/v1/Login", json=credentials, headers=header)

    assert (reply.status_code, reply.content) == (500, b"")
    assert reply.headers["Connection"] == "close"


async def test_replies_carry_the_balancers_headers(v1):
    reply = await v1.get("Orders/$count")

    assert reply.headers["Server"].startswith("Apache/2.4")
    assert reply.headers["Keep-Alive"] == "timeout=5, max=100"
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert "Strict-Transport-Security" in reply.headers


async def test_dropped_sessions_must_log_in_again(world, v1, v2):
    assert world.drop_sessions() == 2

    assert (await v1.get("Orders/$count")).status_code == 401
    assert (await v2.get("Orders/$count")).status_code == 401


async def test_ping_needs_no_session(stranger):
    balancer = await stranger.get("/ping/")
    stranger_node = await stranger.get("/ping/node/5")

    assert balancer.json()["message"] == "pong"
    assert balancer.json()["sender"] == "load balancer"
    assert stranger_node.status_code == 503
    assert stranger_node.json()["message"] == "node 5 does not exist"
