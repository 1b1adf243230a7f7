"""What is sent and how it is signed, failures and replay."""

import base64
import hashlib
import hmac
import json

import httpx
import pytest
from tests.b1sim.webhooks.conftest import ORDERS, URL, deliveries, order, states, subscribe

pytestmark = pytest.mark.anyio
KEY = {"Key": "geheim", "Algorithm": "HMACSha256"}


async def test_an_event_is_posted_in_an_array_in_saps_shape(world, v2, receivers):
    await subscribe(v2)
    made = order(world)
    await world.deliver_events()

    (sent,) = receivers.got
    (event,) = json.loads(sent.content)

    assert event.pop("id")
    assert sent.headers["Content-Type"] == "application/json"
    assert event == {
        "specversion": "1.0",
        "source": "/default/sap.b1/SBODEMO",
        "type": "sap.b1.Orders.Created.v1",
        "subject": str(made["DocEntry"]),
        "time": "2026-11-20T10:00:00Z",
        "datacontenttype": "application/json",
        "data": {"DocEntry": str(made["DocEntry"])},
    }


async def test_nothing_happens_while_the_company_has_webhooks_switched_off(world, v2, receivers):
    await subscribe(v2)
    world.clerk.change_settings(webhooks=False)
    order(world)
    await v2.post("CompanyService_UpdateAdminInfo", json={"AdminInfo": {"EnableWebhook": "tYES"}})
    order(world)
    await world.deliver_events()

    assert [event["subject"] for event in receivers.events()] == ["2"]


@pytest.mark.parametrize("algorithm", ["HMACSha256", "HMACSha384", "HMACSha512"])
async def test_messages_and_handshakes_are_signed(world, v2, receivers, algorithm):
    credentials = json.dumps(KEY | {"Algorithm": algorithm})
    made = await subscribe(v2, AuthenticationType="HMAC", AuthenticationCred=credentials)
    order(world)
    await world.deliver_events()

    digest = getattr(hashlib, algorithm.removeprefix("HMAC").lower())
    token = receivers.tokens[0].headers["X-B1-Webhook-Token"].encode()
    for request, content in (
        (receivers.tokens[0], token),
        (receivers.got[0], receivers.got[0].content),
    ):
        expected = base64.b64encode(hmac.new(b"geheim", content, digest).digest()).decode()
        assert request.headers["X-B1-Webhook-Signature"] == expected
    assert "geheim" not in str(made)


@pytest.mark.parametrize(
    ("kind", "proof", "header"),
    [
        ("Basic", {"Username": "u", "Password": "p"}, "Basic dTpw"),
        (
            "OAuth",
            {
                "token_endpoint": "https://shop.test/token",
                "client_id": "c",
                "client_secret": "s",
                "grant_type": "client_credentials",
            },
            "Bearer bearer-token",
        ),
    ],
)
async def test_other_ways_of_proving_who_one_is(world, v2, receivers, kind, proof, header):
    await subscribe(v2, AuthenticationType=kind, AuthenticationCred=json.dumps(proof))
    order(world)
    await world.deliver_events()

    assert receivers.tokens[0].headers["Authorization"] == header
    assert receivers.got[0].headers["Authorization"] == header


@pytest.mark.parametrize("expression", ["DocTotal gt 500", "DocTotal>500 and CardCode = 'C1'"])
async def test_only_what_was_subscribed_is_sent_with_the_properties_that_were_asked_for(
    world, v2, receivers, expression
):
    dear = ORDERS | {"BizObjProps": "DocTotal, CardCode", "FilterExpr": expression}
    closed = ORDERS | {"TransactionType": "Closed"}
    await subscribe(v2, "w1", dear, closed)
    order(world)
    made = order(world, quantity=6)
    world.company.act("Orders", {"DocEntry": made["DocEntry"]}, "Close")
    world.company.patch("Orders", {"DocEntry": 1}, {"Comments": "nobody asked"})
    await world.deliver_events()

    created, over = receivers.events()

    assert created["data"] == {"DocEntry": 2, "DocTotal": float(made["DocTotal"]), "CardCode": "C1"}
    assert (over["type"], over["data"]) == ("sap.b1.Orders.Closed.v1", {"DocEntry": "2"})


async def test_a_field_that_is_gone_stops_no_write(world, v2, receivers):
    field = {"TableName": "ORDR", "Name": "Ref", "Type": "db_Alpha"}
    number = world.company.create("UserFieldsMD", field)["FieldID"]
    world.restart()
    await subscribe(v2, "w1", ORDERS | {"BizObjProps": "U_Ref,CardCode"})
    filtered = ORDERS | {"FilterExpr": "U_Ref = 'x'"}
    await subscribe(v2, "w2", filtered, url=URL + "2")
    world.company.delete("UserFieldsMD", {"TableName": "ORDR", "FieldID": number})
    world.restart()
    order(world)
    await world.deliver_events()

    assert [event["data"] for event in receivers.events()] == [{"DocEntry": 1, "CardCode": "C1"}]
    assert receivers.events(URL + "2") == []


async def test_a_refused_write_is_no_event(world, v2, receivers):
    await subscribe(v2)
    world.clerk.reject_when("Orders", "DocTotal > 500", "too dear")
    reply = await v2.post(
        "Orders",
        json={
            "CardCode": "C1",
            "DocDueDate": "2026-12-01",
            "DocumentLines": [{"ItemCode": "A", "Quantity": 9, "UnitPrice": 100}],
        },
    )
    await world.deliver_events()

    assert reply.status_code == 400
    assert receivers.got == []


async def test_events_are_sent_in_batches_and_in_order(world, v2, receivers):
    world.clerk.change_settings(webhook_batch=2)
    await subscribe(v2)
    for _ in range(5):
        order(world)
    await world.deliver_events()

    assert [len(json.loads(sent.content)) for sent in receivers.got] == [2, 2, 1]
    assert [event["subject"] for event in receivers.events()] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("trouble", [500, 429, 408, httpx.ConnectError("gone")])
async def test_a_receiver_in_trouble_is_tried_again(world, v2, receivers, waiting, trouble):
    await subscribe(v2)
    receivers.answers = [trouble, trouble, 200]
    order(world)
    await world.deliver_events()

    assert waiting.slept == [2, 2]
    assert deliveries(world) == ["Delivered"]
    assert len({event["id"] for event in receivers.events()}) == 1


@pytest.mark.parametrize(("answers", "tries"), [([500] * 9, 4), ([400], 1)])
async def test_a_receiver_that_fails_is_exceptional_and_misses_what_happens_then(
    world, v2, receivers, answers, tries
):
    await subscribe(v2)
    receivers.answers = answers
    order(world)
    await world.deliver_events()
    sent = len(receivers.got)
    order(world)
    await world.deliver_events()

    assert (sent, len(receivers.got)) == (tries, tries)
    assert states(world) == {"w1": "Exceptional"}
    assert deliveries(world) == ["Failed", "Dropped"]


async def test_replay_sends_what_was_missed_and_pauses_all_others(world, v2, receivers):
    await subscribe(v2)
    await subscribe(v2, "w2", url=URL + "2")
    await v2.post("EventSubscriptions('w1')/Pause")
    order(world)
    await world.deliver_events()
    replayed = await v2.post("EventSubscriptions('w1')/Replay")
    during = world.company.read("EventSubscriptions", {"WebhookID": "w1"})["WorkMode"]
    await world.deliver_events()

    assert (replayed.status_code, during) == (204, "Replay")
    assert [event["subject"] for event in receivers.events()] == ["1"]
    assert states(world) == {"w1": "Active", "w2": "Inactive"}
    after = world.company.read("EventSubscriptions", {"WebhookID": "w1"})["WorkMode"]
    assert after == "Standard"


async def test_what_waits_too_long_is_given_up(world, v2, receivers, clock):
    await subscribe(v2)
    order(world)
    clock.pass_minutes(24 * 60 + 1)
    await world.deliver_events()

    assert receivers.got == []
    assert deliveries(world) == ["Expired"]
