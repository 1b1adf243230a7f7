"""The vendor's own examples are readable, whatever their arithmetic."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.connectors.bigcommerce.translate import order_from
from b1bridge.connectors.bigcommerce.wire import (
    ADDRESSES,
    PRODUCTS,
    SHIPMENTS,
    TAXES,
    OrderParts,
    WireFee,
    WireOrder,
    WireRefund,
)
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.sdk.exact_json import dumps, loads


@pytest.fixture(scope="module")
def folder():
    """Return where the published examples lie."""
    root = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")).resolve()
    folder = root / "payloads" / "bigcommerce" / "spec-examples"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}: set B1BRIDGE_SHARED")
    return folder


@pytest.fixture(scope="module")
def example(folder):
    """Return a reader of published examples by a part of their file's name."""
    return lambda name: loads(next(folder.glob(f"orders.v2.oas2_{name}_*.json")).read_bytes())


@pytest.mark.parametrize("number", ["22", "23"])
def test_published_orders_are_read(example, number):
    order = WireOrder.model_validate(example(number))

    assert order.default_currency_code == "USD"
    assert order.date_created.utcoffset() is not None


def test_published_lines_with_a_bundle_are_read(example):
    lines = PRODUCTS.validate_python(example("25"))

    assert [(line.sku, str(line.discounted_total_inc_tax)) for line in lines] == [
        ("S-ORAN", "63.6400"),
        ("ABS", "0.0000"),
    ]


def test_published_addresses_and_taxes_are_read(example):
    assert len(ADDRESSES.validate_python(example("32"))) == 2
    assert [tax.rate for tax in TAXES.validate_python(example("36"))] == [8, 8]


def test_a_fee_is_read_in_both_of_its_spellings(example):
    fees = [WireFee.model_validate(fee) for fee in example("17")["fees"]]

    assert [str(fee.cost_ex_tax) for fee in fees] == ["12.3000", "4.0000"]


def test_the_published_order_with_coupon_and_discount_comes_to_its_total(example):
    order = WireOrder.model_validate(example("22") | {"fees": []})
    line = {
        "id": 1,
        "sku": "A",
        "name": "A",
        "quantity": 4,
        "total_ex_tax": "63.4400",
        "total_inc_tax": "67.8400",
        "total_tax": "4.4000",
    }
    parts = OrderParts(order, PRODUCTS.validate_python([line]), [], [], [])

    found = order_from(parts, "shop")

    assert found.state is OrderState.OPEN
    assert found.lines[0].discount == Money.of("10.00", "USD")
    gross = Money.sum((part.gross for part in (*found.lines, *found.charges)), "USD")
    assert gross == found.total == Money.of("69.84", "USD")


def test_published_shipments_are_read(example):
    found = SHIPMENTS.validate_python(example("30"))

    assert [(one.shipping_provider, one.tracking_number, len(one.items)) for one in found] == [
        ("usps", "EJ958083578US", 1),
        ("usps", "EJ958083578UK", 1),
    ]


def test_the_published_refund_is_read(folder):
    payload = loads(next(folder.glob("orders.v3_07_*.json")).read_bytes())

    refund = WireRefund.model_validate(payload["data"])

    assert (refund.total_amount, refund.total_tax) == (50, 5)
    assert [(item.item_type, item.quantity) for item in refund.items] == [("PRODUCT", 1)]
    assert refund.payments[0].provider_id == "storecredit"


def test_every_published_notice_is_heard(webhooks):
    found = {path.stem: subject for path, subject in webhooks}

    assert found["store_order_created"] == "order/250"
    assert found["store_order_statusUpdated"] == "order/250"
    assert found["store_order_refund_created"] == "order/250"
    assert found["store_shipment_created"] == "order/251"
    assert found["store_customer_created"] == "customer/32"
    assert found["store_customer_address_created"] == "customer/32"
    assert found["store_product_updated"] is None


@pytest.fixture
def webhooks():
    """Return what each published notice is about, as it would be heard with a custom header."""
    root = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")).resolve()
    folder = root / "payloads" / "bigcommerce" / "webhooks-docs"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}: set B1BRIDGE_SHARED")
    settings = Settings(
        store_hash="abc", access_token="t", client_secret="s", webhook_secret="psst"
    )
    return [(path, _heard(path, settings)) for path in sorted(folder.glob("*.json"))]


def _heard(path, settings):
    stub = loads(path.read_bytes()) | {"producer": "stores/abc"}
    headers = {"X-B1bridge-Secret": "psst"}
    found = CONNECTOR.notices("shop", settings, headers, dumps(stub).encode(), datetime.now(UTC))
    return f"{found[0].ref.kind}/{found[0].ref.id}" if found else None
