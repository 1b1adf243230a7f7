"""Bearer tokens instead of a Login: issue, expiry, audience, company and binding."""

import httpx
import pytest

from b1sim.odata.bearer import TOKEN_PATH, Iam, OauthClient
from b1sim.world import World

pytestmark = pytest.mark.anyio
ORDERS = "/b1s/v2/Orders/$count"


@pytest.fixture
def iam():
    return Iam(
        {
            "hub": OauthClient("hub-secret", "manager"),
            "elsewhere": OauthClient("s", "manager", audience="account"),
            "nobody": OauthClient("s", None),
        }
    )


@pytest.fixture
def world(clock, iam):
    with World(seed=False, clock=clock, iam=iam) as world:
        yield world


def form(client_id="hub", secret="hub-secret"):  # noqa: S107  made up
    return {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
    }


async def token_of(client, *of):
    reply = await client.post(TOKEN_PATH, data=form(*of))
    return reply.json()["access_token"]


def speaking(token, company="1"):
    return {"Authorization": f"Bearer {token}", "X-b1-companyid": company}


async def test_a_token_speaks_without_login_and_cookie(stranger):
    issued = await stranger.post(TOKEN_PATH, data=form())
    reply = await stranger.get(ORDERS, headers=speaking(issued.json()["access_token"]))

    assert issued.json()["token_type"] == "Bearer"
    assert issued.json()["expires_in"] == 300
    assert reply.status_code == 200
    assert "B1SESSION" not in str(reply.headers.get_list("set-cookie"))


async def test_a_batch_speaks_for_its_parts(stranger):
    token = await token_of(stranger)
    body = (
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        "GET /b1s/v2/Orders/$count\r\n\r\n--b--\r\n"
    )
    kind = {"Content-Type": "multipart/mixed;boundary=b"}

    reply = await stranger.post("/b1s/v2/$batch", content=body, headers=speaking(token) | kind)

    assert "HTTP/1.1 200 OK" in reply.text


async def test_a_token_ends_by_the_clock(stranger, clock):
    token = await token_of(stranger)
    clock.pass_minutes(6)

    late = await stranger.get(ORDERS, headers=speaking(token))

    assert late.status_code == 401
    assert late.json()["error"]["code"] == "301"


@pytest.mark.parametrize("company", ["2", ""])
async def test_a_token_needs_the_company_it_speaks_to(stranger, company):
    token = await token_of(stranger)

    reply = await stranger.get(ORDERS, headers=speaking(token, company))

    assert reply.status_code == 401


async def test_an_unknown_token_is_refused(stranger):
    assert (await stranger.get(ORDERS, headers=speaking("made-up"))).status_code == 401


async def test_the_audience_must_name_the_service_layer_unless_that_is_off(iam, stranger):
    token = await token_of(stranger, "elsewhere", "s")

    checked = await stranger.get(ORDERS, headers=speaking(token))
    iam.check_audience = False
    unchecked = await stranger.get(ORDERS, headers=speaking(token))

    assert (checked.status_code, unchecked.status_code) == (401, 200)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_bound_to_nobody_is_refused(iam, stranger, status):
    iam.unbound_status = status
    token = await token_of(stranger, "nobody", "s")

    assert (await stranger.get(ORDERS, headers=speaking(token))).status_code == status


async def test_login_works_beside_tokens_unless_it_is_off(iam, stranger, credentials):
    beside = await stranger.post("/b1s/v2/Login", json=credentials)
    iam.classic_login = False
    off = await stranger.post("/b1s/v2/Login", json=credentials)

    assert (beside.status_code, off.status_code) == (200, 401)


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        (form(secret="wrong"), 401, "invalid_client"),
        (form(client_id="x"), 401, "invalid_client"),
        (form() | {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({}, 400, "unsupported_grant_type"),
    ],
)
async def test_the_token_endpoint_refuses_as_oauth_says(stranger, sent, status, error):
    reply = await stranger.post(TOKEN_PATH, data=sent)

    assert (reply.status_code, reply.json()["error"]) == (status, error)


async def test_the_secret_may_come_as_a_basic_header(stranger):
    grant = {"grant_type": "client_credentials"}

    good = await stranger.post(TOKEN_PATH, data=grant, auth=("hub", "hub-secret"))
    broken = await stranger.post(
        TOKEN_PATH, data=grant, headers={"Authorization": "Basic not-base64!"}
    )

    assert (good.status_code, broken.status_code) == (200, 401)


async def test_without_an_identity_service_a_token_counts_for_nothing(clock):
    with World(seed=False, clock=clock) as world:
        line = httpx.AsyncClient(transport=world.transport(), base_url=world.base_url)
        async with line as client:
            endpoint = await client.post(TOKEN_PATH, data=form())
            reply = await client.get(ORDERS, headers=speaking("anything"))

    assert (endpoint.status_code, reply.status_code) == (404, 401)
