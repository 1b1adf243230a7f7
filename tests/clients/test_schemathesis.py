"""Schemathesis tries what b1sim's own OpenAPI offers: it may refuse, never break.

An ordinary run tries the same operations each time, and no more of them as b1sim grows. With
B1SIM_TRIES in the environment all are tried, that many times each.
"""

import json
import os
from functools import cache
from hashlib import sha256

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance
from typer.testing import CliRunner

from b1sim.cli import main
from b1sim.odata.versions import VERSIONS
from b1sim.openapi.document import openapi_of
from b1sim.world import World

pytestmark = pytest.mark.slow
ASKED = os.environ.get("B1SIM_TRIES")
TRIES = int(ASKED or 2)
# Together they take about half a minute.
SAMPLE = None if ASKED else 240
# These speak no JSON; there are few of them.
ODD = ("$batch", "Attachments2", "ItemImages")
VERBS = ("get", "post", "patch", "put", "delete")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def sampled():
    """Choose operations by their names' digests: evenly, and alike on every machine."""
    found = sorted(operations(), key=lambda found: sha256(found.id.encode()).digest())
    sample = found[:SAMPLE]
    return sample + [o for o in found if o not in sample and any(p in o.id for p in ODD)]


def operations():
    """Name every operation of both versions: what fits is sent to one, what does not to the other.

    Operations take turns, so that each version gets half of either kind.
    """
    for turn, version in enumerate(VERSIONS):
        paths = document_of(version)["paths"]
        found = [(verb, path) for path, item in paths.items() for verb in item if verb in VERBS]
        for number, (verb, path) in enumerate(found):
            mode = MODES[(number + turn) % 2]
            name = f"{mode.value} {version} {verb.upper()} {path}"
            yield pytest.param(version, verb, path, mode, id=name)


def document_of(version):
    with World(seed=False) as world:
        return openapi_of(world.company, VERSIONS[version])


@cache
def schema_of(version):
    return schemathesis.openapi.from_dict(document_of(version))


@schemathesis.serializer("multipart/mixed")
def batch(ctx, value):
    """Send the body of a batch as it is: no tool knows how to make one."""
    del ctx
    return str(value).encode()


@pytest.fixture
def session(plain):
    """A cookie that lives through this test, whatever other tests did to the sessions."""
    login = {
        "CompanyDB": plain.login["company_db"],
        "UserName": plain.login["user"],
        "Password": plain.login["password"],
    }
    reply = httpx.post(f"{plain.origin}/b1s/v2/Login", json=login)
    return {"Cookie": f"B1SESSION={reply.json()['SessionId']}"}


def why_not(reply):
    """Read code and text of a refusal in any of SAP's shapes (sap-service-layer.md 3.1)."""
    error = reply.json()["error"]
    message = error["message"]
    assert set(error) <= {"code", "message", "details", "innererror"}
    if isinstance(message, dict):
        assert set(message) == {"lang", "value"}
        return int(error["code"]), message["value"]
    assert isinstance(error["code"], str)
    return int(error["code"]), message


def check(case, reply):
    """Expect what the document says, or one of SAP's refusals; 501 only where b1sim says so."""
    if reply.status_code < 400:
        case.validate_response(reply, checks=[response_schema_conformance])
        return
    seen = f"{reply.status_code} to {reply.request.method} {reply.request.url}: {reply.text}"
    assert reply.headers["content-type"][0].startswith("application/json;"), seen
    code, text = why_not(reply)
    assert text
    if reply.status_code >= 500:
        assert (reply.status_code, code) in {(501, 501), (501, -1)}, seen
        assert text.startswith("b1sim does not simulate")


@pytest.mark.parametrize(("version", "verb", "path", "mode"), sampled())
def test_whatever_is_asked_the_answer_is_one_of_saps(version, verb, path, mode, plain, session):
    operation = schema_of(version)[path][verb.upper()]
    root = plain.origin + operation.schema.raw_schema["servers"][0]["url"]

    @settings(
        max_examples=TRIES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case):
        check(case, case.call(base_url=root, headers=session))

    ask()


def test_the_document_is_offered_where_control_is(plain):
    for version, mark in (("v1", "$inlinecount"), ("v2", "$count")):
        reply = httpx.get(f"{plain.origin}/control/openapi.json", params={"version": version})

        assert reply.json()["servers"] == [{"url": f"/b1s/{version}"}]
        names = {p["name"] for p in reply.json()["paths"]["/Orders"]["get"]["parameters"]}
        assert mark in names


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_command_prints_a_valid_document(version):
    printed = CliRunner().invoke(main, ["openapi", "--version", version])

    document = json.loads(printed.output)
    schemathesis.openapi.from_dict(document).validate()
    assert document["info"]["title"] == f"b1sim, Service Layer {version}"
    assert "post" in document["paths"]["/Orders({DocEntry})/Cancel"]
