"""One login serves all, is renewed once, and is never hammered."""

import asyncio

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.cookies import cookies_of
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.session import REFUSAL_IS_REMEMBERED, Session
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.errors import ConnectionBroken, OutcomeUnknown, Rejected, Transient

pytestmark = pytest.mark.anyio
ORDERS = "Orders?$select=DocEntry"


def refused(code=-304, text="Fail to get DB Credentials from SLD", status=401):
    return httpx.Response(status, json={"error": {"code": code, "message": text}})


def v1_end():
    message = {"lang": "en-us", "value": "Invalid session or session already timeout."}
    return httpx.Response(401, json={"error": {"code": 301, "message": message}})


def v2_end():
    message = "Invalid session or session already timeout."
    return httpx.Response(401, json={"error": {"code": "301", "message": message}})


def text_end():
    message = "Invalid session or session already timeout."
    return httpx.Response(400, json={"error": {"code": "-5002", "message": message}})


async def test_one_login_serves_many_calls(script, http, settings):
    service = ServiceLayer(http, settings)

    for _ in range(5):
        await service.get(ORDERS)

    assert script.calls == {"POST Login": 1, "GET Orders": 5}


async def test_a_hundred_parallel_calls_log_in_once(script, http, settings):
    service = ServiceLayer(http, settings)

    await asyncio.gather(*(service.get(ORDERS) for _ in range(100)))

    assert script.calls["POST Login"] == 1


async def test_a_hundred_parallel_calls_after_expiry_log_in_once_more(script, http, settings):
    service = ServiceLayer(http, settings)
    await service.get(ORDERS)
    script.living = "forgotten by the server"

    await asyncio.gather(*(service.get(ORDERS) for _ in range(100)))

    assert script.calls["POST Login"] == 2


@pytest.mark.parametrize("end", [v1_end, v2_end, text_end])
@pytest.mark.parametrize("call", ["get", "post"])
async def test_an_ended_session_is_renewed_and_the_call_sent_once_more(
    script, http, settings, end, call
):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [end()]

    await getattr(service, call)("Orders")

    assert script.calls["POST Login"] == 2
    assert script.calls["GET Orders"] + script.calls["POST Orders"] == 2


async def test_a_business_refusal_with_minus_5002_logs_nobody_in(script, http, settings):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [refused(-5002, "Invalid BP code  [ORDR.CardCode]", 400)]

    with pytest.raises(Rejected):
        await service.post("Orders")

    assert script.calls == {"POST Login": 1, "POST Orders": 1}


async def test_a_session_that_ends_at_once_again_is_not_chased(script, http, settings):
    service = ServiceLayer(http, settings)
    script.answers = [v2_end(), v2_end(), v2_end()]

    with pytest.raises(Transient, match="ended again"):
        await service.post("Orders")

    assert script.calls["POST Orders"] == 2


async def test_both_cookies_are_sent_though_one_has_no_path(script, http, settings):
    await ServiceLayer(http, settings).get(ORDERS)

    assert script.requests[-1].headers["Cookie"] == "B1SESSION=session-1; ROUTEID=.node1"


def test_cookies_are_read_up_to_the_first_semicolon():
    headers = [
        ("Set-Cookie", "B1SESSION=1f-2e;HttpOnly;"),
        ("Set-Cookie", "ROUTEID=.node3; path=/b1s"),
        ("Set-Cookie", "nonsense"),
    ]

    found = cookies_of(httpx.Response(200, headers=headers))

    assert found == {"B1SESSION": "1f-2e", "ROUTEID": ".node3"}


@pytest.mark.parametrize(
    "trouble",
    [httpx.Response(502, html="<title>502 Proxy Error</title>"), httpx.ReadTimeout("slow")],
)
async def test_a_failed_node_is_left(script, http, settings, trouble):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [trouble]
    with pytest.raises(Transient):
        await service.get(ORDERS)

    await service.get(ORDERS)

    assert script.requests[-1].headers["Cookie"] == "B1SESSION=session-1"


async def test_a_refused_login_is_not_tried_again(script, http, settings):
    service = ServiceLayer(http, settings)
    script.login_answers = [refused(), refused()]

    for _ in range(3):
        with pytest.raises(ConnectionBroken, match="the login was refused"):
            await service.get(ORDERS)

    assert script.calls == {"POST Login": 1}


async def test_a_hundred_parallel_calls_share_one_refused_login(script, http, settings):
    service = ServiceLayer(http, settings)
    script.login_answers = [refused() for _ in range(100)]

    results = await asyncio.gather(
        *(service.get(ORDERS) for _ in range(100)), return_exceptions=True
    )

    assert {type(result) for result in results} == {ConnectionBroken}
    assert script.calls == {"POST Login": 1}


async def test_a_refusal_is_forgotten_after_a_while(script, http, settings):
    now = [0.0]
    session = Session(http, settings, clock=lambda: now[0])
    script.login_answers = [refused()]
    with pytest.raises(ConnectionBroken):
        await session.cookie()

    now[0] = REFUSAL_IS_REMEMBERED
    await session.cookie()

    assert script.calls == {"POST Login": 2}


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("down"),
        httpx.Response(503),
        httpx.Response(500),
    ],
)
async def test_a_login_that_got_no_answer_is_worth_another_try(script, http, settings, trouble):
    service = ServiceLayer(http, settings)
    script.login_answers = [trouble]
    with pytest.raises(Transient):
        await service.post("Orders")

    await service.post("Orders")

    assert script.calls == {"POST Login": 2, "POST Orders": 1}


async def test_a_caller_who_gives_up_does_not_break_the_login_for_others(script, http, settings):
    service = ServiceLayer(http, settings)
    hasty = asyncio.create_task(service.get(ORDERS))
    patient = asyncio.create_task(service.get(ORDERS))
    await asyncio.sleep(0)
    hasty.cancel()

    await patient

    assert script.calls == {"POST Login": 1, "GET Orders": 1}


async def test_closing_logs_out(script, http, settings):
    service = ServiceLayer(http, settings)
    await service.open()

    await service.close()

    assert script.calls == {"POST Login": 1, "POST Logout": 1}
    assert "B1SESSION=session-1" in script.requests[-1].headers["Cookie"]


async def test_closing_what_was_never_opened_asks_nothing(script, http, settings):
    await ServiceLayer(http, settings).close()

    assert not script.requests


def test_each_event_loop_has_its_own_session(script, settings):
    http = httpx.AsyncClient(transport=httpx.MockTransport(script))
    service = ServiceLayer(http, settings)

    asyncio.run(service.get(ORDERS))
    asyncio.run(service.get(ORDERS))
    asyncio.run(http.aclose())

    assert script.calls == {"POST Login": 2, "GET Orders": 2}


async def test_no_more_calls_than_the_gate_lets_through(script, http, settings):
    service = ServiceLayer(http, settings.model_copy(update={"concurrency": 3}))
    await service.open()
    script.most_at_once = 0

    await asyncio.gather(*(service.get(ORDERS) for _ in range(30)))

    assert script.most_at_once == 3


async def test_no_request_expects_100_continue(script, http, settings):
    await ServiceLayer(http, settings).post("Orders", {"CardCode": "C1"})

    assert all("expect" not in request.headers for request in script.requests)


async def test_each_kind_of_call_has_its_own_patience(script, http):
    times = {"connect_timeout": 1, "read_timeout": 2, "document_timeout": 3, "login_timeout": 4}
    settings = Settings(
        url="https://sap.test:50000", company_db="A", user="b", password="c", **times
    )
    service = ServiceLayer(http, settings)

    await service.get(ORDERS)
    await service.post("Orders")

    waits = [request.extensions["timeout"]["read"] for request in script.requests]
    assert waits == [4, 2, 3]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (httpx.ReadTimeout("slow"), OutcomeUnknown),
        (httpx.RemoteProtocolError("gone"), OutcomeUnknown),
        (httpx.Response(502, html="<title>502 Proxy Error</title>"), OutcomeUnknown),
        (httpx.Response(500), OutcomeUnknown),
        (httpx.ConnectError("refused"), Transient),
        (refused(-2039, "Another user modified data", 412), Transient),
    ],
)
async def test_a_write_without_an_answer_is_of_unknown_outcome(
    script, http, settings, trouble, kind
):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [trouble]

    with pytest.raises(kind):
        await service.post("Orders")

    assert script.calls["POST Orders"] == 1


async def test_the_password_is_in_no_message(script, http, settings):
    script.login_answers = [refused()]

    with pytest.raises(ConnectionBroken) as caught:
        await ServiceLayer(http, settings).open()

    assert "secret" not in str(caught.value)
