"""Simulators on real sockets, and the command line as real processes."""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner

from b1bridge.cli import app
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.web.server import listen
from b1sim.certificate import self_signed
from b1sim.world import World

B1BRIDGE = Path(sys.executable).with_name("b1bridge")

# The simulated company does not tell its currency, as older Service Layers do not either.
_TOLD = {"local_currency": "EUR"}


@contextlib.contextmanager
def on_a_socket(make, **options):
    """Serve a world in a thread of its own, where its database was opened; yield world and port."""
    ready = queue.Queue()
    sock = listen("127.0.0.1", 0)
    port = sock.getsockname()[1]

    def serve():
        world = make(port)
        config = uvicorn.Config(world.app, log_level="error", lifespan="off", **options)
        server = uvicorn.Server(config)
        ready.put((world, server))
        server.run(sockets=[sock])
        getattr(world, "close", lambda: None)()

    thread = threading.Thread(target=serve)
    thread.start()
    world, server = ready.get(timeout=30)
    try:
        yield world, port
    finally:
        server.should_exit = True
        thread.join()
        sock.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Return a self-signed certificate, its key file and its own file."""
    made = self_signed()
    key_file, cert_file = made.write(tmp_path_factory.mktemp("certificate"))
    return made, str(key_file), str(cert_file)


@pytest.fixture
def sap(request):
    """Return a world behind plain HTTP on loopback, and settings that open it.

    A module may say SEEDED: such a company has goods and customers, and takes a second to make.
    """
    seeded = getattr(request.module, "SEEDED", False)
    with on_a_socket(lambda _: World(seed=seeded)) as (world, port):
        yield world, {**world.settings(), **_TOLD, "url": f"http://127.0.0.1:{port}"}


@pytest.fixture
def encrypted_sap(certificate):
    """Return the same behind the certificate that nobody vouches for."""
    _, key_file, cert_file = certificate
    with on_a_socket(lambda _: World(seed=False), ssl_keyfile=key_file, ssl_certfile=cert_file) as (
        world,
        port,
    ):
        yield world, {**world.settings(), **_TOLD, "url": f"https://127.0.0.1:{port}"}


@pytest.fixture
def shop():
    """Return a shop behind plain HTTP on loopback; its settings open it."""
    with on_a_socket(lambda port: Simulator(base_url=f"http://127.0.0.1:{port}")) as (world, _):
        yield world


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def typed(home):
    """Return a function that runs one command to its end in this process, for speed."""
    runner = CliRunner(env={"B1BRIDGE_HOME": str(home), "B1BRIDGE_DEBUG": "1"})

    def run(*words):
        return runner.invoke(app, [str(word) for word in words], catch_exceptions=False)

    return run


@pytest.fixture
def environment(home):
    """Return what a shell of an operator would hold."""
    return {**os.environ, "B1BRIDGE_HOME": str(home), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def b1bridge(environment):
    """Return a function that runs one command to its end."""

    def run(*words, **more):
        return subprocess.run(  # noqa: S603 - our own command, our own words
            [B1BRIDGE, *map(str, words)],
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def staying(environment):
    """Return a function that starts a command that stays; what still runs at the end is killed."""
    started = []

    def start(*words):
        process = subprocess.Popen(  # noqa: S603 - our own command, our own words
            [B1BRIDGE, *map(str, words)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
