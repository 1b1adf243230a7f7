"""A Service Layer on a real port, over HTTP and over TLS, for clients that nobody here wrote."""

import socket
import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from b1sim.certificate import self_signed
from b1sim.quirks.server import server_for
from b1sim.world import World


@dataclass
class Clock:
    """Goes on like any clock, and jumps when told."""

    ahead: timedelta = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead

    def jump(self, minutes):
        self.ahead += timedelta(minutes=minutes)


@dataclass
class Served:
    """A company behind a port: what a client needs to know, and what a test may turn."""

    origin: str
    world: World
    clock: Clock
    certificate: Path | None
    login: dict = field(default_factory=dict)

    def new_code(self):
        """Make a code that no other test has used in this company."""
        return uuid.uuid4().hex[:10].upper()


@contextmanager
def serving(folder, *, tls):
    """Serve the demo company until the block ends."""
    clock = Clock()
    with World(clock=clock, control=True) as world:
        files = self_signed().write(folder) if tls else None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        listening = threading.Event()
        server = server_for(world.app, "127.0.0.1", port, announce=listening.set, files=files)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            assert listening.wait(timeout=20)
            origin = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
            yield Served(origin, world, clock, files[1] if files else None, world.settings())
        finally:
            server.should_exit = True
            thread.join(timeout=20)


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    """Serve over plain HTTP, as a node behind the balancer does."""
    with serving(tmp_path_factory.mktemp("plain"), tls=False) as served:
        yield served


@pytest.fixture(scope="session")
def secured(tmp_path_factory):
    """Serve over TLS with a self-signed certificate, as nearly every company does."""
    with serving(tmp_path_factory.mktemp("secured"), tls=True) as served:
        yield served


@pytest.fixture(params=["http", "https"])
def served(request, monkeypatch):
    """Serve over one of both; the certificate is trusted as OpenSSL's own variable says."""
    found = request.getfixturevalue("plain" if request.param == "http" else "secured")
    if found.certificate:
        monkeypatch.setenv("SSL_CERT_FILE", str(found.certificate))
    return found


@pytest.fixture(params=["v1", "v2"])
def version(request):
    return request.param
