"""Batches: both spellings, change sets that hold together, and the stop at the first failure."""

import json
import re

import pytest

from b1sim.company.refusals import Refusal

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


async def test_an_address_may_hold_blanks_as_people_write_filters(v2):
    reply = await send(v2, single("GET /b1s/v2/Orders/$count?$filter=DocNum eq 1 HTTP/1.1"))

    assert "HTTP/1.1 200 OK" in reply.text


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


# -- to the letter (sap-service-layer.md 5.2; layouts as in B1SLayer's recorded replies) --------
def blanked(text):
    """Blank out what differs from run to run: boundaries, bodies and their lengths."""
    text = re.sub(r"(batch|changeset)response_[0-9a-f-]{36}", r"\1response_0", text)
    text = re.sub(r"\{\n.*?\n\}", "{}", text, flags=re.DOTALL)
    return re.sub(r"Content-Length: \d+", "Content-Length: 8", text)


def lifetime(root):
    return change_set(
        ("Content-ID: 1\r\n", f"POST {root}/BusinessPartners", partner("C1")),
        ("Content-ID: 2\r\n", f"PATCH {root}/BusinessPartners('C1')", '{"CardName": "x"}'),
        ("Content-ID: 3\r\n", f"DELETE {root}/BusinessPartners('C1')", ""),
    )


PART = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
TAG = 'ETag: W/"356A192B7913B04C54574D18C28D46E6395428AB"\r\n'


async def test_a_change_set_of_version_1_is_answered_in_the_recorded_layout(v1):
    reply = await send(v1, lifetime("/b1s/v1"))

    mark = "--changesetresponse_0\r\n"
    assert blanked(reply.text) == (
        "--batchresponse_0\r\n"
        "Content-Type: multipart/mixed; boundary=changesetresponse_0\r\n\r\n"
        f"{mark}{PART}\r\nHTTP/1.1 201 Created\r\nContent-ID: 1\r\n"
        "Content-Type: application/json;odata=minimalmetadata;charset=utf-8\r\n"
        f"Content-Length: 8\r\nDataServiceVersion: 3.0\r\n{TAG}"
        "Location: https://b1sim.test:50000/b1s/v1/BusinessPartners('C1')\r\n\r\n{}\n\r\n"
        f"{mark}{PART}\r\nHTTP/1.1 204 No Content\r\nContent-ID: 2\r\n"
        "DataServiceVersion: 3.0\r\n\r\n\r\n"
        f"{mark}{PART}\r\nHTTP/1.1 204 No Content\r\nContent-ID: 3\r\n"
        "DataServiceVersion: 3.0\r\n\r\n\r\n"
        "--changesetresponse_0--\r\n--batchresponse_0--\r\n"
    )
    assert reply.headers["Content-Type"].startswith("multipart/mixed;boundary=batchresponse_")


async def test_a_change_set_of_version_2_is_answered_in_the_recorded_layout(v2):
    reply = await send(v2, lifetime("/b1s/v2"))

    mark = "--changesetresponse_0\r\n"
    assert blanked(reply.text) == (
        "--batchresponse_0\r\n"
        "Content-Type: multipart/mixed; boundary=changesetresponse_0\r\n\r\n"
        f"{mark}{PART}Content-ID: 1\r\n\r\nHTTP/1.1 201 Created\r\n"
        "Content-Type: application/json;odata.metadata=minimal;charset=utf-8\r\n"
        f"Content-Length: 8\r\n{TAG}"
        "Location: https://b1sim.test:50000/b1s/v2/BusinessPartners('C1')\r\n"
        "OData-Version: 4.0\r\n\r\n{}\n\r\n"
        f"{mark}{PART}Content-ID: 2\r\n\r\nHTTP/1.1 204 No Content\r\n"
        "OData-Version: 4.0\r\n\r\n\r\n"
        f"{mark}{PART}Content-ID: 3\r\n\r\nHTTP/1.1 204 No Content\r\n"
        "OData-Version: 4.0\r\n\r\n\r\n"
        "--changesetresponse_0--\r\n--batchresponse_0--\r\n"
    )


async def test_an_error_of_version_1_has_an_inner_one_that_says_nothing(v1):
    reply = await send(v1, single("GET /b1s/v1/Items('nothing')"))

    assert reply.status_code == 202
    assert (
        '{\n   "error" : {\n      "code" : -2028,\n      "innererror" : {\n'
        '         "context" : null,\n         "trace" : null\n      },\n'
        '      "message" : {\n         "lang" : "en-us",\n'
        '         "value" : "No matching records found (ODBC -2028)"\n      }\n   }\n}\n'
    ) in reply.text


async def test_an_error_of_version_2_is_flat_there_as_everywhere(v2):
    reply = await send(v2, single("GET /b1s/v2/Items('nothing')"))

    assert '"code" : "-2028"' in reply.text
    assert "innererror" not in reply.text


async def test_a_broken_envelope_of_version_1_is_answered_as_saps_guide_shows(v1):
    reply = await v1.post("$batch", content=b"nothing", headers=HEADERS)

    assert reply.status_code == 400
    assert reply.json()["error"] == {
        "code": -1000,
        "innererror": {"context": None, "trace": None},
        "message": {"lang": "en-us", "value": "Incomplete Batch Request Body!"},
    }


async def test_a_read_without_empty_lines_behind_it_is_incomplete_and_nothing_is_done(v2):
    bare = (
        "--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        "GET BusinessPartners('C1')\r\n"
    )

    reply = await send(v2, single("POST BusinessPartners", partner("C1")), bare)

    assert reply.status_code == 400
    assert "there should be two '\\r\\n'" in reply.json()["error"]["message"]
    assert (await v2.get("BusinessPartners/$count")).text == "0"


@pytest.mark.parametrize(
    "inner",
    [
        ("Content-ID: 2\r\n", "GET BusinessPartners", ""),
        ("Content-ID: 1\r\n", "POST BusinessPartners", partner("C2")),
    ],
)
async def test_no_reads_and_no_second_of_a_number_in_a_change_set(v2, inner):
    first = ("Content-ID: 1\r\n", "POST BusinessPartners", partner("C1"))

    reply = await send(v2, change_set(first, inner))

    wanted = "-1000" if "GET" in inner[1] else "-1116"
    assert f'"code" : "{wanted}"' in reply.text
    assert (await v2.get("BusinessPartners/$count")).text == "0"


async def test_a_change_set_does_not_hold_another(v2):
    inside = change_set(("Content-ID: 1\r\n", "POST BusinessPartners", partner("C1")))
    nested = inside.replace("--batch_1\r\n", "").replace("set_1", "set_2")
    reply = await send(
        v2,
        "--batch_1\r\nContent-Type: multipart/mixed;boundary=set_1\r\n\r\n"
        f"--set_1\r\n{nested}--set_1--\r\n",
    )

    assert '"code" : "-1000"' in reply.text
    assert (await v2.get("BusinessPartners/$count")).text == "0"


async def test_an_order_is_made_and_cancelled_in_one_transaction(world, v1):
    world.clerk.run("add_item", {"code": "A1", "name": "Chair"})
    world.clerk.run("add_partner", {"code": "C1"})
    order = {"CardCode": "C1", "DocDueDate": "2026-12-24"}
    order["DocumentLines"] = [{"ItemCode": "A1", "Quantity": "1", "UnitPrice": "30"}]

    reply = await send(
        v1,
        change_set(
            ("content-id: 1\r\n", "POST /b1s/v1/Orders", json.dumps(order)),
            ("", "POST $1/Cancel", ""),
        ),
    )

    assert reply.text.count("HTTP/1.1 204 No Content") == 1
    assert (await v1.get("Orders")).json()["value"][0]["Cancelled"] == "tYES"


async def test_a_nul_byte_is_refused_with_the_whole_batch(v2):
    reply = await send(v2, single("POST BusinessPartners", partner("C1") + "\0"))

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "242")
    assert (await v2.get("BusinessPartners/$count")).text == "0"


async def test_a_batch_goes_on_after_a_failure_where_that_is_preferred(v2):
    body = single("GET Items('nothing')") + single("POST BusinessPartners", partner("C1"))
    headers = HEADERS | {"Prefer": "odata.continue-on-error"}

    reply = await v2.post("$batch", content=f"{body}--batch_1--\r\n".encode(), headers=headers)

    assert reply.text.count("HTTP/1.1 ") == 2
    assert (await v2.get("BusinessPartners/$count")).text == "1"


@pytest.mark.parametrize(("kills", "status"), [(False, 200), (True, 502)])
async def test_a_stored_procedure_that_refuses_may_kill_the_node(
    world, v2, clock, monkeypatch, kills, status
):
    def refuse(*_):
        raise Refusal(400, -1, "(13000316) Credit Limit Exceeded!")

    world.quirks.batch_kills_node = kills
    monkeypatch.setattr(world.company, "create", refuse)
    made = ("Content-ID: 1\r\n", "POST BusinessPartners", partner("C1"))

    reply = await send(v2, change_set(made))
    clock.pass_minutes(1)

    assert reply.status_code == status
    assert ("(13000316)" in reply.text) is not kills
    assert (await v2.get("BusinessPartners/$count")).text == "0"
