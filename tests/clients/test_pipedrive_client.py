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
    shutil.copy(HERE / "day.cjs", folder)
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


def test_it_gets_through_a_working_day(installed):
    world = Simulator()
    with serving(world) as origin:
        given = {"origin": origin, "token": world.settings()["api_token"]}
        ran = subprocess.run(  # noqa: S603
            ["node", "day.cjs", json.dumps(given)],  # noqa: S607
            cwd=installed,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    seen = json.loads(ran.stdout)

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
