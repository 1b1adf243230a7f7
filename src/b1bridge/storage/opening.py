"""Opens the database, brings it up to date, and hands out everything kept in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from b1bridge.engine.lanes import Lanes
from b1bridge.engine.store import Memory
from b1bridge.storage.callbacks import StoredCallbacks
from b1bridge.storage.connections import StoredConnections
from b1bridge.storage.database import Database
from b1bridge.storage.decisions import Decisions
from b1bridge.storage.executors import StoredExecutors
from b1bridge.storage.gaps import StoredGaps
from b1bridge.storage.inbox import StoredInbox
from b1bridge.storage.links import StoredCrosswalks, StoredInFlight, StoredLinks, StoredWatermarks
from b1bridge.storage.migrations import migrate
from b1bridge.storage.queueing import Enqueue, Queue
from b1bridge.storage.runs import StoredRuns
from b1bridge.storage.shown import StoredShownStock
from b1bridge.storage.submissions import StoredSubmissions
from b1bridge.storage.syncs import StoredSyncs
from b1bridge.storage.tokens import StoredTokens
from b1bridge.storage.usage import StoredUsage
from b1bridge.storage.vault import Vault
from b1bridge.storage.views import Views


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Everything kept in one database."""

    database: Database
    connections: StoredConnections
    syncs: StoredSyncs
    inbox: StoredInbox
    gaps: StoredGaps
    submissions: StoredSubmissions
    runs: StoredRuns
    decisions: Decisions
    watermarks: StoredWatermarks
    crosswalks: StoredCrosswalks
    executors: StoredExecutors
    views: Views
    tokens: StoredTokens
    callbacks: StoredCallbacks
    usage: StoredUsage
    memory: Memory


def open_database(home: Path, url: str | None) -> Database:
    """Open the database of a home folder, or the one at a URL, in today's shape."""
    database = Database.in_folder(home) if url is None else Database(url)
    with database.engine.begin() as connection:
        migrate(connection)
    return database


def open_storage(
    database: Database,
    home: Path,
    enqueue: Enqueue,
    clock: Callable[[], datetime],
    then: Mapping[str, Sequence[str]] = MappingProxyType({}),
    lanes: Lanes | None = None,
) -> Storage:
    """Put the stores over an open database together; `then` names what follows each flow."""
    queue = Queue(enqueue, lanes or Lanes())
    vault = Vault.in_folder(home)
    inbox = StoredInbox(database, queue, then)
    runs = StoredRuns(database, queue)
    crosswalks = StoredCrosswalks(database, clock)
    return Storage(
        database=database,
        connections=StoredConnections(database, vault),
        syncs=StoredSyncs(database, queue),
        inbox=inbox,
        gaps=StoredGaps(database, inbox),
        submissions=StoredSubmissions(database, inbox),
        runs=runs,
        decisions=Decisions(database, queue),
        watermarks=StoredWatermarks(database),
        crosswalks=crosswalks,
        executors=StoredExecutors(database),
        views=Views(database),
        tokens=StoredTokens(database, vault),
        callbacks=StoredCallbacks(database, queue),
        usage=StoredUsage(database),
        memory=Memory(
            runs=runs,
            links=StoredLinks(database, clock),
            in_flight=StoredInFlight(database),
            shown=StoredShownStock(database, clock),
            crosswalks=crosswalks,
        ),
    )
