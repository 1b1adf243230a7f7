"""Connections to a Service Layer of the test's own making."""

import asyncio
import ssl
from collections import Counter
from types import SimpleNamespace

import httpx
import pytest

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.settings import Settings
from b1sim.certificate import self_signed
from b1sim.company import clerk
from b1sim.world import World

URL = "https://sap.test:50000"
ENDED = {"error": {"code": 301, "message": {"lang": "en-us", "value": "Invalid session."}}}


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def settings():
    """Settings for the scripted Service Layer; the currency is known, so nothing asks for it."""
    return Settings(
        url=URL, company_db="SBODEMO", user="manager", password="secret", local_currency="EUR"
    )


class Script:
    """Plays recorded answers: sessions as captured, the rest as a test wants it.

    `answers` are given in turn; when they have run out, every call succeeds. An answer is a
    response, an exception to raise, or None for success.
    """

    def __init__(self):
        self.logins = 0
        self.living = ""
        self.on_logout = httpx.Response(204)
        self.to_strangers = httpx.Response(401, json=ENDED)
        self.answers = []
        self.login_answers = []
        self.calls = Counter()
        self.requests = []
        self.at_once = 0
        self.most_at_once = 0

    async def __call__(self, request):
        self.requests.append(request)
        self.calls[f"{request.method} {request.url.path.rpartition('/')[2]}"] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            return self._answer(request)
        finally:
            self.at_once -= 1

    def _answer(self, request):
        if request.url.path.endswith("/Login"):
            return self._log_in(request)
        if request.url.path.endswith("/Logout"):
            return self.on_logout
        if f"B1SESSION={self.living}" not in request.headers.get("Cookie", ""):
            return self.to_strangers
        return self._play(self.answers, request) or httpx.Response(200, json={"value": []})

    def _log_in(self, request):
        if answer := self._play(self.login_answers, request):
            return answer
        self.logins += 1
        self.living = f"session-{self.logins}"
        cookies = [
            ("Set-Cookie", f"B1SESSION={self.living};HttpOnly;"),
            ("Set-Cookie", "ROUTEID=.node1; path=/b1s"),
        ]
        return httpx.Response(200, headers=cookies, json={"SessionId": self.living})

    def _play(self, answers, request):
        answer = answers.pop(0) if answers else None
        if isinstance(answer, httpx.RequestError):
            answer.request = request
            raise answer
        return answer


@pytest.fixture
def script():
    return Script()


@pytest.fixture
async def http(script):
    async with httpx.AsyncClient(transport=httpx.MockTransport(script), base_url=URL) as client:
        yield client


STRANGER = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 54\r\n"
    b'Connection: close\r\n\r\n{"error":{"code":"301","message":"Invalid session."}}\n'
)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Make a self-signed certificate as SAP installations have; `file` and `server` use it."""
    made = self_signed()
    key_file, cert_file = made.write(tmp_path_factory.mktemp("tls"))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert_file, key_file)
    return SimpleNamespace(file=str(cert_file), fingerprint=made.fingerprint, server=server)


@pytest.fixture
async def tls_url(certificate):
    """Run a server that refuses every stranger over TLS; yields its URL."""

    async def refuse(reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(STRANGER)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever only looks at the certificate hangs up
        finally:
            writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0, ssl=certificate.server)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def world():
    """Found a company that can post: two items, a customer, nothing else."""
    with World(seed=False) as world:
        clerk.add_partner(world.company, "C1", "Anna Ek", EmailAddress="anna@x.se")
        clerk.add_item(world.company, "TEA", "Earl Grey", stock="100", vat_group="A20")
        clerk.add_item(world.company, "MUG", 'Mug 12" "blue"', stock="100", vat_group="A7")
        yield world


@pytest.fixture(params=["v2", "v1"])
def world_settings(request, world):
    return Settings(**world.settings(), version=request.param, local_currency="EUR")


@pytest.fixture
async def line(world):
    async with httpx.AsyncClient(transport=world.transport(), base_url=URL) as client:
        yield client


@pytest.fixture
async def books(world_settings, line):
    """The connector's books, in both versions of the Service Layer."""
    books = SapBooks("sap", world_settings, line)
    yield books
    await books.aclose()
