"""Keeps marketing documents and drafts."""

from b1sim.company.books import Books, Row
from b1sim.company.documents import cancelling, changing, drafts
from b1sim.company.documents.posting import post, save_draft
from b1sim.company.keeper import Keeper, Undeletable
from b1sim.company.kinds import DRAFT, KINDS
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class DocumentKeeper(Undeletable):
    """Posts documents, changes what may still change, closes and cancels."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Post a document; Diverted when an approval rule turned it into a draft."""
        return {"DocEntry": post(books, KINDS[kind.name], intake).entry}

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change texts of any document, rows of an open order or a draft."""
        changing.change(books, KINDS[kind.name], int(key["DocEntry"]), intake, replace=replace)

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Close, reopen or cancel; CreateCancellationDocument answers with what it made."""
        return cancelling.act(books, KINDS[kind.name], int(key["DocEntry"]), action)


class DraftKeeper(DocumentKeeper):
    """Keeps drafts, which may also be thrown away."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - one kind
        """Keep a document as a draft; DocObjectCode says of which kind."""
        return {"DocEntry": save_draft(books, intake).entry}

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002 - one kind
        """Throw a draft away."""
        drafts.delete(books, int(key["DocEntry"]))


KEEPERS: dict[str, Keeper] = dict.fromkeys(KINDS, DocumentKeeper())
KEEPERS[DRAFT.entity_set] = DraftKeeper()
