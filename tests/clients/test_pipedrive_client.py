"""Pipedrive's own client from npm, unmodified, under node, against the simulated company."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
import uvicorn

from b1bridge.connectors.pipedrive.simulator import Simulator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("node")]
HERE = Path(__file__).with_name("pipedrive")
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]


@pytest.fixture(scope="session")
def installed(request):
    """Install what the lock file names, once for each state of it."""
    if not (shutil.which("node") and shutil.which("npm")):
        assert not os.environ.get("CI"), "in CI the clients for node must run, not be skipped"
        pytest.skip("node and npm are not installed")
    mark = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = Path(request.config.cache.mkdir(f"pipedrive_client_{mark}"))
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder)
    if not (folder / "node_modules" / ".package-lock.json").exists():
        subprocess.run(INSTALL, cwd=folder, check=True, timeout=240)  # noqa: S603
    for script in HERE.glob("*.cjs"):
        shutil.copy(script, folder)
    return folder


@contextmanager
def serving(world):
    """Serve a company on a port of its own until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = uvicorn.Config(world.app, host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        for _ in range(200):
            if server.started:
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def ran(installed, script, **given):
    """Run a script and return what it saw."""
    done = subprocess.run(  # noqa: S603
        ["node", script, json.dumps(given)],  # noqa: S607
        cwd=installed,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_it_gets_through_a_working_day(installed):
    world = Simulator()
    with serving(world) as origin:
        seen = ran(installed, "day.cjs", origin=origin, token=world.settings()["api_token"])

    assert len(seen["code"]) == 40
    assert seen["organization"]["data"]["custom_fields"] == {seen["code"]: "C1"}
    assert seen["person"]["data"]["emails"][0]["value"] == "ann@x.test"
    assert seen["product"]["data"]["prices"][0]["price"] == 9.99
    assert seen["line"]["data"]["sum"] == 29.97
    assert (seen["won"]["data"]["status"], seen["won"]["data"]["value"]) == ("won", 29.97)
    assert seen["note"]["data"]["content"] == "<b>Invoice 7</b>"
    assert seen["hook"]["data"]["version"] == "2.0"
    assert seen["me"]["data"]["id"] == 101
    assert [row["name"] for row in seen["listed"]["data"]] == ["Acme"]
    assert [row["quantity"] for row in seen["lines"]["data"]] == [3]
    assert seen["gone"]["error"] == "Deal not found"
    assert seen["ended"]["data"] == {"id": 1}
    assert world.company.changes[0].actor.source == "api"


def test_an_installed_app_sees_all_that_is_simulated(installed):
    world = Simulator()
    with serving(world) as origin:
        world.oauth.api_domain = origin
        seen = ran(installed, "tour.cjs", origin=origin, code=world.oauth.consent())

    def rows(name, key):
        return [row[key] for row in seen[name]["data"]]

    assert rows("stages", "name") == ["Asked"]
    assert rows("persons", "name") == ["Ann Lee"]
    assert seen["copy"]["data"]["code"] == "A1"
    assert rows("bulk", "quantity") == rows("lines", "quantity") == [2, 3]
    assert (seen["cheaper"]["data"]["value"], len(seen["discount"]["data"]["id"])) == (45, 36)
    assert len(seen["gone"]["data"]["ids"]) == 2
    assert seen["done"]["data"]["marked_as_done_time"]
    assert rows("calls", "subject") == ["Call Ann"]
    assert rows("options", "label") == ["B"]
    assert [one["item"]["title"] for one in seen["found"]["data"]["items"]] == ["Big"]
    assert (rows("archived", "title"), seen["left"]["data"]) == (["Big"], [])
    assert seen["user"]["data"]["name"] == "Sam Sales"
    assert "call" in rows("types", "key_string")
    assert rows("currencies", "code") == ["USD"]
    assert seen["again"]["data"]["title"] == "Big"
    assert seen["revoked"]["errorCode"] == 401
