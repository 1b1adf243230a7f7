"""What is sent is read exactly and whole, or refused with the place where it is wrong."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.web.api.bodies import MOST_BYTES
from b1bridge.web.api.exact_bodies import Unsound, parsed, pointer_of

pytestmark = pytest.mark.anyio
JSON = {"Content-Type": "application/json"}
DEEP = b'{"reference": "1", "lines": ' + b"[" * 40 + b"]" * 40 + b"}"
DEEPEST = b"[" * 200_000


def line(amount):
    return b'{"reference": "WEB-1", "lines": [{"item": "A", "amount": ' + amount + b"}]}"


async def send(client, body, **headers):
    return await client.post("/v1/baskets", content=body, headers={**JSON, **headers})


def problem_of(answer, status, slug):
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["type"] == f"urn:b1bridge:problem:{slug}"
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return problem


@pytest.mark.parametrize("body", [line(b"0.1"), line(b'"0.1"'), b"\xef\xbb\xbf" + line(b"0.1")])
async def test_amounts_are_read_exactly(body, client):
    answer = await send(client, body)

    assert (answer.status_code, answer.json()["total"]) == (201, "0.1")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "not JSON"),
        (b"{", "line 1, column 2"),
        (b'{"reference": "1"} {}', "Extra data"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        ('{"reference": "ü"}'.encode("latin-1"), "not UTF-8"),
        ('{"reference": "1"}'.encode("utf-16"), "not UTF-8"),
        (line(b"NaN"), "NaN"),
        (line(b"-Infinity"), "Infinity"),
        (line(b"1e999999"), "digits"),
        (line(b"1e-999999"), "digits"),
        (line(b"1e99999999999999999999"), "digits"),
        (line(b"9" * 41), "digits"),
        (line(b"9" * 100_000), "digits"),
        (line(b"0." + b"3" * 41), "digits"),
        (b'{"reference": "1", "reference": "2"}', '"reference" twice'),
        (b'{"reference": "1", "lines": [{"item": "A", "item": "B"}]}', '"item" twice'),
        (b'{"reference": "a\\u0000b"}', "NUL"),
        (b'{"reference": "a\\u0007b"}', "control"),
        (b'{"reference": "\\ud800"}', "surrogate"),
        (b'{"a\\u0000": "1"}', "NUL"),
        (b'{"reference": "a\x00b"}', "Invalid control character"),
        (DEEP, "levels deep"),
        (DEEPEST, "levels deep"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_what_is_no_sound_json_is_refused(body, word, client):
    problem = problem_of(await send(client, body), 400, "invalid-json")

    assert word in problem["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"lines": [{"item": "A"}, {"item": "a\\u0000b"}]}', "/lines/1/item"),
        (b'{"lines": [{"item": "A", "amount": ' + b"9" * 41 + b"}]}", "/lines/0/amount"),
        (b'{"lines": [{"item": "A", "b\\u0007": 1}]}', "/lines/0"),
        (b'{"a/b~c": "\\ud800"}', "/a~1b~0c"),
        (b'"\\ud800"', ""),
    ],
)
async def test_what_cannot_be_kept_is_told_by_its_place(body, pointer, client):
    problem = problem_of(await send(client, body), 400, "invalid-json")

    assert problem["errors"][0]["pointer"] == pointer


async def test_a_body_as_deep_as_allowed_is_read(client):
    answer = await send(client, b"[" * 32 + b"]" * 32)

    problem_of(answer, 422, "invalid-body")


async def test_a_body_one_level_deeper_is_not(client):
    answer = await send(client, b"[" * 33 + b"]" * 33)

    problem_of(answer, 400, "invalid-json")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b"[]", [""]),
        (b"null", [""]),
        (b"1", [""]),
        (b"{}", ["/reference"]),
        (b'{"reference": 1}', ["/reference"]),
        (b'{"reference": "1", "refrence": "2"}', ["/refrence"]),
        (b'{"reference": "1", "a/b~c": 1}', ["/a~1b~0c"]),
        (b'{"reference": "1", "lines": {}}', ["/lines"]),
        (b'{"reference": "1", "lines": [{"sku": "A"}]}', ["/lines/0/item", "/lines/0/sku"]),
        (line(b'"ten"'), ["/lines/0/amount"]),
        (line(b"[]"), ["/lines/0/amount"]),
        (line(b'"NaN"'), ["/lines/0/amount"]),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_every_wrong_field_is_told_by_its_place(body, pointers, client):
    problem = problem_of(await send(client, body), 422, "invalid-body")

    assert [error["pointer"] for error in problem["errors"]] == pointers


async def test_many_wrong_fields_do_not_make_a_long_answer(client):
    body = b'{"reference": "1", "lines": [' + b",".join([b"{}"] * 9000) + b"]}"

    problem = problem_of(await send(client, body), 422, "invalid-body")

    assert len(problem["errors"]) == 50
    assert "8999 more" in problem["detail"]


async def test_a_connection_may_ignore_unknown_fields_and_says_which(client):
    body = b'{"reference": "1", "lines": [{"item": "A", "sku": "B"}], "note": 1}'

    answer = await send(client, body, Authorization="Bearer lax")

    assert answer.status_code == 201
    assert answer.headers["b1bridge-ignored-fields"] == "/lines/0/sku, /note"


async def test_unknown_fields_that_no_header_could_name_are_still_told(client):
    body = '{"reference": "1", "größe": 1, "日": 2}'.encode()

    answer = await send(client, body, Authorization="Bearer lax")

    assert answer.status_code == 201
    assert answer.headers["b1bridge-ignored-fields"] == "/gr%C3%B6%C3%9Fe, /%E6%97%A5"


async def test_a_name_with_a_line_break_adds_no_header(client):
    body = b'{"reference": "1", "a\\r\\nSet-Cookie: b": 1}'

    answer = await send(client, body, Authorization="Bearer lax")

    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers


async def test_wrong_fields_are_refused_also_where_unknown_ones_are_ignored(client):
    body = b'{"reference": 1, "note": 1}'

    answer = await send(client, body, Authorization="Bearer lax")

    assert len(problem_of(answer, 422, "invalid-body")["errors"]) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": ""},
        {"Content-Encoding": "gzip"},
    ],
    ids=str,
)
async def test_what_is_not_announced_as_json_is_not_read(headers, client):
    answer = await send(client, b'{"reference": "1"}', **headers)

    problem_of(answer, 415, "unsupported-media-type")


async def test_no_content_type_at_all_is_refused(client):
    answer = await client.post("/v1/baskets", content=b'{"reference": "1"}')

    problem_of(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("kind", ["application/json; charset=UTF-8", "Application/JSON"])
async def test_json_in_utf_8_is_taken_however_it_is_spelled(kind, client):
    answer = await send(client, b'{"reference": "1"}', **{"Content-Type": kind})

    assert answer.status_code == 201


async def test_ten_megabytes_are_not_read_to_their_end(client):
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 10 * MOST_BYTES:
            sent += 65536
            yield b"x" * 65536

    problem_of(await send(client, endless()), 413, "too-large")
    assert sent < 2 * MOST_BYTES


async def test_a_body_announced_as_too_large_is_not_read_at_all(client):
    problem_of(await send(client, b"x" * (MOST_BYTES + 1)), 413, "too-large")


async def test_a_sender_who_hangs_up_leaves_nothing(app):
    answers = []

    async def receive():
        return {"type": "http.disconnect"}

    async def keep(message):
        answers.append(message)

    headers = [(b"authorization", b"Bearer good"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/baskets",
        "raw_path": b"/v1/baskets",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("hub.test", 80),
    }
    await app(scope, receive, keep)

    assert answers[0]["status"] == 400


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_read_or_refused(body):
    with contextlib.suppress(Unsound):
        parsed(body)


@given(st.lists(st.one_of(st.integers(0, 9), st.text())))
def test_a_pointer_keeps_its_steps_apart(steps):
    parts = pointer_of(*steps).split("/")[1:]

    read = [part.replace("~1", "/").replace("~0", "~") for part in parts]
    assert read == [str(step) for step in steps]
