"""Keeps payments."""

from b1sim.company.books import Books, Row
from b1sim.company.keeper import Booked, Keeper
from b1sim.company.payments import drafts, payments
from b1sim.company.payments.kinds import KINDS
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class PaymentKeeper(Booked):
    """Posts and cancels payments."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Post a payment."""
        return {"DocEntry": payments.post(books, KINDS[kind.name], intake)}

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Cancel on the payment's own date or on today's."""
        today = action == "CancelbyCurrentSystemDate"
        payments.cancel(books, KINDS[kind.name], int(key["DocEntry"]), today=today)
        return None


class DraftKeeper(PaymentKeeper):
    """Keeps drafts of payments, which may also be thrown away."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Keep a draft."""
        return {"DocEntry": drafts.save(books, kind, intake)}

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Throw a draft away."""
        drafts.delete(books, kind, int(key["DocEntry"]))

    def act(
        self,
        books: Books,
        kind: EntitySet,
        key: Row,
        action: str,  # noqa: ARG002 - SaveDraftToDocument is the only one
    ) -> Row | None:
        """Post a draft."""
        drafts.post(books, kind, int(key["DocEntry"]))
        return None


KEEPERS: dict[str, Keeper] = {
    **dict.fromkeys(KINDS, PaymentKeeper()),
    "PaymentDrafts": DraftKeeper(),
}
