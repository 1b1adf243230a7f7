"""SAP's services as the simulated company offers them, in both versions."""

from datetime import date
from decimal import Decimal

import pytest

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.services import (
    company_info,
    currency_rate,
    document_series,
    item_price,
    preview,
)
from b1bridge.errors import Rejected
from b1sim.company import clerk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


async def test_the_company_tells_what_is_switched_on(service, world):
    before = await company_info(service)
    world.company.settings.block_negative_stock = not world.company.settings.block_negative_stock
    after = await company_info(service)

    name = "BlockStockNegativeQuantity"
    assert {before[name], after[name]} == {"tYES", "tNO"}


async def test_a_price_is_the_one_that_the_partner_pays(service, world):
    clerk.set_price(world.company, "TEA", "12.5")
    await service.post(
        "SpecialPrices", {"ItemCode": "TEA", "CardCode": "C1", "Price": Decimal("9.75")}
    )

    listed, special = [await item_price(service, who, "TEA") for who in ("", "C1")]

    assert (listed["Price"], special["Price"]) == (Decimal("12.5"), Decimal("9.75"))
    with pytest.raises(Rejected, match="-2028"):
        await item_price(service, "C1", "NOTHING")


async def test_series_are_listed_for_a_kind_of_document(service):
    orders, nothing = [await document_series(service, kind) for kind in ("17", "4711")]

    assert [row["Document"] for row in orders] == ["17"]
    assert orders[0]["NextNumber"] == 1
    assert nothing == []


async def test_a_preview_computes_and_saves_nothing(service, world):
    lines = [{"ItemCode": "TEA", "Quantity": 3, "UnitPrice": 10}]
    order = {"CardCode": "C1", "DocDueDate": "2026-12-01", "DocumentLines": lines}

    seen = await preview(service, "Orders", order)

    assert (seen["DocEntry"], seen["DocTotal"]) == (None, Decimal(36))
    assert world.company.count("Orders") == 0


async def test_a_rate_is_a_bare_number(service, world):
    clerk.set_rate(world.company, "USD", "2026-11-21", "0.9")

    assert await currency_rate(service, "USD", date(2026, 11, 21)) == Decimal("0.9")
