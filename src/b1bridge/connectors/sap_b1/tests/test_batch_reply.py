"""Replies to batches are read in each layout that was recorded, and in none are they guessed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.batch import Batch, written
from b1bridge.connectors.sap_b1.client.batch_reply import read_reply
from b1bridge.connectors.sap_b1.client.batch_result import (
    Done,
    NotExecuted,
    Refused,
    RolledBack,
    Unknown,
    result_of,
)
from b1bridge.errors import OutcomeUnknown, Rejected, Transient

KIND = "multipart/mixed;boundary=batchresponse_7"
REFUSAL = '{"error":{"code":-10,"message":{"lang":"en-us","value":"1320000140 - taken"}}}'


def part(status, body="", *, outside="", inside=""):
    """Lay a part out as B1 does: CRLF between heads, the body ended by LF CRLF."""
    return (
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"{outside}\r\nHTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{inside}\r\n{body}\n"
    )


def change_set(*parts):
    inner = "".join(f"--changesetresponse_8\r\n{one}\r\n" for one in parts)
    return (
        "Content-Type: multipart/mixed; boundary=changesetresponse_8\r\n\r\n"
        f"{inner}--changesetresponse_8--\r\n"
    )


def reply(*parts, end="--batchresponse_7--\r\n"):
    return ("".join(f"--batchresponse_7\r\n{one}\r\n" for one in parts) + end).encode()


def two_orders():
    batch = Batch()
    changes = batch.change_set()
    return batch, changes.post("Orders", {"CardCode": "A"}), changes.post("Orders", {})


@pytest.mark.parametrize("where", ["inside", "outside"])
def test_content_ids_are_found_among_either_headers_and_in_any_order(where):
    batch, first, second = two_orders()
    answers = [
        part(201, '{"DocEntry": 12}', **{where: "Content-ID: 2\r\n"}),
        part(201, '{"DocEntry": 11}', **{where: "Content-ID: 1\r\n"}),
    ]

    result = result_of(batch, read_reply(KIND, reply(change_set(*answers))))

    assert result.all_done
    assert [result.fields(op)["DocEntry"] for op in (first, second)] == [11, 12]


def test_without_content_ids_the_order_counts():
    batch, first, second = two_orders()
    answers = [part(201, '{"DocEntry": 11}'), part(204)]

    result = result_of(batch, read_reply(KIND, reply(change_set(*answers))))

    assert result.fields(first)["DocEntry"] == 11
    assert result[second] == Done(204, {})


@pytest.mark.parametrize("kind", [KIND, KIND.replace("=", '="') + '"', "multipart/mixed", ""])
def test_the_boundary_may_be_quoted_or_missing(kind):
    batch = Batch()
    read = batch.get("Items('A')")

    result = result_of(batch, read_reply(kind, reply(part(200, '{"ItemCode":"A"}'))))

    assert result.fields(read) == {"ItemCode": "A"}


def test_line_ends_may_be_bare():
    batch = Batch()
    read = batch.get("Items('A')")
    body = reply(part(200, '{"ItemCode":"A"}')).replace(b"\r\n", b"\n")

    assert result_of(batch, read_reply(KIND, body)).fields(read) == {"ItemCode": "A"}


def test_location_and_tag_are_kept():
    batch = Batch()
    post = batch.post("Orders", {})
    heads = 'ETag: W/"AB"\r\nLocation: /b1s/v2/Orders(5)\r\n'

    result = result_of(batch, read_reply(KIND, reply(part(204, inside=heads))))

    assert result[post] == Done(204, {}, "/b1s/v2/Orders(5)", 'W/"AB"')


def test_what_comes_after_the_first_failure_was_not_executed():
    batch = Batch()
    first, second, third = (batch.post("Orders", {}) for _ in range(3))

    result = result_of(
        batch, read_reply(KIND, reply(part(201, '{"DocEntry": 1}'), part(400, REFUSAL)))
    )

    assert isinstance(result[first], Done)
    assert isinstance(result[second], Refused)
    assert isinstance(result[third], NotExecuted)
    with pytest.raises(Rejected, match="taken"):
        result.fields(second)
    with pytest.raises(Transient, match="not executed"):
        result.fields(third)


def test_a_refused_change_set_is_rolled_back_as_a_whole():
    batch, first, second = two_orders()
    later = batch.get("Orders(1)")

    result = result_of(batch, read_reply(KIND, reply(part(400, REFUSAL))))

    assert isinstance(result[first], RolledBack)
    assert result[first] == result[second] == result.failure
    assert result[first].culprit is None
    assert isinstance(result[later], NotExecuted)


def test_the_culprit_is_named_where_sap_names_it():
    batch, _, second = two_orders()

    result = result_of(
        batch, read_reply(KIND, reply(part(400, REFUSAL, outside="Content-ID: 2\r\n")))
    )

    assert result.failure.culprit == second


def test_the_only_operation_of_a_change_set_is_the_culprit():
    batch = Batch()
    only = batch.change_set().post("Orders", {})

    result = result_of(batch, read_reply(KIND, reply(part(400, REFUSAL))))

    assert result.failure.culprit == only


def test_a_reply_that_breaks_off_leaves_the_rest_unknown():
    batch = Batch()
    first, second, read = batch.post("Orders", {}), batch.post("Orders", {}), batch.get("Items")
    body = reply(part(201, '{"DocEntry": 1}'), end="--batchresponse_7\r\nContent-Ty")

    result = result_of(batch, read_reply(KIND, body))

    assert isinstance(result[first], Done)
    assert isinstance(result[second], Unknown)
    with pytest.raises(OutcomeUnknown):
        result.fields(second)
    with pytest.raises(Transient):
        result.fields(read)


def test_a_change_set_that_breaks_off_is_unknown_as_a_whole():
    batch, first, second = two_orders()
    body = reply(change_set(part(201, '{"DocEntry": 1}'), part(201, "{}")))

    result = result_of(batch, read_reply(KIND, body[: body.index(b"DocEntry")]))

    assert isinstance(result[first], Unknown)
    assert isinstance(result[second], Unknown)


@given(st.binary(max_size=300))
def test_whatever_comes_back_no_write_is_taken_for_done(body):
    batch, first, _ = two_orders()

    result = result_of(batch, read_reply(KIND, b"<html>" + body))

    assert not isinstance(result[first], Done)


@given(st.integers(0, 400))
def test_wherever_a_reply_is_cut_what_is_said_to_be_done_was_done(cut):
    batch = Batch()
    posts = [batch.post("Orders", {}) for _ in range(2)]
    body = reply(part(201, '{"DocEntry": 1}'), part(201, '{"DocEntry": 2}'))[:cut]

    result = result_of(batch, read_reply(KIND, body))

    done = [isinstance(result[post], Done) for post in posts]
    assert done in ([False, False], [True, False], [True, True])


@pytest.mark.parametrize("path", ["", "Items A", "Items\r\nHost: x", "Items('A')\n"])
def test_a_path_that_would_break_the_line_is_refused(path):
    with pytest.raises(ValueError, match="path"):
        Batch().get(path)


def test_a_header_that_would_break_the_line_is_refused():
    with pytest.raises(ValueError, match="line end"):
        Batch().change_set().patch("Items('A')", {}, headers={"Prefer": "x\r\nHost: y"})


def test_a_batch_is_written_as_sap_reads_it():
    batch = Batch()
    batch.get("Items('A')?$select=ItemCode")
    changes = batch.change_set()
    order = changes.post("Orders", {"DocumentLines": [{"BatchNumbers": [{"BatchNumber": "B"}]}]})
    changes.post(f"{order}/Cancel")

    kind, body = written(batch, "v2")

    boundary = kind.removeprefix("multipart/mixed;boundary=")
    text = body.decode()
    assert text.startswith(f"--{boundary}\r\n")
    assert text.endswith(f"--{boundary}--\r\n")
    assert "GET /b1s/v2/Items('A')?$select=ItemCode HTTP/1.1\r\n\r\n" in text
    assert "POST /b1s/v2/$2/Cancel HTTP/1.1\r\n" in text
    assert [f"Content-ID: {number}\r\n" in text for number in (1, 2, 3)] == [True] * 3
    sent = next(line for line in text.splitlines() if line.startswith('{"DocumentLines"'))
    assert json.loads(sent)["DocumentLines"][0]["BatchNumbers"] == [{"BatchNumberProperty": "B"}]
