"""What Apache does before Service Layer sees a request: cookies, methods, long lines, packing."""

import gzip

import pytest

from b1sim.odata.apache import LONGEST_LINE

pytestmark = pytest.mark.anyio

COUNT = "/b1s/v2/Orders/$count"


@pytest.fixture
async def session(stranger, credentials):
    """A session that no cookie jar keeps."""
    reply = await stranger.post("/b1s/v2/Login", json=credentials)
    stranger.cookies.clear()
    return reply.json()["SessionId"]


@pytest.mark.parametrize("turned", [False, True])
async def test_two_cookies_may_come_in_headers_of_their_own(stranger, session, turned):
    cookies = [("Cookie", f"B1SESSION={session}"), ("Cookie", "ROUTEID=.node1")]

    reply = await stranger.get(COUNT, headers=cookies[::-1] if turned else cookies)

    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, deflate, br", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("identity", False),
        ("*", False),
        ("", False),
    ],
)
async def test_bodies_are_packed_for_clients_that_take_it(stranger, session, accepted, packed):
    asked = stranger.stream(
        "GET", COUNT, headers={"Cookie": f"B1SESSION={session}", "Accept-Encoding": accepted}
    )

    async with asked as reply:
        body = b"".join([piece async for piece in reply.aiter_raw()])

    assert ("Content-Encoding" in reply.headers) == packed
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert reply.headers["Content-Length"] == str(len(body))
    assert (gzip.decompress(body) if packed else body) == b"0"


async def test_a_service_layer_may_not_pack(world, v2):
    world.quirks.compression = False

    assert "Content-Encoding" not in (await v2.get("Orders")).headers


async def test_a_head_answers_as_a_get_without_its_body(v2):
    head, got = await v2.head("Orders"), await v2.get("Orders")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert (await v2.head("Orders(1)")).status_code == 404


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "LINK"])
@pytest.mark.parametrize("path", ["Orders", "$metadata", ""])
async def test_a_method_that_nobody_knows_is_refused_by_apache(v2, method, path):
    reply = await v2.request(method, path)

    assert reply.status_code == 405
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "PATCH" in reply.headers["Allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["", "$metadata"])
async def test_what_can_only_be_read_is_not_answered_to_writes(v2, method, path):
    reply = await v2.request(method, path, json={})

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-5006")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_whole_set_can_be_neither_changed_nor_deleted(v2, method):
    reply = await v2.request(method, "Orders", json={})

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-5006")


async def test_a_batch_cannot_be_read(v2):
    assert (await v2.get("$batch")).json()["error"]["code"] == "-5006"


@pytest.mark.parametrize("path", ["Unicorns", "orders", "Orders/1", "Orders/Close"])
async def test_a_path_that_leads_nowhere_is_told_from_a_key_that_is_not_there(v1, path):
    reply = await v1.get(path)

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, 200)


async def test_a_line_longer_than_apache_reads_is_refused(v2):
    path = "/b1s/v2/Orders?$filter=Comments eq '"
    room = LONGEST_LINE - len(f"GET {path}' HTTP/1.1".replace(" eq ", "%20eq%20")) - 2

    fits = await v2.get(f"Orders?$filter=Comments eq '{'x' * room}'")
    long = await v2.get(f"Orders?$filter=Comments eq '{'x' * (room + 20)}'")

    assert (fits.status_code, long.status_code) == (200, 414)
    assert long.headers["Content-Type"].startswith("text/html")
