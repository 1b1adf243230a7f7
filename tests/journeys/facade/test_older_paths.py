"""A client of the older product goes on as it was, and every order is entered once."""

import asyncio
import base64
import json
from datetime import date
from decimal import Decimal

import httpx
import pytest

from b1bridge.web.app import create_app
from b1sim.company import clerk

from .conftest import SETTINGS

pytestmark = pytest.mark.anyio
CARD, ITEM = "C20000", "MUG"


def row(number="00000002", **fields):
    """Return an order as the older product's page shows one, with names of our company."""
    sides = {
        f"{side}_{name}": text
        for side in ("billto", "shipto")
        for name, text in {
            "firstname": "Ada",
            "lastname": "Lovelace",
            "companyname": "",
            "city": "Berlin",
            "country": "DE",
            "county": "",
            "state": "",
            "address": "Torstr. 1",
            "zipcode": "10119",
            "telephone": "+49 30 123",
        }.items()
    }
    line = {"itemcode": ITEM, "quantity": "10", "price": "12", "taxcode": "A20"}
    return {
        "doc_due_date": "2099-12-12",
        "card_code": CARD,
        "expenses_freightname": "Shipping",
        "expenses_linetotal": "2",
        "expenses_taxcode": "A20",
        "fe_order_id": number,
        "billto_email": "ada@example.com",
        **sides,
        "items": [line | {"linetotal": "120"}],
    } | fields


@pytest.fixture
def sap(sap):
    clerk.add_partner(sap.company, CARD, "Maxi-Teq")
    return sap


@pytest.fixture
async def older(hub, token):
    """Return a client that logged in the older way."""
    line = httpx.ASGITransport(create_app(hub), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=line, base_url="http://hub.test", timeout=60) as http:
        sent = {"username": "shop", "password": token}
        http.headers["Authorization"] = (
            f"JWT {(await http.post('/auth', json=sent)).json()['access_token']}"
        )
        yield http


async def insert(older, *rows):
    # The older product looked at no Content-Type, and some clients send none.
    answer = await older.post("/v1/orders/insert", content=json.dumps(rows))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_order_is_entered_and_answered_with_its_entry(older, sap):
    [found] = await insert(older, row())

    [order] = sap.company.query("Orders")
    assert found == row() | {"tx_status": "S", "bo_order_id": str(order["DocEntry"])}
    assert (order["CardCode"], order["DocTotal"]) == (CARD, Decimal("146.4"))
    assert order["DocDueDate"] == date(2099, 12, 12)


async def test_sent_twice_it_is_entered_once_and_answered_alike(older, sap):
    first = await insert(older, row(), row())
    second = await insert(older, row())

    assert first == second * 2
    assert len(sap.company.query("Orders")) == 1


async def test_one_bad_order_does_not_stop_the_rest(older, sap):
    unknown = row("3", items=[row()["items"][0] | {"itemcode": "NONE"}])
    broken = row("4", items=[{"itemcode": ITEM}], card_code="")
    negative = row("5", items=[row()["items"][0] | {"quantity": "-1"}])

    found = await insert(older, row("1"), unknown, broken, negative, row("6"))

    assert [one["tx_status"] for one in found] == ["S", "F", "F", "F", "S"]
    assert {one["bo_order_id"] for one in found[1:4]} == {"####"}
    notes = [one["tx_note"] for one in found[1:4]]
    assert "NONE" in notes[0]
    assert all(name in notes[1] for name in ("card_code", "items[0].quantity", "items[0].taxcode"))
    assert notes[2].startswith("items[0].quantity: ")
    assert "Traceback" not in "".join(notes)
    assert len(sap.company.query("Orders")) == 2


async def test_the_same_number_with_other_content_is_not_entered(older, sap):
    await insert(older, row())

    [found] = await insert(older, row(expenses_linetotal="3"))

    assert (found["tx_status"], found["bo_order_id"]) == ("F", "####")
    assert "other content" in found["tx_note"]
    assert len(sap.company.query("Orders")) == 1


async def test_a_cancelled_order_is_cancelled_however_often(older, sap):
    [entered] = await insert(older, row())
    asked = [{"fe_order_id": "00000002"}, {"fe_order_id": "9"}, {}]

    first = (await older.post("/v1/orders/cancel", json=asked)).json()
    again = (await older.post("/v1/orders/cancel", json=asked[:1])).json()

    assert first[0] == asked[0] | {"tx_status": "X", "bo_order_id": entered["bo_order_id"]}
    assert [(one["tx_status"], one["bo_order_id"]) for one in first[1:]] == [("F", "####")] * 2
    assert "is not found" in first[1]["tx_note"]
    assert again == first[:1]
    [order] = sap.company.query("Orders")
    assert order["Cancelled"] == "tYES"


async def test_orders_are_fetched_by_what_the_client_called_them(older):
    [one, _] = await insert(older, row("1"), row("2"))
    body = {
        "columns": ["DocEntry", "NumAtCard", "CardName", "DocTotal"],
        "params": {"NumAtCard": {"value": "1"}},
    }

    answer = await older.put("/v1/orders/fetch?num=5", json=body)

    told = {"NumAtCard": "1", "CardName": "Maxi-Teq", "DocTotal": "146.400000"}
    assert (answer.status_code, answer.json()) == (201, [told | {"DocEntry": one["bo_order_id"]}])


async def test_shipments_come_with_their_rows(older, sap):
    [one] = await insert(older, row())
    base = {"BaseType": 17, "BaseEntry": int(one["bo_order_id"]), "BaseLine": 0, "Quantity": 4}
    made = sap.company.create("DeliveryNotes", {"CardCode": CARD, "DocumentLines": [base]})
    body = {
        "columns": ["DocDueDate", "CardName"],
        "params": {"DocDate": {"op": ">=", "value": "2015-01-01"}},
        "itemcolumns": ["BaseDocNum", "Price", "Quantity"],
    }

    answer = await older.put("/v1/shipments/fetch?num=1", json=body)

    [order] = sap.company.query("Orders")
    [found] = answer.json()
    assert answer.status_code == 201
    assert (found["DocEntry"], found["CardName"]) == (str(made["DocEntry"]), "Maxi-Teq")
    assert found["items"] == [
        {"BaseDocNum": str(order["DocNum"]), "Price": "12.000000", "Quantity": "4.000000"}
    ]


async def test_no_row_is_asked_for_and_none_comes(older, sap):
    before = sap.requests()

    assert (await older.put("/v1/orders/fetch?num=0", json={"params": {}})).json() == []
    assert sap.requests() == before


async def test_a_column_on_no_list_is_refused_in_words_that_both_can_read(older):
    body = {"columns": ["DocNum from ORDR; drop table ORDR --"]}

    for path in ("orders", "shipments"):
        answer = await older.put(f"/v1/{path}/fetch", json=body)

        problem = answer.json()
        assert answer.status_code == 400
        assert problem["type"] == "urn:b1bridge:problem:older-request"
        assert (problem["status"], problem["error"]) == (400, "bad request")
        assert problem["message"] == problem["detail"]


async def test_codes_are_listed_as_they_were(older):
    async def codes(kind):
        answer = await older.get("/v1/code", params={"type": kind})
        assert answer.status_code == 201
        return answer.json()

    assert "Shipping" in await codes("ExpnsName")
    assert {"Code": "A20", "Name": "Output VAT 20 %", "Rate": "20.000000"} in await codes("TaxCode")
    assert await codes("Nonsense") == []
    assert (await older.get("/v1/code")).json() == []


async def test_info_is_told_in_the_words_of_whoever_asks(older, client, sap):
    told = await older.get("/v1/info")
    ours = await client.get("/v1/info")

    assert told.status_code == 201
    assert told.json().keys() == {"company_name", "company_db", "server", "diapi"}
    assert told.json()["company_db"] == sap.company.settings.name
    assert (ours.status_code, ours.json()["connection"]) == (200, "api")


async def test_contacts_are_found_by_their_fields(older, sap):
    people = [
        {"Name": "John Smith 1", "FirstName": "John", "LastName": "Smith", "E_Mail": "j@x.net"},
        {"Name": "John Smith 2", "FirstName": "John", "LastName": "Smith", "E_Mail": "k@x.net"},
    ]
    sap.company.patch("BusinessPartners", {"CardCode": CARD}, {"ContactEmployees": people})
    wanted = {"FirstName": "John", "LastName": "smith", "E_MailL": "J@x.net"}
    body = {"columns": ["cntctcode", "Name"], "card_code": CARD, "contact": wanted}

    answer = await older.put("/v1/contacts/fetch?num=1", json=body)

    [found] = answer.json()
    assert answer.status_code == 201
    assert (found["Name"], found["cntctcode"].isdecimal()) == ("John Smith 1", True)


async def test_a_contact_is_added_once_and_told_with_its_number(older, hub, sap):
    await hub.add_sync("people", flow="contact-to-contact-employee", source="api", target="books")
    joe = {"FirstName": "Joe", "LastName": "Brown", "E_MailL": "joe@x.net", "Tel1": "(213) " * 9}
    body = {"card_code": CARD, "contacts": [joe | {"Address": "1st st."}]}

    [one] = (await older.post("/v1/contacts/insert", json=body)).json()
    again = await older.post("/v1/contacts/insert", json=[body, body])

    assert one == body["contacts"][0] | {"contact_code": one["contact_code"]}
    assert (again.status_code, again.json()) == (201, [one, one])
    [card] = sap.company.query("BusinessPartners")
    [person] = card["ContactEmployees"]
    assert (str(person["InternalCode"]), person["E_Mail"]) == (one["contact_code"], "joe@x.net")
    for wrong in ({}, [{}], {"card_code": CARD, "contacts": [{}]}, {"card_code": CARD}):
        assert (await older.post("/v1/contacts/insert", json=wrong)).status_code == 400
    nobody = await older.post("/v1/contacts/insert", json=body | {"card_code": "NO"})
    assert (nobody.status_code, nobody.json()["error"]) == (404, "not found")


async def test_the_buyer_is_the_contact_person_of_the_order(older, hub, sap):
    await hub.add_sync("people", flow="contact-to-contact-employee", source="api", target="books")

    first = await insert(older, row("1"), row("2"), row("1"))
    again = await insert(older, row("1"), row("2"), row("1"))

    assert first == again
    assert [one["tx_status"] for one in first] == ["S", "S", "S"]
    assert first[0] == first[2]
    [card] = sap.company.query("BusinessPartners")
    [person] = card["ContactEmployees"]
    assert (person["FirstName"], person["E_Mail"]) == ("Ada", "ada@example.com")
    orders = sap.company.query("Orders")
    assert {order["ContactPersonCode"] for order in orders} == {person["InternalCode"]}


async def test_an_order_is_taken_while_sap_is_away_and_entered_once_when_it_is_back(older, sap):
    sap.go_away(3600)

    [taken] = await insert(older, row())
    sap.come_back()
    async with asyncio.timeout(60):
        while (entered := (await insert(older, row()))[0])["tx_status"] != "S":  # noqa: ASYNC110
            await asyncio.sleep(0.2)

    assert (taken["tx_status"], taken["bo_order_id"]) == ("F", "####")
    assert "goes on by itself" in taken["tx_note"]
    assert len(sap.company.query("Orders")) == 1
    assert entered["bo_order_id"].isdecimal()


async def test_a_name_and_a_token_in_basic_credentials_are_enough(older, token):
    pair = base64.b64encode(f"shop:{token}".encode()).decode()
    wrong = base64.b64encode(f"other:{token}".encode()).decode()

    async def status(scheme):
        return (await older.get("/v1/info", headers={"Authorization": scheme})).status_code

    assert await status(f"Basic {pair}") == 201
    assert await status(f"Basic {wrong}") == 401
    assert await status("Basic nonsense") == 401
    assert await status("JWT nonsense") == 401
    assert await status("") == 401


async def test_a_login_needs_a_name_and_the_text_of_its_token(older):
    for sent in ({}, [], {"username": "shop"}, {"username": 1, "password": 2}):
        answer = await older.post("/auth", json=sent)
        assert (answer.status_code, answer.json()["error"]) == (400, "bad request")

    answer = await older.post("/auth", json={"username": "shop", "password": "secret"})

    told = answer.json()
    assert (answer.status_code, told["status_code"]) == (401, 401)
    assert told["description"] == told["detail"]


async def test_the_number_goes_into_a_field_that_the_operator_allowed(older, hub, sap):
    clerk.add_user_field(sap.company, "Document", "U_WebId")
    sap.restart()
    asked = row(fe_order_id_udf="U_WebId")

    [refused] = await insert(older, asked)
    await hub.add_connection("api", "rest", SETTINGS | {"reference_fields": ["U_WebId"]})
    [entered] = await insert(older, asked)
    body = {"columns": ["U_WebId", "numatcard"], "params": {"U_WebId": {"value": "00000002"}}}
    found = await older.put("/v1/orders/fetch", json=body)

    assert (refused["tx_status"], entered["tx_status"]) == ("F", "S")
    assert refused["tx_note"].startswith("fe_order_id_udf: ")
    assert found.json() == [{"U_WebId": "00000002", "numatcard": "00000002"}]


async def test_where_the_older_paths_are_off_they_are_not_there(older, client, hub):
    await hub.add_connection("api", "rest", SETTINGS | {"compatibility": False})
    calls = [("POST", "/v1/orders/insert"), ("PUT", "/v1/orders/fetch"), ("GET", "/v1/code")]

    async def statuses(who):
        answers = [await who.request(method, path, json=[]) for method, path in calls]
        return {answer.status_code for answer in answers}

    assert await statuses(client) == {404}
    assert await statuses(older) == {401}
    assert (await client.get("/v1/info")).status_code == 200


async def test_an_older_client_may_do_what_its_token_may(older, hub):
    _, text = await hub.tokens.create(
        "reader", connection="api", scopes=["orders:read"], actor="test"
    )
    answer = await older.post("/auth", json={"username": "reader", "password": text})
    older.headers["Authorization"] = f"JWT {answer.json()['access_token']}"

    read = await older.put("/v1/orders/fetch", json={})
    written = await older.post("/v1/orders/insert", json=[])

    assert (read.status_code, written.status_code) == (201, 403)
    assert written.json()["scope"] == "orders:write"
    assert written.json()["error"] == "forbidden"


BAD = [
    b"",
    b"null",
    b"[1]",
    b'["x"]',
    b"[[]]",
    b"{}",
    b'"text"',
    b"1e999",
    b'{"a":NaN}',
    b'[{"fe_order_id":"1"},]',
    b'{"a":1,"a":2}',
    b'{"columns":"\\u0000"}',
    b"\xff\xfe",
    b"[" * 200 + b"]" * 200,
    b'{"columns":{"a":1},"params":[]}',
    b'{"columns":[null],"params":null,"card_code":7,"contact":7,"contacts":7}',
    b'{"card_code":"C20000","contact":{"FirstName":{}},"contacts":[7]}',
    b'{"card_code":"\\u2028\'; drop","contact":{},"contacts":[{"FirstName":7}]}',
    b'[{"fe_order_id":{},"items":[{}],"doc_due_date":[],"card_code":1e40}]',
    b'[{"fe_order_id":"' + b"9" * 5000 + b'"}]',
    b"x" * 2_000_000,
]
CALLS = [
    ("POST", "/v1/orders/insert"),
    ("POST", "/v1/orders/cancel"),
    ("PUT", "/v1/orders/fetch"),
    ("PUT", "/v1/shipments/fetch"),
    ("PUT", "/v1/contacts/fetch"),
    ("POST", "/v1/contacts/insert"),
    ("POST", "/auth"),
]


async def test_whatever_is_sent_is_answered_and_nothing_is_entered(older, sap):
    for method, path in CALLS:
        for body in BAD:
            answer = await older.request(method, path, content=body)

            said = f"{method} {path} {body[:60]!r}: {answer.status_code} {answer.text[:200]}"
            assert answer.status_code in {201, 400, 404, 413, 422}, said
            assert "Traceback" not in answer.text, said
            if answer.status_code != 201:
                assert {"error", "message", "type"} <= answer.json().keys(), said
    assert sap.company.query("Orders") == []
