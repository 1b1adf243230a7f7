"""Clients from npm, unmodified, under node: b1-service-layer, node-sapb1, the generic o.js."""

import json
import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
HERE = Path(__file__).with_name("node")
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]


@pytest.fixture(scope="session")
def installed(request):
    """Install what the lock file names, once for each state of it; test workers may race for it."""
    if not (shutil.which("node") and shutil.which("npm")):
        assert not os.environ.get("CI"), "in CI the clients for node must run, not be skipped"
        pytest.skip("node and npm are not installed")
    mark = sha256(b"".join(path.read_bytes() for path in sorted(HERE.iterdir()))).hexdigest()[:12]
    cache = Path(request.config.cache.mkdir("node_clients"))
    if not (cache / mark).exists():
        own = Path(tempfile.mkdtemp(dir=cache))
        shutil.copytree(HERE, own, dirs_exist_ok=True)
        subprocess.run(INSTALL, cwd=own, check=True, timeout=240)  # noqa: S603
        try:
            own.rename(cache / mark)
        except OSError:  # another worker was quicker, with the same
            shutil.rmtree(own)
    return cache / mark


def run(folder, script, config):
    """Run one script with its configuration and return what it printed."""
    ran = subprocess.run(  # noqa: S603
        ["node", script, json.dumps(config)],  # noqa: S607
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def config_of(served):
    scheme, _, port = served.origin.rpartition(":")
    return {
        "host": scheme,
        "port": int(port),
        "company": served.login["company_db"],
        "username": served.login["user"],
        "password": served.login["password"],
        "code": served.new_code(),
    }


@pytest.mark.parametrize("protected", ["plain", "secured"])
def test_b1_service_layer_gets_through_a_working_day(installed, request, protected):
    served = request.getfixturevalue(protected)  # over TLS it never checks the certificate
    config = config_of(served)

    seen = run(installed, "service_layer.cjs", config)

    codes = [row["ItemCode"] for row in seen["items"]]
    assert len(set(codes)) == len(codes) == served.world.company.count("Items") > 60
    assert [row["ItemCode"] for row in seen["found"]["value"]] == codes[:1]
    assert seen["created"]["CardCode"] == config["code"]
    assert seen["order"]["DocumentLines"][0]["LineTotal"] == 20
    assert seen["patched"] == ""
    assert seen["again"]["Comments"] == "call first"
    assert seen["refused"]["message"]["error"]["code"] == "-10"
    assert seen["missing"]["message"]["error"]["code"] == "-2028"


@pytest.mark.parametrize("protected", ["plain", "secured"])
def test_node_sapb1_gets_through_a_working_day(installed, request, protected, version):
    served = request.getfixturevalue(protected)
    certificate = str(served.certificate) if served.certificate else None
    own = {"version": int(version[1]), "certificate": certificate}

    seen = run(installed, "sapb1.cjs", config_of(served) | own)

    codes = [row["ItemCode"] for row in seen["page"]["value"]]
    assert seen["session"]["ROUTEID"] == ".node1"
    assert (seen["twice"]["status"], int(seen["twice"]["error"]["code"])) == (400, -10)
    assert (seen["changed"], seen["closed"]) == ({}, {})
    assert seen["again"]["CardName"] == "Renamed"
    assert seen["count"] == served.world.company.count("Items")
    assert codes == sorted(codes)
    assert sorted(row["ItemCode"] for row in seen["found"]["value"]) == codes
    assert seen["order"]["DocumentLines"][0]["LineTotal"] == 600
    assert [row["DocumentStatus"] for row in seen["gone"]["value"]] == ["bost_Close"]
    assert (seen["kept"]["status"], int(seen["kept"]["error"]["code"])) == (400, -5006)


def test_a_generic_client_reads_and_writes(installed, plain):
    config = config_of(plain)

    seen = run(installed, "odata.cjs", config)

    codes = [row["ItemCode"] for row in seen["items"]]
    assert codes == sorted(codes)
    assert len(codes) == 2
    assert seen["created"]["CardCode"] == config["code"]
    assert seen["again"]["CardName"] == "Renamed"
    assert seen["missing"] == 404
