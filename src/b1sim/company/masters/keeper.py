"""Keeps master data: every set without a keeper of its own."""

from b1sim.company.books import Books, Row
from b1sim.company.keeper import Undeletable
from b1sim.company.masters import master_data
from b1sim.company.refusals import action_not_supported
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class MasterKeeper(Undeletable):
    """Creates, changes and deletes records that no posting rule watches."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create one record; duplicates are refused."""
        key = master_data.create(books, kind, intake)
        return dict(zip(kind.key, key.values(), strict=True))

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change what was sent; rows merge by their row key."""
        master_data.patch(books, kind, key, intake, replace=replace)

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Delete a record nobody has used."""
        if not kind.deletable:
            super().delete(books, kind, key)
        master_data.delete(books, kind, key)


class FixedKeeper(MasterKeeper):
    """Keeps what a company has from its first day, or makes by itself; SAP lists no POST for it."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - never
        """Refuse another one with -5006."""
        raise action_not_supported()
