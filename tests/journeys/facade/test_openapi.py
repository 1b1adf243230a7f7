"""The API does as its own description says, whatever is sent; schemathesis tries, with all checks.

With B1BRIDGE_API_TRIES in the environment each operation is tried that many times, in every way
that schemathesis knows (450 make some 14,000 requests in a quarter of an hour); an ordinary run
takes a sample.
"""

import os
import subprocess
import sys

import httpx
import pytest

from b1bridge.web.api.order_documents import EXAMPLE_ORDER
from b1sim.company import clerk
from b1sim.world import World

from .serving import served

pytestmark = pytest.mark.slow
ASKED = os.environ.get("B1BRIDGE_API_TRIES")
PHASES = "examples,coverage,fuzzing,stateful" if ASKED else "examples,coverage,fuzzing"
# JSON Schema cannot say that a cursor is one of ours, that an item is in the books, or that the
# body is about the order of the address: what fits the schema may still be refused.
EXPECTED = """
[checks]
positive_data_acceptance.expected-statuses = [
    "2xx", "3xx", "400", "401", "403", "404", "409", "412", "422"
]
"""
STRANGERS = ("", "Bearer", "Bearer b1b_0123456789ab_" + "A" * 43, "Basic eDp5", "JWT a.b.c")


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    with World(seed=False) as sap:
        for line in EXAMPLE_ORDER["lines"]:
            clerk.add_item(sap.company, line["item"], stock="1000", cost="1.00")
        with served(folder, sap, requests_per_minute=1_000_000, wait_seconds=0.5) as found:
            yield found


@pytest.fixture(scope="module")
def description(api):
    return httpx.get(f"{api.url}/v1/openapi.json", timeout=60).json()


def operations(description):
    for path, methods in description["paths"].items():
        for method in methods:
            yield method.upper(), path.replace("{", "").replace("}", "")


@pytest.mark.timeout(3600 if ASKED else 300)
def test_whatever_is_sent_is_answered_as_described(api, description, tmp_path):
    assert description["paths"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(EXPECTED)
    asked = [
        *("--config-file", config, "run", f"{api.url}/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {api.tokens['all']}"),
        *("--checks", "all", "--phases", PHASES, "--max-examples", ASKED or "2"),
        *("--request-timeout", "60", "--suppress-health-check", "all", "--continue-on-failure"),
        *("--generation-deterministic", "--no-shrink", "--no-color"),
    ]

    if not ASKED:
        # The same body as of POST /v1/order, and seven hundred ways to write it wrongly.
        asked += ["--exclude-name", "PUT /v1/orders/{reference}"]

    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "schemathesis.cli", *map(str, asked)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2000:]


@pytest.mark.parametrize("sent", STRANGERS)
def test_no_operation_listens_to_strangers(sent, api, description):
    for method, path in operations(description):
        answer = httpx.request(method, api.url + path, headers={"Authorization": sent}, content="{")

        assert answer.status_code == 401, f"{method} {path}"
        assert answer.json()["type"].startswith("urn:b1bridge:problem:token-")


def test_no_operation_takes_a_token_that_is_over(api, description):
    headers = {"Authorization": f"Bearer {api.tokens['revoked']}"}
    for method, path in operations(description):
        answer = httpx.request(method, api.url + path, headers=headers, content="{")

        assert answer.json()["type"] == "urn:b1bridge:problem:token-revoked", f"{method} {path}"


def test_no_operation_but_those_for_codes_takes_a_token_for_codes(api, description):
    headers = {"Authorization": f"Bearer {api.tokens['none']}"}
    for method, path in operations(description):
        answer = httpx.request(method, api.url + path, headers=headers, content="{")

        if path in {"/v1/codes/kind", "/v1/info"}:
            assert answer.status_code in {200, 400}
        else:
            assert (answer.status_code, "scope" in answer.json()) == (403, True), f"{method} {path}"


def test_every_operation_says_what_it_needs_and_how_it_refuses(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            named = f"{method} {path}"
            assert "Needs the scope" in operation["description"], named
            assert operation["security"] == [{"token": []}], named
            assert {"401", "403", "429", "503"} <= set(operation["responses"]), named
            if "requestBody" in operation:
                body = operation["requestBody"]["content"]["application/json"]
                assert body["example"], named
                assert {"400", "413", "415", "422"} <= set(operation["responses"]), named


def test_operations_have_names_of_their_own(description):
    names = [one["operationId"] for each in description["paths"].values() for one in each.values()]

    assert len(names) == len(set(names))
    assert description["openapi"].startswith("3.1")
