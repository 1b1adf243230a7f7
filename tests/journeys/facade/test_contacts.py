"""People are added to a customer's card once, whatever happens on the way."""

import asyncio

import pytest

from b1sim.company import clerk

pytestmark = pytest.mark.anyio
ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}
PATH = "/v1/partners/C1/contacts"


@pytest.fixture(autouse=True)
def company(sap):
    clerk.add_partner(sap.company, "C1", "Anna Ek")
    return sap.company


@pytest.fixture
async def idle_hub(idle_hub):
    await idle_hub.add_sync(
        "contacts", flow="contact-to-contact-employee", source="api", target="books"
    )
    return idle_hub


def people(company):
    card = company.read("BusinessPartners", {"CardCode": "C1"})
    return [(one["Name"], one["E_Mail"]) for one in card["ContactEmployees"]]


async def settled(client, place):
    """Ask until it is settled."""
    while True:
        status = (await client.get(place)).json()
        if status["state"] != "accepted":
            return status
        await asyncio.sleep(0.05)


async def test_a_contact_is_added_found_and_asked_for(client, company):
    added = await client.post(PATH, json=ADA | {"reference": "P-1", "phone": "123"})
    found = await client.get(PATH, params={"email": "ADA@example.com"})

    status = added.json()
    assert (added.status_code, status["state"], status["partner"]) == (201, "posted", "C1")
    assert status["contact"]["phone"] == "123"
    (one,) = found.json()["contacts"]
    assert (one["code"], one["name"], one["active"]) == (status["code"], "Ada Lovelace", True)
    assert people(company) == [("Ada Lovelace", "ada@example.com")]
    assert (await client.get(added.headers["Location"])).json() == status


async def test_the_same_again_changes_nothing_and_another_body_is_refused(client, company):
    first = await client.post(PATH, json=ADA | {"reference": "P-1"})
    again = await client.post(PATH, json=ADA | {"reference": "P-1"})
    other = await client.post(PATH, json=ADA | {"reference": "P-1", "phone": "1"})
    keyed = [await client.post(PATH, json=ADA, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    reused = await client.post(PATH, json=ADA | {"phone": "1"}, headers={"Idempotency-Key": "k1"})

    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert (other.status_code, other.json()["type"]) == (409, "urn:b1bridge:problem:contact-exists")
    assert keyed[0].content == keyed[1].content
    assert keyed[0].json()["code"] == first.json()["code"]
    assert (reused.status_code, reused.json()["type"]) == (409, "urn:b1bridge:problem:key-reused")
    assert len(people(company)) == 1


async def test_one_person_sent_by_many_at_once_is_added_once(client, company):
    answers = await asyncio.gather(
        *(client.post(PATH, json=ADA | {"reference": f"P-{n}"}) for n in range(8))
    )

    assert {answer.status_code for answer in answers} <= {201, 202}
    codes = {(await settled(client, one.headers["Location"]))["code"] for one in answers}
    assert len(codes) == 1
    assert people(company) == [("Ada Lovelace", "ada@example.com")]


async def test_a_lost_answer_adds_nobody_twice(sap, client, company):
    sap.lose_reply("BusinessPartners", method="PATCH")

    added = await client.post(PATH, json=ADA | {"reference": "P-1"})
    await settled(client, "/v1/contacts/P-1")

    assert added.status_code in {201, 202}
    assert people(company) == [("Ada Lovelace", "ada@example.com")]


async def test_an_unknown_customer_is_refused_before_anything_is_kept(client):
    answer = await client.post("/v1/partners/C9/contacts", json=ADA | {"reference": "P-1"})

    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "urn:b1bridge:problem:unknown-record",
    )
    assert (await client.get("/v1/contacts/P-1")).status_code == 404
    assert (await client.get("/v1/partners/C9/contacts")).status_code == 404


async def test_while_sap_is_away_a_contact_is_taken_and_added_later(sap, client, company):
    sap.go_away(3600)
    answer = await client.post(PATH, json=ADA | {"reference": "P-1"})
    unknown = await client.post(
        "/v1/partners/C9/contacts", json=ADA | {"reference": "P-2"}, headers={"Prefer": "wait=0"}
    )
    sap.come_back()

    assert (answer.status_code, unknown.status_code) == (202, 202)
    await settled(client, "/v1/contacts/P-1")
    refused = await settled(client, "/v1/contacts/P-2")
    assert people(company) == [("Ada Lovelace", "ada@example.com")]
    assert (refused["state"], refused["case"]["reason"]) == ("refused", "MISSING_CUSTOMER")


async def test_names_are_kept_as_they_are(client, company):
    hostile = ["O'Brien", "Ünï—cødé 🙂", "x' or 1 eq 1", "<b>%27</b>"]
    for name in hostile:
        assert (await client.post(PATH, json={"last_name": name})).status_code == 201

    assert [name for name, _ in people(company)] == hostile


async def test_what_makes_no_sense_is_refused_by_the_field(client, company):
    for body, pointer in (
        ({}, ""),
        ({"first_name": "A", "age": 36}, "/age"),
        ({"first_name": "A" * 51}, "/first_name"),
        ({"first_name": "A", "phone": 123}, "/phone"),
        ({"email": "ada at example"}, "/email"),
        ({"first_name": "A", "reference": "a b"}, "/reference"),
    ):
        answer = await client.post(PATH, json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert people(company) == []


async def test_a_connection_whose_contacts_nobody_takes_says_so(hub, client, company):
    await hub.add_connection("api2", "rest", {"books": "books"})
    scopes = ["contacts:write"]
    _, text = await hub.tokens.create("two", connection="api2", scopes=scopes, actor="test")

    answer = await client.post(PATH, json=ADA, headers={"Authorization": f"Bearer {text}"})

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:b1bridge:problem:not-set-up")
    assert people(company) == []


async def test_who_added_whom_stands_in_the_trail(hub, client):
    await client.post(PATH, json=ADA | {"reference": "P-1"})

    told = str((await hub.trail("api/contact/P-1")).entries)

    assert "token:shop" in told


async def test_who_will_not_wait_is_not_held_up_by_a_slow_sap(sap, client, company):
    sap.slow("BusinessPartners", 0.5, times=20)
    hurried = {"Prefer": "respond-async"}

    answer = await client.post(PATH, json=ADA | {"reference": "P-1"}, headers=hurried)

    assert answer.status_code == 202
    assert people(company) == []
    assert (await settled(client, "/v1/contacts/P-1"))["state"] == "posted"
