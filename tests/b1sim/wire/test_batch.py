"""Batches: both spellings, change sets that hold together, and the stop at the first failure."""

import json

import pytest

pytestmark = pytest.mark.anyio
HEADERS = {"Content-Type": "multipart/mixed;boundary=batch_1"}


def partner(code, name="Corner Shop"):
    return json.dumps({"CardCode": code, "CardName": name, "CardType": "cCustomer"})


def single(line, body="", headers=""):
    return (
        "--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"{line}\r\n{headers}\r\n{body}\r\n"
    )


def change_set(*requests):
    parts = "".join(
        "--set_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"{content_id}\r\n{line}\r\n\r\n{body}\r\n"
        for content_id, line, body in requests
    )
    return f"--batch_1\r\nContent-Type: multipart/mixed;boundary=set_1\r\n\r\n{parts}--set_1--\r\n"


async def send(client, *parts):
    body = "".join(parts) + "--batch_1--\r\n"
    return await client.post("$batch", content=body.encode(), headers=HEADERS)


async def test_parts_run_in_order_and_answer_apart(v1):
    reply = await send(
        v1,
        single("POST /b1s/v1/BusinessPartners", partner("C1")),
        single("GET /b1s/v1/BusinessPartners('C1')?$select=CardName HTTP/1.1"),
    )

    assert reply.status_code == 202
    assert reply.text.count("Content-Type: application/http") == 2
    assert reply.text.index("HTTP/1.1 201 Created") < reply.text.index("HTTP/1.1 200 OK")
    assert '"CardName" : "Corner Shop"\n}\n\r\n--batchresponse_' in reply.text


async def test_a_failed_part_ends_the_batch_and_what_was_done_stays(v2):
    reply = await send(
        v2,
        single("POST BusinessPartners", partner("C1")),
        single("POST BusinessPartners", partner("C1")),
        single("POST BusinessPartners", partner("C2")),
    )

    assert reply.status_code == 200
    assert "HTTP/1.1 400 Bad Request" in reply.text
    assert reply.text.count("HTTP/1.1 ") == 2
    assert (await v2.get("BusinessPartners/$count")).text == "1"


async def test_a_change_set_is_kept_or_undone_as_one(v2):
    reply = await send(
        v2,
        change_set(
            ("Content-ID: 1\r\n", "POST /b1s/v2/BusinessPartners", partner("C1")),
            ("Content-ID: 2\r\n", "POST /b1s/v2/BusinessPartners", partner("C1")),
        ),
    )

    assert reply.text.count("HTTP/1.1 ") == 1
    assert "HTTP/1.1 400 Bad Request" in reply.text
    assert (await v2.get("BusinessPartners/$count")).text == "0"


async def test_a_later_request_can_point_at_an_earlier_one(v2):
    reply = await send(
        v2,
        change_set(
            ("Content-ID: 1\r\n", "POST /b1s/v2/BusinessPartners", partner("C1")),
            ("Content-ID: 2\r\n", "PATCH /b1s/v2/$1", '{"CardName": "Renamed"}'),
        ),
    )

    assert "HTTP/1.1 204 No Content" in reply.text
    assert (await v2.get("BusinessPartners('C1')/CardName")).json() == {"value": "Renamed"}


async def test_the_content_id_stands_inside_in_version_1_and_outside_in_version_2(v1, v2):
    request = ("Content-ID: 7\r\n", "POST BusinessPartners", partner("C1"))
    other = ("Content-ID: 7\r\n", "POST BusinessPartners", partner("C2"))

    first, second = await send(v1, change_set(request)), await send(v2, change_set(other))

    assert first.text.index("HTTP/1.1 201") < first.text.index("Content-ID: 7")
    assert second.text.index("Content-ID: 7") < second.text.index("HTTP/1.1 201")


async def test_version_2_insists_on_content_ids(v1, v2):
    asked = change_set(("", "POST BusinessPartners", partner("C1")))

    refused, accepted = await send(v2, asked), await send(v1, asked)

    assert '"code" : "244"' in refused.text
    assert "HTTP/1.1 201 Created" in accepted.text


async def test_a_batch_does_not_look_at_if_match(v2):
    await v2.post("BusinessPartners", content=partner("C1"))

    reply = await send(
        v2,
        single("PATCH BusinessPartners('C1')", '{"CardName": "x"}', 'If-Match: W/"0"\r\n'),
    )

    assert "HTTP/1.1 204 No Content" in reply.text


@pytest.mark.parametrize("body", ["", "--batch_1\r\n", "no boundary at all"])
async def test_a_broken_envelope_is_refused(v2, body):
    reply = await v2.post("$batch", content=body.encode(), headers=HEADERS)

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-1000")
