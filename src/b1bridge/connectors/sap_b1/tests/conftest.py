"""Connections to a Service Layer of the test's own making."""

import asyncio
from collections import Counter

import httpx
import pytest

from b1bridge.connectors.sap_b1.settings import Settings

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
            return httpx.Response(204)
        if f"B1SESSION={self.living}" not in request.headers.get("Cookie", ""):
            return httpx.Response(401, json=ENDED)
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
