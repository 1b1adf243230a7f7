"""The company: one door to its books for whoever speaks for it."""

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from b1sim.company.settings import CompanySettings

Clock = Callable[[], datetime]


class Company:
    """One company's books in one SQLite database: one connection, one writer, one thread."""

    db: sqlite3.Connection
    settings: CompanySettings

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        name: str = "SBODEMO",
        seed: bool = True,
        clock: Clock | None = None,
    ) -> Self: ...

    def query(
        self,
        entity_set: str,
        *,
        where: str = "",
        params: Sequence[Any] = (),
        order_by: str = "",
        limit: int | None = None,
        offset: int = 0,
        columns: Collection[str] | None = None,
        with_collections: Collection[str] | None = None,
    ) -> list[dict[str, Any]]: ...

    def count(self, entity_set: str, where: str = "", params: Sequence[Any] = ()) -> int: ...

    def read(self, entity_set: str, key: Mapping[str, Any]) -> dict[str, Any]: ...

    def create(self, entity_set: str, payload: Mapping[str, Any]) -> dict[str, Any]: ...

    def patch(
        self,
        entity_set: str,
        key: Mapping[str, Any],
        payload: Mapping[str, Any],
        *,
        replace_collections: bool = False,
    ) -> None: ...

    def delete(self, entity_set: str, key: Mapping[str, Any]) -> None: ...

    def act(
        self, entity_set: str, key: Mapping[str, Any], action: str
    ) -> dict[str, Any] | None: ...

    def knows_user(self, user: str, password: str) -> bool: ...

    def close(self) -> None: ...
