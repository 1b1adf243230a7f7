"""What the recorder passes on, what it writes down, and what it never does."""

import asyncio
import json
import re

import httpx
import pytest

from b1sim.recording.exchange import UnreadableRecording, read_recording
from b1sim.recording.tape import MOST_BYTES, Heard

from .conftest import PARTNER

pytestmark = pytest.mark.anyio
V2 = "/b1s/v2/"


async def logged_in(client, studio):
    return await client.post(V2 + "Login", json=studio.login)


async def test_the_client_meets_the_real_answers(studio):
    async with studio.recording() as client:
        login = await logged_in(client, studio)
        made = await client.post(V2 + "BusinessPartners", json=PARTNER)
        gone = await client.get(V2 + "BusinessPartners('nobody')")

    assert login.json()["Version"] == "1000280"
    assert made.json()["CardName"] == PARTNER["CardName"]
    assert made.headers["Location"].endswith("BusinessPartners('C-ACME-1')")
    assert gone.status_code == 404


async def test_no_secret_and_no_person_reaches_the_file(studio):
    async with studio.recording() as client:
        session = (await logged_in(client, studio)).json()["SessionId"]
        await client.post(V2 + "BusinessPartners", json=PARTNER)
        await client.get(V2 + "BusinessPartners('C-ACME-1')")
        await client.get(V2 + "BusinessPartners?$filter=CardName eq 'Wile E. Coyote Trading'")
        await client.get(V2 + "Orders", headers={"Authorization": "Basic c2VjcmV0OnNlY3JldA=="})
        await client.get(V2 + "Orders", headers={"X-Customer": "Wile"})

    for secret in (
        session,
        'b1sim"',
        "SBODEMO",
        "ACME",
        "Wile",
        "Coyote",
        "wile.coyote",
        "example.com",
        "5550123",
        "c2VjcmV0",
        "b1sim.test",
    ):
        assert secret not in studio.text(), secret


async def test_equal_values_stay_equal_wherever_they_stand(studio):
    async with studio.recording() as client:
        await logged_in(client, studio)
        await client.post(V2 + "BusinessPartners", json=PARTNER)
        await client.get(V2 + "BusinessPartners('C-ACME-1')")
        await client.get(V2 + "BusinessPartners?$filter=CardCode eq 'C-ACME-1'&$top=1")
    login, made, read, found = studio.exchanges()

    code = json.loads(made.request.body)["CardCode"]
    session = json.loads(login.reply.body)["SessionId"]

    assert re.fullmatch(r"[A-Z]-[A-Z]{4}-\d", code)
    assert read.target == f"/b1s/v2/BusinessPartners('{code}')"
    assert f"'{code}'" in found.target
    assert json.loads(found.reply.body)["value"][0]["CardCode"] == code
    assert any(value.startswith(f"B1SESSION={session};") for _, value in login.reply.headers)
    assert f"B1SESSION={session}" in read.request.header("cookie")


async def test_the_form_of_answers_is_kept_to_the_byte(studio):
    async with studio.recording() as client:
        await logged_in(client, studio)
        made = await client.post(V2 + "BusinessPartners", json=PARTNER)
    written = studio.exchanges()[1].reply

    assert written.body.startswith('{\n\t"@odata.context" : "https://upstream/b1s/v2/$metadata#')
    assert written.body.count("\n") == made.text.count("\n")
    assert json.loads(written.body)["CardType"] == "cCustomer"
    assert list(json.loads(written.body)) == list(made.json())
    assert written.header("etag") == made.headers["ETag"]


async def test_a_batch_is_redacted_part_by_part(studio):
    batch = (
        "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n"
        "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        "Content-ID: 1\r\n\r\nPOST /b1s/v2/BusinessPartners\r\n\r\n"
        f"{json.dumps(PARTNER)}\r\n--c--\r\n"
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        "GET /b1s/v2/BusinessPartners('C-ACME-1')?$select=CardName\r\n\r\n--b--\r\n"
    )
    async with studio.recording() as client:
        await logged_in(client, studio)
        kind = {"Content-Type": "multipart/mixed;boundary=b"}
        reply = await client.post(V2 + "$batch", content=batch, headers=kind)
    written = studio.exchanges()[1]

    assert reply.status_code == 200
    assert "Coyote" in reply.text
    assert not re.search("ACME|Coyote|Wile|5550123", studio.text())
    assert written.request.body.count("--b") == 3
    assert "GET /b1s/v2/BusinessPartners('" in written.request.body
    assert "Content-ID: 1" in written.reply.body
    assert '"CardType" : "cCustomer"' in written.reply.body


async def test_amounts_are_kept_unless_they_are_hidden_too(studio):
    item = {"ItemCode": "ANVIL-1", "ItemName": "Anvil", "QuantityOrderedByCustomers": 0}
    async with studio.recording(hide_amounts=True) as client:
        await logged_in(client, studio)
        await client.post(V2 + "BusinessPartners", json=PARTNER | {"CreditLimit": 98765.43})
        await client.post(V2 + "Items", json=item)
    hidden = json.loads(studio.exchanges()[1].request.body)["CreditLimit"]
    studio.path.unlink()
    async with studio.recording() as client:
        await logged_in(client, studio)
        await client.patch(V2 + "BusinessPartners('C-ACME-1')", json={"CreditLimit": 98765.43})
    kept = json.loads(studio.exchanges()[1].request.body)["CreditLimit"]

    assert hidden != 98765.43
    assert re.fullmatch(r"\d{1,5}\.\d{1,2}", str(hidden))
    assert kept == 98765.43


async def test_a_service_layer_that_does_not_answer_is_written_down_and_told(studio):
    async with studio.recording() as client:
        studio.world.drop_request("Login")
        reply = await logged_in(client, studio)

    assert reply.status_code == 502
    assert "gave no answer" in reply.text
    assert studio.exchanges()[0].status == 0
    assert "RemoteProtocolError" in studio.exchanges()[0].trouble


async def test_a_request_that_is_cut_short_is_written_all_the_same(studio):
    studio.world.slow("Login", 60)
    async with studio.recording() as client:
        asking = asyncio.ensure_future(logged_in(client, studio))
        await asyncio.sleep(0.1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    assert [e.trouble for e in studio.exchanges()] == ["cut short when the recorder stopped"]


def test_what_is_far_too_long_is_not_held():
    heard = Heard()
    for _ in range(9):
        heard.hear(b"x" * (MOST_BYTES // 8))

    assert heard.body is None
    assert heard.size > MOST_BYTES


@pytest.mark.parametrize(
    "text", ["", "{}\n", "no json\n", '{"b1sim_recording": 99, "scheme": "http", "began": 0}\n']
)
def test_another_file_is_no_recording(tmp_path, text):
    path = tmp_path / "some.jsonl"
    path.write_text(text)

    with pytest.raises(UnreadableRecording, match=r"some\.jsonl"):
        read_recording(path)


async def test_a_half_written_last_line_does_not_spoil_the_rest(studio):
    async with studio.recording() as client:
        await logged_in(client, studio)
    with studio.path.open("a") as file:
        file.write('{"number": 2, "at": "20')

    assert len(studio.exchanges()) == 1


async def test_the_file_is_its_owners_only_and_is_never_overwritten(studio):
    async with studio.recording():
        pass

    assert studio.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        async with studio.recording():
            pass


async def test_a_refusal_keeps_sap_s_words_and_hides_the_company_s(studio):
    studio.world.refuse("Orders", -10, "(13000316) Credit limit of Wile exceeded!")
    async with studio.recording() as client:
        await logged_in(client, studio)
        await client.get(V2 + "Orders")
        await client.get(V2 + "Orders?$select=Wilderness")
        await client.get(V2 + "Orders(4711)")
    own, quoted, sap = [json.loads(e.reply.body)["error"] for e in studio.exchanges()[1:]]

    assert own["message"].startswith("(13000316) ")
    assert "Wile" not in own["message"]
    assert quoted["message"].startswith("Property '")
    assert sap == {"code": "-2028", "message": "No matching records found (ODBC -2028)"}


@pytest.mark.parametrize("target", ["/b1s/v2/Orders(7)", "/b1s/v2/Orders?$filter=DocEntry gt 7"])
async def test_document_numbers_are_shifted_in_order(studio, target):
    async with studio.recording() as client:
        for number in ("7", "8"):
            await client.get(target.replace("7", number))
    first, second = [int(re.search(r"\d{3,}", e.target)[0]) for e in studio.exchanges()]

    assert second == first + 1
    assert first > 7


def test_httpx_stays_what_the_recorder_relies_on():
    """A request that is built bare gets no headers of the client's own."""
    request = httpx.Request("GET", "https://sap:50000/b1s/v2/Orders")

    assert list(request.headers) == ["host"]
