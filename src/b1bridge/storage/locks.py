"""One live process per executor name: two of a name would each run what the other has begun."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from zlib import crc32

import sqlalchemy as sa

from b1bridge.errors import NeedsOperator
from b1bridge.storage.database import Database


class ExecutorLock:
    """Held while a worker runs; the system lets go of it when the process dies."""

    def __init__(self, home: Path, executor: str, database: Database) -> None:
        self._path = home / f"executor-{executor}.lock"
        self._executor = executor
        self._database = database
        self._handle: int | None = None
        self._session: sa.Connection | None = None

    def take(self) -> None:
        """Take the lock; NeedsOperator when another process has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise self._taken() from None
        self._handle = handle
        if not self._database.is_sqlite and not self._take_across_machines():
            self.release()
            raise self._taken()

    def release(self) -> None:
        """Let go."""
        if self._session is not None:
            self._session.close()
            self._session = None
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _take_across_machines(self) -> bool:
        self._session = self._database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        )
        key = crc32(f"b1bridge executor {self._executor}".encode())
        taken = self._session.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar()
        return bool(taken)

    def _taken(self) -> NeedsOperator:
        msg = f"another process already works as executor {self._executor!r}"
        fix = "stop it, or start this one under another executor name (PostgreSQL only)"
        return NeedsOperator(msg, reason="EXECUTOR_TAKEN", fix=fix)
