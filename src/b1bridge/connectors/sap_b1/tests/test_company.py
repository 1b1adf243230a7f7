"""The company's currency comes from the settings, or from the company itself."""

from dataclasses import astuple

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.errors import ConnectionBroken, Transient

pytestmark = pytest.mark.anyio


@pytest.fixture
def unset(settings):
    """Settings that leave the currency to the company."""
    return settings.model_copy(update={"local_currency": "", "time_zone": "Europe/Berlin"})


async def test_a_currency_in_the_settings_is_not_asked_for(script, http, settings):
    rules = await SapCompany(ServiceLayer(http, settings), settings).rules()

    assert rules.local_currency == "EUR"
    assert not script.requests


async def test_the_company_tells_its_currency_and_decimals_once(script, http, unset):
    told = {"LocalCurrency": "JPY", "TotalsAccuracy": 0, "PriceAccuracy": 4, "Other": "x"}
    script.answers = [httpx.Response(200, json=told)]
    company = SapCompany(ServiceLayer(http, unset), unset)

    first, second = await company.rules(), await company.rules()

    assert astuple(first)[:4] == ("JPY", "Europe/Berlin", 0, 4)
    assert second == first
    assert script.calls["POST CompanyService_GetAdminInfo"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(501, json={"error": {"code": "501", "message": "not here"}}),
        httpx.Response(404, json={"error": {"code": "-1000", "message": "Unrecognized"}}),
        httpx.Response(200, json={"CompanyName": "x"}),
    ],
)
async def test_a_company_that_does_not_tell_leads_to_the_setting(script, http, unset, answer):
    script.answers = [answer]

    with pytest.raises(ConnectionBroken, match="fill in local_currency"):
        await SapCompany(ServiceLayer(http, unset), unset).rules()


async def test_a_company_that_is_away_is_asked_again_later(script, http, unset):
    script.answers = [httpx.Response(503)]
    company = SapCompany(ServiceLayer(http, unset), unset)
    with pytest.raises(Transient):
        await company.rules()
    script.answers = [httpx.Response(200, json={"LocalCurrency": "eur"})]

    assert (await company.rules()).local_currency == "EUR"


async def test_the_simulated_company_tells_its_currency(world, line):
    settings = Settings(**world.settings())
    service = ServiceLayer(line, settings)

    assert (await SapCompany(service, settings).rules()).local_currency == "EUR"
    await service.close()
