"""No log, message or repr tells what would let somebody in."""

import logging

import httpx
import pytest

from b1bridge.connectors.sap_b1.client import ClientSettings, ServiceLayer, open_line
from b1bridge.connectors.sap_b1.client.redaction import redacted
from b1bridge.connectors.sap_b1.client.session import Session
from b1bridge.errors import BridgeError, ConnectionBroken

pytestmark = pytest.mark.anyio
SECRET = "s3cr3t"


@pytest.mark.parametrize(
    "text",
    [
        f"Cookie: B1SESSION={SECRET}; ROUTEID=.node1",
        f"[(b'Set-Cookie', b'B1SESSION={SECRET};HttpOnly;')]",
        f"Authorization: Bearer {SECRET}",
        f'{{"CompanyDB":"A","UserName":"b","Password":"{SECRET}"}}',
        f'{{"Password" : "with \\" {SECRET}"}}',
        f'{{"SessionId" : "{SECRET}", "Version" : "1000280"}}',
        f'{{"access_token": "{SECRET}"}}',
    ],
)
def test_what_lets_in_is_hidden_wherever_it_stands(text):
    assert SECRET not in redacted(text)


def test_what_is_no_secret_stays():
    text = '{"CardCode":"C1","Comments":"the password was changed"}'

    assert redacted(text) == text


async def test_the_log_of_the_http_library_tells_no_session(tls_url, certificate, caplog):
    caplog.set_level(logging.DEBUG)
    settings = ClientSettings(
        url=tls_url, company_db="A", user="b", password=SECRET, ca_file=certificate.file
    )
    async with open_line(settings) as http:
        with pytest.raises(ConnectionBroken):
            await ServiceLayer(http, settings).open()
    logging.getLogger("httpcore.http11").debug("headers (b'Set-Cookie', b'B1SESSION=%s')", SECRET)

    assert "receive_response_headers" in caplog.text
    assert SECRET not in caplog.text


async def test_no_repr_tells_a_session_or_password(http, settings):
    service = ServiceLayer(http, settings)
    session = Session(http, settings)
    await service.open()
    await session.cookie()

    told = repr((service, service.saved_sessions(), session, settings))

    assert "session-" not in told
    assert settings.password.get_secret_value() not in told


@pytest.mark.parametrize("status", [400, 401, 404, 500, 502])
async def test_no_error_tells_a_session_or_password(script, http, settings, status):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [httpx.Response(status, json={"error": {"code": -1, "message": "no"}})]

    with pytest.raises(BridgeError) as caught:
        await service.post("Orders", {"Password": SECRET})

    told = f"{caught.value!r} {vars(caught.value)}"
    assert not any(word in told for word in (SECRET, "session-1", "B1SESSION"))
