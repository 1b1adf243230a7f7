"""What the company can do with the entities of one set, beyond reading them."""

from typing import Protocol

from b1sim.company import texts
from b1sim.company.books import Books, Row
from b1sim.company.refusals import action_not_supported, not_simulated
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class Keeper(Protocol):
    """Keeps one kind of entity; every verb runs inside a transaction and refuses by raising."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create an entity and return its key by property names."""

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change an entity; the key is by columns. `replace` makes sent collections whole."""

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Delete an entity; the key is by columns and its entity exists."""

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Run a bound action of the set; return the key of what it answers with, if anything."""


class Undeletable:
    """What cannot be deleted and has no actions unless its keeper says otherwise."""

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002 - nothing is deletable
        """Refuse with -5006, as SAP does for posted documents."""
        raise action_not_supported()

    def act(
        self,
        books: Books,  # noqa: ARG002 - no action is known here
        kind: EntitySet,
        key: Row,  # noqa: ARG002
        action: str,
    ) -> Row | None:
        """Refuse an action that the set declares and nobody simulates."""
        what = f"{kind.name}/{action}"
        raise not_simulated(what)


class Booked(Undeletable):
    """What stands in the books for good: only its texts may change."""

    def patch(
        self,
        books: Books,
        kind: EntitySet,
        key: Row,
        intake: Intake,
        *,
        replace: bool,  # noqa: ARG002 - texts stand in no collection
    ) -> None:
        """Change texts; -5002 names what else was sent."""
        texts.change(books, kind.table, key, intake)
