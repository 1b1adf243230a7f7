"""Subscribing to events: the handshake, what is refused, what there is to subscribe to."""

import json

import pytest
from tests.b1sim.webhooks.conftest import ORDERS, URL, order, states, subscribe, subscription

pytestmark = pytest.mark.anyio


async def test_the_handshake_sends_a_token_that_must_come_back(world, v2, receivers):
    made = await subscribe(v2)
    receivers.honest = False
    refused = await v2.post("EventSubscriptions", json=subscription("w2", url=URL + "2"))

    assert len(receivers.tokens) == 2
    assert made["State"] == "Active"
    assert refused.status_code == 400
    assert list(states(world)) == ["w1"]


async def test_without_a_handshake_nobody_is_asked(v2, receivers):
    await subscribe(v2, Handshake="tNO")

    assert receivers.tokens == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"WebhookID": ""},
        {"WebhookURL": "http://shop.test/plain"},
        {"WebhookURL": "no url"},
        {"WebhookURL": "https://[shop"},
        {"AuthenticationType": "Magic"},
        {"AuthenticationType": None},
        {"AuthenticationType": "HMAC", "AuthenticationCred": "{"},
        {"AuthenticationType": "HMAC", "AuthenticationCred": '{"Key":"x","Algorithm":"MD5"}'},
        {"AuthenticationType": "Basic", "AuthenticationCred": '{"Username":"x"}'},
        {"EventCollection": []},
        {"EventCollection": [{"BusinessObject": "Nothing", "TransactionType": "Created"}]},
        {"EventCollection": [{"BusinessObject": "Items", "TransactionType": "Closed"}]},
        {"EventCollection": [ORDERS | {"BizObjProps": "Nothing"}]},
        {"EventCollection": [ORDERS | {"FilterExpr": "DocTotal >"}]},
    ],
)
async def test_what_cannot_be_subscribed_is_refused_before_anybody_is_asked(
    world, v2, receivers, wrong
):
    reply = await v2.post("EventSubscriptions", json=subscription() | wrong)

    assert reply.status_code == 400
    assert receivers.tokens == []
    assert states(world) == {}


async def test_a_webhook_is_unique_and_its_address_stays(v2):
    await subscribe(v2)
    again = await v2.post("EventSubscriptions", json=subscription(url=URL + "2"))
    other = await v2.post("EventSubscriptions", json=subscription("w2"))
    moved = await v2.patch("EventSubscriptions('w1')", json={"WebhookURL": URL + "2"})

    assert [again.json()["error"]["code"], other.json()["error"]["code"]] == ["-2035", "-2035"]
    assert moved.status_code == 400


async def test_a_company_has_sixteen_webhooks_at_most(world, v2):
    for number in range(16):
        await subscribe(v2, f"w{number}", url=f"{URL}/{number}")

    refused = await v2.post("EventSubscriptions", json=subscription("more", url=URL))

    assert refused.status_code == 400
    assert len(states(world)) == 16


async def test_the_catalogue_names_what_may_happen_to_each_object(v2):
    reply = await v2.get("EventSubscriptionsService_GetEventCatalog")
    found = {row["BusinessObject"]: row for row in reply.json()["value"]}

    assert found["Orders"]["ObjectType"] == "17"
    assert found["Orders"]["Transactions"] == "Created,Updated,Deleted,Closed,Cancelled,Reopened"
    assert found["BusinessPartners"]["Transactions"] == "Created,Updated,Deleted"


async def test_a_batch_cannot_greet_and_says_so(v2, receivers):
    part = json.dumps(subscription())
    body = (
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"POST /b1s/v2/EventSubscriptions\r\n\r\n{part}\r\n--b--\r\n"
    )
    reply = await v2.post(
        "$batch", content=body, headers={"Content-Type": "multipart/mixed;boundary=b"}
    )

    assert "HTTP/1.1 501" in reply.text
    assert receivers.tokens == []


async def test_resume_greets_again_and_goes_on_without_what_was_missed(world, v2, receivers):
    await subscribe(v2)
    await v2.post("EventSubscriptions('w1')/Pause")
    order(world)
    receivers.honest = False
    refused = await v2.post("EventSubscriptions('w1')/Resume")
    still = states(world)
    receivers.honest = True
    resumed = await v2.post("EventSubscriptions('w1')/Resume")
    order(world)
    await world.deliver_events()

    assert (refused.status_code, still) == (400, {"w1": "Inactive"})
    assert resumed.status_code == 204
    assert [event["subject"] for event in receivers.events()] == ["2"]
