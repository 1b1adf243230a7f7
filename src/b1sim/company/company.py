"""The company: one door to its books for whoever speaks for it."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from b1sim.company import demo, keeping, shelves, watchers
from b1sim.company.books import Books, Row
from b1sim.company.changes import event_of
from b1sim.company.documents import drafts
from b1sim.company.extension import knowing
from b1sim.company.extension.filling import fill
from b1sim.company.keepers import keeper_of
from b1sim.company.kinds import DRAFT
from b1sim.company.refusals import Diverted, not_found, not_simulated
from b1sim.company.rules import rights, users
from b1sim.company.service import Result
from b1sim.company.services import SERVICES
from b1sim.company.settings import CompanySettings
from b1sim.company.shape import intake as incoming
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.known import Sets
from b1sim.company.shape.model import EntitySet

Clock = Callable[[], datetime]


class Company:
    """One company's books in one SQLite database: one connection, one writer, one thread."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.db: sqlite3.Connection = books.db
        self.settings: CompanySettings = books.settings

    @property
    def sets(self) -> Sets:
        """Return the entity sets as the Service Layer knows them since its last start."""
        return self.books.sets

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        name: str = "SBODEMO",
        seed: bool = True,
        clock: Clock | None = None,
    ) -> Self:
        """Open a company file, or a company in memory; a new one is filled unless seed is off."""
        books, is_new = keeping.open_books(path, name, clock or _utc_now)
        company = cls(books)
        if is_new:
            with books.transaction():
                demo.found(books)
            if seed:
                demo.live(books)
            company.keep_settings()
        company.restart()
        return company

    def restart(self) -> None:
        """Let the Service Layer find what the company has of its own by now."""
        self.books.known = knowing.know(self.books)

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
    ) -> list[Row]:
        """Read entities as property dicts; `where` and `order_by` are SQL over SAP's columns.

        Without `columns` a property that has no SAP column shows only where it has a value: the
        real Service Layer sends some 250 nulls more per row.
        """
        rights.check(self.books, entity_set, write=False)
        return shelves.query(
            self.books,
            entity_set,
            where=where,
            params=params,
            order_by=order_by,
            limit=limit,
            offset=offset,
            columns=columns,
            with_collections=with_collections,
        )

    def count(self, entity_set: str, where: str = "", params: Sequence[Any] = ()) -> int:
        """Count entities."""
        rights.check(self.books, entity_set, write=False)
        return shelves.count(self.books, entity_set, where, params)

    def read(self, entity_set: str, key: Mapping[str, Any]) -> Row:
        """Read one entity with all its rows; Refusal -2028 when there is none."""
        kind = self.sets[entity_set]
        where = " AND ".join(f'"{column}" = ?' for column in kind.key_columns)
        params = tuple(self._key(kind, key).values())
        found = self.query(entity_set, where=where, params=params)
        if not found:
            raise not_found()
        return found[0]

    def transaction(self) -> AbstractContextManager[None]:
        """Make several writes one: all are kept or none, as in a change set."""
        return self.books.transaction()

    def create(self, entity_set: str, payload: Mapping[str, Any]) -> Row:
        """Create an entity and return it whole; Diverted leaves a draft behind."""
        rights.check(self.books, entity_set, write=True)
        kind = self.sets[entity_set]
        diverted: Diverted | None = None
        key: Row = {}
        with self._writing():
            try:
                key = keeper_of(kind).create(self.books, kind, self._take(kind, payload, new=True))
                self.books.note(entity_set, "Created", **key)
            except Diverted as refusal:
                diverted = refusal
                self.books.note(DRAFT.entity_set, "Created", DocEntry=refusal.draft_entry)
        if diverted is not None:
            raise diverted
        return self.read(entity_set, key)

    def patch(
        self,
        entity_set: str,
        key: Mapping[str, Any],
        payload: Mapping[str, Any],
        *,
        replace_collections: bool = False,
    ) -> None:
        """Change what the payload names; rows merge by their key unless they are replaced."""
        rights.check(self.books, entity_set, write=True)
        kind = self.sets[entity_set]
        columns, intake = self._key(kind, key), self._take(kind, payload)
        with self._writing():
            keeper_of(kind).patch(self.books, kind, columns, intake, replace=replace_collections)
            self.books.note(entity_set, "Updated", **key)

    def delete(self, entity_set: str, key: Mapping[str, Any]) -> None:
        """Delete an entity; posted documents refuse with -5006."""
        rights.check(self.books, entity_set, write=True)
        kind = self.sets[entity_set]
        self.read(entity_set, key)
        with self._writing():
            keeper_of(kind).delete(self.books, kind, self._key(kind, key))
            self.books.note(entity_set, "Deleted", **key)

    def act(self, entity_set: str, key: Mapping[str, Any], action: str) -> Row | None:
        """Run a bound action; some, such as CreateCancellationDocument, answer with an entity."""
        kind = self.sets[entity_set]
        if action not in kind.actions:
            what = f"{entity_set}/{action}"
            raise not_simulated(what)
        rights.check(self.books, entity_set, write=True)
        with self._writing():
            columns = self._key(kind, key)
            made = keeper_of(kind).act(self.books, kind, columns, action)
            self.books.note(entity_set, event_of(action), **key)
        return None if made is None else self.read(entity_set, made)

    def serve(self, operation: str, sent: Mapping[str, Any]) -> Result:
        """Run a service operation; LookupError when the company has none of that name."""
        rights.check_service(self.books, operation)
        with self._writing():
            return SERVICES[operation](self.books, sent)

    def save_draft_to_document(self, draft: int, changes: Mapping[str, Any] | None = None) -> Row:
        """Post an approved draft as the document it stands for, as DraftsService does."""
        intake = self._take(self.sets[DRAFT.entity_set], changes or {})
        with self._writing():
            document = drafts.post(self.books, draft, intake)
        return self.read(document.kind.entity_set, {"DocEntry": document.entry})

    def knows_user(self, user: str, password: str) -> bool:
        """Check a log-in."""
        return users.knows(self.books, user, password)

    def keep_settings(self) -> None:
        """Write the settings into the company file."""
        keeping.keep_settings(self.books)

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write in a transaction that the watchers may still refuse."""
        with self.books.transaction():
            yield
            watchers.tell(self.books)

    def _take(self, kind: EntitySet, payload: Mapping[str, Any], *, new: bool = False) -> Intake:
        intake = incoming.take(kind, payload)
        fill(self.books, kind, intake, new=new)
        return intake

    def _key(self, kind: EntitySet, key: Mapping[str, Any]) -> Row:
        """Turn a key by property names into one by columns."""
        try:
            return {c: key[n] for n, c in zip(kind.key, kind.key_columns, strict=True)}
        except KeyError:
            raise not_found() from None


def _utc_now() -> datetime:
    return datetime.now(UTC)
