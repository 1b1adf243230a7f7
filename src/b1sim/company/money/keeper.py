"""Keeps payments and journal entries."""

from collections.abc import Mapping
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.documents import changing
from b1sim.company.keeper import Keeper, Undeletable
from b1sim.company.money import journal, payments
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class _Posted(Undeletable):
    """What stands in the ledger: only its texts may change."""

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change texts."""
        changing.change(books, kind, key, intake, replace=replace)


class PaymentKeeper(_Posted):
    """Posts and cancels incoming payments."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - one kind
        """Post a payment."""
        return {"DocEntry": payments.post(books, intake)}

    def act(
        self,
        books: Books,
        kind: EntitySet,  # noqa: ARG002 - one kind
        key: Row,
        action: str,
        sent: Mapping[str, Any],  # noqa: ARG002 - these actions take nothing
    ) -> Row | None:
        """Cancel on the payment's own date or on today's."""
        today = action == "CancelbyCurrentSystemDate"
        payments.cancel(books, int(key["DocEntry"]), today=today)
        return None


class JournalKeeper(_Posted):
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
        sent: Mapping[str, Any],  # noqa: ARG002 - it takes nothing
    ) -> Row | None:
        """Reverse an entry."""
        journal.cancel(books, int(key["TransId"]))
        return None


KEEPERS: dict[str, Keeper] = {
    "IncomingPayments": PaymentKeeper(),
    "JournalEntries": JournalKeeper(),
}
