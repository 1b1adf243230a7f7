"""Keeps journal entries."""

from b1sim.company.books import Books, Row
from b1sim.company.keeper import Booked, Keeper
from b1sim.company.ledger import journal
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class JournalKeeper(Booked):
    """Posts and reverses journal entries."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - one kind
        """Post an entry."""
        return {"JdtNum": journal.post(books, intake)}

    def act(
        self,
        books: Books,
        kind: EntitySet,  # noqa: ARG002 - one kind
        key: Row,
        action: str,  # noqa: ARG002 - Cancel is the only one
    ) -> Row | None:
        """Reverse an entry."""
        journal.cancel(books, int(key["TransId"]))
        return None


KEEPERS: dict[str, Keeper] = {"JournalEntries": JournalKeeper()}
