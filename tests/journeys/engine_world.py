"""A worker of its own process, with books in a file that outlive its death."""

import asyncio
import os
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import httpx
from pydantic import BaseModel

from b1bridge.bootstrap import Hub, Parts
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.retry import Patience
from b1bridge.sdk.connector import Connector, Notice
from b1bridge.testing.crashes import die


class Settings(BaseModel):
    books: str


@dataclass(frozen=True)
class Options:
    pass


@runtime_checkable
class Books(Protocol):
    async def post(self, reference: str) -> Posted: ...


class FileBooks:
    """Books in an SQLite file: what is posted stays, whoever dies."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path, timeout=30, isolation_level=None)
        self.db.execute("CREATE TABLE IF NOT EXISTS posted (reference TEXT, moment TEXT)")

    async def read(self, ref: Ref) -> str:
        self._die_at(ref, "read")
        return str(ref)

    async def find(self, reference: str) -> Posted | None:
        query = "SELECT rowid FROM posted WHERE reference = ?"
        row = self.db.execute(query, [reference]).fetchone()
        return None if row is None else Posted("entry", row[0], row[0])

    async def post(self, reference: str) -> Posted:
        ref = Ref.parse(reference)
        self._die_at(ref, "before post")
        await asyncio.sleep(0.005)
        self.db.execute("INSERT INTO posted VALUES (?, datetime('now'))", [reference])
        self._die_at(ref, "after post")
        return Posted("entry", 1, 1)

    async def annotate(self, ref: Ref) -> None:
        self._die_at(ref, "annotate")

    def _die_at(self, ref: Ref, place: str) -> None:
        if os.environ.get("DIE_AT") == f"{ref.id} {place}":
            die()


async def body(run, source, target, options):
    del options
    reference = await run.step("read", lambda: source.read(run.ref))
    written = await run.write_once(
        "post", find=lambda: target.find(reference), write=lambda: target.post(reference)
    )
    await run.step("annotate", lambda: source.annotate(run.ref))
    did = Did.ALREADY_THERE if written.already_there else Did.POSTED
    return Outcome(did, documents=(written.value,))


def notices(connection, *rest):
    id_ = rest[2].decode()
    return [Notice(id_, Ref(connection, "thing", id_))]


async def doctor(*_):
    return
    yield


def parts():
    connector = Connector(
        key="files",
        title="Files",
        settings=Settings,
        capabilities=(Books,),
        http=lambda _: httpx.AsyncClient(),
        build=lambda _name, settings, _http: FileBooks(settings.books),
        doctor=doctor,
        notices=notices,
    )
    flow = Flow(name="flow", on="thing", source=Books, target=Books, body=body, options=Options)
    patience = Patience(first_pause=0.05, unknown_pause=0.05)
    return Parts(
        connectors=lambda: {"files": connector}, flows=lambda: {"flow": flow}, patience=patience
    )


async def open_hub(home, url=None, executor="hub"):
    hub = await Hub.open(Path(home), database_url=url, executor=executor, parts=parts())
    if not await hub.connections():
        books = str(Path(home) / "books.db")
        await hub.add_connection("shop", "files", {"books": books})
        await hub.add_connection("books", "files", {"books": books})
        await hub.add_sync("sync", flow="flow", source="shop", target="books")
    return hub


async def work(home, url, executor):
    async with await open_hub(home, url, executor) as hub:
        await hub.start_worker()
        sys.stdout.write("working\n")
        sys.stdout.flush()
        while not await hub.idle():  # noqa: ASYNC110  # the hub tells by its database
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2] or None, sys.argv[3]))
