"""A hub with two tiny systems: a counter of records, and books that count their postings."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

import httpx
import pytest
from pydantic import BaseModel, SecretStr

from b1bridge.bootstrap import Hub, Parts
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.records import Sync
from b1bridge.engine.retry import Patience
from b1bridge.errors import ContractBroken, Untrusted
from b1bridge.sdk.connector import Connector, Finding, Notice


@dataclass(frozen=True)
class Options:
    prefix: str = ""


class Settings(BaseModel):
    place: str = "here"
    token: SecretStr = SecretStr("")


@runtime_checkable
class Shelf(Protocol):
    async def thing(self, ref: Ref) -> str: ...


@runtime_checkable
class Ledger(Protocol):
    async def find_entry(self, reference: str) -> Posted | None: ...

    async def post_entry(self, reference: str) -> Posted: ...


@dataclass
class Remote:
    """Both systems in memory; `trouble` maps a call to errors raised one after the other."""

    things: dict[str, str] = field(default_factory=dict)
    changed: list[tuple[Ref, datetime]] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    trouble: dict[str, list[BaseException]] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    seen_since: list[datetime] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    slow: float = 0.0
    gate: asyncio.Event | None = None

    async def meet(self, call: str) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble.get(call):
            raise self.trouble[call].pop(0)


class ShelfOf:
    def __init__(self, name: str, remote: Remote) -> None:
        self.name = name
        self.remote = remote

    async def thing(self, ref: Ref) -> str:
        await self.remote.meet("thing")
        self.remote.read.append(ref.id)
        return self.remote.things.get(ref.id, "a thing")

    async def things_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        self.remote.seen_since.append(moment)
        await self.remote.meet("list")
        for ref, changed in self.remote.changed:
            if changed >= moment:
                yield ref, changed


class LedgerOf:
    def __init__(self, name: str, remote: Remote) -> None:
        self.name = name
        self.remote = remote

    async def find_entry(self, reference: str) -> Posted | None:
        await self.remote.meet("find")
        if reference not in self.remote.entries:
            return None
        return Posted("entry", self.remote.entries.index(reference) + 1, 0)

    async def post_entry(self, reference: str) -> Posted:
        self.remote.at_once += 1
        self.remote.most_at_once = max(self.remote.most_at_once, self.remote.at_once)
        await asyncio.sleep(self.remote.slow)
        self.remote.at_once -= 1
        await self.remote.meet("post")
        self.remote.entries.append(reference)
        await self.remote.meet("posted")
        return Posted("entry", len(self.remote.entries), 1000 + len(self.remote.entries))


async def thing_to_entry(run, shelf, ledger, options):
    thing = await run.step("read thing", lambda: shelf.thing(run.ref))
    if thing == "nothing":
        return Outcome(Did.SKIPPED, "there is nothing to post")
    reference = f"{options.prefix}{run.ref}"
    written = await run.write_once(
        "post entry",
        find=lambda: ledger.find_entry(reference),
        write=lambda: ledger.post_entry(reference),
    )
    await run.step("read back", lambda: ledger.find_entry(reference))
    did = Did.ALREADY_THERE if written.already_there else Did.POSTED
    return Outcome(did, documents=(written.value,))


async def thing_to_echo(run, shelf, ledger, options):
    del options
    await run.step("read thing", lambda: shelf.thing(run.ref))
    written = await run.write_once(
        "post echo",
        find=lambda: ledger.find_entry(f"echo {run.ref}"),
        write=lambda: ledger.post_entry(f"echo {run.ref}"),
    )
    return Outcome(Did.POSTED, documents=(written.value,))


async def sweep(run, shelf, ledger, options):
    del shelf, ledger, options
    await run.progress(1, 1)
    return Outcome(Did.POSTED, figures={"compared": 1})


FLOWS = {
    "thing-to-entry": Flow(
        name="thing-to-entry",
        on="thing",
        source=Shelf,
        target=Ledger,
        body=thing_to_entry,
        options=Options,
        then=("thing-to-echo",),
    ),
    "thing-to-echo": Flow(
        name="thing-to-echo",
        on="echo",
        source=Shelf,
        target=Ledger,
        body=thing_to_echo,
        options=Options,
    ),
    "sweep": Flow(
        name="sweep", on="schedule", source=Shelf, target=Ledger, body=sweep, options=Options
    ),
}


UNSIGNED, UNREADABLE = "not signed", "not a notice"


def notices(connection, settings, headers, body, received_at):
    del settings, received_at
    if headers.get("signed") != "yes":
        raise Untrusted(UNSIGNED, system=connection)
    if body == b"gibberish":
        raise ContractBroken(UNREADABLE, system=connection)
    delivery, id_ = body.decode().split(" ")
    return [Notice(delivery, Ref(connection, "thing", id_))]


async def doctor(settings, http):
    del settings, http
    yield Finding("token", well=True, message="the token works")


def connectors(remote):
    def http(settings):
        return httpx.AsyncClient(base_url=f"http://{settings.place}")

    def shelf(name, settings, client):
        del settings, client
        return ShelfOf(name, remote)

    def ledger(name, settings, client):
        del settings, client
        return LedgerOf(name, remote)

    facts = {"settings": Settings, "http": http, "doctor": doctor}
    return {
        "shelf": Connector(
            key="shelf",
            title="Shelf",
            capabilities=(Shelf,),
            build=shelf,
            notices=notices,
            **facts,
        ),
        "ledger": Connector(
            key="ledger", title="Ledger", capabilities=(Ledger,), build=ledger, **facts
        ),
    }


QUICK = Patience(
    quick=1,
    quick_pause=0.01,
    budget=3,
    first_pause=0.05,
    longest_pause=0.1,
    unknown_pause=0.05,
    breaker_pause=0.2,
)


@pytest.fixture
def remote():
    return Remote()


@pytest.fixture
def parts(remote):
    return Parts(connectors=lambda: connectors(remote), flows=lambda: FLOWS, patience=QUICK)


@pytest.fixture
async def hub(tmp_path, parts):
    async with await Hub.open(tmp_path, parts=parts) as hub:
        await set_up(hub)
        yield hub


@pytest.fixture
def furnish():
    return set_up


async def set_up(hub):
    await hub.add_connection("shop", "shelf", {"token": "s3cret"})
    await hub.add_connection("books", "ledger", {})
    await hub.add_sync("entries", flow="thing-to-entry", source="shop", target="books")


@pytest.fixture
def settled():
    return wait_until_idle


async def wait_until_idle(hub, seconds=60.0):
    async with asyncio.timeout(seconds):
        while not await hub.idle():  # noqa: ASYNC110  # the hub tells by its database
            await asyncio.sleep(0.02)


@pytest.fixture
def notify():
    return knock


async def knock(hub, delivery, id_):
    return await hub.accept(
        "shop", {"signed": "yes"}, f"{delivery} {id_}".encode(), datetime.now(UTC)
    )


@pytest.fixture
def running():
    return wait_until_running


async def wait_until_running(hub, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not await hub.runs(state="running"):  # noqa: ASYNC110  # the hub tells by its database
            await asyncio.sleep(0.02)


@pytest.fixture
def sync():
    return Sync(name="entries", flow="thing-to-entry", source="shop", target="books")
