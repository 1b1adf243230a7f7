"""A recording of b1sim itself replays without a difference; a switch shows as exactly that one."""

import asyncio
import json
import re

import pytest
from typer.testing import CliRunner

from b1sim.cli import main
from b1sim.company import clerk
from b1sim.odata.bearer import Iam, OauthClient
from b1sim.recording.differences import of_headers, of_json, sentence_of
from b1sim.world import World

from .conftest import PARTNER, Studio

V1, V2 = "/b1s/v1/", "/b1s/v2/"
ITEM = {"ItemCode": "ANVIL-1", "ItemName": "Anvil, 50 kg", "InventoryItem": "tNO"}
ORDER = {
    "CardCode": PARTNER["CardCode"],
    "DocDate": "2026-11-20",
    "DocDueDate": "2026-11-27",
    "Comments": "Deliver to the cliff",
    "DocumentLines": [{"ItemCode": "ANVIL-1", "Quantity": 2, "UnitPrice": 19.9}],
}
BATCH = (
    "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n"
    "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    "Content-ID: 1\r\n\r\nPOST /b1s/v2/Orders\r\n\r\n"
    f"{json.dumps(ORDER)}\r\n--c--\r\n"
    "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    "GET /b1s/v2/Orders(ENTRY)?$select=DocNum\r\n\r\n--b--\r\n"
)


async def varied_session(client, studio):
    """Say many kinds of thing; return the DocEntry of the order."""
    await client.get("/ping/")
    await client.get(V1 + "Orders")
    await client.post(V2 + "Login", json=studio.login | {"Password": "wrong"})
    await client.post(V2 + "Login", json=studio.login)
    await client.get(V2)
    await client.post(V2 + "BusinessPartners", json=PARTNER)
    await client.post(V2 + "BusinessPartners", json=PARTNER)
    await client.post(V2 + "Items", json=ITEM)
    made = (await client.post(V2 + "Orders", json=ORDER)).json()
    entry, line = made["DocEntry"], {"BaseType": 17, "BaseEntry": made["DocEntry"], "BaseLine": 0}
    read = await client.get(f"{V2}Orders({entry})")
    tag = {"If-Match": read.headers["ETag"]}
    await client.patch(f"{V2}Orders({entry})", json={"Comments": "Mind the bird"}, headers=tag)
    await client.patch(f"{V2}Orders({entry})", json={"Comments": "Too late"}, headers=tag)
    await client.get(f"{V2}Orders?$filter=DocEntry ge {entry}&$select=DocEntry,CardName")
    await client.get(f"{V1}Orders?$inlinecount=allpages&$top=1&$orderby=DocEntry desc")
    await client.get(V2 + f"BusinessPartners('{PARTNER['CardCode']}')/CardName/$value")
    await client.get(V2 + "BusinessPartners('nobody')")
    await client.get(V2 + "Items?$filter=Colour eq 'red'")
    invoice = await client.post(
        V2 + "Invoices",
        json={"CardCode": PARTNER["CardCode"], "DocumentLines": [line]},
    )
    assert invoice.status_code == 201, invoice.text
    await client.post(f"{V2}Orders({entry})/Cancel")
    kind = {"Content-Type": "multipart/mixed;boundary=b"}
    body = BATCH.replace("ENTRY", str(entry))
    await client.post(V2 + "$batch", content=body, headers=kind)
    studio.clock.pass_minutes(45)
    await client.get(V2 + "Orders/$count")
    await client.post(V1 + "Login", json=studio.login)
    await client.get(V1 + "Orders/$count")
    await client.post(V1 + "Logout")


@pytest.fixture
def recorded(studio):
    """A recording of many kinds of thing."""

    async def session():
        async with studio.recording() as client:
            await varied_session(client, studio)

    asyncio.run(session())
    return studio


def compared(path, *options):
    return CliRunner().invoke(main, ["compare", str(path), *options])


def differences(path, *options):
    result = compared(path, "--json", *options)
    return result.exit_code, json.loads(result.stdout)


def test_b1sim_does_not_differ_from_itself(recorded):
    code, found = differences(recorded.path)

    assert found["differences"] == []
    assert found["skipped"] == {}
    assert code == 0
    assert sum(row["compared"] for row in found["summary"]) == len(recorded.exchanges())


def test_nothing_of_the_session_is_readable(recorded):
    secret = r"ACME|Coyote|Wile|ANVIL|Anvil|cliff|bird|b1sim\"|SBODEMO"

    assert re.findall(secret, recorded.text()) == []


def test_a_quirk_that_is_switched_is_the_one_difference(studio):
    async def session():
        async with studio.recording() as client:
            await client.get(V1 + "Orders")
            await client.post(V1 + "Login", json=studio.login)
            await client.get(V1 + "Orders/$count")

    studio.world.quirks.flat_session_error = True
    asyncio.run(session())

    code, found = differences(studio.path)

    assert code == 1
    assert [(f["endpoint"], f["kind"], f["where"]) for f in found["differences"]] == [
        ("GET /b1s/v1/Orders", "type", "error.code"),
        ("GET /b1s/v1/Orders", "type", "error.message"),
    ]
    assert found["differences"][0] | {"first": 1, "times": 1} == found["differences"][0]


def test_documents_that_are_numbered_otherwise_are_still_found(studio):
    """The recorded company had orders before; the replay begins with none."""

    async def session(client):
        await client.post(V2 + "Login", json=studio.login)
        made = (await client.post(V2 + "Orders", json=ORDER)).json()
        reply = await client.get(f"{V2}Orders({made['DocEntry']})")
        assert reply.status_code == 200
        await client.post(f"{V2}Orders({made['DocEntry']})/Close")

    async def recorded_later():
        company = studio.world.company
        company.create("BusinessPartners", PARTNER)
        company.create("Items", ITEM)
        for _ in range(3):
            company.create("Orders", ORDER)
        async with studio.recording() as client:
            await session(client)

    asyncio.run(recorded_later())

    code, found = differences(studio.path)

    assert (code, found["differences"]) == (0, [])


def test_what_was_there_before_has_stock_and_what_is_made_has_none(studio):
    async def recorded_later():
        company = studio.world.company
        company.create("BusinessPartners", PARTNER)
        clerk.add_item(company, "OLD-1")
        clerk.set_stock(company, "OLD-1", 50)
        async with studio.recording() as client:
            await client.post(V2 + "Login", json=studio.login)
            await client.post(V2 + "Items", json={"ItemCode": "NEW-1"})
            for code in ("OLD-1", "NEW-1"):
                rows = [{"ItemCode": code, "Quantity": 1, "UnitPrice": 5}]
                sent = {"CardCode": PARTNER["CardCode"], "DocumentLines": rows}
                await client.post(V2 + "DeliveryNotes", json=sent)

    asyncio.run(recorded_later())
    code, found = differences(studio.path)

    assert [exchange.status for exchange in studio.exchanges()][2:] == [201, 400]
    assert (code, found["differences"]) == (0, [])


def test_bearer_tokens_are_issued_anew(tmp_path, clock):
    iam = Iam({"hub": OauthClient("s", "manager")})
    with World(seed=False, clock=clock, iam=iam) as world:
        studio = Studio(tmp_path, world, clock)

        async def session():
            token = iam.issue("hub", clock())
            speaker = {"Authorization": f"Bearer {token}", "X-b1-companyid": "1"}
            async with studio.recording() as client:
                await client.get(V2 + "Orders/$count", headers=speaker)
                await client.post(V2 + "BusinessPartners", json=PARTNER, headers=speaker)
                clock.pass_minutes(10)
                await client.get(V2 + "Orders/$count", headers=speaker)
            assert token not in studio.text()

        asyncio.run(session())
    code, found = differences(studio.path)

    assert [exchange.status for exchange in studio.exchanges()] == [200, 201, 401]
    assert (code, found["differences"], found["skipped"]) == (0, [], {})


def test_differences_may_be_allowed_with_a_reason(studio, tmp_path):
    studio.world.quirks.flat_session_error = True
    allow = tmp_path / "allowed.toml"
    allow.write_text('[[allowed]]\nkind = "type"\nwhere = "error.*"\nwhy = "as in the dump"\n')

    async def session():
        async with studio.recording() as client:
            await client.get(V1 + "Orders")

    asyncio.run(session())
    code, found = differences(studio.path, "--allow", str(allow))

    assert (code, found["differences"], found["allowed"]) == (0, [], 2)


def test_the_page_names_what_differs(studio):
    studio.world.refuse("Orders", -5002, "A text of its own", status=409)

    async def session():
        async with studio.recording() as client:
            await client.get(V2 + "Orders")

    asyncio.run(session())
    page, table = compared(studio.path, "--html"), compared(studio.path)

    assert page.stdout.startswith("<!DOCTYPE html>")
    assert "GET /b1s/v2/Orders" in page.stdout
    assert "differences" in table.stdout
    assert page.exit_code == table.exit_code == 1


@pytest.mark.parametrize("text", ["", "nonsense\n"])
def test_what_is_no_recording_ends_with_one_clear_line(tmp_path, text):
    path = tmp_path / "some.jsonl"
    path.write_text(text)

    result = compared(path)

    assert result.exit_code == 2
    assert "some.jsonl" in result.output


def test_allowances_without_a_reason_are_refused(tmp_path, recorded):
    allow = tmp_path / "allowed.toml"
    allow.write_text('[[allowed]]\nkind = "type"\n')

    assert compared(recorded.path, "--allow", str(allow)).exit_code == 2


@pytest.mark.parametrize(
    ("recorded", "simulated", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, [("type", "a", "integer", "double")]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, [("order", "", "a, b", "b, a")]),
        ({"a": "tYES"}, {"a": "Y"}, [("spelling", "a", "tYES", "Y")]),
        ({"a": None}, {"a": "x"}, []),
        ({"a": "tYES"}, {"a": "tNO"}, []),
        ({"v": [{"a": 1}]}, {"v": [{}]}, [("missing", "v[*].a", "integer", "(none)")]),
        ({"v": []}, {"v": [{}]}, [("rows", "v", "0", "1")]),
        ({}, {"U_New": "x"}, [("extra", "U_New", "(none)", "text")]),
        (
            {"error": {"code": "-10", "message": "no"}},
            {"error": {"code": "-1", "message": "no"}},
            [("body", "error.code", "-10", "-1")],
        ),
    ],
)
def test_each_kind_of_difference_is_told(recorded, simulated, expected):
    found = [(d.kind, d.where, d.recorded, d.simulated) for d in of_json(recorded, simulated)]

    assert found == expected


def test_headers_differ_by_name_and_by_form_of_value():
    recorded = [("Set-Cookie", "B1SESSION=abc;HttpOnly;"), ("Date", "today"), ("Server", "A")]
    simulated = [("set-cookie", "B1SESSION=xyz;HttpOnly"), ("Server", "B"), ("Vary", "x")]

    found = [(d.where, d.recorded, d.simulated) for d in of_headers(recorded, simulated)]

    assert found == [
        ("set-cookie B1SESSION", "B1SESSION=…;HttpOnly;", "B1SESSION=…;HttpOnly"),
        ("vary", "(none)", "x"),
    ]


def test_refusals_are_compared_without_what_they_quote():
    assert sentence_of("Property 'Abc' of 'Item' is invalid") == sentence_of(
        "Property 'X' of 'Document' is invalid"
    )
    assert sentence_of("(13000316) Credit limit") == sentence_of("(13000316) Xyabc efghi")
    assert sentence_of("Item is frozen") != sentence_of("Item is missing")
