"""Webhooks: subscribing, the handshake, what is sent and how it is signed, failures and replay."""

import base64
import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from b1sim.world import World

pytestmark = pytest.mark.anyio
URL = "https://shop.test/hook"
KEY = {"Key": "geheim", "Algorithm": "HMACSha256"}
ORDERS = {"BusinessObject": "Orders", "TransactionType": "Created"}


class Receivers:
    """Receivers on a network without wires: they return tokens and keep what they are sent."""

    def __init__(self):
        self.got = []
        self.tokens = []
        self.answers = []
        self.honest = True

    def __call__(self, request):
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "bearer-token"})
        if request.method == "GET":
            token = request.headers["X-B1-Webhook-Token"]
            self.tokens.append(request)
            return httpx.Response(200, json={"Challenge": token if self.honest else "x"})
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        self.got.append(request)
        return httpx.Response(answer)

    def events(self, url=URL):
        return [
            event for sent in self.got if str(sent.url) == url for event in json.loads(sent.content)
        ]


class Waiting:
    """Counts how long somebody would have slept."""

    def __init__(self):
        self.slept = []

    async def __call__(self, seconds):
        self.slept.append(seconds)


@pytest.fixture
def receivers():
    return Receivers()


@pytest.fixture
def waiting():
    return Waiting()


@pytest.fixture
def world(clock, receivers, waiting):
    transport = httpx.MockTransport(receivers)
    with World(seed=False, clock=clock, receivers=transport, sleep=waiting) as world:
        world.clerk.change_settings(webhooks=True)
        world.clerk.add_partner("C1")
        world.clerk.add_item("A")
        yield world


def subscription(name="w1", *events, url=URL, **properties):
    sent = {"WebhookID": name, "WebhookURL": url, "AuthenticationType": "None"}
    return sent | {"EventCollection": list(events) or [ORDERS]} | properties


def order(world, quantity=1):
    line = {"ItemCode": "A", "Quantity": quantity, "UnitPrice": 100}
    sent = {"CardCode": "C1", "DocDueDate": "2026-12-01", "DocumentLines": [line]}
    return world.company.create("Orders", sent)


async def subscribe(client, *args, **properties):
    reply = await client.post("EventSubscriptions", json=subscription(*args, **properties))
    assert reply.status_code == 201, reply.text
    return reply.json()


def states(world):
    rows = world.company.query("EventSubscriptions")
    return {row["WebhookID"]: row["State"] for row in rows}


def deliveries(world):
    return [row["Status"] for row in world.company.query("EventNotifications", order_by="Number")]


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


class Listening(BaseHTTPRequestHandler):
    """A real receiver on a real port."""

    def do_GET(self):
        self._answer(json.dumps({"Challenge": self.headers["X-B1-Webhook-Token"]}).encode())

    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got += json.loads(content)
        self._answer(b"")

    def _answer(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Keep quiet."""


@contextmanager
def listening():
    server = HTTPServer(("127.0.0.1", 0), Listening)
    server.got = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_receiver_on_a_port_gets_its_events_over_plain_http_where_allowed(clock):
    with listening() as server, World(seed=False, clock=clock) as world:
        world.clerk.change_settings(webhooks=True, webhook_plain_http=True)
        settings = world.settings()
        login = {"CompanyDB": settings["company_db"], "UserName": settings["user"]}
        url = f"http://127.0.0.1:{server.server_port}/hook"
        items = {"BusinessObject": "Items", "TransactionType": "Created"}
        async with httpx.AsyncClient(
            transport=world.transport(), base_url=world.base_url + "/b1s/v2/"
        ) as client:
            await client.post("Login", json=login | {"Password": settings["password"]})
            await subscribe(client, "w1", items, url=url)
        world.clerk.add_item("A")
        await world.deliver_events()

        assert [event["subject"] for event in server.got] == ["A"]
