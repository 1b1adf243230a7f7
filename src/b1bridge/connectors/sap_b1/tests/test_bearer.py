"""A token lets in without a login, and is replaced once when SAP refuses it."""

import asyncio

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.batch import Batch
from b1bridge.connectors.sap_b1.client.bearer import BearerToken
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.token_source import ClientCredentials
from b1bridge.errors import ConnectionBroken
from b1sim.odata.bearer import TOKEN_PATH, Iam, OauthClient
from b1sim.world import World

pytestmark = pytest.mark.anyio
ORDERS = "Orders?$select=DocEntry"


class Gatekeeper:
    """Knows which tokens are good, for which company."""

    def __init__(self):
        self.good = {"t1"}
        self.requests = []

    async def __call__(self, request):
        self.requests.append(request)
        await asyncio.sleep(0)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.good or request.headers.get("X-b1-companyid") != "7":
            return httpx.Response(401, json={"error": {"code": -1, "message": "not authenticated"}})
        return httpx.Response(
            200, headers=[("Set-Cookie", "ROUTEID=.node2; path=/b1s")], json={"value": []}
        )


class Issuer:
    """Issues t1, t2, t3 …"""

    def __init__(self):
        self.issued = 0

    async def __call__(self):
        await asyncio.sleep(0)
        self.issued += 1
        return f"t{self.issued}"


@pytest.fixture
def keeper():
    return Gatekeeper()


@pytest.fixture
async def http(keeper):
    async with httpx.AsyncClient(transport=httpx.MockTransport(keeper)) as client:
        yield client


@pytest.fixture
def issuer():
    return Issuer()


@pytest.fixture
def service(http, issuer):
    settings = ClientSettings(url="https://sap.test:50000")
    return ServiceLayer(http, settings, bearer=lambda: BearerToken(issuer, "7"))


async def test_every_call_carries_token_and_company_and_nobody_logs_in(service, keeper):
    await service.get(ORDERS)
    await service.get(ORDERS)
    await service.close()

    assert [request.url.path for request in keeper.requests] == ["/b1s/v2/Orders"] * 2
    assert keeper.requests[-1].headers["Cookie"] == "ROUTEID=.node2"


async def test_many_calls_at_once_fetch_one_token(service, issuer):
    await asyncio.gather(*(service.get(ORDERS) for _ in range(50)))

    assert issuer.issued == 1


async def test_a_refused_token_is_replaced_once_for_all(service, keeper, issuer):
    await service.get(ORDERS)
    keeper.good = {"t2"}

    await asyncio.gather(*(service.get(ORDERS) for _ in range(50)))

    assert issuer.issued == 2


async def test_two_refused_tokens_in_a_row_ask_for_an_administrator(service, keeper, issuer):
    keeper.good = set()

    with pytest.raises(ConnectionBroken, match="audience"):
        await service.get(ORDERS)

    assert issuer.issued == 2


async def test_a_fixed_token_that_is_refused_is_not_sent_twice(http, keeper):
    settings = ClientSettings(url="https://sap.test:50000")
    service = ServiceLayer(http, settings, bearer=lambda: BearerToken.fixed("old", "7"))

    with pytest.raises(ConnectionBroken, match="no other"):
        await service.get(ORDERS)

    assert len(keeper.requests) == 1


def test_a_token_does_not_print_itself():
    assert "s3cr3t" not in repr(BearerToken.fixed("s3cr3t", "7"))


async def test_neither_login_nor_token_is_refused_at_once(http):
    with pytest.raises(ValueError, match="bearer token"):
        ServiceLayer(http, ClientSettings(url="https://sap.test:50000"))


@pytest.fixture
def guarded():
    """Found a company that one client may enter with tokens of five minutes."""
    iam = Iam({"shop": OauthClient("s3cr3t", "manager")}, company_id="7")
    with World(seed=False, iam=iam) as world:
        yield world


@pytest.fixture
async def guarded_line(guarded):
    async with httpx.AsyncClient(transport=guarded.transport()) as client:
        yield client


def over(line, *, told="s3cr3t", company="7", **settings):
    source = ClientCredentials(line, World.base_url + TOKEN_PATH, "shop", told)
    settings = ClientSettings(url=World.base_url, **settings)
    return ServiceLayer(line, settings, bearer=lambda: BearerToken(source, company))


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_client_of_the_identity_service_reads_writes_and_batches(guarded_line, version):
    service = over(guarded_line, version=version)
    batch = Batch()
    made = batch.change_set().post("BusinessPartners", {"CardCode": "C9", "CardType": "cCustomer"})

    result = await service.send_batch(batch)

    assert result.fields(made)["CardCode"] == "C9"
    assert (await service.get("BusinessPartners('C9')?$select=CardCode"))["CardCode"] == "C9"


async def test_a_token_that_expires_is_replaced_without_notice(guarded, guarded_line):
    service = over(guarded_line)
    await service.get(ORDERS)
    guarded.pass_time(3600)

    await asyncio.gather(*(service.get(ORDERS) for _ in range(20)))

    assert "POST Login" not in guarded.requests()


async def test_a_wrong_secret_is_told_and_not_shown(guarded_line):
    with pytest.raises(ConnectionBroken, match="refused the client shop") as caught:
        await over(guarded_line, told="wr0ng").get(ORDERS)

    assert "wr0ng" not in str(caught.value)


async def test_a_wrong_company_asks_for_an_administrator(guarded_line):
    with pytest.raises(ConnectionBroken, match="company 8"):
        await over(guarded_line, company="8").get(ORDERS)
