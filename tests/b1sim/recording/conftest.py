"""A Service Layer in process, a recorder in front of it, and a client that speaks to that."""

from contextlib import asynccontextmanager

import httpx
import pytest

from b1sim.recording.exchange import read_recording
from b1sim.recording.proxy import Recorder
from b1sim.recording.pseudonyms import Pseudonyms
from b1sim.recording.redaction import Redaction
from b1sim.recording.tape import Tape
from b1sim.world import World

PARTNER = {
    "CardCode": "C-ACME-1",
    "CardName": "Wile E. Coyote Trading",
    "CardType": "cCustomer",
    "EmailAddress": "wile.coyote@example.com",
    "Phone1": "+49 711 5550123",
}


class Studio:
    """Records what clients say to a world."""

    def __init__(self, folder, world, clock):
        self.path = folder / "recording.jsonl"
        self.world = world
        self.clock = clock
        self.login = {
            "CompanyDB": world.settings()["company_db"],
            "UserName": world.settings()["user"],
            "Password": world.settings()["password"],
        }

    @asynccontextmanager
    async def recording(self, *, hide_amounts=False):
        """A client that speaks through the recorder; the file is whole afterwards."""
        redaction = Redaction(Pseudonyms(b"a secret of tests"), hide_amounts=hide_amounts)
        tape = Tape.begin(
            self.path, redaction, scheme="https", now=self.clock(), hides=hide_amounts
        )
        upstream = httpx.AsyncClient(transport=self.world.transport())
        async with upstream:
            recorder = Recorder(self.world.base_url, upstream, tape, self.clock)
            through = httpx.ASGITransport(recorder)
            line = httpx.AsyncClient(transport=through, base_url=self.world.base_url)
            try:
                async with line as client:
                    yield client
            finally:
                tape.close()

    def exchanges(self):
        return read_recording(self.path)[1]

    def text(self):
        return self.path.read_text()


@pytest.fixture
def world(clock):
    with World(seed=False, clock=clock) as world:
        yield world


@pytest.fixture
def studio(tmp_path, world, clock):
    return Studio(tmp_path, world, clock)
