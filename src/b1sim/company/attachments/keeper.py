"""Keeps the entries of attachments as JSON sends them; files themselves come by another way."""

from collections.abc import Mapping

from b1sim.company.attachments import attachments
from b1sim.company.attachments.refusals import not_removable
from b1sim.company.books import Books, Row
from b1sim.company.keeper import Keeper, Undeletable
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class AttachmentKeeper(Undeletable):
    """Adds lines and changes their texts; nothing is ever taken away."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Make an entry of files that lie on the server."""
        del kind
        files = [attachments.file_of(row) for row in intake.rows.get(attachments.LINES, [])]
        return {"AbsoluteEntry": attachments.add(books, files)}

    def patch(
        self,
        books: Books,
        kind: EntitySet,
        key: Row,
        intake: Intake,
        *,
        replace: bool,
    ) -> None:
        """Add lines, or change the texts of those that are there; none is removed."""
        del kind, replace
        attachments.change(books, int(key["AbsEntry"]), intake.rows.get(attachments.LINES, []))

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Refuse, as SAP always does."""
        del books, kind, key
        raise not_removable()


KEEPERS: Mapping[str, Keeper] = {"Attachments2": AttachmentKeeper()}
