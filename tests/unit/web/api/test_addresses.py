"""Methods, parameters, cursors and request ids: right at every address."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.web.api.cursors import cursor_of, parts_of
from b1bridge.web.problems import Refusal

pytestmark = pytest.mark.anyio


async def test_head_answers_as_get_without_a_body(client):
    got, head = await client.get("/v1/baskets"), await client.head("/v1/baskets")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


async def test_head_of_what_cannot_be_got_is_refused_without_a_body(client):
    answer = await client.head("/v1/nowhere")

    assert (answer.status_code, answer.content) == (404, b"")


async def test_options_tells_every_method_of_an_address(client):
    answer = await client.options("/v1/baskets")

    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, POST, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
async def test_another_method_is_told_those_that_are_taken(method, client):
    answer = await client.request(method, "/v1/baskets")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, HEAD, OPTIONS")
    assert answer.json()["type"] == "urn:b1bridge:problem:method-not-allowed"


async def test_an_unknown_address_is_told_as_it_was_asked(client):
    answer = await client.get("/v1/bascets/%F0%9F%92%A9")

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:b1bridge:problem:not-found"


@pytest.mark.parametrize("query", ["limit=0", "limit=11", "limit=x", "limit=", "limit=1e3"])
async def test_a_wrong_parameter_is_named(query, client):
    answer = await client.get(f"/v1/baskets?{query}")

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["query limit"]


@pytest.mark.parametrize("query", ["limmit=1", "limit=1&LIMIT=2", "=1", "a%00=1", "x&x&y"])
async def test_an_unknown_parameter_is_named_and_not_passed_over(query, client):
    answer = await client.get(f"/v1/baskets?{query}")

    assert answer.status_code == 400
    assert "not known" in answer.json()["errors"][0]["detail"]


async def test_an_unknown_parameter_is_passed_over_where_the_connection_says_so(client):
    headers = {"Authorization": "Bearer lax"}

    answer = await client.get("/v1/baskets?limmit=1", headers=headers)

    assert answer.status_code == 200


async def test_a_cursor_leads_on(client):
    cursor = (await client.get("/v1/baskets?limit=7")).json()["next"]

    answer = await client.get("/v1/baskets", params={"cursor": cursor})

    assert answer.json()["after"] == "WEB-1 7"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%",
        "ü",
        "A" * 2000,
        cursor_of("only one"),
        cursor_of(1, "the other way round"),
        cursor_of("A", 2**63),
        cursor_of("A", 1, 2),
        cursor_of("nul\x00", 1),
        "bnVsbA",
        "W3RydWUsIDFd",
    ],
)
async def test_a_cursor_that_was_never_given_out_is_refused(cursor, client):
    answer = await client.get("/v1/baskets", params={"cursor": cursor})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "query cursor"


PRINTABLE = st.text(st.characters(min_codepoint=32, codec="utf-8"), max_size=100)


@given(PRINTABLE, st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_cursor_gives_back_what_was_packed(text, number):
    assert parts_of(cursor_of(text, number), str, int) == [text, number]


@given(st.text(max_size=60))
def test_no_cursor_breaks_the_reader(cursor):
    with contextlib.suppress(Refusal):
        parts_of(cursor, str, int)


async def test_the_callers_request_id_comes_back(client):
    answer = await client.get("/v1/baskets", headers={"X-Request-Id": "shop-17:a.b"})

    assert answer.headers["x-request-id"] == "shop-17:a.b"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "<script>", "ü".encode()])
async def test_an_unsound_request_id_is_replaced(sent, client):
    answer = await client.get("/v1/baskets", headers={"X-Request-Id": sent})

    assert len(answer.headers["x-request-id"]) == 32


async def test_a_mistake_of_ours_tells_its_number_and_nothing_of_itself(client):
    answer = await client.get("/v1/mistake")

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (500, "urn:b1bridge:problem:internal")
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert "LookupError" not in answer.text
    assert "script" not in answer.text
