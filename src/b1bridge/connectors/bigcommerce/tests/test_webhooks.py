"""Who may tell us to look, and at what."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.domain.identity import Ref
from b1bridge.errors import ContractBroken, Untrusted

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(world):
    return Settings(**world.settings())


def read(settings, headers, body, now=NOW):
    return CONNECTOR.notices("shop", settings, headers, body, now)


def told_by_header(settings, payload, now=NOW):
    trusted = settings.model_copy(update={"webhook_secret": SecretStr("psst")})
    stub = {"producer": "stores/simstore", "hash": "h1", "store_id": "1", "created_at": 1} | payload
    return read(trusted, {"X-B1bridge-Secret": "psst"}, json.dumps(stub).encode(), now)


def test_a_signed_notice_names_its_order(world, settings):
    headers, body = world.notice(272, "store/order/updated")

    found = read(settings, headers, body)

    assert [notice.ref for notice in found] == [Ref("shop", "order", "272")]
    assert found[0].delivery == headers["webhook-id"]


def test_the_published_vector_is_accepted():
    settings = Settings(
        store_hash="abcde", access_token="t", client_secret="bc_client_secret_example"
    )
    body = (
        b'{"producer":"stores/abcde","hash":"0f1b5800def7b505369b08b4a3503a1db2c4b1a6",'
        b'"created_at":1688588419,"store_id":"1001197568","scope":"store/order/updated",'
        b'"data":{"type":"order","id":272}}'
    )
    headers = {
        "Webhook-Id": "msg_2abc",
        "Webhook-Timestamp": "1688588420",
        "Webhook-Signature": "v1,iaMQOfXnX1HiV3udt1uRQUZZXQ5/BUUT3936fT47kVs=",
    }

    found = read(settings, headers, body, datetime.fromtimestamp(1688588421, UTC))

    assert found[0].ref == Ref("shop", "order", "272")


def test_a_foreign_library_accepts_what_the_simulator_signs():
    world = Simulator()
    headers, body = world.notice(5)
    library = Webhook(b"sim-secret")

    assert library.verify(body, headers)["data"]["id"] == 5


def test_what_a_foreign_library_signs_is_accepted(settings):
    body = json.dumps(
        {
            "scope": "store/order/created",
            "producer": "stores/simstore",
            "data": {"type": "order", "id": 7},
        }
    )
    signature = Webhook(b"sim-secret").sign("msg_1", NOW, body)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": f"v1,AAAA {signature}",
    }

    assert read(settings, headers, body.encode())[0].ref.id == "7"


def test_a_changed_body_is_refused(world, settings):
    headers, body = world.notice(272)

    with pytest.raises(Untrusted, match="does not fit"):
        read(settings, headers, body.replace(b"272", b"273"))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_notice_of_another_hour_is_refused(world, settings, minutes):
    headers, body = world.notice(272)

    with pytest.raises(Untrusted, match="300 s are allowed"):
        read(settings, headers, body, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "١٢٣"])
def test_a_timestamp_that_is_no_number_is_refused(world, settings, timestamp):
    headers, body = world.notice(272)

    with pytest.raises(Untrusted):
        read(settings, headers | {"webhook-timestamp": timestamp}, body)


def test_a_notice_of_another_store_is_refused(settings):
    with pytest.raises(Untrusted, match="stores/other"):
        told_by_header(
            settings,
            {"producer": "stores/other", "scope": "store/order/updated", "data": {"id": 1}},
        )


def test_an_unsigned_notice_is_refused_unless_the_custom_header_fits(settings):
    trusted = settings.model_copy(update={"webhook_secret": SecretStr("psst")})
    body = b'{"scope":"store/order/updated","producer":"stores/simstore","data":{"id":1}}'

    with pytest.raises(Untrusted, match="neither signed"):
        read(settings, {}, body)
    with pytest.raises(Untrusted, match="neither signed"):
        read(settings, {"X-B1bridge-Secret": ""}, body)
    with pytest.raises(Untrusted, match="neither signed"):
        read(trusted, {"X-B1bridge-Secret": "guess"}, body)
    assert read(trusted, {"x-b1bridge-secret": "psst"}, body)[0].ref.id == "1"


def test_unsigned_notices_that_share_a_hash_are_two_deliveries(settings):
    stub = {"scope": "store/order/updated", "data": {"type": "order", "id": 1}}

    first = told_by_header(settings, stub)[0].delivery
    second = told_by_header(settings, stub, NOW + timedelta(milliseconds=300))[0].delivery

    assert first != second


@pytest.mark.parametrize(
    ("scope", "data", "kind", "number"),
    [
        ("store/order/created", {"type": "order", "id": 250}, "order", "250"),
        (
            "store/order/statusUpdated",
            {"type": "order", "id": 250, "status": {"new_status_id": 11}},
            "order",
            "250",
        ),
        (
            "store/order/transaction/created",
            {"type": "transaction", "id": 9, "orderId": 250},
            "order",
            "250",
        ),
        (
            "store/order/refund/created",
            {"type": "order", "id": 250, "refund": {"refund_id": 3}},
            "order",
            "250",
        ),
        ("store/customer/updated", {"type": "customer", "id": 32}, "customer", "32"),
        (
            "store/customer/address/created",
            {"type": "customer", "id": 60, "address": {"customer_id": 32}},
            "customer",
            "32",
        ),
    ],
)
def test_a_scope_says_which_record_to_read(settings, scope, data, kind, number):
    found = told_by_header(settings, {"scope": scope, "data": data})

    assert [(notice.ref.kind, notice.ref.id) for notice in found] == [(kind, number)]


@pytest.mark.parametrize("scope", ["store/product/updated", "store/cart/created", "store/sku/x"])
def test_other_scopes_are_heard_and_let_go(settings, scope):
    assert told_by_header(settings, {"scope": scope, "data": {"type": "x", "id": 1}}) == []


@pytest.mark.parametrize("data", [{}, {"id": "1; drop"}, {"id": True}, {"id": -4}])
def test_a_notice_that_names_no_record_is_a_broken_contract(settings, data):
    with pytest.raises(ContractBroken):
        told_by_header(settings, {"scope": "store/order/updated", "data": data})


def test_a_signed_body_that_is_no_json_is_a_broken_contract(settings):
    signature = Webhook(b"sim-secret").sign("msg_1", NOW, "gibberish")
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": signature,
    }

    with pytest.raises(ContractBroken):
        read(settings, headers, b"gibberish")
